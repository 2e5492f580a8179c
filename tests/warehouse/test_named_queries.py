"""Named queries and the data dictionary: what is documented is what there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import duckdb
import pytest

from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.named_queries import (
    NamedQuery,
    named_queries,
    named_query,
    with_place_numbers,
)
from nalssi.warehouse.query import QueryError, query
from tools.data_dictionary import PAGE, dictionary

from .make_parts import Page, Ticker, part

FIRST, LAST = Ticker(date(2025, 12, 1), {108: -3.2}), Ticker(date(2025, 12, 19), {108: 4.0})
VALUES = {
    "other": "Incheon",
    "kind": "frost",
    "since": "2025-12-01",
    "until": "2025-12-31",
    "region": "1",
    "at_least": "1",
    "snapshot": LAST.snapshot_id,
}
"""Values of parameters whose meaning has no example, such as `e.g. 2025-12-19`, or one without a
row here."""


# Two equal days of two years, and a day and a night of heat.
FROST = [
    Ticker(day, {108: -13.0, 112: -12.5}, at=datetime(day.year, 12, 19, of_day, tzinfo=UTC))
    for day in (date(2024, 12, 19), date(2025, 12, 19))
    for of_day in range(15)
] + [
    Ticker(day, {108: -13.0, 112: -12.5}, at=datetime(day.year, 12, 18, of_day, tzinfo=UTC))
    for day in (date(2024, 12, 19), date(2025, 12, 19))
    for of_day in range(15, 24)
]
HEAT = [
    Ticker(date(2025, 12, 20), {108: 34.0}, at=datetime(2025, 12, 20, of_day, tzinfo=UTC))
    for of_day in range(15)
]
FALSE = Ticker(date(2025, 12, 2), {108: 1.0, 112: 2.0})


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("library")
    warehouse = Warehouse(folder / "warehouse")
    pages = [
        Page("a", [FIRST], ["• 비17.7℃"]),
        Page("b", [LAST]),
        Page("c", [*FROST, *HEAT]),
        Page("d", [FALSE]),
    ]
    load_parts(warehouse, [part(folder / "part", pages)])
    with warehouse.writer() as writing:
        # The tests of quality have their own tests. Here, every query must have a row to return.
        writing.execute("TRUNCATE quality")
        writing.execute("UPDATE conclusions SET usable = usable + len(unusable), unusable = []")
        writing.execute("INSERT INTO quality VALUES ($1, 105, 3, ['range'])", [LAST.snapshot_id])
        writing.execute(
            "INSERT INTO readings VALUES ($1, 105, 'name', NULL, NULL, 39.9)", [LAST.snapshot_id]
        )
        for station in FALSE.temperatures:
            writing.execute(
                "INSERT INTO quality VALUES ($1, $2, 4, ['frozen_feed'])",
                [FALSE.snapshot_id, station],
            )
        writing.execute(
            "UPDATE conclusions SET day = NULL, counts_on = NULL WHERE snapshot_id = $1",
            [FALSE.snapshot_id],
        )
        writing.execute(
            "INSERT INTO observations VALUES (108, $1, -12.9, 'portal')", [FROST[15].at]
        )
    with warehouse.reader() as reading:
        yield reading


def values(named: NamedQuery) -> dict[str, str]:
    """A value of each parameter of a query."""
    return {
        name: VALUES.get(name) or meaning.partition("e.g. ")[2]
        for name, meaning in named.parameters.items()
    }


@pytest.mark.parametrize("named", named_queries(), ids=lambda named: named.name)
def test_a_named_query_answers_and_documents_its_parameters(
    named: NamedQuery, con: duckdb.DuckDBPyConnection
) -> None:
    assert named.description.endswith(".")
    parameters = with_place_numbers(con, values(named))
    assert query(con, named.sql, parameters).frame().height > 0


@pytest.mark.parametrize("named", named_queries(), ids=lambda named: named.name)
def test_a_named_query_needs_one_table_or_view_and_a_filter(named: NamedQuery) -> None:
    (serialized,) = duckdb.execute("SELECT json_serialize_sql($1)", [named.sql]).fetchall()[0]
    (statement,) = json.loads(serialized)["statements"]
    node = statement["node"]
    assert node["from_table"]["type"] == "BASE_TABLE"
    clauses = ("group_expressions", "having", "qualify")
    assert [node[clause] for clause in clauses] == [[], None, None]
    assert "SUBQUERY" not in serialized


@pytest.mark.parametrize("name", ["108", "서울", "Seoul", "seoul"])
def test_a_station_is_given_by_number_or_name(name: str, con: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT * FROM station_records WHERE station_id = station_number($station)"
    one = query(con, sql, {"station": name}).frame()
    assert with_place_numbers(con, {"other": name}) == {"other": 108}
    assert one["name_ko"].to_list() == ["서울"]


@pytest.mark.parametrize("place", ["station", "region"])
def test_an_unknown_place_is_an_error(place: str, con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryError, match=f"there is no .*{place} Soul"):
        with_place_numbers(con, {place: "Soul"})


def test_a_named_query_that_does_not_exist_names_the_near_ones() -> None:
    with pytest.raises(KeyError, match="choose from regions-on"):
        named_query("region-on")


def test_the_committed_data_dictionary_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "run `make docs`"
