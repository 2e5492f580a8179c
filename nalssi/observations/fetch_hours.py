"""Fetch the official hours that a warehouse lacks from KMA's API hub.

Each call fetches at most 30 days of all stations, and its values are committed and published before
the next call. So a run that stops loses nothing, and the next run fetches only the hours that are
missing. The writer's lock is not held during a call.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.day_range import DayRange
from nalssi.common.korea_time import KST
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.common.sql_steps import read_steps
from nalssi.observations.api_hub import HOURS_PER_CALL, ApiHub
from nalssi.observations.api_hub_error import ApiHubError
from nalssi.observations.asos_hours import FIRST_YEAR
from nalssi.observations.observation_report import FileReport, ObservationReport
from nalssi.observations.store_hours import store_hours
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import transaction

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
MOST_STATIONS = 80
"""An hour with values of this number of stations is complete: 97 are open, but some always fail."""
SETTLES_AFTER = timedelta(days=1)
"""After this time, stations that have not sent a value will not send it."""


def fetch_hours(
    warehouse: Warehouse,
    hub: ApiHub,
    wanted: DayRange,
    *,
    max_calls: int | None = None,
    now: datetime | None = None,
) -> ObservationReport:
    """Fetch official hours that are not stored, with at most `max_calls` calls, and publish them.

    `wanted`: the Korean days, both included. Without `since`, only the hours that the warehouse's
    snapshots can show: those of the days on which they were printed or captured, and the three
    hours before each. Without `until`, up to `now` (default: the current time). `max_calls` None:
    no limit.

    The first call that fails ends the run. It is one of the report's `failures`, and so is each
    call of whose rows some were rejected and none could be used. The values of earlier calls stay
    stored. Call `nalssi.timing.reconcile` afterwards. Raises WarehouseError if the warehouse cannot
    be written.
    """
    with warehouse.writer() as con:
        calls = missing_spans(con, wanted, now or datetime.now(UTC))
    reports: list[FileReport] = []
    failures: list[str] = []
    changed = [pl.DataFrame(schema={"observed_at": pl.Datetime("us", "UTC")})]
    for number, (first, last) in enumerate(calls[:max_calls], start=1):
        name = _name(first, last)
        try:
            block = hub.fetch(first, last)
        except ApiHubError as error:
            left = f" (call {number} of {len(calls)})" if len(calls) > 1 else ""
            failures.append(safe_text(f"{name}{left}: {error}", MAX_MESSAGE_LENGTH))
            break
        with warehouse.writer() as con, transaction(con):
            report, hours = store_hours(con, [block], "apihub", name)
        reports.append(report)
        changed.append(hours)
        if report.rejected and (failure := report.failure):
            failures.append(safe_text(failure, MAX_MESSAGE_LENGTH))
    hours = pl.concat(changed).unique().sort("observed_at")
    return ObservationReport(tuple(reports), tuple(failures), hours, noun="calls")


def missing_spans(
    con: duckdb.DuckDBPyConnection, wanted: DayRange, now: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the first and the last hour of each call that fetches the hours that are missing.

    `wanted` are the days whose hours are to be fetched; hours after `now` are not fetched. A call
    has at most `HOURS_PER_CALL` hours, and begins and ends with a missing one.
    """
    last = _hour_number(now)
    if wanted.until:
        last = min(last, _first_hour(wanted.until) + 23)
    if wanted.since:
        first = _first_hour(max(wanted.since, date(FIRST_YEAR, 1, 1)))
        hours = range(first, last + 1)
    else:
        needed = con.sql(STEPS["needed"]).fetchall()
        hours = [hour for (hour,) in needed if hour <= last]  # type: ignore[assignment]
    if not hours:
        return []
    parameters = {
        "first": hours[0],
        "last": hours[-1],
        "most_stations": MOST_STATIONS,
        "settled": _hour_number(now - SETTLES_AFTER),
    }
    stored = {hour for (hour,) in con.execute(STEPS["stored"], parameters).fetchall()}
    return _spans([hour for hour in hours if hour not in stored])


def _spans(hours: Sequence[int]) -> list[tuple[datetime, datetime]]:
    """Divide ascending hour numbers into calls. Return the first and the last hour of each call."""
    spans: list[tuple[int, int]] = []
    for hour in hours:
        if spans and hour < spans[-1][0] + HOURS_PER_CALL:
            spans[-1] = (spans[-1][0], hour)
        else:
            spans.append((hour, hour))
    return [(_instant(first), _instant(last)) for first, last in spans]


def _hour_number(instant: datetime) -> int:
    """Return the number of the hour that contains an instant, since 1970 UTC."""
    return int(instant.timestamp() // 3600)


def _first_hour(day: date) -> int:
    return _hour_number(datetime(day.year, day.month, day.day, tzinfo=KST))


def _instant(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * 3600, UTC)


def _name(first: datetime, last: datetime) -> str:
    """Return the name of a call in reports: its hours in Korean time."""
    begin, end = (f"{hour.astimezone(KST):%Y-%m-%d %H:%M}" for hour in (first, last))
    return f"API hub, {begin}" + (f" to {end}" if end != begin else "")
