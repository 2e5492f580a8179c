"""The tables of a part as Parquet files that need little space.

`nalssi.part_encoding` converts the extracted tables of a part to these files; `read_tables`
converts the files back to the tables, which have the columns of the contracts. Nothing is lost. The
ids of a list are stored once, and a reading takes about 1.4 bytes:

- Ids are bytes instead of hex digits. Other tables name a document by its row in `documents` and a
  snapshot by its row in `snapshots`, from 0. Rows are in page order, so that the difference to the
  row before (`…_step`) is nearly always 0 or 1. Capture times are stored as differences too, in µs.
- `snapshots` has no day where the id begins with that day. Sightings have `printed_on` only where
  it is not the day of the snapshot (`printed_as_observed` is false).
- `readings` are sorted by snapshot and station. A snapshot has `station_count` of them, so they
  need no id. Temperatures are tenths of a degree from the list's median (`middle`), which have few
  distinct values: a dictionary and zstd store them in less than a byte. `wording` is a row of
  `wordings`, the distinct combinations of `station_source`, `condition` and `condition_raw`.

Parts of older versions have files with the columns of the tables. `read_tables` reads them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from nalssi.common.errors import cause_without_file
from schemas.contracts import ContractError, polars_schema
from schemas.ids import LAST_DAY_OF_IDS

TABLES = ("documents", "snapshots", "sightings", "readings", "rejects", "examined")
"""The tables of a part. `sightings` has no `load_id`, which the load adds."""

WORDING = ("station_source", "condition", "condition_raw")
"""The columns of a wording: how a page prints a reading, apart from station and temperature. A part
stores each wording once, and readings have its number."""
TENTHS = 10


class PartError(RuntimeError):
    """A part cannot be read. The message names the file, the cause and what to do."""


def day_of_id(ids: pl.Expr) -> pl.Expr:
    """Return an expression for the day that snapshot ids begin with; null if an id has no such day.

    It is null for an undated id, and for the first and last day of the range of ids, which also
    stand for the days before and after the range (`nalssi.common.ids.day_of_id`).
    """
    days = ids.str.slice(1, 4).str.to_integer(base=16, dtype=pl.Int32, strict=False)
    told = ids.str.starts_with("a") & days.is_between(1, LAST_DAY_OF_IDS - 1)
    return pl.when(told).then(days).cast(pl.Date)


def read_tables(part: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of the part in a folder, by name (TABLES), with the contracts' columns.

    `sightings` has no `load_id`. Raises PartError if a file is missing or damaged, and
    ContractError if a snapshot does not have `station_count` readings.
    """
    files = {table: read_file(part, table) for table in TABLES}
    if "snapshot_id" in files["readings"].columns:
        return files  # a part of an older version
    wordings = read_file(part, "wordings")
    try:
        return _decoded(files, wordings)
    except (pl.exceptions.PolarsError, IndexError) as error:
        raise PartError(_damaged(part, part, error)) from error


def read_document_ids(part: Path, table: str) -> pl.DataFrame:
    """Return a frame with the column `document_id` of a part's table `documents` or `examined`.

    The ids are text, as in the contract, whatever version wrote the part.

    Raises PartError if the file is missing or damaged.
    """
    ids = read_file(part, table, ["document_id"])
    is_old = ids.schema["document_id"] == pl.String
    return ids if is_old else ids.select(pl.col("document_id").bin.encode("hex"))


def _decoded(files: Mapping[str, pl.DataFrame], wordings: pl.DataFrame) -> dict[str, pl.DataFrame]:
    id_of = pl.col("document_id").bin.encode("hex")
    documents = files["documents"].select(
        id_of,
        *("uri", "site", "media_type"),
        captured_at=pl.col("captured_step").cum_sum().cast(pl.Datetime("us", "UTC")),
    )
    ids = pl.col("snapshot_id").bin.encode("hex")
    snapshots = (
        files["snapshots"]
        .with_columns(ids)
        .with_columns(observed_on=pl.coalesce("observed_on", day_of_id(pl.col("snapshot_id"))))
    )
    sighted = snapshots[files["sightings"]["snapshot_step"].cum_sum()]
    on_day = pl.when("printed_as_observed").then(sighted["observed_on"]).otherwise("printed_on")
    sightings = files["sightings"].select(
        _ids(documents, files["sightings"]),
        sighted["snapshot_id"],
        "line",
        on_day.alias("printed_on"),
        *("date_source", "parser_version"),
    )
    rejects = files["rejects"].select(
        _ids(documents, files["rejects"]), "line", "text", "reason", "parser_version"
    )
    return {
        "documents": documents,
        "snapshots": snapshots.select(polars_schema("snapshots").names()),
        "sightings": sightings,
        "readings": _decoded_readings(files["readings"], snapshots, wordings),
        "rejects": rejects,
        "examined": files["examined"].select(id_of),
    }


def _ids(documents: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    return documents["document_id"][rows["document_step"].cum_sum()]


def snapshot_rows(snapshots: pl.DataFrame, first: int = 0) -> pl.Series:
    """Return, for each reading of the snapshots, the number of its snapshot, as a series.

    The snapshots are numbered from `first`; each has `station_count` readings, in this order.
    """
    counts = snapshots["station_count"].cast(pl.UInt32)
    rows = pl.int_range(first, first + counts.len(), dtype=pl.Int32, eager=True)
    return rows.repeat_by(counts).explode().drop_nulls()


def _decoded_readings(
    readings: pl.DataFrame, snapshots: pl.DataFrame, wordings: pl.DataFrame
) -> pl.DataFrame:
    """Convert the file `readings` of a part to the table, sorted by snapshot id and so by day.

    `snapshots` are the rows of the table `snapshots`, in the order of their file. `wordings` are
    the rows of the file `wordings`. Raises ContractError if the number of readings does not agree
    with `station_count`.
    """
    begin = pl.col("station_count").cast(pl.Int64).cum_sum() - pl.col("station_count")
    by_id = snapshots.with_columns(begin=begin).sort("snapshot_id")
    by_id = by_id.with_columns(shift=pl.col("begin") - begin)
    shown = by_id[snapshot_rows(by_id)]
    if shown.height != readings.height:
        raise ContractError(
            f"{readings.height} readings instead of the {shown.height} that station_count promises"
        )
    rows = readings[shown.select(pl.int_range(pl.len()) + pl.col("shift")).to_series()]
    tenths = (rows["deviation"] + shown["middle"]).cast(pl.Float64)
    # polars multiplies by 0.1 instead of dividing by a single 10, which gives 5.800000000000001.
    celsius = tenths / pl.repeat(float(TENTHS), tenths.len(), eager=True)
    columns = [shown["snapshot_id"], rows["station_id"], *wordings[rows["wording"]]]
    return pl.DataFrame([*columns, celsius.alias("temperature_c")])


def read_file(part: Path, name: str, columns: list[str] | None = None) -> pl.DataFrame:
    """Read the file `NAME.parquet` of the part in a folder, all columns or only the given ones.

    Raises PartError if the file is missing or damaged.
    """
    file = part / f"{name}.parquet"
    try:
        return pl.read_parquet(file, columns=columns, glob=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise PartError(_damaged(part, file, error)) from error


def _damaged(part: Path, file: Path, error: Exception) -> str:
    return (
        f"{file} cannot be read ({cause_without_file(error)}): remove the folder {part.name},"
        " and the next run makes it again"
    )
