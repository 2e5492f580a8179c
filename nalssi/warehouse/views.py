"""The warehouse's views: one file each in `views/`, whose first comment says what a row is.

A file begins with comment lines: what a row is, then `- column: meaning` for every column; what
follows is the query. Views are made anew whenever a file differs from what was applied.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from nalssi.warehouse.annotated_sql import parse

FOLDER = Path(__file__).with_name("views")

# In the order in which they can be created: each needs only tables and views before it.
VIEWS = (
    "timed_snapshots",
    "usable_readings",
    "latest_readings",
    "regional_temperatures",
    "daily_stations",
    "daily_regions",
    "monthly_regions",
    "extremes",
    "coverage",
    "quality_summary",
    "frozen_feeds",
    "sites",
)


@dataclass(frozen=True)
class View:
    """A view: its name, what a row is, what its columns mean, and its query."""

    name: str
    comment: str
    columns: dict[str, str]
    query: str


def views() -> list[View]:
    """Every view, in the order in which they can be created."""
    return [
        View(name, *parse((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))) for name in VIEWS
    ]


def renew_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create every view anew if one of them has changed, and drop those no longer known."""
    wanted = {view.name: _digest(view) for view in views()}
    present = dict(con.execute("SELECT name, digest FROM meta.views").fetchall())
    if wanted == present:
        return
    for name in present.keys() - wanted.keys():
        con.execute(f"DROP VIEW IF EXISTS {name}")
    con.execute("TRUNCATE meta.views")
    for view in views():
        con.execute(f"CREATE OR REPLACE VIEW {view.name} AS {view.query}")
        con.execute("INSERT INTO meta.views VALUES ($1, $2)", [view.name, wanted[view.name]])


def view_comments() -> dict[tuple[str, str | None], str]:
    """The comment of every (view, None) and (view, column)."""
    comments: dict[tuple[str, str | None], str] = {}
    for view in views():
        comments[view.name, None] = view.comment
        comments |= {(view.name, column): text for column, text in view.columns.items()}
    return comments


def _digest(view: View) -> str:
    return hashlib.blake2b(view.query.encode(), digest_size=8).hexdigest()
