"""Loads are keyed by content, complete or without effect, and never break a contract."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from schemas.contracts import TABLES, ContractError, polars_schema
from tests.examples import examples
from tests.thorough import thorough

from .make_parts import Page, Ticker, frames, part, write_part

SEOUL, BUSAN, DAEGU = 108, 159, 143
INSTANTS = cs.datetime(time_zone="*")
DAY = date(2025, 12, 19)
COLD = Ticker(DAY, {SEOUL: -3.2, BUSAN: 4.1, DAEGU: None})
WARM = Ticker(DAY, {SEOUL: 5.0, BUSAN: 9.9})


def content(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the facts, without the ids of loads."""
    tables = ("documents", "snapshots", "sightings", "readings", "rejects")
    with warehouse.reader() as con:
        return {
            table: con.sql(
                f"SELECT {'* EXCLUDE (load_id)' if table == 'sightings' else '*'} FROM {table}"
                " ORDER BY ALL"
            ).fetchall()
            for table in tables
        }


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


def test_a_load_counts_its_documents_lines_and_rows(warehouse: Warehouse, tmp_path: Path) -> None:
    pages = [Page("a", [COLD, WARM], ["• 비17.7℃"]), Page("b", [COLD]), Page("c")]
    report = load_parts(warehouse, [part(tmp_path / "p", pages)], flow_run_id="a-run")
    assert (report.documents_read, report.documents_with_ticker) == (3, 2)
    assert (report.documents_new, report.documents_skipped) == (2, 0)
    assert (report.snapshots_new, report.sightings_new, report.readings_new) == (2, 3, 5)
    assert (report.ticker_lines, report.reading_lines, report.rejected_lines) == (9, 8, 1)
    assert report.rejects_by_reason == {"unknown_station": 1}
    with warehouse.reader() as con:
        rows = con.sql("FROM loads").pl()
        assert con.sql("SELECT DISTINCT load_id FROM sightings").fetchall() == [(report.load_id,)]
    assert rows.to_dicts()[0]["flow_run_id"] == "a-run"
    assert rows.row(0, named=True) | {"started_at": 0, "finished_at": 0} == report.row() | {
        "started_at": 0,
        "finished_at": 0,
    }


def test_a_report_is_a_row_of_loads(warehouse: Warehouse, tmp_path: Path) -> None:
    report = load_parts(warehouse, [part(tmp_path / "p", [Page("a", [COLD])])])
    assert list(report.row()) == list(polars_schema("loads"))


def test_loading_the_same_part_again_adds_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    parts = [part(tmp_path / "p", [Page("a", [COLD], ["• 달13.1℃"])])]
    load_parts(warehouse, parts)
    before = content(warehouse)
    again = load_parts(warehouse, parts)
    assert content(warehouse) == before
    assert (again.documents_new, again.documents_skipped, again.readings_new) == (0, 1, 0)
    assert again.rejects_by_reason == {"unknown_station": 1}


