"""Read SQL files that begin with a comment and a list of described names.

Views, macros and named queries are such files:

-- Description of the view, macro or query.
-- - name: what it means,
--   continued on the next line.
SELECT …
"""

from __future__ import annotations

import re
from typing import NamedTuple

ITEM = re.compile(r"- (\w+): (.*)")


class Annotated(NamedTuple):
    """The parts of an SQL file: its comment, its items and its query.

    `items` has the meaning of each described column or parameter, by its name.
    """

    comment: str
    items: dict[str, str]
    query: str


def parse(text: str) -> Annotated:
    """Split the text of an SQL file into its comment, its described items and its query."""
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
