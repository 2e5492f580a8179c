"""Draw planned charts, one after another or in worker processes, and report the progress."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Final

from nalssi.charts.chart_plan import PlannedChart
from nalssi.common.atomic_files import atomic_write
from nalssi.common.process.signals import sigint_blocked
from nalssi.common.process.workarounds import exit_with_parent

BATCHES_PER_PROCESS: Final = 4
"""The charts of a worker process are sent to it in about this number of batches. Small batches let
all processes end at about the same time."""
LARGEST_BATCH: Final = 24
"""The largest number of charts in a batch. The data of a batch are in memory."""

Progress = Callable[[int, int, str], None]
"""A function `progress(drawn, total, label)` that is called before charts are drawn. `drawn` is the
number of charts drawn so far, `total` the estimated number of all charts to draw, and `label` names
the next chart; it is empty at the end."""


class ChartError(RuntimeError):
    """A chart could not be drawn; the message names the chart and the cause."""


def silent(drawn: int, total: int, what: str) -> None:
    """Report no progress. This is the default for arguments of the type `Progress`."""


def draw_planned(
    charts: Iterator[PlannedChart], count: int, workers: int, progress: Progress = silent
) -> int:
    """Draw charts and write their files. Return the number of charts.

    `count` is the approximate number of charts. They are drawn in `workers` processes, or in this
    process if `workers` is less than 2.
    """
    if workers > 1:
        return _draw_in_processes(charts, count, workers, progress)
    drawn = 0
    for each in charts:
        progress(drawn, max(count, drawn + 1), each.label)
        draw_charts([each])
        drawn += 1
    if drawn:
        progress(drawn, drawn, "")
    return drawn


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
                raise ChartError(f"{chart.label}: {error}") from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as partial:
        partial.write_bytes(content)


def batches(charts: Iterator[PlannedChart], size: int) -> Iterator[list[PlannedChart]]:
    """Divide charts into batches of at most `size` charts of one kind and one language.

    Such charts share layouts and stored glyphs, so a process draws them faster.
    """
    for _, own in groupby(charts, key=lambda chart: chart.kind):
        by_lang: dict[str, list[PlannedChart]] = {}
        for chart in own:
            batch = by_lang.setdefault(chart.lang, [])
            batch.append(chart)
            if len(batch) >= size:
                yield by_lang.pop(chart.lang)
        yield from by_lang.values()


def _draw_in_processes(
    charts: Iterator[PlannedChart], count: int, workers: int, progress: Progress
) -> int:
    """Draw charts in worker processes, and write their files. Return the number of charts.

    `count` is the approximate number of charts, `workers` the number of processes. Threads would
    not be faster than one process.
    """
    size = min(LARGEST_BATCH, -(-count // (workers * BATCHES_PER_PROCESS)))
    # A forked child would inherit locks of polars and DuckDB in whatever state they are.
    context = multiprocessing.get_context("spawn")
    others = multiprocessing.active_children()
    drawn = 0
    running: dict[Future[None], Sequence[PlannedChart]] = {}

    def report() -> None:
        # Batches start in the order of `running`, so its first one is being drawn.
        label = next(iter(running.values()))[0].label if running else ""
        progress(drawn, max(count, drawn), label)

    def finish(most: int) -> None:
        nonlocal drawn
        while len(running) > most:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                drawn += len(running.pop(future))
                future.result()
            report()

    pool = ProcessPoolExecutor(workers, context, exit_with_parent)
    try:
        for batch in batches(charts, size):
            with sigint_blocked():  # while processes are started
                running[pool.submit(draw_charts, batch)] = batch
            report()
            finish(2 * workers)
        finish(0)
    except BaseException as error:
        if not isinstance(error, Exception):  # a signal: do not let processes finish their batches
            for process in set(multiprocessing.active_children()).difference(others):
                process.terminate()
        raise
    finally:  # the processes need 0.2 s to end, and nobody has to wait for that
        pool.shutdown(wait=False, cancel_futures=True)
    return drawn
