"""Say in one line why a selection has no chart.

The command, the flow and the Python interface use the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from nalssi.charts.chart_kinds import KINDS
from nalssi.charts.chart_readings import QUERY
from nalssi.charts.compared_with import ComparedWith
from nalssi.charts.reading_filter import ReadingFilter

if TYPE_CHECKING:
    import duckdb

NOTHING_TO_DRAW: Final = "there is nothing to draw"
FLAG_NAMES: Final = {0: "of closed stations", 2: "not evaluated", 3: "suspect", 4: "failed",
                     9: "without a temperature"}  # fmt: skip


LISTS_OF_DAYS: Final = """
SELECT
    count(*) FILTER (observed_on BETWEEN first_day AND last_day),
    count(*) FILTER (observed_on IS NULL AND printed_on BETWEEN first_day AND last_day)
FROM timed_snapshots, (
    SELECT
        coalesce($since, DATE '0001-01-01') AS first_day,
        coalesce($until, DATE '9999-12-31') AS last_day
)
"""
"""A query that counts the lists observed from $since to $until, and the undated lists whose printed
date, which is false, is in this period."""


def why_nothing_to_draw(
    con: duckdb.DuckDBPyConnection,
    kinds: Sequence[str],
    selected: ReadingFilter,
    compared_with: ComparedWith,
) -> str:
    """Return the reason why there is no chart, such as `there is nothing to draw: no list of …`.

    `kinds`, `selected` and `compared_with` are the options of the charts. If the selected days have
    no usable reading, the text also has the nearest days that have one, and the flags of the
    excluded readings.
    """
    reason = (
        _no_list(con, kinds, selected)
        or _no_station(con, selected)
        or _no_day(con, selected)
        or _no_usable_reading(con, selected)
        or _no_chart(con, kinds, selected, compared_with)
    )
    return f"{NOTHING_TO_DRAW}: {reason}"


def _no_list(con: duckdb.DuckDBPyConnection, kinds: Sequence[str], selected: ReadingFilter) -> str:
    """Return the reason if the warehouse has no list, or none with a day; else an empty text.

    A day is needed if the filter selects days, or if no chart of `kinds` shows a single list.
    """
    lists, dated = _row(con, "SELECT count(*), count(observed_on) FROM timed_snapshots")
    if not lists:
        return "the warehouse has no list"
    needs_day = selected.since or selected.until or not any(KINDS[k].per_snapshot for k in kinds)
    if not dated and needs_day:
        return f"the day of {_lists(lists)} in the warehouse is unknown"
    return ""


def _no_station(con: duckdb.DuckDBPyConnection, selected: ReadingFilter) -> str:
    """Return the reason if the selected station is unknown, closed or not in the selected region.

    Otherwise return an empty text.
    """
    if selected.station is None:
        return ""
    values = {"station": selected.station}
    name, region = _row(
        con,
        "SELECT any_value(name_ko), any_value(region_id) FROM stations WHERE station_id = $station",
        values,
    )
    if name is None:
        (closed,) = _row(
            con,
            "SELECT arg_max(name_ko, valid_from) FROM station_history WHERE station_id = $station",
            values,
        )
        if closed:
            return f"station {selected.station} ({closed}) is closed, and charts show open ones"
        return f"there is no station {selected.station}"
    if selected.region not in (None, region):
        return f"station {selected.station} ({name}) is in region {region}"
    return ""


def _no_day(con: duckdb.DuckDBPyConnection, selected: ReadingFilter) -> str:
    """Return the reason if no list is of the selected days, else an empty text."""
    if selected.since is None and selected.until is None:
        return ""
    lists, false = _row(con, LISTS_OF_DAYS, {"since": selected.since, "until": selected.until})
    if lists:
        return ""
    reason = f"no list {_of_days(selected)}"
    if false:
        reason += f" (the printed date of {_lists(false)} is such a day, but false)"
    return reason + _nearest(con, selected)


def _no_usable_reading(con: duckdb.DuckDBPyConnection, selected: ReadingFilter) -> str:
    """Return the reason if the selected stations have no reading, or no usable one.

    Otherwise return an empty text.
    """
    query = QUERY.read_text(encoding="utf-8")
    readings = con.sql(query, params=asdict(selected))
    counts = (
        readings.aggregate("flag, list_sort(failed) AS failed, usable, count(*) AS count")
        .order("count DESC, flag, failed, usable")
        .fetchall()
    )
    if any(usable for _, _, usable, _ in counts):
        return ""
    where = _of_days(selected) and f" {_of_days(selected)}"
    if not counts:
        return f"no list{where} has {_what(selected)}" + _nearest(con, selected)
    total = sum(count for *_, count in counts)
    causes = [
        f"{count:,} {FLAG_NAMES.get(flag, 'excluded')}"
        + (f" ({', '.join(failed)})" if failed else "")
        for flag, failed, _, count in counts
    ]
    which = f"none of {total:,} readings" if total > 1 else "the only reading"
    verdict = "is usable" if total > 1 else "is not usable"
    return f"{which} of {_what(selected)}{where} {verdict}: {', '.join(causes)}" + _nearest(
        con, selected
    )


def _no_chart(
    con: duckdb.DuckDBPyConnection,
    kinds: Sequence[str],
    selected: ReadingFilter,
    compared_with: ComparedWith,
) -> str:
    """Return why these kinds of charts cannot show the usable readings that are selected.

    A comparison may lack common lists or like hours, a day chart may lack lists of two clock times.
    """
    where = _of_days(selected) and f" {_of_days(selected)}"
    if "comparison" in kinds:
        if compared_with.with_station is not None:
            if other := _no_station(con, ReadingFilter(station=compared_with.with_station)):
                return other
            return (
                f"no list{where} has usable readings of both station {selected.station} and"
                f" station {compared_with.with_station}"
            )
        return f"no station has readings of like hours{where} and of the days to compare with"
    if "day" in kinds:
        return f"no day{where} has two lists of different hours or capture times"
    dated, _ = _row(con, LISTS_OF_DAYS, {"since": selected.since, "until": selected.until})
    if not dated:
        return "the day of every list is unknown"
    return f"no {' or '.join(kinds)} chart of that selection"


def _nearest(con: duckdb.DuckDBPyConnection, selected: ReadingFilter) -> str:
    """Return a phrase with the nearest days that have usable readings of the selected stations.

    They are the last day before and the first day after the selected ones. Without any, return an
    empty text.
    """
    before, after = _row(
        con,
        "SELECT max(observed_on) FILTER (observed_on < coalesce($since, $until)),"
        " min(observed_on) FILTER (observed_on > coalesce($until, $since))"
        " FROM daily_stations WHERE ($region IS NULL OR region_id = $region)"
        " AND ($station IS NULL OR station_id = $station)",
        {name: getattr(selected, name) for name in ("since", "until", "region", "station")},
    )
    days = [str(day) for day in (before, after) if day]
    if not days:
        return ""
    nearest = "the nearest day is" if len(days) == 1 else "the nearest days are"
    return f"; {nearest} {' and '.join(days)}"


def _of_days(selected: ReadingFilter) -> str:
    """Return a phrase such as `of 2026-11-29 or later` for the selected days.

    It is empty if all days are selected.
    """
    since, until = selected.since, selected.until
    if since is None and until is None:
        return ""
    if since == until:
        return f"of {since}"
    if until is None:
        return f"of {since} or later"
    return f"of {until} or earlier" if since is None else f"of {since} to {until}"


def _what(selected: ReadingFilter) -> str:
    if selected.station is not None:
        return f"station {selected.station}"
    return "any station" if selected.region is None else f"a station of region {selected.region}"


def _lists(count: int) -> str:
    return f"{count:,} lists" if count > 1 else "the only list"


def _row(
    con: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any] | None = None
) -> tuple[Any, ...]:
    row: tuple[Any, ...] = con.sql(sql, params=values).fetchall()[0]
    return row
