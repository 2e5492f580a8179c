"""How the captured sources stand: late, failing, frozen, degraded or well.

The log of captures tells when a source was last got; what its pages print, the warehouse tells.
An unchanged page counts: a page that is the same byte for byte shows the same list.
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
STALE: frozenset[State] = frozenset({"late", "frozen", "degraded"})
"""The states that somebody should look at."""

LATE_INTERVALS = 3
"""A source is late when it was not got for so many of its intervals."""
FROZEN_AFTER = timedelta(days=1)
"""KMA's values change every hour: a list that stands for a day is no longer fed."""
FEWER = 0.9
"""Below this share of its usual stations a list is degraded. One of 16 may fail."""
LOOKED_BACK = timedelta(days=30)
"""The usual number of stations is the median of so long."""

_SQL = Path(__file__).with_name("health.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Health:
    """How one source stands."""

    source: str
    state: State
    why: str | None = None
    """What is wrong, in a few words."""
    tried_at: datetime | None = None
    """The last attempt."""
    got_at: datetime | None = None
    """The last attempt that gave the page, changed or not."""
    error: str | None = None
    """Why the last attempt gave none."""
    stations: int | None = None
    """Stations in the newest list that was loaded; 0 if the page has no ticker."""
    usual_stations: float | None = None
    same_since: datetime | None = None
    """Since when every capture has shown that list."""


def health(
    attempts: pl.DataFrame,
    now: datetime,
    con: duckdb.DuckDBPyConnection | None = None,
    names: Iterable[str] | None = None,
) -> list[Health]:
    """How each source of the log stands.

    `attempts`: the log (`landing.LOG`). `con`: the warehouse; None if nothing is published, then
    no list is judged. `names`: the sources that are listed now; others are passed over, and those
    never tried are told of.
    """
    tried = {} if attempts.is_empty() else attempts.partition_by("source", as_dict=True)
    printed = _printed(con, attempts, now) if con else {}
    found = {
        str(name): _one(own, now, printed.get(str(name), {})) for (name,), own in tried.items()
    }
    if names is None:
        return [found[name] for name in sorted(found)]
    return [found.get(name) or Health(name, "untried") for name in names]


def _one(own: pl.DataFrame, now: datetime, printed: Mapping[str, Any]) -> Health:
    got = own.filter(pl.col("outcome") != "failed")
    last = own.row(-1, named=True)
    got_at = got["at"][-1] if got.height else None
    state, why = _state(own["at"][0], got_at, last, now, printed)
    return Health(
        source=last["source"],
        state=state,
        why=why,
        tried_at=last["at"],
        got_at=got_at,
        error=last["error"],
        stations=printed.get("stations"),
        usual_stations=printed.get("usual_stations"),
        same_since=printed.get("same_since"),
    )


def _state(
    first_at: datetime,
    got_at: datetime | None,
    last: Mapping[str, Any],
    now: datetime,
    printed: Mapping[str, Any],
) -> tuple[State, str | None]:
    """The worst that can be said of a source, and the reason."""
    waited = now - (got_at or first_at)
    if waited > LATE_INTERVALS * timedelta(seconds=last["interval_s"]):
        since = f"not got since {_minute(got_at)}" if got_at else "never got"
        return "late", since + (f" ({last['error']})" if last["error"] else "")
    if printed:
        stations, usual = printed["stations"], printed["usual_stations"]
        if not stations:
            return "degraded", "no ticker on the page" + (f", usually {usual:g}" if usual else "")
        if printed["newest_at"] - printed["same_since"] >= FROZEN_AFTER:
            return "frozen", f"the same list since {_minute(printed['same_since'])}"
        if usual and stations < FEWER * usual:
            return "degraded", f"{stations} stations, usually {usual:g}"
    if last["outcome"] == "failed":
        return "failing", last["error"]
    return "ok", None


def _printed(
    con: duckdb.DuckDBPyConnection, attempts: pl.DataFrame, now: datetime
) -> dict[str, dict[str, Any]]:
    """What the warehouse knows of each source's lists of late, by name."""
    stored = (
        attempts.filter(pl.col("outcome") == "new")
        .select("source", "digest", "uri", stored_at="at")
        .unique(["source", "digest"], keep="last", maintain_order=True)
    )
    captured = (
        attempts.filter(pl.col("outcome") != "failed", pl.col("at") >= now - LOOKED_BACK)
        .select("source", "digest", got_at="at")
        .join(stored, on=["source", "digest"])
    )
    con.register("captured", captured)
    found = con.execute(_SQL)
    columns = [column[0] for column in found.description or ()]
    return {row[0]: dict(zip(columns, row, strict=True)) for row in found.fetchall()}


def _minute(instant: datetime) -> str:
    """An instant as people in Korea read it."""
    return f"{instant.astimezone(KST):%Y-%m-%d %H:%M}"
