"""The files of a part give back the tables that they were made of, and old parts can be loaded."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from nalssi.common.paths import SAMPLES
from nalssi.part_encoding import TableEncoder
from nalssi.part_tables import TABLES, PartError, read_document_ids, read_tables
from nalssi.sources import plan, read
from nalssi.staging import stage
from nalssi.ticker import extract
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from schemas.contracts import ContractError, polars_schema

OLD_PART = Path(__file__).parent / "data" / "old_part"
"""A part of three samples, made by the version before the compact files of `nalssi.part_tables`."""

DAY = date(2025, 12, 19)
NOON = datetime(2025, 12, 20, 3, 0, 0, 123456, tzinfo=UTC)


def write(folder: Path, *batches: dict[str, pl.DataFrame]) -> Path:
    """Write the tables of batches into a part."""
    folder.mkdir()
    encoder = TableEncoder()
    encoded = [encoder.encode(batch) for batch in batches]
    for table in TABLES:
        pl.concat(batch[table] for batch in encoded).write_parquet(folder / f"{table}.parquet")
    encoder.wordings.write_parquet(folder / "wordings.parquet")
    return folder


def tables(
    documents: list[tuple[object, ...]],
    snapshots: list[tuple[object, ...]],
    sightings: list[tuple[object, ...]],
    readings: list[tuple[object, ...]],
    rejects: list[tuple[object, ...]] = (),  # type: ignore[assignment]
) -> dict[str, pl.DataFrame]:
    schema = dict(polars_schema("sightings"))
    del schema["load_id"]
    rows = {"documents": documents, "snapshots": snapshots, "readings": readings}
    return {
        table: pl.DataFrame(rows[table], schema=polars_schema(table), orient="row")
        for table in rows
    } | {
        "sightings": pl.DataFrame(sightings, schema=schema, orient="row"),
        "rejects": pl.DataFrame(list(rejects), schema=polars_schema("rejects"), orient="row"),
        "examined": pl.DataFrame({"document_id": ["e" * 16]}),
    }


A, B, C = "a" * 16, "b0" * 8, "c1" * 8
DATED, UNDATED, EARLY, LATE = (
    "a4fad" + "1" * 11,
    "f" + "2" * 15,
    "a0000" + "3" * 11,
    "affff" + "4" * 11,
)
LIST = [
    (90, "name", "clear", "맑음", -3.2),
    (105, "order", None, None, None),
    (108, "feed", "rain", "비", 40.0),
]


def everything() -> dict[str, pl.DataFrame]:
    """Return tables with every kind of null, date and wording that the contracts allow."""
    ids = (DATED, UNDATED, EARLY, LATE)
    days = (date(2025, 12, 19), None, date(1965, 1, 1), date(2171, 5, 6))
    return tables(
        [
            (A, "https://a.example/1", "a.example", "text/html", None),
            (B, "https://a.example/2", "a.example", "text/html", NOON),
            (C, "b.txt", None, "text/plain", datetime(1996, 1, 1, tzinfo=UTC)),
        ],
        [(id_, day, NOON if day is None else None, 3) for id_, day in zip(ids, days, strict=True)],
        [
            (A, DATED, 7, DAY, "ticker", 6),
            (A, UNDATED, 90, DAY, None, 6),
            (C, DATED, 2, None, "capture", 6),
            (C, EARLY, 3, date(1965, 1, 1), "ticker", 6),
            (C, LATE, 1, date(2171, 5, 7), "ticker", 5),
        ],
        [(id_, *reading) for id_ in ids for reading in LIST],
        [(B, 1, "맑음 \U0001f321 3.2℃\tx", "no_station", 6), (C, 5, "", "no_station", 6)],
    )


def assert_same(found: dict[str, pl.DataFrame], expected: dict[str, pl.DataFrame]) -> None:
    for table in TABLES:
        assert found[table].schema == expected[table].schema
        assert sorted(found[table].rows(), key=repr) == sorted(expected[table].rows(), key=repr)


def test_every_value_comes_back(tmp_path: Path) -> None:
    part = write(tmp_path / "part", everything())
    assert_same(read_tables(part), everything())
    assert read_document_ids(part, "documents")["document_id"].to_list() == [A, B, C]
    assert read_tables(part)["readings"]["snapshot_id"].is_sorted()


def test_every_temperature_with_one_decimal_comes_back(tmp_path: Path) -> None:
    tenths = range(-327, 328)
    readings = [(DATED, n, "name", None, None, t / 10) for n, t in enumerate(tenths)]
    whole = tables(
        [(A, "a", None, "text/plain", None)],
        [(DATED, DAY, None, len(readings))],
        [(A, DATED, 1, DAY, "ticker", 6)],
        readings,
    )
    assert_same(read_tables(write(tmp_path / "part", whole)), whole)


def test_batches_give_the_tables_of_one_batch(tmp_path: Path) -> None:
    whole = everything()
    halves = [
        {
            name: frame.filter(pl.col("document_id").is_in(ids))
            if "document_id" in frame.columns and name != "examined"
            else frame.filter(pl.col("snapshot_id").is_in(lists))
            if "snapshot_id" in frame.columns
            else frame[:first]
            for name, frame in whole.items()
        }
        for ids, lists, first in (
            ([A], [DATED, UNDATED], 1),
            ([B, C, A], [DATED, EARLY, LATE], 0),  # the page A and its list once more
        )
    ]
    assert_same(read_tables(write(tmp_path / "part", *halves)), whole)


@pytest.mark.parametrize("sample", sorted(p.name for p in SAMPLES.iterdir() if p.is_file()))
def test_the_part_of_a_sample_has_what_was_extracted(sample: str, tmp_path: Path) -> None:
    for partition in plan([str(SAMPLES / sample)]).partitions:
        (batch,) = read(partition)
        found = extract(batch.documents)
        part = stage(partition, tmp_path / "staged")
        assert_same(read_tables(part.folder), {table: getattr(found, table) for table in TABLES})


def test_tables_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    whole = everything()
    too_many = whole | {
        "snapshots": whole["snapshots"].with_columns(station_count=pl.lit(4, pl.Int16))
    }
    with pytest.raises(ContractError, match="station_count"):
        TableEncoder().encode(too_many)
    part = write(tmp_path / "part", whole)
    file = part / "readings.parquet"
    pl.read_parquet(file)[1:].write_parquet(file)
    with pytest.raises(ContractError, match="11 readings instead of the 12"):
        read_tables(part)


def test_references_to_missing_rows_name_the_part(tmp_path: Path) -> None:
    part = write(tmp_path / "part", everything())
    file = part / "documents.parquet"
    pl.read_parquet(file)[:1].write_parquet(file)
    with pytest.raises(PartError, match=r"part cannot be read .* remove the folder part"):
        read_tables(part)


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with Warehouse(folder).reader() as con:
        return {
            table: con.sql(f"SELECT * EXCLUDE (load_id) FROM {table} ORDER BY ALL").fetchall()
            if table == "sightings"
            else con.sql(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
            for table in ("documents", "snapshots", "sightings", "readings", "rejects")
        }


def test_a_part_of_an_older_version_loads_like_a_new_one(tmp_path: Path) -> None:
    old = shutil.copytree(OLD_PART, tmp_path / "old")
    report = load_parts(Warehouse(tmp_path / "of-old"), [old])
    assert report.readings_new == read_tables(old)["readings"].height > 50
    new = write(tmp_path / "new", read_tables(old))
    shutil.copy(old / "counts.parquet", new)
    load_parts(Warehouse(tmp_path / "of-new"), [new])
    assert contents(tmp_path / "of-old") == contents(tmp_path / "of-new")
    # Both in one load: the second adds nothing.
    again = load_parts(Warehouse(tmp_path / "of-old"), [old, new])
    assert (again.documents_new, again.readings_new) == (0, 0)
