"""The CSV files that the gallery offers, written for spreadsheets.

Instants are in Korean time. Temperatures have one decimal, means two. The failed checks of a
reading are separated by spaces. Invisible characters are spelled out, and a text that a spreadsheet
would run as a formula is escaped (`nalssi.common.spreadsheet`).
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

import polars as pl

from nalssi.common.korea_time import korean_iso_text
from nalssi.common.safe_text import UNPRINTABLE, safe_text
from nalssi.common.spreadsheet import escape_formulas
from nalssi.gallery.code_version import code_version
from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.site_files import SiteFile

READING_COLUMNS: Final = (
    "snapshot_id", "observed_on", "observed_at", "hour_source", "clock_at", "clock_source",
    "region_id", "station_id", "name_ko", "name_en", "condition_ko", "condition_en",
    "temperature_c", "flag", "failed", "used",
)  # fmt: skip
ROWS_IN_MEMORY: Final = 30_000
CHANGE_COLUMNS: Final = ("change_c", "compared_with")


def csv_file(path: str, frame: pl.DataFrame) -> SiteFile:
    """Return a file of the gallery with a frame as CSV. It is formatted only if it has changed."""
    return SiteFile(path, input_digest((code_version(), frame)), lambda: csv_bytes(frame))


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return a frame as CSV, with its values formatted for a spreadsheet.

    The formatted values of ROWS_IN_MEMORY rows are in memory at a time.
    """
    first, *others = frame.iter_slices(ROWS_IN_MEMORY) if len(frame) else [frame]
    content = BytesIO()
    content.write(csv_text(formatted(first)))
    for part in others:
        content.write(formatted(part).write_csv(include_header=False).encode())
    return content.getvalue()


def readings_csv(readings: pl.DataFrame) -> bytes:
    """Return readings as CSV, with READING_COLUMNS and CHANGE_COLUMNS.

    Excluded readings are in it too, with `used` false.
    """
    return csv_bytes(readings.select(*READING_COLUMNS, *CHANGE_COLUMNS))


def csv_text(frame: pl.DataFrame) -> bytes:
    """Return a frame that `formatted` has returned, or some of its rows, as CSV with a header.

    The CSV begins with a byte order mark.
    """
    return frame.write_csv(include_bom=True).encode()


def formatted(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with its values formatted for a spreadsheet.

    Instants become texts in Korean time, lists texts with spaces. Fractions are rounded: means to
    two decimals, all others to one. Invisible characters become escapes, and formulas are escaped.
    """
    return escape_formulas(frame.select(_formatted_column(column) for column in frame))


def _formatted_column(column: pl.Series) -> pl.Expr:
    """Return an expression that formats a column as text for a spreadsheet."""
    expression = pl.col(column.name)
    if isinstance(column.dtype, pl.List):
        return expression.list.join(" ")
    if column.dtype == pl.String:
        return _visible(column)
    if column.dtype.is_float():
        return expression.round(2 if column.name.startswith("mean") else 1)
    if isinstance(column.dtype, pl.Datetime):
        return korean_iso_text(expression)
    return expression


def _visible(column: pl.Series) -> pl.Expr:
    """Return an expression that writes invisible characters of a text column as escapes."""
    invisible = pl.col(column.name).str.contains(UNPRINTABLE)
    if not column.str.contains(UNPRINTABLE).any():
        return pl.col(column.name)
    spelled_out = pl.col(column.name).map_elements(safe_text, return_dtype=pl.String)
    return pl.when(invisible).then(spelled_out).otherwise(pl.col(column.name)).alias(column.name)
