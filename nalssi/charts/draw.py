"""Draw the charts of a warehouse that have changed, on as many processes as there are cores.

File names are the same in every run: `regions/2026-03-02_<snapshot>.ko.png` for a chart of a
snapshot (`undated_<snapshot>` without a day), `series/all.ko.svg` for a chart of a period. When
nothing has changed, a run does not import matplotlib.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Final

import duckdb

from nalssi.charts.chart_kinds import KINDS, snapshot_file_stem
from nalssi.charts.chart_plan import ChartPlan, PlannedChart, plan_charts
from nalssi.charts.chart_readings import drawable_snapshots
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.nothing_to_draw import why_nothing_to_draw
from nalssi.charts.previous_snapshot import NoComparison
from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files
from nalssi.common.cores import usable_cores
from nalssi.common.process.signals import sigint_blocked
from nalssi.common.process.workarounds import exit_with_parent
from nalssi.locale.locales import LOCALES

CHARTS_PER_PROCESS: Final = 12
"""The smallest number of charts for a worker process. Drawing them takes about as long as starting
a process."""

BATCHES_PER_PROCESS: Final = 4
"""The charts of a worker process are sent to it in this number of batches, so that all processes
end at about the same time."""


class ChartError(RuntimeError):
    """A chart could not be drawn; the message names the chart and the cause."""


@dataclass(frozen=True)
class DrawnCharts:
    """The result of drawing charts.

    `paths` are the files of all selected charts, including those that were up to date. `drawn` is
    the number of charts that were drawn, `removed` the number of files that were removed.
    `omitted` is the number of snapshots without a change chart, by reason. `nothing` says why there
    is no chart; it is empty if there is one, or if `omitted` says it.
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
        return f"no change chart for {sum(self.omitted.values()):,} snapshots: {reasons}"


def draw_all(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    options: DrawOptions = DrawOptions(),  # noqa: B008  # it is immutable
    *,
    processes: int | None = None,
    charts_per_process: int = CHARTS_PER_PROCESS,
) -> DrawnCharts:
    """Draw the selected charts of a warehouse into `folder`, with a folder for each kind.

    `con` reads a warehouse. Only charts whose data or code has changed are drawn. A chart is
    removed if its snapshot is no longer in the warehouse or has another day there. A snapshot
    without a usable reading has no chart. `processes` is the largest number of processes (default:
    one for each core); each of them must have `charts_per_process` charts to draw. Raises
    ChartError if a chart cannot be drawn.
    """
    plan = plan_charts(con, folder, options)
    charts = plan.charts
    removed = _remove_stale_files(con, folder) + _remove_omitted(plan, folder, options)
    removed += _remove_stale_days(plan, folder, options)
    changed = [chart for chart in charts if not chart.is_drawn()]
    workers = min(processes or usable_cores(), len(changed) // charts_per_process)
    if workers > 1:
        _draw_in_processes(changed, workers)
    elif changed:
        draw_charts(changed)
    paths = [path for chart in charts for path in chart.files.values()]
    reasons = Counter(each.reason for kind in plan.omitted.values() for each in kind)
    nothing = ""
    if not paths and not reasons:
        nothing = why_nothing_to_draw(
            con, options.kinds, options.reading_filter, options.compared_with
        )
    return DrawnCharts(paths, len(changed), removed, reasons, nothing)


def draw_charts(charts: Sequence[PlannedChart]) -> None:
    """Draw charts in this process, one after another, and write their files atomically.

    All of them must have the same options.
    """
    from nalssi.charts import theme

    with theme.theme(charts[0].options):
        for chart in charts:
            module = import_module(f"nalssi.charts.{chart.kind}_chart")
            try:
                figure = module.figure(*chart.arguments, chart.lang)
                for form, path in chart.files.items():
                    _write(path, theme.encode(figure, form, chart.title, chart.key))
            except (ValueError, OSError, UserWarning) as error:
                raise ChartError(f"{chart.title} ({chart.lang}): {error}") from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as partial:
        partial.write_bytes(content)


def _remove_stale_files(con: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Remove charts of snapshots that were deleted, have another day or have no usable reading.

    Return the number of removed files. Temporary files of killed runs are removed too.
    """
    kept = {snapshot_file_stem(*snapshot) for snapshot in drawable_snapshots(con).items()}
    removed = 0
    for name, kind in KINDS.items():
        remove_stale_temporary_files(folder / name)
        if not kind.per_snapshot:
            continue
        for path in (folder / name).glob("[!.]*_*.*"):
            if path.name.partition(".")[0] not in kept:
                path.unlink()
                removed += 1
    return removed


def _remove_omitted(plan: ChartPlan, folder: Path, options: DrawOptions) -> int:
    """Remove the files of charts that can no longer be drawn. Return the number of files."""
    suffix = options.reading_filter.file_suffix
    removed = 0
    for kind, charts in plan.omitted.items():
        stems = {each.file_stem for each in charts}
        for path in (folder / kind).glob("[!.]*") if stems else ():
            stem, _, rest = path.name.partition(".")
            if stem in stems and f".{rest}".startswith(f"{suffix}."):
                path.unlink()
                removed += 1
    return removed


def _remove_stale_days(plan: ChartPlan, folder: Path, options: DrawOptions) -> int:
    """Remove the charts of selected days that have no several times any more."""
    if "day" not in options.kinds:
        return 0
    selected = options.reading_filter
    planned = {path.name.partition(".")[0] for chart in plan.charts if chart.kind == "day"
               for path in chart.files.values()}  # fmt: skip
    removed = 0
    for path in (folder / "day").glob("[!.]*"):
        day, _, rest = path.name.partition(".")
        of_selection = {f"{selected.file_suffix}.{lang}" for lang in LOCALES}
        if (
            day not in planned
            and f".{rest}".rpartition(".")[0] in of_selection
            and str(selected.since or "") <= day
            and (selected.until is None or day <= str(selected.until))
        ):
            path.unlink()
            removed += 1
    return removed


def _draw_in_processes(charts: Sequence[PlannedChart], workers: int) -> None:
    """Draw charts in worker processes. Threads would not be faster than one process."""
    size = -(-len(charts) // (workers * BATCHES_PER_PROCESS))
    batches = [charts[start : start + size] for start in range(0, len(charts), size)]
    # A forked child would inherit locks of polars and DuckDB in whatever state they are.
    context = multiprocessing.get_context("spawn")
    others = multiprocessing.active_children()
    with ProcessPoolExecutor(workers, context, exit_with_parent) as pool:
        try:
            with sigint_blocked():
                results = [pool.submit(draw_charts, batch) for batch in batches]
            for result in results:
                result.result()
        except Exception:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        except BaseException:  # a signal: do not wait until the workers finish their batches
            for process in set(multiprocessing.active_children()).difference(others):
                process.terminate()
            raise
