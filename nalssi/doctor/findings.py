"""Findings of the doctor: what is wrong, how bad it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from nalssi.common.errors import class_and_first_line, first_line
from nalssi.common.korea_time import KST
from nalssi.warehouse import WarehouseError

Severity = Literal["ok", "warning", "error"]
"""ok: nothing to do. warning: something to do, but runs work. error: runs fail, or data is at risk.
"""


@dataclass(frozen=True)
class Finding:
    """A result of a check."""

    check: str
    """The name of the check, such as `disk`."""
    severity: Severity
    message: str
    """What was found, in one line."""
    advice: str | None = None
    """What the user can do about the finding, in one line. None if there is nothing to do."""


@dataclass(frozen=True)
class Examination:
    """The findings about one warehouse."""

    folder: Path
    at: datetime
    findings: list[Finding] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """Whether no finding needs action: all have the severity `ok`."""
        return all(finding.severity == "ok" for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the examination as JSON values; the instant is in Korean time."""
        return {
            "folder": str(self.folder),
            "at": self.at.astimezone(KST).isoformat(),
            "healthy": self.healthy,
            "findings": [vars(finding) for finding in self.findings],
        }


def results(check: str, found: Callable[[], Iterable[Finding]], ok: str) -> list[Finding]:
    """Call `found`, the function of a check, and return its findings.

    If there are none, return a finding of the severity `ok` with the message `ok`. If `found`
    raises an error, return the error as a finding, so that the findings of other checks are still
    shown. `check` is the name of the check.
    """
    try:
        findings = list(found())
    except (WarehouseError, OSError) as error:
        advice = "make this readable, then examine again"
        return [Finding(check, "error", first_line(error), advice)]
    except Exception as error:  # noqa: BLE001  # of any library that a check uses
        cause = class_and_first_line(error)
        return [Finding(check, "warning", f"could not be checked: {cause}", "report this as a bug")]
    return findings or [Finding(check, "ok", ok)]
