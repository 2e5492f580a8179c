"""SQL files that explain themselves: a comment, a list of names with their meaning, a query.

-- What this is, in a sentence or two.
-- - name: what it means,
--   going on here.
SELECT …
"""

from __future__ import annotations

import re
from typing import NamedTuple

ITEM = re.compile(r"- (\w+): (.*)")


class Annotated(NamedTuple):
    """The comment, the named items (columns of a view, parameters of a query), the query."""

    comment: str
    items: dict[str, str]
    query: str


def parse(text: str) -> Annotated:
    """Split a file into its leading comment, the items listed in it, and the query."""
    lines = text.splitlines()
    head = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    comment: list[str] = []
    items: dict[str, str] = {}
    last = None
    for line in (line.removeprefix("--").removeprefix(" ") for line in lines[:head]):
        if match := ITEM.match(line):
            last, items[match[1]] = match[1], match[2]
        elif last and line.startswith("  "):
            items[last] += " " + line.strip()
        elif line.strip():
            comment.append(line.strip())
    return Annotated(" ".join(comment), items, "\n".join(lines[head:]).strip().rstrip(";"))
