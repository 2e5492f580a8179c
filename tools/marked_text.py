"""Replace a text that stands between two marks in a page of the documentation.

The marks are lines of their own: `<!-- NAME -->` before the text, and `<!-- end -->` after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable


def replace_marked(page: str, name: str, replace: Callable[[str], str]) -> str:
    """Return a page with the text after the mark `name` replaced.

    `replace` gets the text between the marks and returns the new one; both end with a line break.
    Raises ValueError unless the page has the mark exactly once.
    """
    marked = re.compile(rf"(?<=<!-- {re.escape(name)} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    updated, places = marked.subn(lambda found: replace(found[0]), page)
    if places != 1:
        raise ValueError(f"the page has {places} places for {name} instead of one")
    return updated
