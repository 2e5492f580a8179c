"""The task that reports changes of the health of sources, as events and as alerts.

`nalssi.capture.source_changes` decides what is reported. Automations can be triggered by the events
`nalssi.source.failing`, `.late`, `.frozen`, `.degraded` and `.recovered`; `flows.alerts` makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from prefect import get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from flows.prefect_server import is_temporary
from nalssi.capture.report_sources import ReportedSources
from nalssi.capture.report_sources import report_sources as report
from nalssi.capture.source_changes import SourceChange
from nalssi.capture.source_list import read_source_list
from nalssi.warehouse import Warehouse

EVENT: Final = "nalssi.source."
"""The beginning of the names of events, which end with a state (`nalssi.source.late`), and of the
ids of their resources, which end with the name of a source."""


@task(cache_policy=NO_CACHE)
def report_sources(warehouse: Path, source_list: Path) -> ReportedSources:
    """Report changes of the health of sources.

    A warning is logged for each source that is late, frozen or degraded, and for each alert that
    was not accepted.

    A change is an event on Prefect's server, and an alert to the addresses of the source list. No
    event is emitted on a server that ends with this run, because no automation could react to it; a
    later run on another server emits it.
    """

    def emit(changes: Sequence[SourceChange]) -> None:
        for change in changes:
            _emit_event(change, warehouse)

    listed = read_source_list(source_list)
    reported = report(Warehouse(warehouse), listed, None if is_temporary() else emit)
    log = get_run_logger()
    for line in (*reported.stale, *reported.failures):
        log.warning("%s", line)
    counts = {
        "events": len(reported.events),
        "alerts_sent": reported.alerts_sent,
        "alerts_failed": len(reported.failures),
    }
    log.info(
        "%d events, %d alerts sent, %d alerts failed", *counts.values(), extra={"counts": counts}
    )
    return reported


def _emit_event(change: SourceChange, warehouse: Path) -> None:
    emit_event(
        event=EVENT + change.state,
        resource={
            "prefect.resource.id": EVENT + change.source,
            "prefect.resource.name": change.source,
            "nalssi.warehouse": str(warehouse),
        },
        related=[
            {
                "prefect.resource.id": f"prefect.flow-run.{runtime.flow_run.id}",
                "prefect.resource.role": "flow-run",
                "prefect.resource.name": str(runtime.flow_run.name),
            }
        ],
        payload={
            "message": str(change),
            "source": change.source,
            "state": change.state,
            "before": change.before,
            "why": change.why,
            "warehouse": str(warehouse),
        },
    )
