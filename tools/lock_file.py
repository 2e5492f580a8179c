"""The packages that a lock names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).parents[1]
RUNTIME = CHECKOUT / "requirements.lock"
DEVELOPMENT = CHECKOUT / "requirements-dev.lock"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?:\s*;\s*([^\\\n]*?))?\s*\\?$", re.M)


class Pin(NamedTuple):
    """A package, the version locked, and where it is needed ("" everywhere)."""

    name: str
    version: str
    marker: str


def pins(lock: Path) -> list[Pin]:
    """Every package of a lock; one that is locked to two versions, by marker, comes twice."""
    return [Pin(*groups) for groups in _PIN.findall(lock.read_text(encoding="utf-8"))]
