"""CSV for spreadsheets: text of others stays text, and Hangul is read as UTF-8.

A spreadsheet runs a cell that begins like a formula (CSV injection, see
https://owasp.org/www-community/attacks/CSV_Injection). Such a text gets an apostrophe before it,
which Excel, LibreOffice and Google Sheets read as "this is text". Numbers are never touched, nor is
a lone `-`, which is a weather condition and no formula.

The mark can be taken back: if a cell begins with an apostrophe and the rest `is_formula`, remove
the apostrophe. So that this is always right, a text that begins with an apostrophe and a formula
is marked too.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:  # most commands that write CSV do without it
    import polars as pl

BOM = "\ufeff"
"""What a CSV file begins with: Korean Excel takes UTF-8 without it for CP949."""
FORMULA_PATTERN = (
    "^['\\t\\n\\x0b\\x0c\\r \u00a0\u3000]*"  # what is skipped before a formula, and earlier marks
    "([=+@＝＋＠\\t\\n\\r]|[-－][\\s\\S])"
)
"""A text that may be taken for a formula, in the common syntax of Python, polars and DuckDB."""
_FORMULA = re.compile(FORMULA_PATTERN)
_FIRST = frozenset("'\t\n\x0b\x0c\r \u00a0\u3000=+@＝＋＠-－")


def byte_order_mark(stream: TextIO) -> str:
    """The byte order mark if CSV begins here in a file, nothing for a pipe, a terminal or memory.

    Standard output that the shell redirects to a file counts as a file.
    """
    try:
        there = os.fstat(stream.fileno())
    except OSError:  # a stream in memory has no descriptor
        return ""
    return BOM if stat.S_ISREG(there.st_mode) and there.st_size == 0 else ""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return text[:1] in _FIRST and _FORMULA.match(text) is not None


def escape_formula(text: str) -> str:
    """The text as a cell that a spreadsheet shows and does not run."""
    return f"'{text}" if is_formula(text) else text


def escape_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose texts are cells that a spreadsheet shows and does not run."""
    import polars as pl

    text = pl.col(pl.String)
    return frame.with_columns(
        pl.when(text.str.contains(FORMULA_PATTERN)).then("'" + text).otherwise(text).name.keep()
    )
