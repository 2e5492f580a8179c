"""The Python interface for notebooks and scripts: everything that `import nalssi` offers.

It calls the other packages and has no logic of its own. No other package uses it.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

from nalssi.common.paths import default_warehouse
from nalssi.warehouse import Warehouse
from nalssi.warehouse.query import query
from nalssi.warehouse.query_limits import TimeLimit, check_memory

if TYPE_CHECKING:
    import duckdb

    from nalssi.locale.locales import Lang


@dataclass(frozen=True)
class Page:
    """The readings and rejects of one page.

    `readings` has the columns `line, snapshot_id, observed_on, observed_at, station_id,
    station_name, station_source, condition, condition_raw, temperature_c`, in the order of the
    page; `observed_at` is ISO 8601 text in KST, `temperature_c` is in °C. `rejects` has the columns
    `line, text, reason`. `ticker_lines` is the number of ticker lines: readings and rejected ticker
    lines. Rejected date lines are not counted.
    """

    readings: pl.DataFrame
    rejects: pl.DataFrame
    ticker_lines: int


def parse_text(text: str, *, captured_at: datetime | None = None) -> Page:
    """Read the tickers in the text of a page, in HTML or in KMA's XML feed.

    `captured_at` dates a ticker without a date, or with an impossible date. It must have a UTC
    offset. Raises ValueError for a time without an offset and for a feed that is not well-formed.
    """
    if captured_at is not None and captured_at.utcoffset() is None:
        raise ValueError(f"captured_at {captured_at} has no UTC offset: give it a time zone")
    from nalssi.parse import printed_columns
    from nalssi.sources.format_detection import kind_of
    from nalssi.sources.formats import kinds_of_role
    from nalssi.sources.readers.page_documents import RawPage, documents
    from nalssi.ticker import extract

    raw = text.encode()
    kind = kind_of("", raw)
    is_page = kind in kinds_of_role("page")
    page = RawPage(kind if is_page else "text", "text:", raw, "utf-8", captured_at)
    extraction = extract(documents([page]))
    for _, cause in extraction.problems:
        raise ValueError(cause)
    readings, rejects = printed_columns(extraction)
    same_for_all = ("document_id", "uri")
    return Page(readings.drop(same_for_all), rejects.drop(same_for_all), extraction.ticker_lines)


def load(*sources: str | Path, into: str | Path | None = None) -> Weather:
    """Load files, folders, globs or URLs into the warehouse in the folder `into`.

    It does the same as the flow `ingest`, without Prefect: extract, load, check quality, publish.
    Documents that are loaded already are skipped. The default folder is that of the commands.
    Warns of every source that cannot be used. Raises ValueError if no source can be used.
    """
    from nalssi.sources import plan
    from nalssi.staging import stage_all
    from nalssi.warehouse.load_parts import load_parts

    warehouse = Warehouse(Path(into) if into else default_warehouse())
    planned = plan([str(source) for source in sources])
    parts = stage_all(planned.partitions, warehouse.staged)
    problems = [*planned.problems, *(problem for part in parts for problem in part.problems)]
    for problem in problems:
        warnings.warn(str(problem), stacklevel=2)
    if not parts:
        raise ValueError("nothing to load: " + (str(problems[0]) if problems else "no sources"))
    load_parts(warehouse, [part.folder for part in parts])
    return Weather(warehouse)


def open(
    folder: str | Path | None = None, *, timeout: float | None = None, memory: str | None = None
) -> Weather:
    """Open the warehouse in `folder` for reading. The default folder is that of the commands.

    `timeout` in seconds (default: no limit) and `memory`, such as `2GB` (default: 80 % of the
    machine's memory), limit each query. Raises WarehouseError if there is no warehouse, and
    ValueError if `memory` is not a size.
    """
    if memory is not None:
        check_memory(memory)
    warehouse = Warehouse(Path(folder) if folder else default_warehouse())
    with warehouse.reader(memory=memory):  # raises an error now and not at the first query
        return Weather(warehouse, timeout, memory)


@dataclass(frozen=True)
class Weather:
    """A warehouse for reading. Each method opens the published copy and closes it again."""

    warehouse: Warehouse
    timeout: float | None = None
    memory: str | None = None

    def query(self, sql: str, /, **parameters: object) -> pl.DataFrame:
        """Run one SQL query and return its rows.

        `parameters` are the values of `$name` in the query. The query cannot write and cannot read
        anything outside the warehouse. Raises QueryError with the cause in one line, also if the
        query exceeds a limit that `open` set.
        """
        limit = TimeLimit(self.timeout) if self.timeout is not None else None
        with self.warehouse.reader(memory=self.memory) as con:
            return query(con, sql, parameters, limit).frame()

    def chart(
        self,
        kind: str,
        *,
        snapshot: str | None = None,
        since: date | None = None,
        until: date | None = None,
        region: int | None = None,
        station: int | None = None,
        with_station: int | None = None,
        with_year: int | None = None,
        with_since: date | None = None,
        with_until: date | None = None,
        lang: Lang = "ko",
    ) -> Picture:
        """Draw one chart of usable readings.

        `kind` is a key of `nalssi.charts.chart_kinds.KINDS`. `map`, `regions` and `change` show one
        snapshot: the one with the id `snapshot`, or else the newest of the period. If no snapshot
        of the warehouse has a date, they show an undated one. `change` compares it with a snapshot
        of the same hour, one to three days older. `day` shows the course of the newest day of the
        period that has lists of different times. `series`, `heatmap`, `quality` and `records` show
        a period. `comparison` compares `station` with `with_station`, or the period with the same
        days of `with_year`, or with the days from `with_since` to `with_until`. All days are KST,
        and included in their periods. Raises ValueError for an unknown kind, language or snapshot,
        and with the reason if there is nothing to draw.
        """
        from nalssi.charts.chart_kinds import KINDS
        from nalssi.charts.chart_plan import plan_charts
        from nalssi.charts.compared_with import ComparedWith
        from nalssi.charts.draw import draw_charts
        from nalssi.charts.draw_options import DrawOptions
        from nalssi.charts.nothing_to_draw import why_nothing_to_draw
        from nalssi.charts.reading_filter import ReadingFilter

        selected = ReadingFilter(since, until, region, station)
        compared_with = ComparedWith(with_station, with_year, with_since, with_until)
        options = DrawOptions(
            langs=(lang,), kinds=(kind,), reading_filter=selected, compared_with=compared_with
        )
        with self.warehouse.reader() as con, TemporaryDirectory() as folder:
            if KINDS[kind].per_snapshot:
                found = _find_snapshot(con, snapshot, since, until)
                if found is None:
                    raise ValueError(why_nothing_to_draw(con, (kind,), selected, compared_with))
                snapshot, day = found
                selected = replace(selected, since=day, until=day)
                options = replace(options, reading_filter=selected)
            plan = plan_charts(con, Path(folder), options)
            for omitted in plan.omitted[kind]:
                if omitted.snapshot_id == snapshot:
                    reason = omitted.reason.text
                    raise ValueError(f"there is no {kind} chart of snapshot {snapshot}: {reason}")
            wanted = [chart for chart in plan.charts if snapshot in (None, chart.snapshot_id)]
            if not wanted:
                raise ValueError(why_nothing_to_draw(con, (kind,), selected, compared_with))
            chart = wanted[0]
            draw_charts([chart])
            files = {form: path.read_bytes() for form, path in chart.files.items()}
            return Picture(chart.title, files)


def _find_snapshot(
    con: duckdb.DuckDBPyConnection, snapshot: str | None, since: date | None, until: date | None
) -> tuple[str, date | None] | None:
    """Return the id and the day of the snapshot that a chart shows, or None if there is none.

    It is the snapshot with the given id, or else the newest of the period. If no snapshot has a
    date and the period has no limits, it is an undated one. Raises ValueError if the given id is
    not that of a snapshot with a usable reading.
    """
    from nalssi.charts.chart_readings import drawable_snapshots

    days = drawable_snapshots(con)
    if snapshot is not None:
        if snapshot not in days:
            raise ValueError(f"no snapshot {snapshot} with a usable reading")
        return snapshot, days[snapshot]
    if since is None and until is None:
        in_period = list(days.items())
    else:
        in_period = [
            (snapshot_id, day)
            for snapshot_id, day in days.items()
            if day and (since is None or day >= since) and (until is None or day <= until)
        ]
    return in_period[-1] if in_period else None


@dataclass(frozen=True)
class Picture:
    """A drawn chart. A notebook displays it.

    `formats` has the contents of the chart's files by format: `png` and `svg`.
    """

    title: str
    formats: Mapping[str, bytes] = field(repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the chart to a file, as PNG or SVG by the file's suffix, and return the path."""
        path = Path(path)
        form = path.suffix.removeprefix(".").lower()
        if form not in self.formats:
            raise ValueError(f"{path}: the suffix of a chart must be .png or .svg")
        path.write_bytes(self.formats[form])
        return path

    def _repr_png_(self) -> bytes:
        return self.formats["png"]
