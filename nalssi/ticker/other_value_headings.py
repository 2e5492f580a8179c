"""Find lists that are not tickers by the heading above them: records, forecasts, sea temperatures.

Such a list can have bullets and the end mark, as a ticker has. A menu above a ticker can print the
same words as a heading. A menu has several consecutive lines, or a single word on its line.
"""

from __future__ import annotations

import polars as pl

_OTHER_VALUES = (
    r"역대|극값|순위|기록|최고|최저|수온|해수면|바다|지면|내일|모레|글피|주말|예보|전망|예상|체감"
    r"|평년|이슬점"
)
_OTHER_WORDS = (
    r"전국|오늘|내일|모레|글피|이번|다음|주말|주간|아침|오전|오후|한낮|밤|낮|지역|도시|지점|관측|기상"
    r"|주요|사상|최대|최소|기온|온도|날씨|해양|지중|연간|월간|위|일|월|연|주|별|의|및|과|와|[0-9]"
)
_HEADING = rf"^\W*(?:(?:{_OTHER_VALUES}|{_OTHER_WORDS})\W{{0,3}})+$"
_MENU_ITEM = (
    r"^\W*(?:기록|순위|최고|최저|바다|바다 ?날씨|내일|모레|글피|주말|[가-힣]{0,2} ?예보|전망)\W*$"
)
"""Matches a heading line that could also be an item of a menu."""
_MENU_START = r"^\W*(?:오늘|현재|지금|내일|주간)의? ?(?:날씨|기온|예보)?\W*$"
_DATE = r"^\D{0,12}[0-9]{4}\D{1,3}[0-9]{1,2}\D{1,3}[0-9]{1,2}(?:\D{0,12}|\D.{0,20})$"
_LONGEST_BYTES = 90


def runs_below_headings(first_lines: pl.DataFrame, lines: pl.DataFrame) -> pl.Series:
    """Return the numbers of runs below a heading of records, forecasts or sea temperatures.

    A date may be between the heading and the run. `first_lines` has the columns `run, doc, pos`,
    one row per run. `lines` has the columns `doc, pos, clean, unit` of all lines, in page order.
    """
    clean = pl.col("clean")
    short = lines.filter(pl.col("unit").is_null() & (clean.str.len_bytes() <= _LONGEST_BYTES))
    short = short.select("doc", "pos", "clean")
    headings = short.filter(clean.str.contains(_OTHER_VALUES))
    headings = headings.filter(clean.str.contains(_HEADING) & ~clean.str.contains(_MENU_ITEM))
    if headings.is_empty():
        return first_lines["run"].clear()
    # several such lines in a row are a menu
    in_menu = short.filter(clean.str.contains(_MENU_START)).select("doc", pl.col("pos") + 1)
    headings = headings.join(in_menu, on=["doc", "pos"], how="anti").select("doc", "pos")
    dates = short.filter(clean.str.contains(_DATE)).select("doc", "pos")
    below = headings.select("doc", pl.col("pos") + 1)
    below_date = below.join(dates, on=["doc", "pos"], how="semi").select("doc", pl.col("pos") + 1)
    excluded = pl.concat([below, below_date])
    return first_lines.join(excluded, on=["doc", "pos"], how="semi")["run"]
