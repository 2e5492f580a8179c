"""A build with nothing new does next to nothing, and whatever a page depends on is noticed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from nalssi.charts import day_units, period_data
from nalssi.charts.chart_kinds import GALLERY_KINDS
from nalssi.gallery import build, gallery_data
from nalssi.gallery.build_inputs import build_inputs
from nalssi.gallery.publication import Publication
from nalssi.gallery.site_files import LIST_FILE, SiteFolder
from nalssi.locale.locales import Lang
from nalssi.warehouse import Warehouse
from tests.warehouse.make_parts import Page, Ticker

from .site import built, contents, load

SEOUL, BUSAN = 108, 159
DAY = date(2025, 12, 19)
KO: tuple[Lang, ...] = ("ko",)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with lists of three days and an undated one, a picture, and its gallery."""
    warehouse = Warehouse(tmp_path_factory.mktemp("warehouse"))
    days = [Ticker(DAY + timedelta(days=n), {SEOUL: n - 1.5, BUSAN: 9.0}) for n in range(3)]
    pages = [
        Page("https://example.kr/1", days, ["• 비17.7℃"], captured_at=None),
        Page("https://example.kr/2", [Ticker(None, {SEOUL: 1.0, BUSAN: 2.0})], captured_at=None),
    ]
    load(warehouse, pages)
    picture = warehouse.charts / GALLERY_KINDS[0] / f"{DAY}.ko.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(8) + b"\0\0\0\1\0\0\0\1")
    built(warehouse, KO)
    return warehouse


def inputs(con: duckdb.DuckDBPyConnection, warehouse: Warehouse, lang: tuple[Lang, ...]) -> str:
    return build_inputs(con, warehouse.charts, lang, Publication())


def test_every_table_is_in_the_digest_of_the_inputs(site: Warehouse) -> None:
    with site.writer() as con:
        before = inputs(con, site, KO)
        unseen = []
        filled = 0
        tables = con.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT internal"
        ).fetchall()
        for (table,) in tables:
            con.begin()
            if con.execute(f"DELETE FROM {table} RETURNING 1").fetchone():
                filled += 1
                if inputs(con, site, KO) == before:
                    unseen.append(table)
            con.rollback()
        assert filled > 8
        assert unseen == []
        assert inputs(con, site, KO) == before
        assert inputs(con, site, ("ko", "en")) != before


def test_a_build_with_nothing_new_plans_no_file(
    site: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = built(site, KO)

    def planned(*_: object) -> None:
        raise AssertionError("a file is planned")

    monkeypatch.setattr(SiteFolder, "write", planned)
    again = built(site, KO)
    assert (again.files, again.written, again.removed) == (first.files, 0, 0)


def test_the_notes_of_an_interrupted_build_are_not_believed(site: Warehouse) -> None:
    built(site, KO)
    assert SiteFolder(site.gallery).notes
    with (site.gallery / LIST_FILE).open("a") as listed:  # as a build that begins to write
        listed.write(f"- {LIST_FILE}\n- index.html\n")
    assert not SiteFolder(site.gallery).notes
    assert built(site, KO).written == 1
    assert SiteFolder(site.gallery).notes


def change(site: Warehouse, what: str) -> None:
    if what == "picture":  # retention removes the pictures of old days
        (site.charts / GALLERY_KINDS[0] / f"{DAY}.ko.png").unlink()
        return
    with site.writer() as con:
        con.execute(what)


@pytest.mark.parametrize(
    "what",
    [
        "UPDATE documents SET site = 'renamed.kr'",
        "UPDATE quality SET flag = 3, failed = ['step']",
        "UPDATE stations SET name_ko = '새이름' WHERE station_id = 108",
        "DELETE FROM rejects",
        "picture",
    ],
    ids=["renamed site", "judged again", "renamed station", "rejected lines", "picture removed"],
)
def test_a_build_after_a_change_equals_one_from_nothing(
    site: Warehouse, what: str, tmp_path: Path
) -> None:
    built(site, KO)
    change(site, what)
    assert built(site, KO).written > 0
    with site.reader() as con:
        build(con, tmp_path / "new", site.charts, KO)
    assert contents(site.gallery) == contents(tmp_path / "new")


def test_another_choice_of_languages_changes_the_site_and_back(
    site: Warehouse, tmp_path: Path
) -> None:
    built(site, KO)
    before = contents(site.gallery)
    built(site, ("en", "ko"))
    with site.reader() as con:
        build(con, tmp_path / "new", site.charts, ("en", "ko"))
    assert contents(site.gallery) == contents(tmp_path / "new")
    built(site, KO)
    assert contents(site.gallery) == before


PARAMETERS = {
    "since": DAY, "until": DAY, "region": None, "station": None, "printed": False, "undated": False
}  # fmt: skip


def tables_of(con: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """Return the tables that a query reads, also through views: those of DuckDB's plan."""
    used = {name: value for name, value in PARAMETERS.items() if f"${name}" in sql}
    (row,) = con.execute(f"EXPLAIN (FORMAT json) {sql}", used).fetchall()
    return {name.rpartition(".")[2] for name in re.findall(r'"Table": "([^"]+)"', row[1])}


def test_the_digest_of_a_day_covers_every_table_that_its_page_reads(site: Warehouse) -> None:
    charts, pages = Path(period_data.__file__).parent, Path(gallery_data.__file__).parent
    read = ("chart_readings", "station_days", "region_days")
    queries = [charts / f"{name}.sql" for name in read] + [pages / "sightings.sql"]
    with site.reader() as con:
        tables = {t for query in queries for t in tables_of(con, query.read_text("utf-8"))}
        covered = tables_of(con, day_units.QUERY.read_text("utf-8"))
    reference = {"stations", "station_history", "regions", "conditions"}
    # The id of a list is a digest of its readings.
    assert tables - covered - reference == {"readings"}
    assert {"conclusions", "quality", "sightings", "documents"} <= tables & covered
