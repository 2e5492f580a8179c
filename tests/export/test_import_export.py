"""Imports: a warehouse made from an export equals the exported warehouse."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from nalssi.common.paths import SAMPLES
from nalssi.export import ExportError, export, import_export
from nalssi.export.parquet_export import DUCKDB_NULL_FOLDER
from nalssi.export.selection import CONCLUDED_TABLES, FACT_TABLES, REFERENCE_TABLES
from nalssi.observations import load_observations
from nalssi.sources import plan
from nalssi.staging import stage
from nalssi.timing import reconcile
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts

Rows = dict[str, list[tuple[object, ...]]]
HEAD = "지점,지점명,일시,기온(°C),기온 QC플래그\n"


def rows(warehouse: Warehouse) -> Rows:
    with warehouse.reader() as con:
        return {
            table: con.execute(f"FROM {table} ORDER BY ALL").fetchall()
            for table in (
                *FACT_TABLES,
                *CONCLUDED_TABLES,
                *REFERENCE_TABLES,
                "regional_temperatures",
            )
        }


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The sample pages, loaded in two loads, one of them compared with official values."""
    folder = tmp_path_factory.mktemp("rebuild")
    warehouse = Warehouse(folder / "warehouse")
    for pages in ("0*.txt", "1*.*"):
        planned = plan([str(SAMPLES / pages)])
        parts = [stage(partition, warehouse.staged).folder for partition in planned.partitions]
        load_parts(warehouse, parts)
    with warehouse.reader() as con:
        printed = con.execute(
            "SELECT station_id, name_ko, temperature_c FROM usable_readings"
            " WHERE hour_source = 'feed'"
        ).fetchall()
    # A New Year's midnight as well: its day in Korea is in another year than in UTC.
    hours = ("2022-08-08 15:00", "2022-01-01 00:00")
    lines = [f"{i},{name},{hour},{value},\n" for hour in hours for i, name, value in printed]
    official = folder / "asos.csv"
    official.write_text(HEAD + "".join(lines), encoding="utf-8")
    with warehouse.writer() as con:
        load_observations(con, [official])
        reconcile(con)
    return warehouse


@pytest.fixture
def exported(original: Warehouse, tmp_path: Path) -> Path:
    export(original, tmp_path / "export", "parquet")
    return tmp_path / "export"


def test_an_imported_warehouse_equals_the_exported_one_row_by_row(
    original: Warehouse, exported: Path, tmp_path: Path
) -> None:
    rebuilt = Warehouse(tmp_path / "rebuilt")
    counts = import_export(exported, rebuilt)
    before = rows(original)
    assert rows(rebuilt) == before
    assert counts == {table: len(before[table]) for table in FACT_TABLES}
    assert all(counts.values()), f"nothing to compare in {counts}"


def give_old_ids(folder: Path) -> None:
    """Give an export the ids of version 3.

    Documents have plain digests, snapshots have year and day. The ids of snapshots begin with two
    digits of the year and three of the day of the year.
    """
    snapshots = pl.read_parquet(folder / "snapshots.parquet").drop_nulls("observed_on")
    old_id = pl.col("observed_on").dt.strftime("%y%j") + pl.col("snapshot_id").str.slice(5)
    old_ids = dict(snapshots.select("snapshot_id", old=old_id).iter_rows())
    for file in folder.rglob("*.parquet"):
        frame = pl.read_parquet(file, hive_partitioning=False)
        if "snapshot_id" in frame.columns:
            frame = frame.with_columns(pl.col("snapshot_id").replace(old_ids))
        for name in {"document_id", "load_id"} & set(frame.columns):
            first = pl.col(name).str.head(1).replace(dict(zip("abcd", "0189", strict=True)))
            frame = frame.with_columns(first + pl.col(name).str.slice(1))
        frame.write_parquet(file)


