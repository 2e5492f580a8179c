"""Write the values of constants into the pages that state them, between marks in these pages.

The mark `<!-- value: nalssi.charts.picture_days:PICTURE_DAYS -->31<!-- end -->` names a module and
a constant in it, or an attribute of a class. Readers of the page see `31` only.
"""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import resolve_name

from nalssi.common.paths import CHECKOUT

DOCS = CHECKOUT / "docs"

_MARK = re.compile(r"(<!-- value: ([\w.]+:[\w.]+) -->)(.*?)(?=<!-- end -->)")
_MIB = 2**20


def pages() -> list[Path]:
    """Return the pages that state values."""
    return [page for page in sorted(DOCS.glob("*.md")) if _MARK.search(page.read_text("utf-8"))]


def updated_page(text: str) -> str:
    """Return the text of a page with the present values between its marks.

    Raises an ImportError or AttributeError if a mark names no constant.
    """
    return _MARK.sub(lambda mark: mark[1] + _in_words(resolve_name(mark[2])), text)


def _in_words(value: float | None) -> str:
    """Return a value as pages state it: whole MiB with the unit, and no limit as `all`."""
    if value is None:
        return "all"
    if value and value % _MIB == 0:
        return f"{value / _MIB:g} MiB"
    return f"{value:g}"
