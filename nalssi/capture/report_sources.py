"""Report changes of the health of sources: to Prefect's events, and to the addresses in `alert`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import polars as pl

from nalssi.capture.alert_address import AlertAddress
from nalssi.capture.landing import Landing
from nalssi.capture.send_alert import AlertError, send_alert
from nalssi.capture.source_changes import EVENTS, SourceChange, SourceReports
from nalssi.capture.source_health import STALE_STATES, SourceHealth, judge_sources
from nalssi.capture.source_list import SourceList
from nalssi.warehouse import Warehouse


@dataclass(frozen=True)
class ReportedSources:
    """The reports of a run on the health of sources."""

    stale: list[str]
    """One line for each source that is late, frozen or degraded now, reported before or not."""
    events: list[SourceChange] = field(default_factory=list)
    """The changes of health that this run reported as Prefect events."""
    alerts_sent: int = 0
    """The number of addresses that accepted an alert."""
    failures: list[str] = field(default_factory=list)
    """One line for each address that did not accept an alert. The next run sends it again."""


def report_sources(
    warehouse: Warehouse,
    listed: SourceList,
    emit: Callable[[Sequence[SourceChange]], None] | None = None,
    now: datetime | None = None,
) -> ReportedSources:
    """Judge the health of the sources of a list, and report each change once to every channel.

    A failing source is reported only after some time without a success (`Source.alert_after`), so
    that a source whose every second fetch fails is not reported each time.

    `emit` gives the changes to Prefect's events. Without it, a later run reports them there. Raises
    OSError if `alerts.json` cannot be written.
    """
    now = now or datetime.now(UTC)
    attempts = Landing(warehouse).attempts()
    health = _health(warehouse, attempts, listed, now)
    reports = SourceReports(warehouse, _pending(health, attempts, listed, now))
    stale = [f"{each.source}: {each.state}: {each.why}" for each in health if _is_stale(each)]
    sent, failures = 0, []
    with reports.locked():
        events = reports.deliver(EVENTS, health, emit) if emit else []
        for address in listed.alert:

            def send(changes: Sequence[SourceChange], address: AlertAddress = address) -> None:
                send_alert(address, changes, str(warehouse.folder))

            try:
                sent += bool(reports.deliver(address.channel, health, send))
            except AlertError as error:
                failures.append(f"alert: {error}")
        reports.forget_other_channels([EVENTS, *(address.channel for address in listed.alert)])
    return ReportedSources(stale, events, sent, failures)


def _health(
    warehouse: Warehouse, attempts: pl.DataFrame, listed: SourceList, now: datetime
) -> list[SourceHealth]:
    names = [source.name for source in listed.source]
    if not warehouse.published.exists():
        return judge_sources(attempts, now, None, names)
    with warehouse.reader() as con:
        return judge_sources(attempts, now, con, names)


def _pending(
    health: Sequence[SourceHealth], attempts: pl.DataFrame, listed: SourceList, now: datetime
) -> set[str]:
    """Return the names of failing sources that are not to be reported yet.

    A failing source is reported when it was not fetched for `Source.failure_reported_after`. If it
    was never fetched, that time counts from its first attempt. `attempts` is the log of captures,
    `listed` the source list.
    """
    first = dict(attempts.group_by("source").agg(pl.col("at").min()).iter_rows())
    after = {source.name: source.failure_reported_after for source in listed.source}
    return {
        each.source
        for each in health
        if each.state == "failing"
        and now - (each.got_at or first[each.source]) < after[each.source]
    }


def _is_stale(health: SourceHealth) -> bool:
    return health.state in STALE_STATES
