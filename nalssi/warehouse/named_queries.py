"""The library of named queries: `queries/<name>.sql`, each with its meaning and parameters.

nalssi sql --list
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
    """A query with what it answers and what each of its parameters means."""

    name: str
    description: str
    parameters: dict[str, str]
    sql: str


def named_queries() -> list[NamedQuery]:
    """Every query of the library, by name."""
    return [named_query(path.stem) for path in sorted(FOLDER.glob("*.sql"))]


def named_query(name: str) -> NamedQuery:
    """The query of that name; KeyError, naming the near ones, when there is none."""
    names = [path.stem for path in FOLDER.glob("*.sql")]
    if name not in names:
        near = difflib.get_close_matches(name, names) or sorted(names)
        raise KeyError(f"there is no named query {name!r}; there is {', '.join(near)}")
    return NamedQuery(name, *parse((FOLDER / f"{name}.sql").read_text(encoding="utf-8")))
