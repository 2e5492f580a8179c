"""Layouts of tickers that are not one reading per line, and their conversion to that layout.

Text extractors print a ticker in other layouts: `one_line_lists` splits a line that holds a whole
list, and `multi_line_readings` joins readings that are printed on several lines. `text_tokens`,
`token_groups`, `long_line_tokens` and `lists_in_tokens` are their common steps. `candidate_lines`
uses the results; the later steps of the grammar know only one reading per line.
"""
