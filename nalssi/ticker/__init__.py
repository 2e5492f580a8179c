"""The grammar of tickers: documents → readings and rejects. `extract` is the entry point.

The path of one page, in the order of its steps (`read_pages` calls them):

1. `candidate_lines` splits the text into lines and keeps those near a temperature. The package
   `layouts` brings other layouts into one reading per line.
2. `line_parts` cuts a line into bullet, text before the number, number, unit and text after it.
   `ambiguous_bullets` decides whether `-` and `?` are bullets in this list.
3. `line_meaning` looks up condition and station, and reads the number.
4. `line_kinds` decides which roles each line can have in a ticker.
5. `ticker_runs` joins lines into runs: the tickers. `other_value_headings` excludes lists of
   forecasts and records.
6. `printed_dates` finds the date of each ticker.
7. `reject_reasons` decides for each ticker line whether it is a reading or a reject.
8. `unnamed_stations` finds the stations of lines without a name.

`kma_feed` reads KMA's XML feed instead. `extract_tickers` calls both and makes the tables of
`extraction`. The characters of tickers (bullets, units, the end mark) are in
`nalssi.common.ticker_symbols`, the names of stations and conditions in `nalssi.common.known_names`.
"""

from __future__ import annotations

from nalssi.common.ids import document_id
from nalssi.ticker.extract_tickers import extract
from nalssi.ticker.extraction import MERGE_DUPLICATES, PARSER_VERSION, Extraction

__all__ = ["MERGE_DUPLICATES", "PARSER_VERSION", "Extraction", "document_id", "extract"]
