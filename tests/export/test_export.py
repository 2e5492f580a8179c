"""Exports in four formats: they are complete or absent, and other tools read them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.dataset
import pytest
from openpyxl import load_workbook

from nalssi.export import FORMATS, ExportError, Format, export
from nalssi.export.parquet_export import DUCKDB_NULL_FOLDER
from nalssi.export.selection import FACT_TABLES, exported_columns
from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.load_parts import load_parts
from tests.export.pandas_reader import pandas_says
from tests.warehouse.make_parts import Page, Ticker, part

SEOUL, BUSAN, JEJU, OLD_JINDO = 108, 159, 184, 175
# Twelve more: what a shorter list prints is not evaluated (flag 2).
REST = dict.fromkeys((98, 99, 100, 101, 105, 112, 119, 127, 131, 133, 143, 156), 15.0)
SUMMER = Ticker(
    date(2022, 8, 8),
    {SEOUL: 28.5, BUSAN: 31.2, JEJU: 33.0},
    at=datetime(2022, 8, 8, 6, tzinfo=UTC),
)
AUTUMN = Ticker(date(2024, 10, 3), {SEOUL: 15.5, BUSAN: None, OLD_JINDO: 17.0, **REST})
WINTER = Ticker(date(2025, 12, 19), {SEOUL: -5.1, BUSAN: 3.0, JEJU: 8.4})
UNDATED = Ticker(None, {SEOUL: 1.1, BUSAN: 4.4, JEJU: 9.0})


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("export")
    warehouse = Warehouse(folder / "warehouse")
    pages = [
        Page("https://a.kr/1", [SUMMER], site="a.kr"),
        Page("https://a.kr/2", [AUTUMN], ["• 달13.1℃"], site="a.kr"),
        Page("https://b.kr/1", [WINTER, UNDATED], site="b.kr"),
        Page("https://b.kr/2", [], ["• 화성13.1℃"], site="b.kr"),
    ]
    load_parts(warehouse, [part(folder / "part", pages)])
    return warehouse


def out_of(form: Format, folder: Path) -> Path:
    return folder / f"out.{form}"


def rows_of(warehouse: Warehouse, query: str) -> list[tuple[object, ...]]:
    with warehouse.reader() as con:
        return con.execute(query).fetchall()


def geojson(warehouse: Warehouse, out: Path, **selection: Any) -> Any:
    export(warehouse, out, "geojson", **selection)
    return json.loads(out.read_text(encoding="utf-8"))


def test_polars_reads_the_years_of_a_parquet_export(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "parquet")
    readings = pl.scan_parquet(tmp_path / "out" / "readings", hive_partitioning=True)
    assert readings.collect().height == 24
    assert dict(readings.group_by("year").len().collect().iter_rows()) == {
        2022: 3,
        2024: 15,
        2025: 3,
        None: 3,
    }
    hottest = readings.filter(year=2022).sort("temperature_c").last().collect()
    assert hottest.select("name_ko", "temperature_c", "flag").row(0) == ("제주", 33.0, 2)


def test_pyarrow_reads_the_years_of_a_parquet_export(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "parquet")
    readings = pyarrow.dataset.dataset(tmp_path / "out" / "readings", partitioning="hive")
    assert readings.count_rows(filter=pyarrow.dataset.field("year") == 2024) == 15


@pytest.mark.process
def test_pandas_reads_the_undated_readings_of_a_parquet_export_too(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    export(warehouse, tmp_path / "out", "parquet")
    readings = "pd.read_parquet(path)"
    said = pandas_says(
        tmp_path / "out" / "readings",
        f"[len({readings}), *map(int, {readings}[['year', 'observed_on']].isna().sum())]",
    )
    assert said == [24, 3, 3]
    summer = "pd.read_parquet(path, filters=[('year', '==', 2022)])"
    hottest = pandas_says(tmp_path / "out" / "readings", f"sorted({summer}['temperature_c'])")
    assert hottest == [28.5, 31.2, 33.0]


@pytest.mark.parametrize("hive", [True, False])
def test_duckdb_reads_the_undated_readings_of_a_parquet_export_too(
    warehouse: Warehouse, tmp_path: Path, hive: bool
) -> None:
    export(warehouse, tmp_path / "out", "parquet")
    files = str(tmp_path / "out" / "readings" / "*" / "*.parquet")
    readings = duckdb.read_parquet(files, hive_partitioning=hive)
    years = readings.aggregate("year, count(*)").order("year").fetchall()
    assert years == [(2022, 3), (2024, 15), (2025, 3), (None, 3)]


@pytest.mark.process
def test_every_reader_finds_an_export_of_undated_readings_alone(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    export(warehouse, tmp_path / "out", "parquet", snapshot=UNDATED.snapshot_id)
    folder = tmp_path / "out" / "readings"
    assert pandas_says(folder, "len(pd.read_parquet(path))") == 3
    assert pl.read_parquet(folder).height == 3
    assert pyarrow.dataset.dataset(folder, partitioning="hive").count_rows() == 3


@pytest.mark.parametrize("form", FORMATS)
def test_every_export_states_its_source_and_what_it_excludes(
    warehouse: Warehouse, tmp_path: Path, form: Format
) -> None:
    out = out_of(form, tmp_path)
    about = export(warehouse, out, form)
    assert about.attribution == "자료: 기상청(KMA)"
    if form in ("parquet", "dataset"):
        told = (out / "about.json").read_text(encoding="utf-8")
    elif form == "csv":
        told = out.with_name("out.csv-metadata.json").read_text(encoding="utf-8")
    elif form == "geojson":
        told = out.read_text(encoding="utf-8")
    elif form == "xlsx":
        told = str(list(load_workbook(out)["about"].values))
    else:
        with duckdb.connect(str(out), read_only=True) as con:
            told = str(con.execute("FROM about").fetchall())
    assert "자료: 기상청(KMA)" in told
    assert about.exported_at in told
    assert "under the first reason that applies" in told


@pytest.mark.parametrize("form", FORMATS)
def test_every_reading_is_exported_or_counted_as_excluded(
    warehouse: Warehouse, tmp_path: Path, form: Format
) -> None:
    about = export(warehouse, out_of(form, tmp_path), form, since=date(2025, 1, 1), flags=[1, 2, 9])
    assert about.rows["readings"] == 3
    # GeoJSON is of one snapshot, and counts what is left out of that.
    expected = {} if form == "geojson" else {"other_dates": 18, "undated": 3}
    assert about.excluded == expected
    assert not about.complete


def test_csv_has_the_usable_readings_unless_flags_are_given(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    usable = export(warehouse, tmp_path / "a.csv", "csv")
    # The closed station's reading is no good, the one without a number is missing.
    assert usable.excluded == {"flag_4": 1, "flag_9": 1}
    missing = export(warehouse, tmp_path / "b.csv", "csv", flags=[9])
    assert missing.rows == {"readings": 1}
    row = pl.read_csv(tmp_path / "b.csv").row(0, named=True)
    assert (row["name_ko"], row["temperature_c"], row["flag"], row["failed"]) == (
        "부산",
        None,
        9,
        "missing",
    )


def test_csv_metadata_describe_every_column(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "readings.csv", "csv")
    metadata = json.loads((tmp_path / "readings.csv-metadata.json").read_text(encoding="utf-8"))
    assert metadata["url"] == "readings.csv"
    described = [column["name"] for column in metadata["tableSchema"]["columns"]]
    assert described == pl.read_csv(tmp_path / "readings.csv").columns
    hour = pl.read_csv(tmp_path / "readings.csv").filter(pl.col("observed_at").is_not_null())
    assert hour["observed_at"][0] == "2022-08-08T15:00:00+09:00"


def test_a_csv_named_gz_is_compressed(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "a.csv.gz", "csv")
    assert (tmp_path / "a.csv.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert pl.read_csv(tmp_path / "a.csv.gz").height == 22


def test_every_exported_column_is_described(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "a.csv", "csv")
    assert list(exported_columns().items) == pl.read_csv(tmp_path / "a.csv").columns


def test_geojson_has_the_newest_snapshot(warehouse: Warehouse, tmp_path: Path) -> None:
    collection = geojson(warehouse, tmp_path / "a.geojson")
    days = {f["properties"]["observed_on"] for f in collection["features"]}
    assert days == {"2025-12-19"}


def test_geojson_has_the_selected_snapshot(warehouse: Warehouse, tmp_path: Path) -> None:
    collection = geojson(warehouse, tmp_path / "a.geojson", snapshot=SUMMER.snapshot_id)
    features = collection["features"]
    assert [f["id"] for f in features] == [SEOUL, BUSAN, JEJU]
    assert features[0]["properties"]["observed_at"] == "2022-08-08T15:00:00+09:00"
    assert features[0]["properties"]["temperature_c"] == 28.5


def test_geojson_follows_rfc_7946(warehouse: Warehouse, tmp_path: Path) -> None:
    collection = geojson(warehouse, tmp_path / "a.geojson", until=date(2024, 12, 31))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection  # section 4: always WGS 84
    features = collection["features"]
    assert features
    # Section 7.1: no member of ours in the collection may be one that GeoJSON gives a meaning.
    assert not collection.keys() & {"coordinates", "geometries", "geometry", "properties"}
    for feature in features:
        assert feature.keys() == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        point = feature["geometry"]
        assert point["type"] == "Point"
        longitude, latitude = point["coordinates"]
        assert 124 < longitude < 132  # longitude first (3.1.1)
        assert 33 < latitude < 39


def test_a_closed_station_has_its_last_position(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "a.csv", "csv", stations=[OLD_JINDO], flags=[4])
    row = pl.read_csv(tmp_path / "a.csv").row(0, named=True)
    assert (row["name_ko"], row["region_id"]) == ("진도(첨찰산)", None)
    assert row["latitude"] == pytest.approx(34.47, abs=0.05)


def test_a_duckdb_export_has_the_views_and_comments_of_the_warehouse(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    export(warehouse, tmp_path / "a.duckdb", "duckdb")
    question = "FROM regional_temperatures ORDER BY ALL"
    comments = (
        "SELECT table_name, column_name, comment FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND comment IS NOT NULL ORDER BY ALL"
    )
    with duckdb.connect(str(tmp_path / "a.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'Asia/Seoul'")
        assert con.execute(question).fetchall() == rows_of(warehouse, question)
        assert con.execute(comments).fetchall() == rows_of(warehouse, comments)
        assert con.execute(comments).fetchall() != []


def test_a_filtered_duckdb_export_has_the_rows_that_belong_to_its_readings(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    export(warehouse, tmp_path / "a.duckdb", "duckdb", since=date(2024, 1, 1), stations=[BUSAN])
    with duckdb.connect(str(tmp_path / "a.duckdb"), read_only=True) as con:
        rows = {table: con.table(table).count("*").fetchall()[0][0] for table in FACT_TABLES}
    assert rows == {
        "documents": 2,
        "snapshots": 2,
        "sightings": 2,
        "readings": 2,
        "rejects": 1,
        "quality": 2,
        "observations": 0,
        "reconciliations": 0,
        "loads": 1,
    }


@pytest.mark.process
def test_the_client_of_duckdb_1_opens_a_duckdb_export(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "a.duckdb", "duckdb")
    client = shutil.which("duckdb", path=str(Path(sys.executable).parent))
    assert client, "duckdb-cli is among the development requirements, but not installed"
    question = "SELECT name_ko, temperature_c FROM latest_readings ORDER BY station_id"
    command = [client, "-readonly", "-json", str(tmp_path / "a.duckdb"), question]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[0] == {"name_ko": "서울", "temperature_c": -5.1}


def test_a_workbook_has_the_readings_their_columns_and_what_is_excluded(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    about = export(warehouse, tmp_path / "a.xlsx", "xlsx")
    export(warehouse, tmp_path / "a.csv", "csv")
    book = load_workbook(tmp_path / "a.xlsx")
    names, *rows = book["readings"].values
    table = pl.read_csv(tmp_path / "a.csv", try_parse_dates=True)
    assert list(names) == table.columns
    assert len(rows) == about.rows["readings"] == table.height
    for name in ("snapshot_id", "station_id", "name_ko", "temperature_c", "flag"):
        assert [row[names.index(name)] for row in rows] == table[name].to_list()
    days = [row[names.index("observed_on")] for row in rows]
    assert [day and day.date() for day in days] == table["observed_on"].to_list()
    facts = dict(book["about"].values)
    assert (facts["left_out flag_4"], facts["left_out flag_9"]) == (1, 1)
    assert [name for name, _ in book["columns"].iter_rows(min_row=2, values_only=True)] == [*names]


def test_an_export_replaces_an_earlier_one(warehouse: Warehouse, tmp_path: Path) -> None:
    for form in FORMATS:
        export(warehouse, out_of(form, tmp_path), form)
        export(warehouse, out_of(form, tmp_path), form, regions=[1])
    readings = pl.read_parquet(tmp_path / "out.parquet" / "readings")
    assert readings["region_id"].unique().to_list() == [1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.csv",
        "out.csv-metadata.json",
        "out.dataset",
        "out.duckdb",
        "out.geojson",
        "out.parquet",
        "out.xlsx",
    ]


def test_an_export_of_an_older_version_is_replaced(warehouse: Warehouse, tmp_path: Path) -> None:
    """Older exports had fewer columns, other tables, Hive partitions and no byte order mark."""
    for form in FORMATS:
        export(warehouse, out_of(form, tmp_path), form)
    older = pl.read_csv(tmp_path / "out.csv").drop("flag", "elevation_m")
    older.write_csv(tmp_path / "out.csv")
    metadata = tmp_path / "out.csv-metadata.json"
    described = json.loads(metadata.read_text("utf-8"))
    columns = described["tableSchema"]["columns"]
    columns[:] = [column for column in columns if column["name"] in older.columns]
    columns.append({"name": "gone"})
    metadata.write_text(json.dumps(described | {"notes": [{"generator": "nalssi 0.1.0"}]}))
    folder = tmp_path / "out.parquet"
    (folder / "readings" / "undated").rename(folder / "readings" / DUCKDB_NULL_FOLDER)
    (folder / "regions.parquet").rename(folder / "provinces.parquet")
    about = json.loads((folder / "about.json").read_text("utf-8"))
    about["rows"]["provinces"] = about["rows"].pop("regions")
    (folder / "about.json").write_text(json.dumps(about))
    with duckdb.connect(str(tmp_path / "out.duckdb")) as con:
        con.execute("ALTER TABLE readings DROP COLUMN condition_raw")
    for form in FORMATS:
        export(warehouse, out_of(form, tmp_path), form, regions=[1])
    assert pl.read_csv(tmp_path / "out.csv").columns == list(exported_columns().items)
    assert sorted(path.name for path in (folder / "readings").iterdir()) == [
        "2022",
        "2024",
        "2025",
        "undated",
    ]


def test_a_killed_export_of_another_version_can_be_replaced(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    """A killed export may have written the metadata file, but not the table."""
    out = tmp_path / "out.csv"
    export(warehouse, out, "csv")
    pl.read_csv(out).drop("flag").write_csv(out)
    export(warehouse, out, "csv")
    assert pl.read_csv(out).columns == list(exported_columns().items)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_another_program_is_not_overwritten(
    warehouse: Warehouse, tmp_path: Path, form: Format
) -> None:
    out = out_of(form, tmp_path)
    if form == "parquet":
        out.mkdir()
        (out / "thesis.txt").write_text("years of work")
    else:
        out.write_text("years of work")
    with pytest.raises(
        ExportError, match=f"{out.name} exists and is no earlier export of this format"
    ):
        export(warehouse, out, form)
    kept = out / "thesis.txt" if form == "parquet" else out
    assert kept.read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("name", ["notes.txt", "readings/notes.txt", "readings/2022/a.csv"])
def test_a_folder_with_other_files_than_an_export_is_not_overwritten(
    warehouse: Warehouse, tmp_path: Path, name: str
) -> None:
    out = out_of("parquet", tmp_path)
    export(warehouse, out, "parquet")
    (out / name).write_text("years of work")
    with pytest.raises(ExportError, match="is no earlier export of this format"):
        export(warehouse, out, "parquet", regions=[1])
    assert (out / name).read_text() == "years of work"


def test_a_file_that_replaced_an_export_is_not_overwritten(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    out = out_of("csv", tmp_path)
    export(warehouse, out, "csv")
    export(warehouse, out, "csv", regions=[1])
    out.write_text("years of work")
    with pytest.raises(ExportError, match="is no earlier export of this format"):
        export(warehouse, out, "csv")
    assert out.read_text() == "years of work"


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_follows_a_link(warehouse: Warehouse, tmp_path: Path, form: Format) -> None:
    out, link = out_of(form, tmp_path / "there"), tmp_path / f"link.{form}"
    export(warehouse, out, form)
    link.symlink_to(out)
    export(warehouse, link, form)
    assert link.is_symlink()
    assert out.exists()
    assert not [path.name for path in tmp_path.rglob(".*")]


@pytest.mark.parametrize("form", FORMATS)
def test_a_failed_export_leaves_nothing(
    warehouse: Warehouse, tmp_path: Path, form: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nalssi.export.manifest.Manifest.create", fail)
    with pytest.raises(OSError, match="No space left"):
        export(warehouse, out_of(form, tmp_path), form)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise duckdb.IOException("IO Error: Could not write all bytes to file: No space left")

    monkeypatch.setattr("nalssi.export.manifest.Manifest.create", fail)
    with pytest.raises(ExportError, match=r"out\.csv cannot be written: .*No space left"):
        export(warehouse, tmp_path / "out.csv", "csv")


def test_a_selection_without_readings_is_an_error(warehouse: Warehouse, tmp_path: Path) -> None:
    for form in FORMATS:
        with pytest.raises(ExportError, match="nothing to export"):
            export(warehouse, out_of(form, tmp_path), form, since=date(2030, 1, 1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("selection", "complaint"),
    [
        ({"since": date(2025, 2, 1), "until": date(2025, 1, 1)}, "is after until"),
        ({"regions": [3, 99]}, "no region 99: regions are 1 to "),
        ({"stations": [1]}, "no station 1"),
        ({"flags": [5]}, "no flag 5: flags are 1, 2, 3, 4, 9"),
    ],
)
def test_an_impossible_selection_is_refused(
    warehouse: Warehouse, tmp_path: Path, selection: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        export(warehouse, tmp_path / "out", "parquet", **selection)


def test_without_a_warehouse_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse in"):
        export(Warehouse(tmp_path / "none"), tmp_path / "out", "parquet")