def test_a_newer_grammar_replaces_what_an_older_one_saw(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    old = part(tmp_path / "old", [Page("a", [WARM], ["• 제주"]), Page("b", [COLD])], 1)
    new = part(tmp_path / "new", [Page("a", [COLD])], 2)
    load_parts(warehouse, [old])
    report = load_parts(warehouse, [new])
    assert (report.documents_new, report.sightings_new) == (1, 1)
    with warehouse.reader() as con:
        assert con.sql("SELECT snapshot_id FROM snapshots").fetchall() == [(COLD.snapshot_id,)]
        assert con.sql("SELECT count(*) FROM readings").fetchall() == [(3,)]
        assert con.sql("SELECT count(*) FROM rejects").fetchall() == [(0,)]
        versions = con.sql("SELECT parser_version FROM sightings ORDER BY ALL").fetchall()
    assert versions == [(1,), (2,)]


def test_an_older_grammar_never_replaces_a_newer(warehouse: Warehouse, tmp_path: Path) -> None:
    load_parts(warehouse, [part(tmp_path / "new", [Page("a", [COLD])], 2)])
    before = content(warehouse)
    report = load_parts(warehouse, [part(tmp_path / "old", [Page("a", [WARM])], 1)])
    assert (report.documents_new, report.documents_skipped) == (0, 1)
    assert content(warehouse) == before


def test_a_document_without_a_ticker_for_a_newer_grammar_is_removed(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    load_parts(warehouse, [part(tmp_path / "old", [Page("a", [COLD]), Page("b", [WARM])], 1)])
    load_parts(warehouse, [part(tmp_path / "new", [Page("a")], 2)])
    with warehouse.reader() as con:
        assert con.sql("SELECT uri FROM documents").fetchall() == [("b",)]
        assert con.sql("SELECT snapshot_id FROM snapshots").fetchall() == [(WARM.snapshot_id,)]
        assert con.sql("SELECT DISTINCT snapshot_id FROM readings").fetchall() == [
            (WARM.snapshot_id,)
        ]


def test_of_two_versions_of_a_document_in_one_load_the_newer_grammar_wins(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    old = part(tmp_path / "old", [Page("a", [WARM])], 1)
    new = part(tmp_path / "new", [Page("a", [COLD])], 2)
    report = load_parts(warehouse, [old, new])
    assert (report.documents_new, report.documents_skipped, report.parser_version) == (1, 1, 2)
    with warehouse.reader() as con:
        assert con.sql("SELECT snapshot_id FROM snapshots").fetchall() == [(COLD.snapshot_id,)]


SPELLINGS = st.sampled_from([("name", "맑음"), ("order", "맑음"), ("name", None), ("feed", "갬")])
TICKERS = st.builds(
    lambda day, temperature, spelling: Ticker(
        date(2025, 12, day),
        {SEOUL: temperature, BUSAN: 1.5},
        station_source=spelling[0],
        condition_raw=spelling[1],
    ),
    st.integers(1, 3),
    st.sampled_from([-1.0, None, 20.1]),
    SPELLINGS,
)
PAGES = st.builds(
    lambda name, tickers, rejected: Page(f"page-{name}", tickers, rejected),
    st.integers(0, 10**6),
    st.lists(TICKERS, max_size=3),
    st.lists(st.just("• 달13.1℃"), max_size=1),
)


@examples(15)
@given(data=st.data(), pages=st.lists(PAGES, min_size=1, max_size=6, unique_by=lambda p: p.uri))
def test_order_division_and_repetition_of_loads_make_no_difference(
    data: st.DataObject, pages: list[Page]
) -> None:
    pieces = data.draw(
        st.lists(
            st.lists(st.sampled_from(pages), min_size=1, unique_by=lambda p: p.uri), max_size=4
        )
    )
    calls = data.draw(st.permutations([*([p] for p in pages), *pieces]))
    split = data.draw(st.integers(0, len(calls)))
    with tempfile.TemporaryDirectory() as folder:
        whole, pieced = Warehouse(Path(folder, "whole")), Warehouse(Path(folder, "pieced"))
        load_parts(whole, [part(Path(folder, "all"), pages)])
        parts = [part(Path(folder, str(i)), call) for i, call in enumerate(calls)]
        for some in (parts[:split], parts[split:], parts[:1]):
            if some:
                load_parts(pieced, some)
        assert content(pieced) == content(whole)


def broken(table: str, **columns: pl.Expr) -> Callable[[dict[str, pl.DataFrame]], None]:
    def change(content: dict[str, pl.DataFrame]) -> None:
        content[table] = content[table].with_columns(**columns)

    return change


def doubled(content: dict[str, pl.DataFrame]) -> None:
    content["readings"] = pl.concat([content["readings"], content["readings"].head(1)])


def one_short(content: dict[str, pl.DataFrame]) -> None:
    content["readings"] = content["readings"].head(1)


BREACHES = {
    "999 °C": (broken("readings", temperature_c=pl.lit(999.0)), "temperature_c"),
    "hundredths": (broken("readings", temperature_c=pl.lit(1.25)), "one_decimal"),
    "unknown station": (broken("readings", station_id=pl.lit(7, pl.Int16)), "station_id"),
    "null key": (broken("readings", snapshot_id=pl.lit(None, pl.String)), "snapshot_id"),
    "null document": (broken("documents", document_id=pl.lit(None, pl.String)), "document_id"),
    "station twice": (doubled, "station_id"),
    "unknown reason": (broken("rejects", reason=pl.lit("bored")), "reason"),
    "a list cut short": (one_short, "station_count"),
    "text for numbers": (broken("readings", temperature_c=pl.lit("1.5")), "temperature_c"),
    "counts that do not add up": (broken("counts", ticker_lines=pl.lit(1)), "every_ticker_line"),
}


@pytest.mark.parametrize(
    "breach",
    [
        # `tests/test_schemas.py` has the other contracts.
        each if each in ("999 °C", "station twice", "counts that do not add up") else thorough(each)
        for each in BREACHES
    ],
)
def test_a_part_that_breaks_a_contract_is_refused_and_nothing_is_loaded(
    breach: str, warehouse: Warehouse, tmp_path: Path
) -> None:
    change, names = BREACHES[breach]
    load_parts(warehouse, [part(tmp_path / "before", [Page("before", [WARM])])])
    before = content(warehouse)
    bad = frames([Page("a", [COLD], ["• 달13.1℃"])])
    change(bad)
    parts = [part(tmp_path / "good", [Page("b", [COLD])]), write_part(tmp_path / "bad", bad)]
    with pytest.raises(ContractError, match=names):
        load_parts(warehouse, parts)
    assert content(warehouse) == before


def test_all_tables_keep_their_contracts_after_a_load(warehouse: Warehouse, tmp_path: Path) -> None:
    load_parts(warehouse, [part(tmp_path / "p", [Page("a", [COLD], ["• 비17.7℃"], None)])])
    with warehouse.reader() as con:
        for table, model in TABLES.items():
            frame = con.table(table).pl()  # a reader shows instants in Korean time
            model.validate(frame.with_columns(INSTANTS.dt.convert_time_zone("UTC")), lazy=True)


def test_a_load_without_parts_is_an_error(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match="no parts"):
        load_parts(warehouse, [])
