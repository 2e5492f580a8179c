"""Check the locks of a warehouse: which process holds them, and which was killed with them."""

from __future__ import annotations

from collections.abc import Iterator

from nalssi.capture.landing import Landing
from nalssi.doctor.findings import Finding
from nalssi.warehouse import Warehouse
from nalssi.warehouse.writer_lock import lock_state


def check_locks(warehouse: Warehouse) -> Iterator[Finding]:
    """Yield a finding for each lock that a process holds, or that a killed process has left."""
    for path, work in ((warehouse.lock, "write"), (Landing(warehouse).lock, "capture")):
        state = lock_state(path)
        if state.held:
            yield Finding("locks", "ok", f"{state.holder} holds {path} to {work}")
        elif state.abandoned:
            yield Finding(
                "locks",
                "warning",
                f"the last run to {work} never ended: {state.holder}",
                "run the command again: it continues after the last commit"
                if work == "write"
                else "nalssi capture",
            )
