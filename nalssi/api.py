"""The Python interface for notebooks and scripts: everything that `import nalssi` offers.

It calls the other packages and has no logic of its own. No other package uses it.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from nalssi.common.paths import default_warehouse
from nalssi.warehouse import Warehouse
from nalssi.warehouse.query import query
from nalssi.warehouse.query_limits import TimeLimit, check_memory

if TYPE_CHECKING:
    from nalssi.charts.compared_with import ComparedWith
    from nalssi.charts.draw_options import DrawOptions
    from nalssi.charts.reading_filter import ReadingFilter
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
        formats: Sequence[str] = ("png", "svg"),
        **appearance: Any,
    ) -> Picture:
        """Draw one chart of usable readings.

        `kind` is a key of `nalssi.charts.chart_kinds.KINDS`. `map`, `regions` and `change` show one
        snapshot: the one with the id `snapshot`, or else the newest of the period. If no snapshot
        of the warehouse has a date, they show an undated one. `change` compares it with a snapshot
        of the same hour, one to three days older. `day` shows the course of the newest day of the
        period that has lists of different times. `series`, `heatmap`, `quality` and `records` show
        a period. `comparison` compares `station` with `with_station`, or the period with the same
        days of `with_year`, or with the days from `with_since` to `with_until`. All days are KST,
        and included in their periods. `formats` are `png`, `svg`, `pdf`; `appearance` are `title`,
        `width` (`"170mm"`), `dpi`, `text` and other fields of `DrawOptions` that change how a chart
        looks. Raises ValueError for an unknown kind, language, format or snapshot, for an
        impossible width, and with the reason if there is nothing to draw.
        """
        from nalssi.charts.compared_with import ComparedWith
        from nalssi.charts.reading_filter import ReadingFilter
        from nalssi.drawing.one_picture import draw_database

        selected = ReadingFilter(since, until, region, station)
        compared_with = ComparedWith(with_station, with_year, with_since, with_until)
        options = _draw_options(kind, lang, formats, selected, appearance, compared_with)
        with self.warehouse.reader() as con:
            drawn = draw_database(con, options, snapshot)
        return Picture(drawn.name, drawn.files)


def draw(
    kind: str,
    *sources: str | Path,
    snapshot: str | None = None,
    day: date | None = None,
    region: int | None = None,
    station: int | None = None,
    lang: Lang = "ko",
    formats: Sequence[str] = ("png", "svg"),
    **appearance: Any,
) -> Picture:
    """Draw one picture of pages, without a warehouse.

    `sources` are files, folders, globs or URLs. A picture of one list shows the one with the id
    `snapshot`, or else the newest, of `day` (KST) if it is given. The other arguments and the
    errors are those of `Weather.chart`. Warns of every source that cannot be used, and of what
    cannot be checked in a single list.
    """
    from nalssi.charts.reading_filter import ReadingFilter
    from nalssi.drawing.one_picture import draw_sources
    from nalssi.drawing.source_lists import read_sources

    selected = ReadingFilter(day, day, region, station)
    options = _draw_options(kind, lang, formats, selected, appearance)
    drawn, problems = draw_sources(read_sources(list(map(str, sources))), options, snapshot)
    for message in (*problems, *drawn.notes):
        warnings.warn(message, stacklevel=2)
    return Picture(drawn.name, drawn.files)


def _draw_options(
    kind: str,
    lang: Lang,
    formats: Sequence[str],
    selected: ReadingFilter,
    appearance: Mapping[str, Any],
    compared_with: ComparedWith | None = None,
) -> DrawOptions:
    """Return the options of one picture. Raises ValueError for an unknown one."""
    from nalssi.charts.compared_with import ComparedWith
    from nalssi.charts.draw_options import DrawOptions

    options = DrawOptions(
        (lang,), tuple(formats), (kind,), selected, compared_with or ComparedWith()
    )
    if unknown := appearance.keys() - dict(options.appearance()):
        raise ValueError(f"unknown option {min(unknown)!r}")
    return replace(options, **appearance)


@dataclass(frozen=True)
class Picture:
    """A drawn chart. A notebook displays it.

    `formats` has the contents of the chart's files by format: `png`, `svg` or `pdf`.
    """

    title: str
    formats: Mapping[str, bytes] = field(repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the chart to a file, in the format of the file's suffix, and return the path."""
        path = Path(path)
        form = path.suffix.removeprefix(".").lower()
        if form not in self.formats:
            drawn = " or ".join(f".{each}" for each in self.formats)
            raise ValueError(f"{path}: the suffix of this chart must be {drawn}")
        path.write_bytes(self.formats[form])
        return path

    def _repr_png_(self) -> bytes:
        return self.formats["png"]
