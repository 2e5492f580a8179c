"""The named queries of `nalssi sql --list` and `nalssi sql --named NAME`.

To add one, add a file `queries/NAME.sql`; nothing else has to be changed but the data dictionary,
which `make docs` writes. The file begins with a comment: what the query answers, then
`- parameter: meaning` for each parameter. The query follows, with its parameters as `$parameter`.

    nalssi sql --named regions-on --param day=2025-12-19
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from nalssi.warehouse.annotated_sql import parse

FOLDER = Path(__file__).with_name("queries")


@dataclass(frozen=True)
class NamedQuery:
    """A query, with a description of what it answers and the meaning of its parameters."""

    name: str
    description: str
    parameters: dict[str, str]
    sql: str


def named_queries() -> list[NamedQuery]:
    """Return all named queries, sorted by name."""
    return [named_query(path.stem) for path in sorted(FOLDER.glob("*.sql"))]


def named_query(name: str) -> NamedQuery:
    """Return the query with that name. Raises KeyError, with similar names, if there is none."""
    names = [path.stem for path in FOLDER.glob("*.sql")]
    if name not in names:
        near = difflib.get_close_matches(name, names) or sorted(names)
        raise KeyError(f"there is no named query {name!r}: choose from {', '.join(near)}")
    return NamedQuery(name, *parse((FOLDER / f"{name}.sql").read_text(encoding="utf-8")))
