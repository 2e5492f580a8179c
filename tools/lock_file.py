"""Read the packages and versions in a lock file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).parents[1]
RUNTIME = CHECKOUT / "requirements.lock"
DEVELOPMENT = CHECKOUT / "requirements-dev.lock"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?:\s*;\s*([^\\\n]*?))?\s*\\?$", re.M)


class Pin(NamedTuple):
    """A locked package: its name, its version, and its environment marker ("" if it has none)."""

    name: str
    version: str
    marker: str


def pins(lock: Path) -> list[Pin]:
    """Return the packages of a lock file. A package with two markers and versions occurs twice."""
    return [Pin(*groups) for groups in _PIN.findall(lock.read_text(encoding="utf-8"))]
