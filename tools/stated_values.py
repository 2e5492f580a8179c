"""Write the values of constants into the pages that state them, between marks in these pages.

The mark `<!-- value: nalssi.charts.picture_days:PICTURE_DAYS -->31<!-- end -->` names a module and
a constant in it, or an attribute of a class. Readers of the page see `31` only.
"""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import resolve_name

from nalssi.common.paths import CHECKOUT

ROOT = CHECKOUT

_MARK = re.compile(r"(<!-- value: ([\w.]+:[\w.]+) -->)(.*?)(?=<!-- end -->)")
_UNITS = {"GiB": 2**30, "MiB": 2**20, "KiB": 2**10}


def pages() -> list[Path]:
    """Return the pages that may state values."""
    return [ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/*.md"))]


def updated_page(text: str) -> str:
    """Return the text of a page with the present values between its marks.

    Raises an ImportError or AttributeError if a mark names no constant.
    """
    return _MARK.sub(lambda mark: mark[1] + _in_words(resolve_name(mark[2])), text)


def _in_words(value: float | None) -> str:
    """Return a value as pages state it: whole KiB, MiB or GiB so, and no limit as `all`."""
    if value is None:
        return "all"
    for unit, size in _UNITS.items():
        if value >= size and value % size == 0:
            return f"{value / size:,g} {unit}"
    return f"{value:,g}"
