"""The artifacts of a run that Prefect's UI shows.

They are the counts of a load, the newest regional temperatures, and a link to the gallery.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)

from nalssi.charts.chart_readings import snapshot_time
from nalssi.locale.locales import LOCALES
from nalssi.warehouse.load_parts import LoadReport

LOAD = "load"
REGIONS = "regional-temperatures"
REGIONS_TEXT = "regional-temperatures-text"
GALLERY = "gallery"
"""LOAD, REGIONS, REGIONS_TEXT and GALLERY are the keys of the artifacts."""
REGION_COLUMNS = (
    "region_ko",
    "region_en",
    "mean_c",
    "min_c",
    "max_c",
    "stations_used",
)


def create_load_artifact(report: LoadReport, problems: Sequence[str], warehouse: Path) -> None:
    """Create a markdown artifact with the counts of a load, its rejects and its problems."""
    counts = [
        ("documents read", report.documents_read),
        ("with a ticker", report.documents_with_ticker),
        ("new", report.documents_new),
        ("ticker lines", report.ticker_lines),
        ("readings among them", report.reading_lines),
        ("rejected", report.rejected_lines),
        ("new snapshots", report.snapshots_new),
        ("new sightings", report.sightings_new),
        ("new readings", report.readings_new),
    ]
    sections = [
        f"# Load {report.load_id}",
        f"Into `{warehouse}`, with parser version {report.parser_version}.",
        _count_table(("", "count"), counts),
    ]
    if report.rejects_by_reason:
        rejects = _count_table(("reason", "lines"), report.rejects_by_reason.items())
        sections += ["## Rejects", rejects]
    if problems:
        sections += ["## Could not be used", "\n".join(f"- {problem}" for problem in problems)]
    create_markdown_artifact("\n\n".join(sections), key=LOAD, description="Counts of the load")


def create_regions_artifacts(con: duckdb.DuckDBPyConnection) -> None:
    """Create two artifacts with the regional temperatures (°C) of the newest snapshot.

    One is a table, the other one is markdown. Each row has the day of the snapshot, and `time` with
    its hour of observation or its capture time. Without a snapshot, none is created.
    """
    newest = con.table("newest_snapshot").pl().to_dicts()
    if not newest:
        return
    time = snapshot_time(newest[0])
    newest_id = duckdb.ConstantExpression(newest[0]["snapshot_id"])
    is_newest = duckdb.ColumnExpression("snapshot_id") == newest_id
    regions = con.table("regional_temperatures").filter(is_newest).order("region_id").pl()
    of_snapshot = {"day": str(time.day), "time": LOCALES["en"].clock(time)}
    rows = [of_snapshot | row for row in regions.select(REGION_COLUMNS).to_dicts()]
    title = "Regional temperatures (°C) of the newest snapshot"
    create_table_artifact(rows, key=REGIONS, description=title)
    if rows:
        lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
        table = "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)
        create_markdown_artifact(f"# {title}\n\n{table}", key=REGIONS_TEXT, description=title)


def create_gallery_artifact(index: Path) -> None:
    """Create a link artifact to the start page of the gallery."""
    create_link_artifact(
        index.absolute().as_uri(), link_text=str(index), key=GALLERY, description="The gallery"
    )


def _count_table(header: tuple[str, str], rows: Iterable[tuple[str, int]]) -> str:
    lines = [header, ("---", "--:"), *((name, f"{count:,}") for name, count in rows)]
    return "\n".join(f"| {name} | {value} |" for name, value in lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value)
