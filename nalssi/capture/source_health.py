"""The health of captured sources: ok, late, failing, frozen or degraded.

The log of captures shows when a source was last fetched. The warehouse shows which lists its pages
print. If a capture finds the page unchanged, it counts as a capture with the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl

from nalssi.common.korea_time import KST

State = Literal["ok", "failing", "untried", "late", "frozen", "degraded"]
STALE_STATES: frozenset[State] = frozenset({"late", "frozen", "degraded"})
"""The states that an operator must look into."""

LATE_INTERVALS = 3
"""A source is late if it was not fetched for this number of its intervals."""
FROZEN_AFTER = timedelta(days=1)
"""A source is frozen if it shows the same list for this time. KMA's values change every hour."""
SMALLEST_SHARE = 0.9
"""A list is degraded if it has less than this share of its usual number of stations. A list of 16
may therefore lack one station."""
USUAL_PERIOD = timedelta(days=30)
"""The usual number of stations is the median of the captures within this time before now."""

_SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class SourceHealth:
    """The health of one source.

    `usual_stations` is the median of the numbers of stations in its earlier captures.
    """

    source: str
    state: State
    why: str | None = None
    """The reason for the state, in a few words."""
    tried_at: datetime | None = None
    """The time of the last attempt."""
    got_at: datetime | None = None
    """The time of the last successful attempt, even if it found the page unchanged."""
    error: str | None = None
    """The error of the last attempt, if it failed."""
    stations: int | None = None
    """The number of stations in the newest loaded list; 0 if the page has no ticker."""
    usual_stations: float | None = None
    same_since: datetime | None = None
    """The time since which every capture has shown the newest loaded list."""


def judge_sources(
    attempts: pl.DataFrame,
    now: datetime,
    con: duckdb.DuckDBPyConnection | None = None,
    names: Iterable[str] | None = None,
) -> list[SourceHealth]:
    """Return the health of each source in the log.

    `attempts` is the log (`capture_log.LOG_COLUMNS`). `con` reads the warehouse; it is None if
    nothing is published yet, and then lists are not examined. `names` are the sources of the
    current source list. The result has these sources, including those that were never fetched, and
    no others.
    """
    logs = {} if attempts.is_empty() else attempts.partition_by("source", as_dict=True)
    lists = _printed_lists(con, attempts, now) if con else {}
    judged = {
        str(name): _judge(log, now, lists.get(str(name), {})) for (name,), log in logs.items()
    }
    if names is None:
        return [judged[name] for name in sorted(judged)]
    return [judged.get(name) or SourceHealth(name, "untried") for name in names]


def _judge(log: pl.DataFrame, now: datetime, lists: Mapping[str, Any]) -> SourceHealth:
    """Return the health of one source.

    `log` has the attempts of this source, `lists` its row of `source_health.sql`.
    """
    successful = log.filter(pl.col("outcome") != "failed")
    last = log.row(-1, named=True)
    got_at = successful["at"][-1] if successful.height else None
    state, why = _state(log["at"][0], got_at, last, now, lists)
    return SourceHealth(
        source=last["source"],
        state=state,
        why=why,
        tried_at=last["at"],
        got_at=got_at,
        error=last["error"],
        stations=lists.get("stations"),
        usual_stations=lists.get("usual_stations"),
        same_since=lists.get("same_since"),
    )


def _state(
    first_at: datetime,
    got_at: datetime | None,
    last: Mapping[str, Any],
    now: datetime,
    lists: Mapping[str, Any],
) -> tuple[State, str | None]:
    """Return the worst state that applies to a source, and the reason for the state.

    `first_at` and `got_at` are the times of the first attempt and of the last success. `last` is
    the log's line of the last attempt, `lists` the source's row of `source_health.sql`.
    """
    waited = now - (got_at or first_at)
    if waited > LATE_INTERVALS * timedelta(seconds=last["interval_s"]):
        since = f"not fetched since {_korean_minute(got_at)}" if got_at else "never fetched"
        return "late", since + (f" ({last['error']})" if last["error"] else "")
    if lists:
        stations, usual = lists["stations"], lists["usual_stations"]
        if not stations:
            return "degraded", "no ticker on the page" + (f", usually {usual:g}" if usual else "")
        if lists["newest_at"] - lists["same_since"] >= FROZEN_AFTER:
            return "frozen", f"the same list since {_korean_minute(lists['same_since'])}"
        if usual and stations < SMALLEST_SHARE * usual:
            return "degraded", f"{stations} stations, usually {usual:g}"
    if last["outcome"] == "failed":
        return "failing", last["error"]
    return "ok", None


def _printed_lists(
    con: duckdb.DuckDBPyConnection, attempts: pl.DataFrame, now: datetime
) -> dict[str, dict[str, Any]]:
    """Return for each source the row of `source_health.sql`: the lists that its captures show.

    The keys of a row are its columns, such as `stations`, `usual_stations` and `same_since`.
    """
    stored = (
        attempts.filter(pl.col("outcome") == "new")
        .select("source", "digest", "uri", stored_at="at")
        .unique(["source", "digest"], keep="last", maintain_order=True)
    )
    captured = (
        attempts.filter(pl.col("outcome") != "failed", pl.col("at") >= now - USUAL_PERIOD)
        .select("source", "digest", got_at="at")
        .join(stored, on=["source", "digest"])
    )
    con.register("captured", captured)
    result = con.execute(_SQL)
    columns = [column[0] for column in result.description or ()]
    return {row[0]: dict(zip(columns, row, strict=True)) for row in result.fetchall()}


def _korean_minute(instant: datetime) -> str:
    return f"{instant.astimezone(KST):%Y-%m-%d %H:%M}"
