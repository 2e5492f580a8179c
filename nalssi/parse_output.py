"""Write the output of `nalssi parse`: tables, NDJSON or CSV batch by batch, or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import IO, Any, Literal, TextIO
from urllib.parse import unquote

import polars as pl

from nalssi.common.safe_text import data_stream, safe_text
from nalssi.common.spreadsheet import byte_order_mark, escape_formulas
from nalssi.common.tables import print_table
from nalssi.common.version import __version__

Format = Literal["table", "ndjson", "csv"]
"""The formats that `FrameWriter` writes, one frame after the other."""

_NUMBERS = ("line", "station_id", "temperature_c", "flag", "region_id")
_TABLE_HEADS = {
    "station_id": "id",
    "station_name": "station",
    "station_source": "known by",
    "condition_raw": "as printed",
    "temperature_c": "°C",
    "region_id": "no.",
    "region_ko": "region",
}


class FrameWriter:
    """Writes frames with the same columns to one stream, as NDJSON, CSV or tables.

    CSV has one header for all frames, and formulas are escaped in it. CSV and NDJSON are data for
    programs, so standard output becomes UTF-8.
    """

    def __init__(self, stream: TextIO, form: Format) -> None:
        self._stream, self._form, self._begun = stream, form, False
        self._data = stream if form == "table" else data_stream(stream)

    def write(self, frame: pl.DataFrame) -> None:
        """Write the rows of a frame. All frames must have the same columns."""
        if self._form == "ndjson":
            self._data.write(frame.write_ndjson())
        elif self._form == "csv":
            if not self._begun:
                self._data.write(byte_order_mark(self._stream))
            self._data.write(escape_formulas(frame).write_csv(include_header=not self._begun))
        elif frame.height:
            self._write_tables(frame)
        self._begun = True

    def _write_tables(self, frame: pl.DataFrame) -> None:
        """Write a frame of readings as a table for each ticker, or of rejects for each document.

        The address of the document, and the date of the ticker, are above each table.
        """
        title_columns = [c for c in ("uri", "observed_on", "observed_at") if c in frame.columns]
        keys = [c for c in ("document_id", "snapshot_id") if c in frame.columns]
        shown = [c for c in frame.columns if c not in (*title_columns, *keys)]
        for ticker in frame.partition_by(keys, maintain_order=True):
            uri, *times = ticker.select(title_columns).row(0)
            dates = [str(value) for value in times if value is not None]
            if times and not dates:
                dates = ["no date"]
            address = safe_text(unquote(uri).removeprefix("file://"))
            self._stream.write("\n" + "  ".join([address, *dates]) + "\n")
            print_table(
                [_TABLE_HEADS.get(name, name) for name in shown],
                [
                    ["" if value is None else safe_text(str(value)) for value in row]
                    for row in ticker.select(shown).iter_rows()
                ],
                stream=self._stream,
                right_aligned=[name in _NUMBERS for name in shown],
            )


def write_parsed_workbook(
    target: IO[bytes],
    parsed: Iterable[tuple[pl.DataFrame, pl.DataFrame]],
    about: Callable[[], Mapping[str, Any]],
) -> None:
    """Write readings and rejects as a workbook, with the sheets `readings, rejects, about`.

    `parsed` yields pairs (readings, rejects) with the columns of `nalssi.parse.parse`. `about`
    returns the rows of the sheet `about`; it is called after all pairs were read, so it can return
    counts. Raises WorkbookError if there are more readings or rejects than a sheet has
    rows, or if a text is longer than a cell can be.
    """
    from nalssi.common.workbook import Sheet, about_sheet, write_workbook  # 14 ms, seldom needed

    batches = iter(parsed)
    first = list(islice(batches, 1))  # it has the columns of all
    reading_columns, reject_columns = [frame.columns for frame in first[0]] if first else ([], [])
    rejects: list[pl.DataFrame] = []

    def reading_rows() -> Iterator[tuple[Any, ...]]:
        for readings, rejected in chain(first, batches):
            rejects.append(rejected)
            at = pl.col("observed_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%:z")
            yield from readings.with_columns(at).iter_rows()

    def facts() -> Iterator[tuple[str, Any]]:
        yield from about().items()

    sheets = [
        Sheet("readings", reading_columns, reading_rows()),
        Sheet("rejects", reject_columns, (row for frame in rejects for row in frame.iter_rows())),
        about_sheet(facts()),
    ]
    write_workbook(target, sheets, f"nalssi {__version__}")
