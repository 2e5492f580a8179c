"""Draw one picture of the lists that some sources print, or of the lists in a warehouse.

The options are those of `DrawOptions`, of which a picture uses one kind, one language and one
format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import polars as pl

from nalssi.charts.chart_kinds import KINDS, ChartInput, OmittedChart
from nalssi.charts.chart_names import LISTS
from nalssi.charts.chart_readings import split_snapshots
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.nothing_to_draw import why_nothing_to_draw
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.common.reference import reference
from nalssi.drawing.choose_list import choose_list, listed_days
from nalssi.drawing.drawing_errors import DrawingError, UnusableTitleError
from nalssi.drawing.source_lists import SourceLists
from nalssi.locale.locales import LOCALES

if TYPE_CHECKING:
    import duckdb

    from nalssi.charts.selected_data import SelectedData

SINGLE_LIST_NOTE: Final = (
    "drawn from one list: whether the site's feed is frozen, and its date therefore false, cannot"
    " be seen from one list"
)


@dataclass(frozen=True)
class Picture:
    """A drawn picture: its title, its description in words, and its files by format.

    `name` is the kind, then the day and the snapshot or the period, as in file names. `notes` are
    lines for the user, such as which of several lists the picture shows.
    """

    name: str
    title: str
    description: str
    files: dict[str, bytes]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class _SingleListData:
    """The data of one list, for a picture of sources that are in no warehouse.

    It has those attributes of `SelectedData` that charts of one list use.
    """

    reading_filter: ReadingFilter
    snapshots: Sequence[SnapshotData]
    earlier_snapshots: Sequence[SnapshotData] = ()

    @property
    def drawn_lists(self) -> Sequence[tuple[str, SnapshotData]]:
        return [(each.snapshot_id, each) for each in self.snapshots]

    @property
    def regions(self) -> pl.DataFrame:
        return reference("regions").sort("region_id")


def draw_sources(
    lists: SourceLists, options: DrawOptions, snapshot: str | None = None
) -> tuple[Picture, Sequence[str]]:
    """Draw a picture of the lists of sources, and return it with a line for each problem.

    A picture of one list shows the list with the id `snapshot`, or else the newest list of the days
    that `options` select. Raises DrawingError if the sources have no list that can be drawn.
    """
    if lists.single is not None and KINDS[options.kinds[0]].per_snapshot:
        return _draw_single(lists.single, options, snapshot), lists.problems
    if not lists.partitions:
        raise DrawingError("; ".join(lists.problems) or "there is nothing to draw: no source")
    # A database is needed for several lists only, and importing it takes time.
    from nalssi.warehouse.temporary_database import sources_in_memory

    with sources_in_memory(lists.partitions) as (con, found):
        problems = [*lists.problems, *found]
        try:
            return draw_database(con, options, snapshot, notes=True), problems
        except DrawingError as error:
            # What could not be read may be why there is nothing to draw.
            raise DrawingError("; ".join([str(error), *problems])) from error


def draw_warehouse(folder: Path, options: DrawOptions, snapshot: str | None = None) -> Picture:
    """Draw a picture of the published copy of the warehouse in a folder.

    A picture of one list shows the list with the id `snapshot`, or else the newest list of the days
    that `options` select. Raises DrawingError if there is no warehouse, or nothing to draw in it.
    """
    from nalssi.warehouse import Warehouse, WarehouseError

    try:
        with Warehouse(folder).reader() as con:
            return draw_database(con, options, snapshot)
    except WarehouseError as error:
        raise DrawingError(str(error)) from error


def draw_database(
    con: duckdb.DuckDBPyConnection,
    options: DrawOptions,
    snapshot: str | None = None,
    *,
    notes: bool = False,
) -> Picture:
    """Draw a picture of an open warehouse.

    A picture of one list shows the list with the id `snapshot`, or else the newest list of the days
    that `options` select. With `notes`, the picture has a note that names the days of all lists,
    unless there is only one list or `snapshot` is given. Raises DrawingError if there is nothing to
    draw.
    """
    from nalssi.charts.chart_readings import drawable_snapshots
    from nalssi.charts.selected_data import SelectedData

    if not KINDS[options.kinds[0]].per_snapshot:
        return _draw(
            SelectedData(con, options.reading_filter, options.compared_with), options, None
        )
    days = drawable_snapshots(con)
    try:
        chosen = choose_list(days, options.reading_filter, snapshot)
    except DrawingError as error:
        if notes or snapshot is not None:
            raise
        # The lists of a warehouse are too many to be named.
        raise DrawingError(
            why_nothing_to_draw(con, options.kinds, options.reading_filter, options.compared_with)
        ) from error
    day = days[chosen]
    of_day = replace(options.reading_filter, since=day, until=day, undated=day is None)
    picture = _draw(SelectedData(con, of_day, every_list=True), options, chosen)
    if not notes or len(days) == 1 or snapshot is not None:
        return picture
    drawn = f"the list of {day}" if day else "a list without a date"
    note = f"drew {drawn}; there are {listed_days(days)} (--day or --snapshot selects one)"
    return replace(picture, notes=[note])


def _draw_single(readings: pl.DataFrame, options: DrawOptions, snapshot: str | None) -> Picture:
    (whole,) = split_snapshots(readings)
    days = {} if whole.readings.is_empty() else {whole.snapshot_id: whole.time.day}
    chosen = choose_list(days, options.reading_filter, snapshot)
    selected = options.reading_filter
    if selected.region is not None:
        readings = readings.filter(pl.col("region_id").fill_null(0) == selected.region)
    if selected.station is not None:
        readings = readings.filter(station_id=selected.station)
    snapshots = [each for each in split_snapshots(readings) if not each.readings.is_empty()]
    data: Any = _SingleListData(selected, snapshots)
    note = LOCALES[options.langs[0]].charts.single_list
    picture = _draw(cast("SelectedData", data), options, chosen, note)
    return replace(picture, notes=[SINGLE_LIST_NOTE])


def _draw(
    data: SelectedData, options: DrawOptions, snapshot: str | None, note: str = ""
) -> Picture:
    """Draw the chart of a snapshot, or the first chart of the period if `snapshot` is None.

    `options` have one kind, language and format. `note` is added to the description. Raises
    DrawingError if the data have no such chart.
    """
    (kind,) = options.kinds
    for each in KINDS[kind].inputs(data):
        if each.snapshot_id != snapshot:
            continue
        if isinstance(each, OmittedChart):
            reason = each.reason.text
            raise DrawingError(f"there is no {kind} chart of snapshot {snapshot}: {reason}")
        return _encode(kind, each, options, note)
    if isinstance(data, _SingleListData):
        raise DrawingError(
            f"there is nothing to draw: no usable reading{_selection(options.reading_filter)}"
        )
    raise DrawingError(
        why_nothing_to_draw(data.con, (kind,), options.reading_filter, options.compared_with)
    )


def _selection(selected: ReadingFilter) -> str:
    """Return a phrase for the days, region and station that a filter selects.

    It is empty if the filter selects everything.
    """
    parts = []
    if selected.since or selected.until:
        parts.append(f"from {selected.since or '…'} to {selected.until or '…'}")
    if selected.region is not None:
        parts.append(f"in region {selected.region}")
    if selected.station is not None:
        parts.append(f"of station {selected.station}")
    return "".join(f" {part}" for part in parts)


def _encode(kind: str, chart: ChartInput, options: DrawOptions, note: str) -> Picture:
    from nalssi.charts import theme
    from nalssi.drawing.descriptions import describe

    (lang,) = options.langs
    module = import_module(f"nalssi.charts.{kind}_chart")
    try:
        with theme.theme(options):
            figure = module.figure(*chart.arguments, lang)
            title = figure.get_label()
            description = describe(kind, figure, chart.arguments, lang, note)
            files = {
                form: theme.encode(figure, form, title, description=description)
                for form in options.formats
            }
    except theme.MissingGlyphError as error:
        if options.title is None:
            raise
        raise UnusableTitleError(str(error)) from error
    return Picture(f"{kind} {_subject(chart)}", title, description, files)


def _subject(chart: ChartInput) -> str:
    """Return the day and the id of the list that a chart shows, or the name of its period."""
    name = chart.file_stem.removeprefix(LISTS)
    drawn = chart.arguments[0]
    day = str(drawn.time.day or "") if isinstance(drawn, SnapshotData) else ""
    # Most names begin with the day, but not that of a list without a warehouse.
    return name if name.startswith(day) else f"{day}_{name}"
