"""Convert tickers in other layouts to one reading per line.

Text extractors sometimes change the layout of a ticker. `one_line_lists` splits a line that holds
a whole list, and `multi_line_readings` joins readings that are printed on several lines. Both use
`text_tokens`, `token_groups`, `long_line_tokens` and `lists_in_tokens`. `candidate_lines` calls
the conversions, so the later steps of the grammar handle only one reading per line.
"""
