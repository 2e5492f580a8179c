"""Draw the charts of a warehouse that have changed, on as many processes as there are cores.

File names are the same in every run: `regions/2026-03-02.ko.png` for the list that represents a
day, `regions/lists/2026-03-02_<snapshot>.ko.png` for any list (`undated_<snapshot>` without a day),
`series/all.ko.svg` for a chart of a period. When nothing has changed, a run reads no readings for
charts of days, and does not import matplotlib.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import duckdb

from nalssi.charts.chart_code import read_code_digest, write_code_digest
from nalssi.charts.chart_files import remove_charts, remove_stale_charts, remove_stale_day_charts
from nalssi.charts.chart_kinds import KINDS, ChartInput, OmittedChart
from nalssi.charts.chart_plan import (
    ExpectedChart,
    PlannedChart,
    expected_charts,
    in_spans,
    planned,
    selected_days,
)
from nalssi.charts.day_units import Units
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.draw_processes import ChartError, Progress, draw_planned, silent
from nalssi.charts.nothing_to_draw import why_nothing_to_draw
from nalssi.charts.omitted_charts import read_omitted, write_omitted
from nalssi.charts.previous_snapshot import NoComparison
from nalssi.charts.selected_data import SelectedData
from nalssi.common.cores import usable_cores

__all__ = ["CHARTS_PER_PROCESS", "ChartError", "DrawnCharts", "draw_all"]

CHARTS_PER_PROCESS: Final = 12
"""The smallest number of charts for which a worker process is started. Drawing this number of
charts takes about as long as starting a process."""


@dataclass(frozen=True)
class DrawnCharts:
    """The result of drawing charts.

    `paths` are the files of all selected charts, including those that were up to date. `drawn` is
    the number of charts that were drawn, `removed` the number of files that were removed. `omitted`
    is the number of change charts that cannot be drawn, by reason. `nothing` is the reason why
    there is no chart. It is empty if there is a chart, or if `omitted` has the reasons.
    """

    paths: list[Path]
    drawn: int
    removed: int
    omitted: Mapping[NoComparison, int] = field(default_factory=dict)
    nothing: str = ""

    @property
    def omitted_text(self) -> str:
        """One line that counts and explains the omitted charts; empty if there is none."""
        if not self.omitted:
            return ""
        reasons = ", ".join(
            f"{reason.text} ({count:,})" for reason, count in sorted(self.omitted.items())
        )
        return f"no change chart for {sum(self.omitted.values()):,} days: {reasons}"


def draw_all(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    options: DrawOptions = DrawOptions(),  # noqa: B008  # it is immutable
    *,
    processes: int | None = None,
    charts_per_process: int = CHARTS_PER_PROCESS,
    progress: Progress = silent,
) -> DrawnCharts:
    """Draw the selected charts of a warehouse into `folder`, with a folder for each kind.

    `con` reads a warehouse. Only charts whose data or code has changed are drawn. A chart is
    removed if its day or its snapshot is no longer in the warehouse. A day without a usable reading
    has no chart. `processes` is the largest number of processes (default: one for each core); each
    of them must have `charts_per_process` charts to draw. `progress` is called before each chart.
    Raises ChartError if a chart cannot be drawn.
    """
    read_code_digest(folder)
    run = _Run(con, folder, options, Units.load(con))
    removed = remove_stale_charts(con, folder, run.units, options)
    count = run.prepare() * len(options.langs)
    workers = min(processes or usable_cores(), count // charts_per_process)
    omitted_before = len(run.omitted)

    def report(drawn: int, total: int, label: str) -> None:
        omitted = (len(run.omitted) - omitted_before) * len(options.langs)
        progress(drawn, max(drawn, total - omitted), label)

    drawn = draw_planned(run.charts_to_draw(), count, workers, report)
    for name in run.omitted:
        removed += remove_charts(folder, name)
    if "day" in options.kinds:
        removed += remove_stale_day_charts(folder, run.day_chart_days, options)
    write_omitted(folder, run.omitted | run.omitted_elsewhere)
    write_code_digest(folder)
    nothing = ""
    if not run.paths and not run.reasons:
        nothing = why_nothing_to_draw(
            con, options.kinds, options.reading_filter, options.compared_with
        )
    return DrawnCharts(run.paths, drawn, removed, run.reasons, nothing)


@dataclass
class _Run:
    """One call of `draw_all`: the charts that it expects, and those that it cannot draw."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    options: DrawOptions
    units: Units
    to_draw: dict[str, ExpectedChart] = field(default_factory=dict)
    """The charts of days whose files are missing or have another key, by name."""
    omitted: dict[str, tuple[str, NoComparison | None]] = field(default_factory=dict)
    """The charts of days that this run cannot draw, by name: their key, and the reason or None
    (`omitted_charts.Omitted`)."""
    omitted_elsewhere: dict[str, tuple[str, NoComparison | None]] = field(default_factory=dict)
    """The charts that earlier runs could not draw, of days and kinds that this run does not select,
    in the same form as `omitted`."""
    paths: list[Path] = field(default_factory=list)

    @property
    def every_list(self) -> bool:
        """Whether each list gets a chart: if the options ask for it, or if no list has a day."""
        return self.options.every_list or not self.units.days

    def prepare(self) -> int:
        """Find the charts of days that are missing or out of date.

        No reading is read from the warehouse. Returns the approximate number of charts that the run
        will draw in each language.
        """
        before = dict(read_omitted(self.folder))
        days = selected_days(self.units, self.options)
        for each in expected_charts(days, self.folder, self.options):
            known = before.pop(each.name, None)
            if known and known[0] == each.key:
                self.omitted[each.name] = known
            elif each.is_drawn():
                self.paths += each.paths
            else:
                self.to_draw[each.name] = each
        self.omitted_elsewhere = {
            name: known
            for name, known in before.items()
            if name.partition("/")[2].partition(".")[0] in self.units.by_name
        }
        if self.every_list:
            return sum(unit.lists for unit in self.units.by_name.values())
        return len(self.to_draw) + sum(not KINDS[kind].per_snapshot for kind in self.options.kinds)

    def charts_to_draw(self) -> Iterator[PlannedChart]:
        """Yield the charts to draw: of days, of single lists (if `every_list`), then of periods.

        Only the readings of one span of days are in memory at a time (`chart_plan.in_spans`).
        """
        days = {each.unit.name: each.unit for each in self.to_draw.values()}
        for options in in_spans([days[name] for name in sorted(days)], self.options):
            yield from self._charts_of_days(SelectedData(self.con, options.reading_filter))
        if self.every_list:
            selected = self.options.reading_filter
            spans = in_spans(selected_days(self.units, self.options), self.options)
            filters = [options.reading_filter for options in spans]
            if selected.since is None and selected.until is None:
                filters.append(replace(selected, undated=True))
            for each in filters:
                data = SelectedData(self.con, each, every_list=True)
                yield from self._charts_of_lists(data)
        period = SelectedData(self.con, self.options.reading_filter, self.options.compared_with)
        for kind in self.options.kinds:
            if not KINDS[kind].per_snapshot:
                for chart in KINDS[kind].inputs(period):
                    yield from self._unless_drawn(kind, chart)

    def _charts_of_days(self, data: SelectedData) -> Iterator[PlannedChart]:
        days = {str(each.time.day) for each in data.snapshots}
        to_draw = {name.partition("/")[0] for name in self.to_draw}
        for kind in filter(to_draw.__contains__, self._kinds_of_days()):
            for chart in KINDS[kind].inputs(data):
                name = f"{kind}/{chart.file_stem}{data.reading_filter.file_suffix}"
                if name not in self.to_draw:
                    continue
                if isinstance(chart, OmittedChart):
                    self.omitted[name] = self.to_draw.pop(name).key, chart.reason
                else:
                    yield from self._unless_drawn(kind, chart)
        since, until = str(data.reading_filter.since), str(data.reading_filter.until)
        for name, each in list(self.to_draw.items()):
            if since <= each.unit.name <= until and each.unit.name not in days:
                self.omitted[name] = self.to_draw.pop(name).key, None

    def _charts_of_lists(self, data: SelectedData) -> Iterator[PlannedChart]:
        for kind in self._kinds_of_days():
            for chart in KINDS[kind].inputs(data):
                yield from self._unless_drawn(kind, chart)

    def _unless_drawn(self, kind: str, chart: ChartInput | OmittedChart) -> Iterator[PlannedChart]:
        if isinstance(chart, ChartInput):
            for each in planned(kind, chart, self.units, self.folder, self.options):
                self.paths += each.files.values()
                if not each.is_drawn():
                    yield each

    def _kinds_of_days(self) -> Sequence[str]:
        return [kind for kind in self.options.kinds if KINDS[kind].per_snapshot]

    @property
    def reasons(self) -> Mapping[NoComparison, int]:
        """The number of change charts that cannot be drawn, by reason."""
        return Counter(reason for _, reason in self.omitted.values() if reason)

    @property
    def day_chart_days(self) -> set[str]:
        """The days (as in file names) that have a chart of the kind `day` after this run."""
        return {path.name.partition(".")[0] for path in self.paths if path.parent.name == "day"}