def test_an_export_of_an_older_version_is_imported_too(
    original: Warehouse, exported: Path, tmp_path: Path
) -> None:
    """Older exports had other ids, Hive partitions, no column for the year, no source of values."""
    give_old_ids(exported)
    for file in [*exported.glob("readings/*/*"), *exported.glob("observations/*/*")]:
        frame = pl.read_parquet(file, hive_partitioning=False).drop("year")
        frame.drop("source", strict=False).write_parquet(file)
    for folder in [*exported.glob("readings/*"), *exported.glob("observations/*")]:
        older = DUCKDB_NULL_FOLDER if folder.name == "undated" else f"year={folder.name}"
        folder.rename(folder.with_name(older))
    assert (exported / "readings" / DUCKDB_NULL_FOLDER).exists()
    rebuilt = Warehouse(tmp_path / "rebuilt")
    import_export(exported, rebuilt)
    assert rows(rebuilt) == rows(original)


def test_an_imported_warehouse_skips_known_documents(
    original: Warehouse, exported: Path, tmp_path: Path
) -> None:
    rebuilt = Warehouse(tmp_path / "rebuilt")
    import_export(exported, rebuilt)
    report = load_parts(rebuilt, [path for path in original.staged.iterdir() if path.is_dir()])
    assert report.documents_new == 0
    assert report.documents_skipped == 18


def test_nothing_is_imported_into_a_warehouse_that_is_not_empty(
    original: Warehouse, exported: Path
) -> None:
    before = rows(original)
    with pytest.raises(ExportError, match="already has documents: import into an empty folder"):
        import_export(exported, original)
    assert rows(original) == before


def test_a_filtered_export_is_not_imported(original: Warehouse, tmp_path: Path) -> None:
    export(original, tmp_path / "part", "parquet", regions=[1])
    with pytest.raises(
        ExportError, match=r"not a complete export, but a selection \(regions \[1\]\)"
    ):
        import_export(tmp_path / "part", Warehouse(tmp_path / "rebuilt"))


def test_another_folder_is_not_an_export(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"not a Parquet export of nalssi"):
        import_export(tmp_path, Warehouse(tmp_path / "rebuilt"))


def lose_a_file(folder: Path) -> None:
    (folder / "documents.parquet").unlink()


def cut_the_manifest(folder: Path) -> None:
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    del about["rows"]["readings"]
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")


def lose_a_year(folder: Path) -> None:
    (folder / "readings" / "2024" / "data_0.parquet").unlink()


def cut_a_file(folder: Path) -> None:
    file = folder / "sightings.parquet"
    file.write_bytes(file.read_bytes()[:-100])


def falsify_a_value(folder: Path) -> None:
    file = folder / "readings" / "2022" / "data_0.parquet"
    pl.read_parquet(file).with_columns(temperature_c=pl.lit(999.0)).write_parquet(file)


def swap_snapshots(folder: Path) -> None:
    file = folder / "snapshots.parquet"
    frame = pl.read_parquet(file)
    other = pl.lit("0" * 10) + pl.int_range(pl.len()).mod(10).cast(pl.String)
    frame.with_columns(snapshot_id=pl.col("snapshot_id").str.head(5) + other).unique(
        "snapshot_id"
    ).write_parquet(file)
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    about["rows"]["snapshots"] = pl.read_parquet(file).height
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lose_a_file, r"documents\.parquet: .*No such file"),
        (cut_the_manifest, r"about\.json does not say how many readings there are"),
        (lose_a_year, r"readings has \d+ rows, about\.json says \d+"),
        (cut_a_file, r"sightings\.parquet: "),
        (falsify_a_value, r"2022/data_0.*readings\.temperature_c: .* refuses '999"),
        (swap_snapshots, "sightings of missing snapshots"),
    ],
)
def test_nothing_of_a_damaged_export_is_imported(
    exported: Path, tmp_path: Path, damage: object, complaint: str
) -> None:
    assert callable(damage)
    damage(exported)
    rebuilt = Warehouse(tmp_path / "rebuilt")
    with pytest.raises(ExportError, match=complaint):
        import_export(exported, rebuilt)
    assert not rebuilt.published.exists()


def test_an_import_that_was_killed_before_it_was_published_is_published_by_the_next(
    exported: Path, tmp_path: Path
) -> None:
    rebuilt = Warehouse(tmp_path / "rebuilt")
    counts = import_export(exported, rebuilt)
    before = rows(rebuilt)
    rebuilt.published.unlink()
    assert import_export(exported, rebuilt) == counts
    assert rows(rebuilt) == before
