"""Fetching official hours: few calls, nothing twice, and nothing lost by a stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.common.day_range import DayRange
from nalssi.observations.api_hub import ApiHub
from nalssi.observations.api_hub_key import ApiHubKey
from nalssi.observations.fetch_hours import fetch_hours, missing_spans
from nalssi.observations.observation_report import ObservationReport
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from tests.observations.hub_server import KEY, STATIONS, Hub, Reply, row, running_hub, table
from tests.warehouse.make_parts import Page, Ticker, part

NOW = datetime(2026, 3, 1, 3, 20, tzinfo=UTC)
"""12:20 in Korea."""
FEBRUARY = DayRange(date(2026, 2, 1), date(2026, 2, 3))


@pytest.fixture(scope="module")
def server() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def hub(server: Hub) -> Hub:
    server.replies.clear()
    server.calls.clear()
    return server


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


def fetch(
    hub: Hub, warehouse: Warehouse, wanted: DayRange, *, now: datetime = NOW, **more: int
) -> ObservationReport:
    api = ApiHub(ApiHubKey(KEY, "test"), address=hub.address, sleep=lambda _: None)
    report = fetch_hours(warehouse, api, wanted, now=now, **more)
    for file in report.files:
        assert file.rows == sum(
            (
                file.missing,
                file.rejected.total(),
                file.repeated,
                file.added,
                file.unchanged,
                file.replaced,
                file.outranked,
            )
        )
    return report


def periods(hub: Hub) -> list[tuple[str, str]]:
    return [(c.get("tm1", c.get("tm", "")), c.get("tm2", c.get("tm", ""))) for c in hub.calls]


def stored(warehouse: Warehouse) -> int:
    with warehouse.reader() as con:
        ((rows, sources),) = con.execute(
            "SELECT count(*), list(DISTINCT source) FROM observations"
        ).fetchall()
    assert sources in (None, ["apihub"])
    return int(rows)


def spans(warehouse: Warehouse, wanted: DayRange) -> list[tuple[datetime, datetime]]:
    with warehouse.writer() as con:
        return missing_spans(con, wanted, NOW)


def test_a_year_takes_thirteen_calls_of_at_most_thirty_days(warehouse: Warehouse) -> None:
    calls = spans(warehouse, DayRange(date(2025, 1, 1), date(2025, 12, 31)))
    assert len(calls) == 13
    assert max(last - first for first, last in calls) == timedelta(hours=30 * 24 - 1)
    assert calls[0][0] == datetime(2024, 12, 31, 15, tzinfo=UTC)
    assert calls[-1][1] == datetime(2025, 12, 31, 14, tzinfo=UTC)


def test_what_is_stored_is_not_fetched_again(hub: Hub, warehouse: Warehouse) -> None:
    report = fetch(hub, warehouse, FEBRUARY)
    assert (report.total("rows"), report.total("added")) == (288, 288)
    assert periods(hub) == [("202602010000", "202602032300")]
    assert stored(warehouse) == 288
    assert str(report).startswith("1 calls, 288 rows: 288 added")

    again = fetch(hub, warehouse, DayRange(date(2026, 2, 1), date(2026, 2, 4)))
    assert periods(hub)[1:] == [("202602040000", "202602042300")]
    assert again.changed_hours.height == 24
    assert fetch(hub, warehouse, FEBRUARY).files == ()
    assert len(hub.calls) == 2


def test_a_stop_in_the_middle_loses_nothing(hub: Hub, warehouse: Warehouse) -> None:
    wanted = DayRange(date(2025, 12, 1), date(2026, 2, 10))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nalssi.observations.fetch_hours.transaction", stop_at_the_second())
        with pytest.raises(KeyboardInterrupt):
            fetch(hub, warehouse, wanted)
    assert stored(warehouse) == 720 * len(STATIONS)

    hub.replies.append(Reply("", 403))
    report = fetch(hub, warehouse, wanted)
    (failure,) = report.failures
    assert failure.startswith("API hub, 2025-12-31 00:00 to 2026-01-29 23:00 (call 1 of 2): ")
    assert stored(warehouse) == 720 * len(STATIONS)

    assert fetch(hub, warehouse, wanted, max_calls=1).failures == ()
    assert fetch(hub, warehouse, wanted).failures == ()
    assert stored(warehouse) == 24 * 72 * len(STATIONS)
    assert len(hub.calls) == 5
    with warehouse.writer() as con:  # all of it is still to be compared with snapshots
        assert con.execute(
            "SELECT count(DISTINCT observed_at) FROM meta.changed_hours"
        ).fetchone() == (24 * 72,)


def stop_at_the_second():
    """A `transaction` that is interrupted when it is used for the second time."""
    from nalssi.warehouse.database_file import transaction

    uses = []

    def interrupted(con):
        uses.append(con)
        if len(uses) == 2:
            raise KeyboardInterrupt
        return transaction(con)

    return interrupted


def test_hours_of_stations_that_send_late_are_fetched_again_for_a_day(
    hub: Hub, warehouse: Warehouse
) -> None:
    today = DayRange(date(2026, 3, 1))
    fetch(hub, warehouse, today)
    assert periods(hub) == [("202603010000", "202603011200")]  # up to the hour that is full
    fetch(hub, warehouse, today)
    assert len(hub.calls) == 2
    fetch(hub, warehouse, DayRange(date(2026, 3, 1), date(2026, 3, 1)), now=NOW + timedelta(days=2))
    assert periods(hub)[2:] == [("202603011300", "202603012300")]


def test_without_a_day_the_hours_of_the_snapshots_are_fetched(
    hub: Hub, warehouse: Warehouse, tmp_path: Path
) -> None:
    """The day of a printed date, that of a capture, and the evening before."""
    captured = datetime(2025, 12, 31, 16, tzinfo=UTC)  # 2026-01-01 in Korea
    pages = [
        Page("https://a.example/1", [Ticker(date(2025, 8, 3), {108: 5.0})], captured_at=None),
        Page("https://a.example/2", [Ticker(None, {108: 6.0})], captured_at=captured),
    ]
    load_parts(warehouse, [part(tmp_path / "part", pages)])
    assert [
        (first.isoformat(), last.isoformat()) for first, last in spans(warehouse, DayRange())
    ] == [
        ("2025-08-02T12:00:00+00:00", "2025-08-03T14:00:00+00:00"),
        ("2025-12-31T12:00:00+00:00", "2026-01-01T14:00:00+00:00"),
    ]
    fetch(hub, warehouse, DayRange(until=date(2025, 8, 3)))
    assert periods(hub) == [("202508022100", "202508032300")]


def test_nothing_is_fetched_for_an_empty_warehouse_or_the_future(
    hub: Hub, warehouse: Warehouse
) -> None:
    assert fetch(hub, warehouse, DayRange()).files == ()
    assert fetch(hub, warehouse, DayRange(date(2027, 1, 1))).files == ()
    assert hub.calls == []


def test_rejected_rows_are_quoted_and_an_answer_without_a_usable_row_is_a_failure(
    hub: Hub, warehouse: Warehouse
) -> None:
    hour = datetime(2026, 2, 1, 3, tzinfo=UTC)
    hub.replies.append(Reply(table(row(hour, 108, "x"), row(hour, 999, 1.0))))
    report = fetch(hub, warehouse, FEBRUARY)
    name = "API hub, 2026-02-01 00:00 to 2026-02-03 23:00"
    assert f"rejected: {name}, line 7: unreadable_temperature: 2026" in str(report)
    assert report.failures == (
        f"{name}: none of 2 rows could be used: unreadable_temperature 1, unknown_station 1",
    )
    assert stored(warehouse) == 0
