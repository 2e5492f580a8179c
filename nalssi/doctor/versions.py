"""Check the versions of Python and of the packages that nalssi requires.

The requirements are those of the installed package nalssi. In a checkout, versions are also
compared with `requirements.lock`, from which `make setup` installs.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from nalssi.common.paths import CHECKOUT, in_checkout
from nalssi.doctor.findings import Finding

_LOCKED = re.compile(r"^(?P<requirement>[A-Za-z0-9._-]+==[^\\#\n]+)", re.MULTILINE)
"""Matches a package of the lock, with its version and marker."""
_MOST_NAMED = 5


def check_versions(lock: Path | None = None) -> Iterator[Finding]:
    """Yield findings about Python and packages that are missing, too old or too new.

    If the package nalssi is not installed, this is the only finding. Else there may be a finding
    about Python, and one about all packages that do not meet the requirements. Only if all packages
    meet them, they are compared with the file `lock`, by default that of a checkout.
    """
    try:
        needed = metadata("nalssi")["Requires-Python"]
        requirements = [Requirement(each) for each in requires("nalssi") or []]
    except PackageNotFoundError:
        yield Finding(
            "versions", "warning", "the package nalssi is not installed", _advice(installed=False)
        )
        return
    python = platform.python_version()
    if needed and not SpecifierSet(needed).contains(python, prereleases=True):
        yield Finding(
            "versions",
            "error",
            f"Python {python} is not {needed}",
            f"make a new environment with Python {needed}",
        )
    unmet = [text for each in requirements if (text := _difference(each))]
    if unmet:
        yield Finding("versions", "error", _named("requires", unmet), _advice())
    lock = lock or (CHECKOUT / "requirements.lock" if in_checkout() else None)
    if lock and lock.exists() and not unmet:
        locked = _LOCKED.findall(lock.read_text("utf-8"))
        others = [text for each in locked if (text := _difference(Requirement(each.strip())))]
        if others:
            yield Finding("versions", "warning", _named(f"{lock.name} has", others), _advice())


def _difference(requirement: Requirement) -> str | None:
    """Return text on how an installed package differs from a requirement; None if it does not."""
    if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
        return None
    wanted = f"{requirement.name}{requirement.specifier}"
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return f"{wanted} (not installed)"
    if requirement.specifier.contains(found, prereleases=True):
        return None
    return f"{wanted} (installed: {found})"


def _named(begin: str, differences: list[str]) -> str:
    more = len(differences) - _MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"{begin} {', '.join(differences[:_MOST_NAMED])}{rest}"


def _advice(*, installed: bool = True) -> str:
    if in_checkout():
        return "make setup"
    return "install nalssi again, with its dependencies" if installed else "install nalssi"
