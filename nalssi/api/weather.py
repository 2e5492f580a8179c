"""Load sources into a warehouse, and read, draw and export the data in it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from nalssi.api.arguments import Library, day_argument, frame_for, place_argument
from nalssi.api.pictures import Picture, draw_options
from nalssi.common.paths import default_warehouse
from nalssi.warehouse import Warehouse
from nalssi.warehouse.named_queries import named_query, with_place_numbers
from nalssi.warehouse.query import query
from nalssi.warehouse.query_limits import TimeLimit, check_memory

if TYPE_CHECKING:
    from nalssi.locale.locales import Lang

SQL = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.sql")}


def load(*sources: str | Path, into: str | Path | None = None) -> Weather:
    """Load files, folders, globs or URLs into the warehouse in the folder `into`.

    It does the same as the flow `ingest`, without Prefect: extract, load, check quality, publish.
    Documents that are loaded already are skipped. By default, the folder is that of the commands
    (`nalssi.common.paths.default_warehouse`). Warns of every source that cannot be used. Raises
    ValueError if no source can be used.
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
    """Open the warehouse in `folder` for reading.

    By default, the folder is that of the commands (`nalssi.common.paths.default_warehouse`).
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
    """A warehouse. Each method opens the published copy and closes it again; `reconcile` writes.

    `timeout` in seconds and `memory`, such as `2GB`, limit each query of `query`, `readings`,
    `observations`, `named` and `tables`; None is the default.
    """

    warehouse: Warehouse
    timeout: float | None = None
    memory: str | None = None

    def query(self, sql: str, /, **parameters: object) -> pl.DataFrame:
        """Run one SQL query and return its rows as a polars frame.

        `parameters` are the values of `$name` in the query. The query cannot write and cannot read
        anything outside the warehouse. Raises QueryError with the cause in one line, also if the
        query exceeds a limit that `open` set.
        """
        with self.warehouse.reader(memory=self.memory) as con:
            return query(con, sql, parameters, self._limit()).frame()

    def readings(
        self,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        station: int | str | None = None,
        region: int | str | None = None,
        usable: bool = True,
        library: Library = "polars",
    ) -> Any:
        """Return readings with station, place, quality, time and page: view `every_reading`.

        `since` and `until` are Korean days, both included, as dates or text. `station` and
        `region` are numbers or names. Without `usable`, readings that statistics exclude are
        returned too; `flag` and `failed` say why. `library` is `polars`, `pandas` or `arrow`. The
        rows are sorted by day, time, snapshot and station. Raises ValueError, or TypeError for an
        argument of a wrong type, that names the argument.
        """
        places = {"station": station, "region": region}
        return self._select("readings", library, since, until, places, usable=usable)

    def observations(
        self,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        station: int | str | None = None,
        library: Library = "polars",
    ) -> Any:
        """Return official values as a frame: `station_id, observed_at, temperature_c, source`.

        `since` and `until` are Korean days, both included. `station` is a number or a name.
        `library` is `polars`, `pandas` or `arrow`. The rows are sorted by hour and station. Errors
        are those of `readings`.
        """
        return self._select("observations", library, since, until, {"station": station})

    def named(self, name: str, /, *, library: Library = "polars", **parameters: object) -> Any:
        """Run the named query `name`, and return its rows as a frame for `library`.

        `nalssi sql --list` lists the named queries and their parameters. A station or region is
        given by number or name, a day as date or text. Raises KeyError for an unknown query,
        QueryError for a missing parameter or an unknown station or region, and ValueError for an
        unknown library.
        """
        sql = named_query(name).sql
        with self.warehouse.reader(memory=self.memory) as con:
            texts = {key: str(value) for key, value in parameters.items()}
            numbers = with_place_numbers(con, texts)
            frame = query(con, sql, numbers, self._limit()).frame()
        return frame_for(frame, library)

    def tables(self) -> pl.DataFrame:
        """Return the tables and views that `query` can read: `name, kind, columns, comment`."""
        return self.query(SQL["tables"])

    def export(
        self,
        out: str | Path,
        format: str = "parquet",
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        **selection: Any,
    ) -> Mapping[str, object]:
        """Write readings to `out` for other tools, and return the manifest as a dictionary.

        `format` is one of `nalssi.export.FORMATS`. `selection` can have `regions`, `stations`,
        `snapshot` and `flags`. These arguments and the errors are those of `nalssi.export.export`.
        """
        from nalssi.export import FORMATS, export

        if format not in FORMATS:
            raise ValueError(f"format: {format!r} is not one of {', '.join(FORMATS)}")
        first, last = day_argument("since", since), day_argument("until", until)
        manifest = export(self.warehouse, Path(out), format, since=first, until=last, **selection)
        return manifest.as_dict()

    def reconcile(self, *files: str | Path) -> str:
        """Load official values, and find the hours of snapshots with them; return a report as text.

        `files` are files of official hours from KMA's data portal. Compared are the snapshots that
        were never compared and those whose official values have changed, also without files. Warns
        of every file that cannot be used. Raises WarehouseError if the warehouse cannot be written.
        """
        from nalssi.timing.reconcile_files import reconcile_files

        done = reconcile_files(self.warehouse, list(map(Path, files)))
        for failure in done.observations.failures:
            warnings.warn(failure, stacklevel=2)
        return str(done)

    def _select(
        self,
        name: str,
        library: Library,
        since: date | str | None,
        until: date | str | None,
        places: Mapping[str, int | str | None],
        **parameters: object,
    ) -> Any:
        """Run the query of the file `NAME.sql` in this package, and return a frame for `library`.

        `since` and `until` are the first and the last day of the query. `places` has stations and
        regions by parameter name, each given by number or name. `parameters` are the other
        parameters of the query.
        """
        days = {"since": day_argument("since", since), "until": day_argument("until", until)}
        with self.warehouse.reader(memory=self.memory) as con:
            numbers = {key: place_argument(con, key, value) for key, value in places.items()}
            selected = query(con, SQL[name], {**days, **numbers, **parameters}, self._limit())
            return frame_for(selected.frame(), library)

    def _limit(self) -> TimeLimit | None:
        return TimeLimit(self.timeout) if self.timeout is not None else None

    def chart(
        self,
        kind: str,
        *,
        snapshot: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        region: int | str | None = None,
        station: int | str | None = None,
        with_station: int | str | None = None,
        with_year: int | None = None,
        with_since: date | str | None = None,
        with_until: date | str | None = None,
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
        looks. Raises ValueError for an unknown kind, language, format, option, station, region or
        snapshot, for an impossible width, for a `comparison` without anything to compare with, and
        with the reason if there is nothing to draw.
        """
        from nalssi.charts.compared_with import ComparedWith
        from nalssi.charts.reading_filter import ReadingFilter
        from nalssi.drawing.one_picture import draw_database

        days = day_argument("since", since), day_argument("until", until)
        with_days = day_argument("with_since", with_since), day_argument("with_until", with_until)
        with self.warehouse.reader() as con:
            selected = ReadingFilter(
                *days,
                place_argument(con, "region", region),
                place_argument(con, "station", station),
            )
            other = place_argument(con, "with_station", with_station)
            compared_with = ComparedWith(other, with_year, *with_days)
            options = draw_options(kind, lang, formats, selected, appearance, compared_with)
            drawn = draw_database(con, options, snapshot)
        return Picture(drawn.name, drawn.files)
