"""CSV that spreadsheets read correctly: texts are not run as formulas, and Hangul is UTF-8.

A spreadsheet runs a cell that begins like a formula (CSV injection, see
https://owasp.org/www-community/attacks/CSV_Injection). Such a text gets an apostrophe before it,
which Excel, LibreOffice and Google Sheets read as "this is text". Numbers and a single `-`, which
is a weather condition, are not changed.

A reader of the CSV can remove the apostrophe: if a cell begins with an apostrophe and the rest
`is_formula`, drop the apostrophe. Therefore a text that already begins with an apostrophe and a
formula gets another apostrophe.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:  # most commands that write CSV do not need polars
    import polars as pl

BOM = "\ufeff"
"""The byte order mark of a CSV file. Without it, Korean Excel reads UTF-8 as CP949."""
FORMULA_PATTERN = (
    "^['\\t\\n\\x0b\\x0c\\r \u00a0\u3000]*"  # spreadsheets skip these, and escaped texts begin so
    "([=+@＝＋＠\\t\\n\\r]|[-－][\\s\\S])"
)
"""Matches a text that may be read as a formula. Valid in Python, polars and DuckDB."""
_FORMULA = re.compile(FORMULA_PATTERN)
_FIRST_CHARACTERS = frozenset("'\t\n\x0b\x0c\r \u00a0\u3000=+@＝＋＠-－")
"""The characters with which a match of FORMULA_PATTERN can begin: a faster first check."""


def byte_order_mark(stream: TextIO) -> str:
    """Return the byte order mark if the stream is an empty file, else an empty string.

    Pipes, terminals and streams in memory get no mark. Standard output counts as a file if the
    shell redirects it to one.
    """
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # a stream in memory has no descriptor
        return ""
    return BOM if stat.S_ISREG(status.st_mode) and status.st_size == 0 else ""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may read the text as a formula."""
    return text[:1] in _FIRST_CHARACTERS and _FORMULA.match(text) is not None


def escape_formula(text: str) -> str:
    """Return the text, with an apostrophe before it if it may be read as a formula."""
    return f"'{text}" if is_formula(text) else text


def escape_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with `escape_formula` applied to all text columns."""
    import polars as pl

    text = pl.col(pl.String)
    return frame.with_columns(
        pl.when(text.str.contains(FORMULA_PATTERN)).then("'" + text).otherwise(text).name.keep()
    )
