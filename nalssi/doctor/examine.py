"""Run all checks of a warehouse and of its machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

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

Check = Callable[[Warehouse], Iterable[Finding]]


def examine(warehouse: Warehouse, *, now: datetime | None = None) -> Examination:
    """Examine a warehouse and its machine. Every check gives at least one finding.

    Nothing is written to the warehouse, and no run waits for the examination, except while the
    rows of two databases that differ are counted. Raises no error: a check that fails is a finding.
    """
    now = now or datetime.now(UTC)
    if not warehouse.folder.is_dir():
        missing = f"no warehouse in {warehouse.folder}"
        advice = "nalssi run makes one, --warehouse names another folder"
        finding = Finding("warehouse", "warning", missing, advice)
        return Examination(warehouse.folder, now, [*_of_machine(), finding])
    findings = _of_machine()
    checks: dict[str, tuple[Check, str]] = {
        "permissions": (check_permissions, "this user can read and write all files"),
        "locks": (check_locks, "no process writes, and the last one ended properly"),
        "disk": (check_disk_space, "there is room for runs"),
        "leftovers": (check_leftovers, "interrupted writes have left nothing"),
        "parts": (check_staged_parts, "all staged parts can be read"),
        "databases": (check_databases, "every row can be read, and the published copy is current"),
    }
    for name, (check, ok) in checks.items():
        findings += results(name, partial(check, warehouse), ok)
    findings += results(
        "clock", partial(check_clock, warehouse, now), "the clock and the time zone are plausible"
    )
    return Examination(warehouse.folder, now, findings)


def _of_machine() -> list[Finding]:
    """Return the findings about the machine, which do not depend on the warehouse."""
    return [
        *results("versions", check_versions, "Python and all packages are as required"),
        *results("fonts", check_fonts, "the fonts of charts have all Hangul syllables"),
    ]
