"""The Python interface: what `import nalssi` offers, without a flow.

Nothing in the library or the flows needs this module; it is for notebooks and scripts.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """What the tickers of one page say.

    `readings`: `line, snapshot_id, observed_on, observed_at` (ISO 8601, KST)`, station_id,
    station_name, station_source, condition, condition_raw, temperature_c` (°C), in page order.
    `rejects`: `line, text, reason`. `ticker_lines`: lines of both kinds; refused dates stand
    among the rejects but are no ticker lines.
    """

    readings: pl.DataFrame
    rejects: pl.DataFrame
    ticker_lines: int


def parse_text(text: str, *, captured_at: datetime | None = None) -> Page:
    """Read the tickers in the text of a page, in HTML or in KMA's XML feed.

    `captured_at` (aware) dates a ticker that prints no date, or a false one. Raises ValueError
    for a time without an offset, which is no instant, and for a feed that can't be read.
    """
    if captured_at is not None and captured_at.utcoffset() is None:
        raise ValueError(f"captured_at {captured_at} has no offset: say in which time zone it is")
    from nalssi.parse import printable
    from nalssi.sources.partition import PAGES
    from nalssi.sources.readers import page_documents as pages
    from nalssi.sources.readers.unpacked_file import kind_of
    from nalssi.ticker import extract

    raw = text.encode()
    kind = kind_of("", raw)
    page = pages.Page(kind if kind in PAGES else "text", "text:", raw, "utf-8", captured_at)
    found = extract(pages.documents([page]))
    for _, cause in found.problems:
        raise ValueError(cause)
    readings, rejects = printable(found)
    of_page = ("document_id", "uri")
    return Page(readings.drop(of_page), rejects.drop(of_page), found.ticker_lines)


def load(*sources: str | Path, into: str | Path | None = None) -> Weather:
    """Load files, folders, globs or addresses into the warehouse in `into`, here and now.

    The way that the flows go, without Prefect: extract, load, check quality, publish. What is
    loaded already is skipped. Warns of every source that could not be used; raises ValueError
    when there was none that could.
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
    """The warehouse in `folder` (default: as for the commands), to query and to draw.

    `timeout` (seconds; default: none) and `memory` (such as `2GB`; default: 80 % of the memory)
    limit each query. Raises WarehouseError when there is no warehouse, ValueError for a `memory`
    that is no size.
    """
    if memory is not None:
        check_memory(memory)
    warehouse = Warehouse(Path(folder) if folder else default_warehouse())
    with warehouse.reader(memory=memory):  # says what is wrong now, rather than at the first query
        return Weather(warehouse, timeout, memory)


@dataclass(frozen=True)
class Weather:
    """A warehouse to read. Every call sees what was published last; nothing is held open."""

    warehouse: Warehouse
    timeout: float | None = None
    memory: str | None = None

    def query(self, sql: str, /, **parameters: object) -> pl.DataFrame:
        """The rows of one SQL query, its `$name` parameters bound, as a polars frame.

        The query cannot write, and reads nothing outside the warehouse. Raises QueryError, with
        the cause in one line, also when it meets a limit of `open`.
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
        lang: Lang = "ko",
    ) -> Picture:
        """Draw one chart: of a snapshot (map, regions, change) or a period (series, heatmap,
        quality), of readings that can be used.

        `snapshot` is an id; by default it is the last one of the period, or of all that have no
        date where none has one. `since` and `until` are
        days (KST), both included. Raises ValueError for an unknown kind, language or snapshot, and
        where there is nothing to draw.
        """
        from nalssi.charts import draw
        from nalssi.charts.chart_data import Selection
        from nalssi.locale.locales import LOCALES

        if kind not in draw.KINDS:
            raise ValueError(f"unknown kind {kind!r}: choose from {', '.join(draw.KINDS)}")
        if lang not in LOCALES:
            raise ValueError(f"unknown language {lang!r}: choose from {', '.join(LOCALES)}")
        with self.warehouse.reader() as con, TemporaryDirectory() as folder:
            if kind in draw.SNAPSHOT_KINDS:
                snapshot, day = _snapshot(con, snapshot, since, until)
                until = day
                since = since if kind == "change" else day  # a change is from an earlier day
            selection = Selection(since, until, region, station)
            planned = draw.plan(con, Path(folder), selection, [lang], draw.FORMATS, [kind])
            fitting = [c for c in planned if snapshot is None or c.title.endswith(snapshot)]
            if not fitting:
                raise ValueError(f"there is nothing to draw: no {kind} of that selection")
            draw.draw_charts(fitting[:1])
            return Picture(
                fitting[0].title, {f: path.read_bytes() for f, path in fitting[0].files.items()}
            )


def _snapshot(
    con: duckdb.DuckDBPyConnection, snapshot: str | None, since: date | None, until: date | None
) -> tuple[str, date | None]:
    """A snapshot that can be drawn, with its day: that of the id, or the last of the period."""
    from nalssi.charts.chart_data import drawable_snapshots

    days = drawable_snapshots(con)
    if snapshot is not None:
        if snapshot not in days:
            raise ValueError(f"no snapshot {snapshot} of which a reading can be used")
        return snapshot, days[snapshot]
    dated = [
        (day, name)
        for name, day in days.items()
        if day and (since is None or day >= since) and (until is None or day <= until)
    ]
    if dated:
        day, name = max(dated)
        return name, day
    if days and since is None and until is None:  # none has a date
        return max(days), None
    raise ValueError("there is nothing to draw: no snapshot in that period")


@dataclass(frozen=True)
class Picture:
    """A drawn chart; a notebook shows it."""

    title: str
    formats: Mapping[str, bytes] = field(repr=False)
    """The files' content, `png` and `svg`."""

    def save(self, path: str | Path) -> Path:
        """Write it to a file, as PNG or SVG by the name's end."""
        path = Path(path)
        form = path.suffix.removeprefix(".").lower()
        if form not in self.formats:
            raise ValueError(f"{path}: a chart is saved as .png or .svg")
        path.write_bytes(self.formats[form])
        return path

    def _repr_png_(self) -> bytes:
        return self.formats["png"]
