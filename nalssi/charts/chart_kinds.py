"""The kinds of chart, and the data that each of them is drawn from.

To add a kind, add an entry to `KINDS` and write the module `<name>_chart.py`, whose function
`figure` takes the arguments of a `ChartInput` and a language. The command line imports this module
to list the kinds, so it imports no library for data or drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nalssi.charts.previous_snapshot import NoComparison, PreviousSnapshots

if TYPE_CHECKING:
    import polars as pl

    from nalssi.charts.selected_data import SelectedData


@dataclass(frozen=True)
class ChartInput:
    """The data of one chart. It is the same in every language.

    `arguments` are the first arguments of the function `figure` in the chart's module. `file_stem`
    is the beginning of the chart's file name. `snapshot_id` is None for a chart of a period.
    """

    file_stem: str
    arguments: tuple[Any, ...]
    snapshot_id: str | None = None


@dataclass(frozen=True)
class OmittedChart:
    """A chart of a snapshot that cannot be drawn, and the reason.

    `file_stem` is the beginning of the file name that the chart would have.
    """

    file_stem: str
    snapshot_id: str
    reason: NoComparison


@dataclass(frozen=True)
class ChartKind:
    """A kind of chart.

    The function `inputs` yields a `ChartInput` for every chart of this kind, and an `OmittedChart`
    for a chart that cannot be drawn.
    """

    inputs: Callable[[SelectedData], Iterator[ChartInput | OmittedChart]]
    per_snapshot: bool
    """Whether a chart of this kind shows one snapshot, and not a day or a period. By default, that
    is the snapshot that represents its day. With `DrawOptions.every_list`, each snapshot has a
    chart."""
    compares: bool = False
    """Whether a chart of this kind also shows an earlier snapshot, to compare with."""
    by_default: bool = True
    """Whether charts of this kind are drawn if no kind is asked for."""


def _snapshot_inputs(data: SelectedData) -> Iterator[ChartInput]:
    for stem, snapshot in data.drawn_lists:
        yield ChartInput(stem, (snapshot, data.regions), snapshot.snapshot_id)


def _change_inputs(data: SelectedData) -> Iterator[ChartInput | OmittedChart]:
    """Yield a `ChartInput` for each snapshot that can be compared, else an `OmittedChart`.

    A snapshot is compared with the earlier one that `PreviousSnapshots` finds.
    """
    previous_snapshots = PreviousSnapshots[Any]()
    for snapshot in data.earlier_snapshots:
        previous_snapshots.add(snapshot.time, set(snapshot.readings["station_id"]), snapshot)
    stems = {snapshot.snapshot_id: stem for stem, snapshot in data.drawn_lists}
    for snapshot in data.snapshots:
        stations = set(snapshot.readings["station_id"])
        if stem := stems.get(snapshot.snapshot_id):
            previous = previous_snapshots.find(snapshot.time, stations)
            if isinstance(previous, NoComparison):
                yield OmittedChart(stem, snapshot.snapshot_id, previous)
            else:
                yield ChartInput(stem, (snapshot, previous, data.regions), snapshot.snapshot_id)
        previous_snapshots.add(snapshot.time, stations, snapshot)


def _series_inputs(data: SelectedData) -> Iterator[ChartInput]:
    return _period_inputs(data, data.region_days)


def _heatmap_inputs(data: SelectedData) -> Iterator[ChartInput]:
    return _period_inputs(data, data.station_days)


def _period_inputs(data: SelectedData, daily: pl.DataFrame) -> Iterator[ChartInput]:
    if not daily.is_empty():
        yield ChartInput(data.reading_filter.period_name, (daily, data.regions))


def _quality_inputs(data: SelectedData) -> Iterator[ChartInput]:
    from nalssi.charts.period_data import failed_tests, flag_days

    flags = flag_days(data.printed_readings)
    if flags["day"].count():  # the number of rows that have a day
        yield ChartInput(
            data.reading_filter.period_name, (flags, failed_tests(data.printed_readings))
        )


def _day_inputs(data: SelectedData) -> Iterator[ChartInput]:
    """Yield the input of a day chart for each day with two or more clock times.

    The newest day comes first.
    """
    for hours in reversed(data.day_hours.partition_by("observed_on", maintain_order=True)):
        yield ChartInput(str(hours["observed_on"][0]), (hours, data.regions))


def _records_inputs(data: SelectedData) -> Iterator[ChartInput]:
    return _period_inputs(data, data.station_records)


def _comparison_inputs(data: SelectedData) -> Iterator[ChartInput]:
    if not data.compared_days.is_empty():
        stem = data.reading_filter.period_name + data.compared_with.file_suffix
        yield ChartInput(stem, (data.compared_days, data.compared_names))


KINDS: Final = {
    "map": ChartKind(_snapshot_inputs, per_snapshot=True),
    "regions": ChartKind(_snapshot_inputs, per_snapshot=True),
    "change": ChartKind(_change_inputs, per_snapshot=True, compares=True),
    "series": ChartKind(_series_inputs, per_snapshot=False),
    "heatmap": ChartKind(_heatmap_inputs, per_snapshot=False),
    "quality": ChartKind(_quality_inputs, per_snapshot=False),
    "day": ChartKind(_day_inputs, per_snapshot=False, by_default=False),
    "records": ChartKind(_records_inputs, per_snapshot=False, by_default=False),
    "comparison": ChartKind(_comparison_inputs, per_snapshot=False, by_default=False),
}

DEFAULT_KINDS: Final = tuple(name for name, kind in KINDS.items() if kind.by_default)
"""The kinds of charts that `nalssi charts` draws if the user names none."""

KIND_OF_TODAY: Final = "map"
"""The only kind of chart that hourly runs draw of a day that is not over. Link previews show it."""
HOURS_AFTER_DAY: Final = {"regions": 1, "change": 2}
"""By kind of chart, how many hours after the end of a day hourly runs draw its chart. The first run
of a day has the most other work, and these charts take a second of CPU time for each kind. Charts
of other kinds, except KIND_OF_TODAY, are drawn as soon as the day is over."""

GALLERY_KINDS: Final = tuple(name for name, kind in KINDS.items() if kind.per_snapshot)
"""The kinds of charts that a run with a gallery draws, if the user names none. Pages of the gallery
link to their files. Charts of periods are not among them, because pages draw plots of periods
themselves."""
