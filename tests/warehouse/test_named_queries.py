"""Named queries and the data dictionary: what is documented is what there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.named_queries import NamedQuery, named_queries, named_query
from nalssi.warehouse.query import query
from tools.data_dictionary import PAGE, dictionary

from .make_parts import Page, Ticker, part

FIRST, LAST = Ticker(date(2025, 12, 1), {108: -3.2}), Ticker(date(2025, 12, 19), {108: 4.0})
VALUES = {
    "day": "2025-12-19",
    "station": "서울",
    "since": "2025-12-01",
    "until": "2025-12-31",
    "year": "2025",
    "region": "1",
    "at_least": "1",
    "snapshot": LAST.snapshot_id,
}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("library")
    warehouse = Warehouse(folder / "warehouse")
    pages = [Page("a", [FIRST], ["• 비17.7℃"]), Page("b", [LAST])]
    load_parts(warehouse, [part(folder / "part", pages)])
    with warehouse.writer() as writing:
        writing.execute("INSERT INTO quality VALUES ($1, 105, 3, ['range'])", [LAST.snapshot_id])
        writing.execute(
            "INSERT INTO readings VALUES ($1, 105, 'name', NULL, NULL, 39.9)", [LAST.snapshot_id]
        )
    with warehouse.reader() as reading:
        yield reading


@pytest.mark.parametrize("named", named_queries(), ids=lambda named: named.name)
def test_a_named_query_answers_and_documents_its_parameters(
    named: NamedQuery, con: duckdb.DuckDBPyConnection
) -> None:
    assert named.description.endswith(".")
    parameters = {name: VALUES[name] for name in named.parameters}
    assert query(con, named.sql, parameters).frame().height > 0


def test_a_named_query_that_does_not_exist_names_the_near_ones() -> None:
    with pytest.raises(KeyError, match="choose from regions-on"):
        named_query("region-on")


def test_the_committed_data_dictionary_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "run `make docs`"
