"""Writes docs/licences.md: under which licence each package that nalssi runs on stands.

Taken from what the installed packages say of themselves, judged by `JUDGED`; a licence that nobody
has judged yet stops the script.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from tools.lock_file import CHECKOUT, RUNTIME, Pin, pins

HEAD = Path(__file__).with_name("licences-head.md")
PAGE = CHECKOUT / "docs" / "licences.md"

PERMISSIVE = "permissive"
FILE_COPYLEFT = "changes to its own files stay under it; used unchanged"
CHOICE = "the first of its licences is chosen"

JUDGED = {
    r"GPL|AGPL|LGPL": None,  # a choice or an exception: judged by name, below
    r"MPL|Mozilla": FILE_COPYLEFT,
    r"MIT|BSD|Apache|ISC|PSF|Python|HPND|Zlib|Unlicense|CC0|0BSD|Dual License": PERMISSIVE,
}
"""Patterns of licences, the first that fits, and what they mean to a project under MIT."""

BY_NAME = {"text-unidecode": ("Artistic License", CHOICE)}
"""Packages that offer the GPL as one of several licences, and the one that we take."""

ELSEWHERE = {
    "async-timeout": "Apache-2.0",
    "contourpy": "BSD-3-Clause",
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "pywin32": "PSF-2.0",
    "whenever": "MIT",
}
"""Packages, or versions of them, that only other systems or newer Pythons need than the oldest,
with which the page is made: none is here to ask."""

_LONGEST = 60


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page, from the lock and the packages installed here."""
    rows = [f"| {pin.name} | {pin.version} | {' | '.join(_judged(pin))} |" for pin in pins(RUNTIME)]
    head = HEAD.read_text(encoding="utf-8")
    columns = ["| package | version | licence | beside MIT |", "|---|---|---|---|"]
    return "\n".join([head, *columns, *rows, ""])


def _judged(pin: Pin) -> tuple[str, str]:
    """A package's licence, and what it means to us; ValueError if nobody has judged it."""
    if pin.name in BY_NAME:
        return BY_NAME[pin.name]
    try:
        package = distribution(pin.name)
    except PackageNotFoundError:
        package = None
    if package and package.version == pin.version:
        licence = said(package)
    else:
        licence = ELSEWHERE.get(pin.name) or _known().get((pin.name, pin.version), "")
    for pattern, meaning in JUDGED.items():
        if re.search(pattern, licence) and meaning:
            return licence, meaning
        if re.search(pattern, licence):
            break
    raise ValueError(f"{pin.name} {pin.version}: the licence {licence!r} is not judged yet")


@cache
def _known() -> dict[tuple[str, str], str]:
    """The licences on the page as it is, by package and version.

    Which packages are installed depends on the system and on Python's version. What cannot be asked
    here stays as another machine wrote it, so that making the page anew changes nothing.
    """
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return {(name, version): licence for name, version, licence in rows}


def said(package: Distribution) -> str:
    """What a package says of its licence: its expression, short text or classifiers."""
    about = package.metadata
    classifiers = [
        name.split(" :: ")[-1].replace("License, Version", "License")
        for name in about.get_all("Classifier") or []
        if name.startswith("License :: ")
    ]
    text = " ".join((about.get("License") or "").split())
    short = text if len(text) <= _LONGEST else ""
    return about.get("License-Expression") or short or ", ".join(classifiers)


if __name__ == "__main__":
    main()
