"""A cheap test that decides which pages are parsed: does the page print a temperature unit?

Most pages do not. A ticker prints `℃` (or `°C`, `˚C`, `ºC`). Searching the raw bytes of many pages
at once for these characters runs at several GB/s. Only pages that pass the test are decoded and
parsed. A page without a ticker may pass, but a page that prints a unit always passes. A degree sign
alone is not enough: Spanish and French pages are full of them (`n°`, `1º`), and in EUC-KR its two
bytes are part of 가평.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from nalssi.common.ticker_symbols import CELSIUS, DEGREES, UNIT
from nalssi.sources.readers.text_encoding import wide_encoding

# What markup may have between the two characters of a unit: blanks, tags, entities, escapes.
_BLANKS = "(?:\\s|\u00a0|\u3000|\u200b)*"
_BETWEEN = rf"{_BLANKS}(?:(?:<[^<>]*>|&#?[0-9A-Za-z]+;|\\[nrt]|\\u[0-9a-fA-F]{{4}}){_BLANKS})*"
_IN_TWO = (f"{degree}{_BETWEEN}(?:{'|'.join(CELSIUS)})" for degree in DEGREES)
# Each alternative begins with a different character, which makes the search fast.
_UNITS = "|".join([UNIT, *_IN_TWO])
# The same characters as HTML entities. Digits may have leading zeros, and the semicolon may be
# missing. A named degree sign passes, whatever follows it.
_ENTITIES = r"&#0*(?:8451|176|730|186)|&#[xX]0*(?:2103|[bB]0|2[dD][aA]|[bB][aA])|&(?:deg|ring|ordm)"
_IN_PAGE = f"{_UNITS}|{_ENTITIES}"
# An escaped degree sign passes too.
_IN_JSON = rf"{_IN_PAGE}|\\u(?:2103|00[bB]0|02[dD][aA]|00[bB][aA])"
# Pages write characters that their charset lacks as entities.
_IN_LEGACY_BYTES = re.compile(
    b"|".join(_IN_PAGE.encode(charset, "xmlcharrefreplace") for charset in ("cp949", "utf-8"))
)


def may_hold_ticker_text(column: str) -> pl.Expr:
    """Return an expression that tests whether the texts of a column may contain a ticker.

    The texts are plain text or markup. The result is null for null values.
    """
    return pl.col(column).str.contains(_IN_PAGE)


def may_hold_ticker(contents: Sequence[bytes]) -> list[bool]:
    """Return for each raw page, in order, whether it may contain a ticker.

    The pages are text or markup in any encoding that nalssi reads.
    """
    return _search(contents, _IN_PAGE)


def utf8_may_hold_ticker(contents: pl.Series) -> list[bool | None]:
    """Return for each binary value of a Series whether it may contain a ticker.

    The result is None for a value that is not UTF-8, in which nothing was searched. Python's lock
    is released during the search.
    """
    return _search_utf8(contents, _IN_PAGE)


def may_hold_ticker_in_json(lines: Sequence[bytes]) -> list[bool]:
    """Return for each line of JSON, in order, whether it may contain a ticker.

    The lines are raw bytes. Their characters may be escaped (`\\u2103`).
    """
    return _search(lines, _IN_JSON)


def _search(contents: Sequence[bytes], pattern: str) -> list[bool]:
    hits = _search_utf8(pl.Series(contents, dtype=pl.Binary), pattern)
    return [
        _search_legacy(raw) if hit is None else hit for raw, hit in zip(contents, hits, strict=True)
    ]


def _search_utf8(contents: pl.Series, pattern: str) -> list[bool | None]:
    """Return for each of `contents` (bytes) whether a regular expression matches in its text.

    The result is None for values that are not UTF-8.
    """
    try:
        texts = contents.cast(pl.String)
    except pl.exceptions.ComputeError:  # one of them is not UTF-8: find it by bisection
        if len(contents) == 1:
            return [None]
        middle = len(contents) // 2
        return _search_utf8(contents[:middle], pattern) + _search_utf8(contents[middle:], pattern)
    return texts.str.contains(pattern).to_list()


def _search_legacy(raw: bytes) -> bool:
    """Whether a page that is not valid UTF-8 may contain a ticker.

    Such a page is in CP949, UTF-16 or UTF-32, or is damaged UTF-8. Pages in UTF-16 and UTF-32 are
    not searched: they may all contain one.
    """
    return _IN_LEGACY_BYTES.search(raw) is not None or wide_encoding(raw) is not None
