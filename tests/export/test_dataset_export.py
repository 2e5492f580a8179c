"""A data set describes itself truthfully, and is the same whenever it is made."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nalssi.export import ExportError, export
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from tests.warehouse.make_parts import Page, Ticker, part

SECRET = "https://a.kr/1?token=hunter2"
SUMMER = Ticker(date(2022, 8, 8), {108: 28.5, 159: 31.2}, at=datetime(2022, 8, 8, 6, tzinfo=UTC))
WINTER = Ticker(date(2025, 12, 19), {108: -5.1, 159: None})
UNDATED = Ticker(None, {108: 1.1, 159: 4.4})
POLARS = {
    "string": pl.String,
    "date": pl.Date,
    "integer": pl.Int64,
    "number": pl.Float64,
    "datetime": pl.Datetime,
}


def load(folder: Path, pages: list[Page]) -> Warehouse:
    warehouse = Warehouse(folder / "warehouse")
    for number, page in enumerate(pages):
        load_parts(warehouse, [part(folder / f"part-{number}", [page])])
    return warehouse


PAGES = [
    Page(SECRET, [SUMMER], site="a.kr"),
    Page("https://b.kr/1", [WINTER, UNDATED], ["• 화성13.1℃"], site="b.kr"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return load(tmp_path_factory.mktemp("dataset"), PAGES)


@pytest.fixture(scope="module")
def dataset(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "dataset"
    export(warehouse, out, "dataset")
    return out


def package(dataset: Path) -> Any:
    return json.loads((dataset / "datapackage.json").read_text("utf-8"))


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_every_file_has_the_columns_rows_and_checksums_that_the_package_states(
    dataset: Path,
) -> None:
    described = package(dataset)
    assert [resource["path"] for resource in described["resources"]] == [
        "readings/2022.parquet",
        "readings/2025.parquet",
        "readings/undated.parquet",
        "stations.csv",
        "regions.csv",
        "conditions.csv",
        "sites.csv",
    ]
    for resource in described["resources"]:
        path = dataset / resource["path"]
        is_csv = path.suffix == ".csv"
        frame = pl.read_csv(path, infer_schema=False) if is_csv else pl.read_parquet(path)
        fields = resource["schema"]["fields"]
        assert frame.columns == [field["name"] for field in fields]
        assert all(field["description"] for field in fields)
        assert frame.height == resource["rows"] > 0
        assert resource["hash"] == f"sha256:{sha256(path.read_bytes()).hexdigest()}"
        if is_csv:
            assert resource["bytes"] == path.stat().st_size
            assert "missingValues" not in resource["schema"]
        else:
            assert resource["schema"]["missingValues"] == ["", "nan"]
            for field in fields:
                dtype = frame.schema[field["name"]]
                expected = POLARS[field["type"]]
                is_integer = expected == pl.Int64 and dtype.is_integer()
                assert is_integer or dtype == expected, field


def test_the_readings_are_those_of_the_warehouse(warehouse: Warehouse, dataset: Path) -> None:
    columns = ("snapshot_id", "station_id", "temperature_c")
    parts = [pl.read_parquet(path) for path in sorted((dataset / "readings").iterdir())]
    found = pl.concat(parts).select(columns).sort(columns)
    with warehouse.reader() as con:
        stored = con.sql("SELECT snapshot_id, station_id, temperature_c FROM readings").pl()
    assert found.rows() == stored.sort(columns).rows()


def test_the_checksums_name_every_other_file(dataset: Path) -> None:
    lines = (dataset / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = content(dataset)
    del files["SHA256SUMS"]
    assert sums == {name: sha256(data).hexdigest() for name, data in files.items()}


def test_two_exports_are_equal_whatever_the_order_of_loads(dataset: Path, tmp_path: Path) -> None:
    other = load(tmp_path, PAGES[::-1])
    export(other, tmp_path / "dataset", "dataset")
    assert content(tmp_path / "dataset") == content(dataset)


def test_no_address_of_a_page_is_published(dataset: Path) -> None:
    for name, data in content(dataset).items():
        assert b"hunter2" not in data, name
        assert b"a.kr/1" not in data, name


def test_texts_state_the_source_the_licence_and_what_is_excluded(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    export(warehouse, tmp_path / "some", "dataset", since=date(2025, 1, 1))
    for name in ("README.md", "README.ko.md"):
        text = (tmp_path / "some" / name).read_text("utf-8")
        assert "kogl.or.kr" in text
        assert "2 undated, 2 other_dates" in text or "2 other_dates, 2 undated" in text
        assert "since = 2025-01-01" in text
        assert "{" not in text
    assert package(tmp_path / "some")["licenses"][0]["name"] == "KOGL-1"


def test_a_data_set_replaces_a_data_set_and_nothing_else(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    out = tmp_path / "dataset"
    export(warehouse, out, "dataset", since=date(2025, 1, 1))
    export(warehouse, out, "dataset")
    assert (out / "readings" / "2022.parquet").exists()
    (out / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(ExportError, match="no earlier export"):
        export(warehouse, out, "dataset")
    assert (out / "notes.txt").read_text("utf-8") == "mine"
