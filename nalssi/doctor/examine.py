"""All checks of a warehouse and of its machine, and the function that runs them.

To add a check, write a module with a function that yields findings, and add it to `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from nalssi.doctor.clock import check_clock
from nalssi.doctor.databases import check_databases
from nalssi.doctor.disk_space import check_disk_space
from nalssi.doctor.findings import Examination, Finding, results
from nalssi.doctor.fonts import check_fonts
from nalssi.doctor.leftovers import check_leftovers
from nalssi.doctor.locks import check_locks
from nalssi.doctor.permissions import check_permissions
from nalssi.doctor.staged_parts import check_staged_parts
from nalssi.doctor.versions import check_versions
from nalssi.warehouse import Warehouse


@dataclass(frozen=True)
class Check:
    """A check of a warehouse or of its machine."""

    find: Callable[[Warehouse, datetime], Iterable[Finding]]
    """The function that yields findings about a warehouse at an instant. It may yield none if all
    is well."""
    looks_for: str
    """What the check looks for, in the table of `docs/operations.md` (`make docs`)."""
    ok: str
    """The message if the check finds nothing."""
    needs_warehouse: bool = True
    """Whether the check is omitted if the folder of the warehouse does not exist."""


CHECKS: Final[Mapping[str, Check]] = {
    "versions": Check(
        lambda _, __: check_versions(),
        "Python and packages that do not meet nalssi's requirements, or in a checkout"
        " `requirements.lock`",
        "Python and all packages are as required",
        needs_warehouse=False,
    ),
    "fonts": Check(
        lambda _, __: check_fonts(),
        "a font of charts that is missing or lacks Hangul syllables",
        "the fonts of charts have all Hangul syllables",
        needs_warehouse=False,
    ),
    "permissions": Check(
        lambda warehouse, _: check_permissions(warehouse),
        "files that this user cannot read or replace; a published copy that programs can open for"
        " writing",
        "this user can read and write all files",
    ),
    "locks": Check(
        lambda warehouse, _: check_locks(warehouse),
        "who writes or captures now; a run that was killed, or lost power, while it did so",
        "no process writes, and the last one ended properly",
    ),
    "disk": Check(
        lambda warehouse, _: check_disk_space(warehouse),
        "less free space than twice the database and 200 MB; fewer than 2,000 inodes",
        "there is room for runs",
    ),
    "leftovers": Check(
        lambda warehouse, _: check_leftovers(warehouse),
        "temporary files of killed runs; changes that were not published",
        "interrupted writes have left nothing",
    ),
    "parts": Check(
        lambda warehouse, _: check_staged_parts(warehouse),
        "staged parts with a file that is missing, damaged or breaks its contract",
        "all staged parts can be read",
    ),
    "databases": Check(
        lambda warehouse, _: check_databases(warehouse),
        "rows that cannot be read; a database of a newer nalssi; a published copy that differs from"
        " the writer's database",
        "every row can be read, and the published copy is current",
    ),
    "clock": Check(
        check_clock,
        "wrong time zone data; a clock that is behind the newest load or capture; capture times in"
        " the future",
        "the clock and the time zone are plausible",
    ),
}
"""All checks by name, in the order of their findings. Those of Prefect are in
`flows.prefect_checks`."""


def examine(warehouse: Warehouse, *, now: datetime | None = None) -> Examination:
    """Examine a warehouse and its machine. Every check that is run gives at least one finding.

    If there is no warehouse, only the checks of the machine are run, and a finding says so. `now`
    is the instant of the examination (default: the current time). Nothing is written to the
    warehouse, and no run waits for the examination, except while two databases that differ are
    compared. Raises no error: a check that fails is a finding.
    """
    now = now or datetime.now(UTC)
    exists = warehouse.folder.is_dir()
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        if exists or not check.needs_warehouse:
            findings += results(name, partial(check.find, warehouse, now), check.ok)
    if not exists:
        missing = f"no warehouse in {warehouse.folder}"
        advice = "nalssi run makes one, --warehouse names another folder"
        findings.append(Finding("warehouse", "warning", missing, advice))
    return Examination(warehouse.folder, now, findings)
