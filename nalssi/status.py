"""The status of a warehouse, as `nalssi status` prints it.

The status has the number of rows, the newest snapshot, the newest load, the health of captured
sources, the versions and the disk space. `Status.stale` has one line for each problem, for
monitoring.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from nalssi.capture.landing import Landing
from nalssi.capture.source_health import STALE_STATES, SourceHealth, judge_sources
from nalssi.common.korea_time import KST
from nalssi.common.version import __version__
from nalssi.warehouse.database_file import count_rows
from nalssi.warehouse.warehouse_folder import Warehouse
from nalssi.warehouse.writer_lock import lock_state

if TYPE_CHECKING:
    from nalssi.capture.source_list import SourceList

NEWEST = "FROM newest_snapshot WHERE observed_on IS NOT NULL"
VERDICTS = "SELECT verdict, count(*) FROM reconciliations GROUP BY ALL ORDER BY ALL"
LAST_LOAD = "FROM loads ORDER BY finished_at DESC LIMIT 1"


@dataclass(frozen=True)
class Status:
    """The values that `nalssi status` shows. `as_json` returns the object that `--json` prints.

    `rows` are the numbers of rows by table, `verdicts` the numbers of snapshots by verdict,
    `first_on` the first Korean day with a snapshot, `newest_snapshot` and `last_load` the values of
    a row by column, and `bytes_on_disk` the sizes by name in the warehouse folder. If pages are
    captured but none is loaded, the values from the published copy are empty or None.
    """

    folder: Path
    at: datetime
    rows: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    first_on: date | None = None
    newest_snapshot: dict[str, Any] | None = None
    newest_age_hours: float | None = None
    """Hours since the newest snapshot was observed or captured, or since the end of its day if
    neither time is known. The snapshot is at least this old."""
    last_load: dict[str, Any] | None = None
    sources: list[SourceHealth] = field(default_factory=list)
    not_loaded: int = 0
    """The number of captured pages that are not loaded yet."""
    versions: dict[str, str | int | None] = field(default_factory=dict)
    bytes_on_disk: dict[str, int] = field(default_factory=dict)
    bytes_free: int = 0
    unended_runs: list[str] = field(default_factory=list)
    """One line of text for each run that never ended: it was killed, or the machine lost power."""
    stale: list[str] = field(default_factory=list)
    """One line of text for each problem; empty if there is no problem."""

    def as_json(self) -> dict[str, Any]:
        """Return the status as JSON values; days and instants are in ISO 8601, in Korean time."""
        return {name: _plain(value) for name, value in vars(self).items()}


def status(
    warehouse: Warehouse,
    *,
    sources: SourceList | None = None,
    stale_after: timedelta | None = None,
    now: datetime | None = None,
    unended_runs: Sequence[str] = (),
) -> Status:
    """Return the status of a warehouse.

    `sources` are the sources to report on (default: all sources that were ever captured). The
    newest snapshot is stale if it is older than `stale_after` (default: it is never stale). `now`
    is the instant of the status (default: the current time). `unended_runs` has a line for each run
    that never ended according to Prefect, which this module does not read. Runs that were killed
    while they wrote are found here.

    Raises WarehouseError if nothing is published or captured, or if the published copy cannot be
    read.
    """
    now = now or datetime.now(UTC)
    landing = Landing(warehouse)
    attempts, damaged = landing.read_log()
    names = [source.name for source in sources.source] if sources else None
    published: dict[str, Any] = {}
    version = None
    if attempts.is_empty() or warehouse.published.exists():
        with warehouse.reader() as con:
            published = _published(con, now)
            version = _value(con, "SELECT max(version) FROM meta.migrations")
            standing = judge_sources(attempts, now, con, names)
    else:
        standing = judge_sources(attempts, now, None, names)
    last_load = published.get("last_load")
    unended = [*_killed_writers(warehouse, landing), *unended_runs]
    return Status(
        folder=warehouse.folder,
        at=now,
        **published,
        sources=standing,
        not_loaded=len(landing.files_to_load()[0]),
        versions={
            "nalssi": __version__,
            "parser": last_load["parser_version"] if last_load else None,
            "warehouse": version,
            "duckdb": duckdb.__version__,
        },
        bytes_on_disk=_sizes(warehouse, landing),
        bytes_free=shutil.disk_usage(warehouse.folder).free,
        unended_runs=unended,
        stale=damaged + unended + _stale(standing, published.get("newest_age_hours"), stale_after),
    )


def _published(con: duckdb.DuckDBPyConnection, now: datetime) -> dict[str, Any]:
    """Return the fields of `Status` that come from the published copy."""
    newest = _first_row(con, NEWEST)
    return {
        "rows": count_rows(con),
        "verdicts": dict(con.execute(VERDICTS).fetchall()),
        "first_on": _value(con, "SELECT min(observed_on) FROM timed_snapshots"),
        "newest_snapshot": newest,
        "newest_age_hours": newest and _age(newest, now) / timedelta(hours=1),
        "last_load": _first_row(con, LAST_LOAD),
    }


def _killed_writers(warehouse: Warehouse, landing: Landing) -> Iterator[str]:
    """Yield a line for each lock of the warehouse or landing whose holder was killed."""
    for path, work in ((warehouse.lock, "write"), (landing.lock, "capture")):
        if (state := lock_state(path)).abandoned:
            yield f"the last run to {work} never ended: {state.holder}"


def _age(snapshot: dict[str, Any], now: datetime) -> timedelta:
    """Return the time since a snapshot was observed or captured, or since the end of its day.

    `snapshot` has `observed_on` and `clock_at`. A captured snapshot was observed before its
    capture, and one without a clock time at any hour of its day, so the real age is at least the
    returned age.
    """
    next_day = snapshot["observed_on"] + timedelta(days=1)
    not_after = snapshot["clock_at"] or datetime.combine(next_day, time(), KST)
    return max(now - not_after, timedelta(0))


def _stale(
    standing: list[SourceHealth], age_hours: float | None, stale_after: timedelta | None
) -> list[str]:
    stale = [source for source in standing if source.state in STALE_STATES]
    lines = [f"{source.source}: {source.state}: {source.why}" for source in stale]
    if stale_after is not None:
        hours = stale_after / timedelta(hours=1)
        if age_hours is None:
            lines.append("there is no dated snapshot")
        elif age_hours > hours:
            lines.append(f"the newest snapshot is {age_hours:,.0f} hours old, more than {hours:g}")
    return lines


def _sizes(warehouse: Warehouse, landing: Landing) -> dict[str, int]:
    """Return the bytes on disk of each part of the warehouse folder, by name; 0 if it is absent."""
    paths = (
        warehouse.database,
        warehouse.published,
        warehouse.staged,
        warehouse.charts,
        warehouse.gallery,
        landing.folder,
        landing.log,
        landing.older_logs,
    )
    return {path.name: _size(path) for path in paths}


def _size(path: Path) -> int:
    """Return the size in bytes of a file, or of all files in a folder; 0 if it does not exist."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _first_row(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any] | None:
    rows = con.execute(sql).fetchall()
    names = [column[0] for column in con.description or ()]
    return dict(zip(names, rows[0], strict=True)) if rows else None


def _value(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    ((value,),) = con.execute(sql).fetchall()
    return value


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case datetime():
            return value.astimezone(KST).isoformat()
        case date():
            return value.isoformat()
        case Path():
            return str(value)
        case SourceHealth():
            return _plain(vars(value))
        case _:
            return value
