"""The cheap test that nearly every page fails: does it hold a temperature unit at all?

A ticker prints `℃` (or `°C`, `˚C`, `ºC`). Looking for these few characters in the raw bytes of
many pages at once runs at several GB/s, so that decoding, HTML parsing and the grammar are
paid for only by the few pages that can hold a ticker. The test may pass pages in vain, it
never drops one that prints a unit. A degree sign alone would pass too many: Spanish and French
pages are full of them (`n°`, `1º`), and in EUC-KR its two bytes stand in 가평.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from nalssi.common.ticker_symbols import CELSIUS, DEGREES, UNIT
from nalssi.sources.readers.text_encoding import wide_encoding

# What may stand between the two in a page that prints them as one: blanks, tags, entities, escapes.
_BLANKS = "(?:\\s|\u00a0|\u3000|\u200b)*"
_BETWEEN = rf"{_BLANKS}(?:(?:<[^<>]*>|&[#\w]+;|\\[nrt]|\\u[0-9a-fA-F]{{4}}){_BLANKS})*"
_IN_TWO = (f"{degree}{_BETWEEN}(?:{'|'.join(CELSIUS)})" for degree in DEGREES)
_UNITS = "|".join([UNIT, *_IN_TWO])  # each begins with a letter of its own: so it is found fast
# The same characters as HTML entities. The digits may have leading zeros, the semicolon may be
# missing; a named degree sign is enough, whatever follows.
_ENTITIES = r"&#0*(?:8451|176|730|186)|&#[xX]0*(?:2103|[bB]0|2[dD][aA]|[bB][aA])|&(?:deg|ring|ordm)"
_IN_PAGE = f"{_UNITS}|{_ENTITIES}"
# An escaped degree sign is enough, too.
_IN_JSON = rf"{_IN_PAGE}|\\u(?:2103|00[bB]0|02[dD][aA]|00[bB][aA])"
# What a charset cannot spell stands in its pages as an entity.
_IN_LEGACY_BYTES = re.compile(
    b"|".join(_IN_PAGE.encode(charset, "xmlcharrefreplace") for charset in ("cp949", "utf-8"))
)


def may_hold_ticker_text(column: str) -> pl.Expr:
    """The test for a column of texts or markup; null where it is null."""
    return pl.col(column).str.contains(_IN_PAGE)


def may_hold_ticker(contents: Sequence[bytes]) -> list[bool]:
    """For each raw page, text or markup in any charset we read: can it hold a ticker line?"""
    return _search(contents, _IN_PAGE)


def may_hold_ticker_in_json(lines: Sequence[bytes]) -> list[bool]:
    """The same for lines of JSON, where a character may be escaped."""
    return _search(lines, _IN_JSON)


def _search(contents: Sequence[bytes], pattern: str) -> list[bool]:
    try:
        texts = pl.Series(contents, dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:  # one of them is not UTF-8: look for it by halves
        if len(contents) == 1:
            return [_in_legacy(contents[0])]
        middle = len(contents) // 2
        return _search(contents[:middle], pattern) + _search(contents[middle:], pattern)
    return texts.str.contains(pattern).to_list()


def _in_legacy(raw: bytes) -> bool:
    """The test for bytes that are not UTF-8: Korean legacy bytes, damaged UTF-8 or UTF-16."""
    return _IN_LEGACY_BYTES.search(raw) is not None or wide_encoding(raw) is not None
