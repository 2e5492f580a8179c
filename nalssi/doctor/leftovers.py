"""Check for what interrupted writes have left in a warehouse.

The next run that writes removes most of it. Some of it needs a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nalssi.common.atomic_files import stale_temporary_files
from nalssi.doctor.findings import Finding
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import write_ahead_log
from nalssi.warehouse.writer_lock import lock_state

REMOVED_BY = {
    "": "a run that writes",
    "staged": "nalssi run",
    "spool": "nalssi run",
    "landing": "nalssi capture",
    "charts": "nalssi charts",
    "gallery": "nalssi gallery",
}
"""The folders of a warehouse with temporary files, and what removes them."""


def check_leftovers(warehouse: Warehouse) -> Iterator[Finding]:
    """Yield a finding for each folder of REMOVED_BY that has temporary files of ended processes.

    If no run writes now, also yield a finding for changes to the writer's database that were not
    published, one for changes to the published copy, and one for data that a killed run has
    spilled.
    """
    for name, command in REMOVED_BY.items():
        found = list(stale_temporary_files(warehouse.folder / name))
        if found:
            yield Finding(
                "leftovers",
                "warning",
                f"{len(found):,} temporary files of killed runs ({_size(found) / 1e6:,.1f} MB),"
                f" such as {found[0]}",
                f"{command} removes them",
            )
    if lock_state(warehouse.lock).held:
        return
    log = write_ahead_log(warehouse.database)
    if log.exists() and log.stat().st_size:
        yield Finding(
            "leftovers",
            "warning",
            f"{log} has changes of a killed run that were not published",
            "nalssi gallery, or another run that writes, publishes them",
        )
    if (log := write_ahead_log(warehouse.published)).exists():
        yield Finding(
            "leftovers",
            "error",
            f"{log} has changes that no load has made: readers refuse {warehouse.published.name}",
            f"rm {log}",
        )
    if (spilled := warehouse.folder / ".spilled").exists():
        yield Finding(
            "leftovers",
            "warning",
            f"{spilled} is of a killed run ({_size([spilled]) / 1e6:,.1f} MB)",
            "the next run that writes removes it",
        )


def _size(paths: list[Path]) -> int:
    """Return the bytes of files and of all files in folders. Files may vanish meanwhile."""
    total = 0
    for path in paths:
        for file in [path, *path.rglob("*")]:
            try:
                total += file.stat().st_size
            except FileNotFoundError:
                continue
    return total
