"""The views and macros of the warehouse.

To add or change a view, edit `views/NAME.sql`; nothing else has to be changed. A file begins with a
comment: what a row is, then `- column: meaning [unit]` for every column. The query follows. A view
may use other views, in any order, and the macros.

To add or change a macro (an expression that several views share), edit `macros/NAME.sql`: a
comment, `- parameter: meaning` for every parameter in order, then the expression.

`renew_views` brings the views of a warehouse up to date with these files.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from nalssi.warehouse.annotated_sql import Annotated, parse

VIEWS_FOLDER = Path(__file__).with_name("views")
MACROS_FOLDER = Path(__file__).with_name("macros")


@dataclass(frozen=True)
class View:
    """A view: its name, its comment, the meaning of each column, and its query."""

    name: str
    comment: str
    columns: dict[str, str]
    query: str

    @property
    def digest(self) -> str:
        """A hash of the view's query and of all macros. It changes if one of them changes."""
        text = "\n".join([self.query, *(macro.query for macro in macros().values())])
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def view_names() -> list[str]:
    """Return the names of all views, in the order in which they can be created."""
    return list(_views())


def views() -> list[View]:
    """Return all views, in an order in which they can be created: each after the views it uses."""
    return list(_views().values())


@cache
def macros() -> dict[str, Annotated]:
    """Return all macros by name. The `items` of a macro are the meanings of its parameters."""
    return {path.stem: _read(path) for path in sorted(MACROS_FOLDER.glob("*.sql"))}


@cache
def _views() -> dict[str, View]:
    found = {
        path.stem: View(path.stem, *_read(path)) for path in sorted(VIEWS_FOLDER.glob("*.sql"))
    }
    used = {
        name: sorted(found.keys() & set(re.findall(r"\w+", view.query)) - {name})
        for name, view in found.items()
    }
    return {name: found[name] for name in TopologicalSorter(used).static_order()}


def _read(path: Path) -> Annotated:
    return parse(path.read_text(encoding="utf-8"))


def renew_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create all views and macros again if one has changed; drop views that no longer exist."""
    wanted = _wanted()
    present = _present(con)
    if wanted == present:
        return
    for name in present.keys() - wanted.keys():
        con.execute(f"DROP VIEW IF EXISTS {name}")
    con.execute("TRUNCATE meta.views")
    _create(con)
    con.executemany("INSERT INTO meta.views VALUES ($1, $2)", [list(row) for row in wanted.items()])


def use_current_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create the current views as temporary views, if those of the published copy differ.

    A published copy has the views of the nalssi that wrote it. DuckDB finds temporary views first.
    """
    if _present(con) != _wanted():
        _create(con, temporary=True)


def view_comments() -> dict[tuple[str, str | None], str]:
    """Return the comments of all views and columns, by (view, column).

    The column is None for the comment of the view.
    """
    comments: dict[tuple[str, str | None], str] = {}
    for view in views():
        comments[view.name, None] = view.comment
        comments |= {(view.name, column): text for column, text in view.columns.items()}
    return comments


def _wanted() -> dict[str, str]:
    return {view.name: view.digest for view in views()}


def _present(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("SELECT name, digest FROM meta.views").fetchall())


def _create(con: duckdb.DuckDBPyConnection, *, temporary: bool = False) -> None:
    kind = "TEMP" if temporary else ""
    for name, macro in macros().items():
        parameters = ", ".join(macro.items)
        con.execute(f"CREATE OR REPLACE {kind} MACRO {name}({parameters}) AS {macro.query}")
    for view in views():
        con.execute(f"CREATE OR REPLACE {kind} VIEW {view.name} AS {view.query}")
