"""Views: what a row is, on readings that can be used (flags 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import duckdb
import pytest

from nalssi.warehouse import Warehouse
from nalssi.warehouse.load import load_parts
from nalssi.warehouse.views import FOLDER, VIEWS, views

from .parts import Page, Ticker, part

SEOUL, INCHEON, SUWON, BUSAN, DAEGU, CLOSED = 108, 112, 119, 159, 143, 160
FIRST, SECOND = date(2025, 12, 18), date(2025, 12, 19)
EARLY = Ticker(FIRST, {SEOUL: 1.0, BUSAN: 9.0})
COLD = Ticker(SECOND, {SEOUL: -3.2, INCHEON: -1.1, SUWON: None, BUSAN: 4.1, DAEGU: 30.0})
FEED = Ticker(
    SECOND, {SEOUL: -2.0, BUSAN: 5.0}, at=datetime(2025, 12, 18, 15, tzinfo=UTC)
)  # midnight in Korea
UNDATED = Ticker(None, {SEOUL: 7.0})


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("views")
    warehouse = Warehouse(folder / "warehouse")
    pages = [
        Page("a", [EARLY], ["• 달13.1℃"], site="one.kr"),
        Page("b", [COLD, FEED], site="one.kr"),
        Page("c", [COLD], site="two.kr"),
        Page("d", [UNDATED], site=None),
    ]
    load_parts(warehouse, [part(folder / "part", pages)])
    with warehouse.writer() as writing:
        writing.execute("TRUNCATE quality")
        writing.executemany(
            "INSERT INTO quality VALUES ($1, $2, $3, $4)",
            [
                (COLD.snapshot_id, DAEGU, 3, ["spatial"]),
                (COLD.snapshot_id, SUWON, 9, ["missing"]),
                (COLD.snapshot_id, BUSAN, 2, []),
            ],
        )
    with warehouse.reader() as reading:
        yield reading


def test_every_view_file_is_a_view_and_says_what_it_is(con: duckdb.DuckDBPyConnection) -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(VIEWS)
    comments = dict(con.sql("SELECT view_name, comment FROM duckdb_views()").fetchall())
    for view in views():
        assert view.comment.startswith("A row is ")
        assert comments[view.name] == view.comment
        columns = con.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = $1", [view.name]
        ).fetchall()
        assert dict(columns) == view.columns


def test_the_hour_is_the_feeds_and_the_day_is_korean(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT observed_on, hour_source FROM timed_snapshots WHERE snapshot_id IN ($1, $2)"
        " ORDER BY hour_source",
        [FEED.snapshot_id, COLD.snapshot_id],
    ).fetchall()
    assert rows == [(SECOND, "feed"), (SECOND, None)]


def test_a_region_is_summed_up_over_its_usable_stations(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT region_en, mean_c, min_c, max_c, stations_used, stations_left_out"
        " FROM regional_temperatures WHERE snapshot_id = $1 ORDER BY region_id",
        [COLD.snapshot_id],
    ).fetchall()
    assert [row[1:] for row in rows] == [
        (-2.15, -3.2, -1.1, 2, 1),  # the capital region; Suwon's value is missing
        (None, None, None, 0, 1),  # Daegu's is suspect, and no other station is listed
        (4.1, 4.1, 4.1, 1, 0),  # Busan's is not evaluated, which can be used
    ]


def test_a_share_is_of_all_the_regions_stations(con: duckdb.DuckDBPyConnection) -> None:
    shares = con.sql(
        "SELECT share_of_stations * count(*) FROM regional_temperatures"
        f" JOIN stations USING (region_id) WHERE snapshot_id = '{UNDATED.snapshot_id}'"
        " GROUP BY share_of_stations"
    ).fetchall()
    assert shares == [(pytest.approx(1, abs=0.1),)]  # Seoul alone; shares have two decimals
