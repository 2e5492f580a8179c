"""List the licence of each dependency in docs/licences.md.

The licences are read from package metadata and classified by `JUDGED`. The script stops with an
error at a licence that is not classified.
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
"""Patterns of licences, and what each licence means for a project under the MIT licence. The first
matching pattern counts."""

BY_NAME = {"text-unidecode": ("Artistic License", CHOICE)}
"""Packages that offer the GPL as one of several licences, with the licence that nalssi chooses."""

ELSEWHERE = {
    "async-timeout": "Apache-2.0",
    "contourpy": "BSD-3-Clause",
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "pywin32": "PSF-2.0",
    "whenever": "MIT",
}
"""Licences of packages that are not installed where the page is generated, because only other
systems or newer versions of Python need them."""

_LONGEST = 60


def main() -> None:
    """Write docs/licences.md."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the text of docs/licences.md, from the lock file and the installed packages."""
    rows = [f"| {pin.name} | {pin.version} | {' | '.join(_judged(pin))} |" for pin in pins(RUNTIME)]
    head = HEAD.read_text(encoding="utf-8")
    columns = ["| package | version | licence | beside MIT |", "|---|---|---|---|"]
    return "\n".join([head, *columns, *rows, ""])


def _judged(pin: Pin) -> tuple[str, str]:
    """Return a package's licence, and what it means for nalssi, as texts for the page.

    Raises ValueError if the licence is not classified in `JUDGED`.
    """
    if pin.name in BY_NAME:
        return BY_NAME[pin.name]
    try:
        package = distribution(pin.name)
    except PackageNotFoundError:
        package = None
    if package and package.version == pin.version:
        licence = declared_licence(package)
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
    """Return the licences in the current docs/licences.md, by package and version.

    They are used for packages that are not installed here, which depends on the system and on the
    version of Python. So regenerating the page on another system changes nothing.
    """
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return {(name, version): licence for name, version, licence in rows}


def declared_licence(package: Distribution) -> str:
    """Return the licence in a package's metadata; an empty text if there is none.

    The expression comes first, then a short licence text, then the classifiers.
    """
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
