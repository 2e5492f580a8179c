"""What a run shows in Prefect's UI: the load's counts, and the regions' temperatures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)

from nalssi.warehouse.load_parts import LoadReport

LOAD = "load"
REGIONS = "regional-temperatures"
REGIONS_TEXT = "regional-temperatures-text"
GALLERY = "gallery"
SHOWN = ("observed_on", "region_ko", "region_en", "mean_c", "min_c", "max_c", "stations_used")


def show_load(report: LoadReport, problems: Sequence[str], warehouse: Path) -> None:
    """A markdown artifact: what was read, what was new, what was refused and why."""
    counts = [
        ("documents read", report.documents_read),
        ("with a ticker", report.documents_with_ticker),
        ("new", report.documents_new),
        ("ticker lines", report.ticker_lines),
        ("readings among them", report.reading_lines),
        ("refused", report.rejected_lines),
        ("new snapshots", report.snapshots_new),
        ("new sightings", report.sightings_new),
        ("new readings", report.readings_new),
    ]
    parts = [
        f"# Load {report.load_id}",
        f"Into `{warehouse}`, with parser version {report.parser_version}.",
        _table(("", "count"), counts),
    ]
    if report.rejects_by_reason:
        parts += ["## Rejects", _table(("reason", "lines"), report.rejects_by_reason.items())]
    if problems:
        parts += ["## Could not be used", "\n".join(f"- {problem}" for problem in problems)]
    create_markdown_artifact("\n\n".join(parts), key=LOAD, description="What the load brought")


def _table(head: tuple[str, str], rows: Iterable[tuple[str, int]]) -> str:
    lines = [head, ("---", "--:"), *((name, f"{count:,}") for name, count in rows)]
    return "\n".join(f"| {name} | {value} |" for name, value in lines)


def show_regions(con: duckdb.DuckDBPyConnection) -> None:
    """The regional temperatures (°C) of the newest snapshot, if there is one, as a table and as
    markdown."""
    newest = con.table("newest_snapshot").fetchall()
    if not newest:
        return
    is_newest = duckdb.ColumnExpression("snapshot_id") == duckdb.ConstantExpression(newest[0][0])
    regions = con.table("regional_temperatures").filter(is_newest).order("region_id").pl()
    rows = [{"day": str(row.pop("observed_on"))} | row for row in regions.select(SHOWN).to_dicts()]
    title = "Regional temperatures (°C) of the newest snapshot"
    create_table_artifact(rows, key=REGIONS, description=title)
    if rows:
        lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
        table = "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)
        create_markdown_artifact(f"# {title}\n\n{table}", key=REGIONS_TEXT, description=title)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def show_gallery(index: Path) -> None:
    """A link artifact: the first page of the static site."""
    create_link_artifact(
        index.absolute().as_uri(), link_text=str(index), key=GALLERY, description="The gallery"
    )
