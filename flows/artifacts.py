"""The artifacts of a run, in the forms that Prefect's UI can display.

Tables show what the run loaded, and the regional temperatures of the newest snapshot. A picture is
embedded in markdown as a `data:` address, because the UI removes links to files. For a gallery, the
path of its start page is shown, and a link if the gallery is published.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from nalssi.charts.chart_readings import snapshot_time
from nalssi.charts.small_picture import small_picture
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.common.site_address import SiteAddress
from nalssi.locale.locales import LOCALES
from nalssi.warehouse.load_contents import MOST_ROWS, LoadContents
from nalssi.warehouse.load_parts import LoadReport

LOAD: Final = "load"
NEW_LISTS: Final = "new-lists"
REJECTED_LINES: Final = "rejected-lines"
SOURCES: Final = "sources"
REGIONS: Final = "regional-temperatures"
REGIONS_TEXT: Final = "regional-temperatures-text"
MAP: Final = "map"
GALLERY: Final = "gallery"
"""The key of the artifact for the gallery. The constants above are the keys of the other artifacts,
by which a UI lists them."""
REGION_COLUMNS: Final = (
    "region_ko",
    "region_en",
    "mean_c",
    "min_c",
    "max_c",
    "stations_used",
)
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")


def create_load_artifacts(
    report: LoadReport, contents: LoadContents, problems: Sequence[str], warehouse: Path
) -> None:
    """Create the artifacts of a load: its counts in markdown, and tables of what it loaded.

    The tables are the new lists, the rejected lines and the sources. A table without rows is not
    created. `problems` has a line for each part of the input that could not be used.
    """
    counts = [
        ("documents read", report.documents_read),
        ("with a ticker", report.documents_with_ticker),
        ("new", report.documents_new),
        ("ticker lines", report.ticker_lines),
        ("= readings", report.reading_lines),
        ("+ rejected lines", report.rejected_lines),
        ("new lists", report.snapshots_new),
        ("new sightings", report.sightings_new),
        ("new readings", report.readings_new),
    ]
    sections = [
        f"# Load {report.load_id}",
        f"Into {_code(str(warehouse))}, with parser version {report.parser_version}.",
        _count_table(("", "count"), counts),
    ]
    if report.rejects_by_reason:
        rejects = _count_table(("reason", "lines"), report.rejects_by_reason.items())
        sections += ["## Rejects", rejects]
    if problems:
        lines = [f"- {_plain(problem)}" for problem in problems[:MOST_ROWS]]
        if more := problems[MOST_ROWS:]:
            lines.append(f"- {len(more):,} more")
        sections += ["## Could not be used", "\n".join(lines)]
    create_markdown_artifact("\n\n".join(sections), key=LOAD, description="Counts of the load")
    for key, rows, title in (
        (NEW_LISTS, contents.new_lists, "The lists that this run added, newest first"),
        (REJECTED_LINES, contents.rejected_lines, "The rejected lines of this run's documents"),
        (SOURCES, contents.sources, "The sources of this run's documents with a ticker"),
    ):
        if rows.height:
            most = f" (the first {MOST_ROWS})" if rows.height == MOST_ROWS else ""
            create_table_artifact(_table_rows(rows.to_dicts()), key=key, description=title + most)


def create_regions_artifacts(con: duckdb.DuckDBPyConnection) -> None:
    """Create two artifacts with the regional temperatures (°C) of the newest snapshot.

    One is a table, the other is the same table in markdown. Each row has the day of the snapshot,
    and `time` with its hour of observation or its capture time. Without a snapshot, neither is
    created.
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


def create_map_artifact(charts: Sequence[Path]) -> None:
    """Create a markdown artifact with a small map of the newest day among chart files.

    If no chart is a map in the format PNG, the artifact is not created.
    """
    maps = [path for path in charts if path.parent.name == "map" and path.suffix == ".png"]
    dated = [path for path in maps if path.name[:1].isdigit()]
    if not (dated or maps):
        return
    newest = max(dated or maps, key=lambda path: path.name.partition(".")[0])
    name = newest.name.partition(".")[0]
    picture = base64.b64encode(small_picture(newest)).decode("ascii")
    create_markdown_artifact(
        f"![Map of {name}](data:image/png;base64,{picture})\n\n{_code(str(newest.absolute()))}",
        key=MAP,
        description=f"Map of {name}",
    )


def create_gallery_artifact(index: Path, site: SiteAddress | None) -> None:
    """Create a markdown artifact with the path of the gallery's start page.

    `site` is the address at which the gallery is published; the artifact then has a link to it.
    """
    link = f"[{_plain(site.url)}](<{site.url}>)\n\n" if site else ""
    create_markdown_artifact(
        f"# Gallery\n\n{link}Start page: {_code(str(index.absolute()))}",
        key=GALLERY,
        description="The gallery",
    )


def _table_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows for a table artifact: None and numbers stay; other values become safe text."""
    return [
        {
            name: value
            if value is None or isinstance(value, int | float)
            else safe_text(str(value), MAX_MESSAGE_LENGTH)
            for name, value in row.items()
        }
        for row in rows
    ]


def _plain(text: str) -> str:
    """Return markdown that shows the text as it is: markup and HTML in it are escaped."""
    escaped = html.escape(safe_text(text, MAX_MESSAGE_LENGTH), quote=False)
    return _MARKUP.sub(r"\\\1", escaped)


def _code(text: str) -> str:
    """Return a text as inline code in markdown."""
    shown = safe_text(text, MAX_MESSAGE_LENGTH)
    return _plain(text) if "`" in shown else f"`{shown}`"


def _count_table(header: tuple[str, str], rows: Iterable[tuple[str, int]]) -> str:
    lines = [header, ("---", "--:"), *((name, f"{count:,}") for name, count in rows)]
    return "\n".join(f"| {name} | {value} |" for name, value in lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value)
