"""The flows: `ingest` loads tickers, `charts` draws, `gallery` makes a site; `weather` does all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE

from flows.artifacts import show_gallery, show_load, show_regions
from flows.extract_partitions import extract_partitions
from flows.final_states import count_phrase, failure_message, final_state
from flows.flow_results import FlowResult
from flows.relative_paths import checked_warehouse, resolve_source
from flows.task_runners import Runner
from nalssi.charts.chart_kinds import KINDS
from nalssi.charts.draw import DrawnCharts, draw_all
from nalssi.charts.draw_options import FORMATS, DrawOptions
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.atomic_files import remove_stale_temporary_files, temporary_path
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.gallery import build
from nalssi.locale.locales import Lang
from nalssi.sources import Kind, Options, Plan, plan
from nalssi.sources.problems import Problem
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import LoadReport, load_parts
from nalssi.warehouse.writer_lock import writer_lock

LANGUAGES: tuple[Lang, ...] = ("ko", "en")


def _run_name() -> str:
    """Such as `weather of data/samples and 2 more`: what the runs of a flow differ in."""
    name, parameters = runtime.flow_run.flow_name, runtime.flow_run.parameters
    first, *more = parameters.get("sources") or [str(parameters["warehouse"])]
    return f"{name} of {first}" + (f" and {len(more)} more" if more else "")


@flow(flow_run_name=_run_name)
def weather(
    sources: list[str],
    warehouse: Path,
    kind: Kind | None = None,
    options: Options | None = None,
    runner: Runner = "local",
    dask_address: str | None = None,
    lang: Sequence[Lang] = ("ko",),
    formats: Sequence[str] = FORMATS,
) -> FlowResult:
    """The main job: load every ticker in `sources`, draw the charts, build the gallery.

    The first of `lang` is the language at the root of the gallery; charts are drawn in both.
    """
    drawing = DrawOptions(langs=lang, formats=formats)
    done = load_and_show(sources, warehouse, kind, options, runner, dask_address, drawing=drawing)
    return _ended(done)


@flow(flow_run_name=_run_name)
def ingest(
    sources: list[str],
    warehouse: Path,
    kind: Kind | None = None,
    options: Options | None = None,
    runner: Runner = "local",
    dask_address: str | None = None,
) -> FlowResult:
    """Load every ticker in `sources` into a warehouse."""
    return _ended(_ingest(sources, warehouse, kind, options, runner, dask_address))


@flow(flow_run_name=_run_name)
def charts(
    warehouse: Path,
    lang: Sequence[Lang] = ("ko",),
    formats: Sequence[str] = FORMATS,
    kinds: Sequence[str] = tuple(KINDS),
    since: date | None = None,
    until: date | None = None,
    region: int | None = None,
    station: int | None = None,
) -> FlowResult:
    """Draw a warehouse's charts: all, or those of some days, a region or a station."""
    reading_filter = ReadingFilter(since, until, region, station)
    drawn = draw(checked_warehouse(warehouse), DrawOptions(lang, formats, kinds, reading_filter))
    return _drawn(FlowResult(_name(), charts=drawn.paths, charts_drawn=drawn.drawn))


@flow(flow_run_name=_run_name)
def gallery(warehouse: Path, lang: Sequence[Lang] = ("ko",)) -> FlowResult:
    """Draw a warehouse's charts in both languages and build the static site that shows them."""
    return _drawn(_show(FlowResult(_name()), checked_warehouse(warehouse), DrawOptions(langs=lang)))


def load_and_show(
    sources: list[str],
    warehouse: Path,
    kind: Kind | None = None,
    options: Options | None = None,
    runner: Runner = "local",
    dask_address: str | None = None,
    *,
    drawing: DrawOptions,
) -> FlowResult:
    """What `weather` does, inside a flow."""
    done = _ingest(sources, warehouse, kind, options, runner, dask_address)
    if not Warehouse(warehouse).published.exists():  # nothing now, and nothing ever before
        return done
    return _show(done, warehouse, drawing)


def _ingest(
    sources: list[str],
    warehouse: Path,
    kind: Kind | None,
    options: Options | None,
    runner: Runner,
    dask_address: str | None,
) -> FlowResult:
    sources = [resolve_source(source, checked_warehouse(warehouse)) for source in sources]
    staged = Warehouse(warehouse).staged
    with _spool(warehouse) as spool:
        planned = find(sources, spool, kind, options)
        parts = extract_partitions(planned.partitions, staged, runner, dask_address)
    found = [*planned.problems, *(problem for part in parts for problem in part.problems)]
    problems = [str(problem) for problem in found]
    loaded = load(warehouse, [part.folder for part in parts], problems) if parts else None
    unread = _unread(sources, found)
    if loaded and not loaded.documents_with_ticker:
        problems.append(f"no ticker found in {loaded.documents_read:,} documents")
    return FlowResult(_name(), loaded, problems=problems, skipped=planned.skipped, unread=unread)


def _unread(sources: Sequence[str], problems: Sequence[Problem]) -> str:
    """How much of the input could not be used: whole sources, or else parts of them."""
    whole = {problem.source for problem in problems if not problem.position}
    shown = [
        safe_text("standard input" if source == "-" else source, MAX_MESSAGE_LENGTH)
        for source in sources
    ]
    if unread := sum(source in whole for source in shown):
        return f"{unread} of {len(sources)} sources could not be read"
    return count_phrase(len(problems), "part of the input", "could not be used")


def _show(done: FlowResult, warehouse: Path, drawing: DrawOptions) -> FlowResult:
    """Draw the charts in the languages of the gallery, and build it."""
    languages = tuple(dict.fromkeys((*drawing.langs, *LANGUAGES)))
    drawn = draw(warehouse, replace(drawing, langs=languages))
    index = build_gallery(warehouse, languages)
    return replace(done, charts=drawn.paths, charts_drawn=drawn.drawn, gallery=index)


def _ended(done: FlowResult) -> FlowResult:
    """The end of a run that loads."""
    if not done.loaded and not done.problems:
        done = replace(done, problems=["no source was named"])
    message = done.unread if done.loaded else failure_message(done.problems, done.unread)
    return final_state(done, done.problems, used=done.loaded, message=message)


def _drawn(done: FlowResult) -> FlowResult:
    """The end of a run that only draws."""
    problems = [] if done.charts else ["there is nothing to draw"]
    done = replace(done, problems=problems)
    return final_state(done, problems, used=False, message="".join(problems))


@contextmanager
def _spool(warehouse: Path) -> Iterator[Path]:
    """A folder, while the run lasts, for standard input and fetched pages; all workers see it."""
    spools = Warehouse(warehouse).folder / "spool"
    spool = temporary_path(spools)
    try:
        yield spool
    finally:
        shutil.rmtree(spool, ignore_errors=True)
        remove_stale_temporary_files(spools)
        with suppress(OSError):  # another run has its own in there, or none was needed
            spools.rmdir()


@task(cache_policy=NO_CACHE, retries=1)
def find(sources: list[str], spool: Path, kind: Kind | None, options: Options | None) -> Plan:
    """Find the files that the sources name and cut them into partitions."""
    planned = plan(sources, kind, options, spool)
    size = sum(partition.size for partition in planned.partitions)
    counts = {"partitions": len(planned.partitions), "bytes": size}
    get_run_logger().info(
        "%d partitions, %.1f MB", len(planned.partitions), size / 1e6, extra={"counts": counts}
    )
    return planned


@task(cache_policy=NO_CACHE)
def load(warehouse: Path, parts: list[Path], problems: list[str]) -> LoadReport:
    """Load staged parts in one transaction, and publish."""
    report = load_parts(Warehouse(warehouse), parts, flow_run_id=runtime.flow_run.id)
    get_run_logger().info(
        "%d documents read, %d new; %d new snapshots, %d new readings; %d lines refused",
        report.documents_read,
        report.documents_new,
        report.snapshots_new,
        report.readings_new,
        report.rejected_lines,
        extra={"counts": report.row()},
    )
    show_load(report, problems, warehouse)
    return report


@task(cache_policy=NO_CACHE)
def draw(warehouse: Path, options: DrawOptions) -> DrawnCharts:
    """Draw the selected charts that have changed, and show the newest regional temperatures."""
    with _alone(warehouse) as con:
        drawn = draw_all(con, Warehouse(warehouse).charts, options)
        show_regions(con)
    counts = {"charts_drawn": drawn.drawn, "files": len(drawn.paths)}
    get_run_logger().info(
        "%d charts drawn, %d files stand", *counts.values(), extra={"counts": counts}
    )
    return drawn


@task(cache_policy=NO_CACHE)
def build_gallery(warehouse: Path, lang: Sequence[Lang]) -> Path:
    """Build the site in these languages, the first of them at its root; its first page."""
    folder = Warehouse(warehouse)
    with _alone(warehouse) as con:
        site = build(con, folder.gallery, folder.charts, lang)
    counts = {"files": site.files, "written": site.written, "removed": site.removed}
    get_run_logger().info(
        "%d files, %d written, %d removed", *counts.values(), extra={"counts": counts}
    )
    show_gallery(site.index)
    return site.index


@contextmanager
def _alone(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader for the only run that writes there: to one that began before, charts that another
    draws of what it has just loaded would be stale."""
    folder = Warehouse(warehouse)
    with (
        writer_lock(folder.lock) if folder.published.exists() else nullcontext(),
        folder.reader() as con,
    ):
        yield con


def _name() -> str:
    return str(runtime.flow_run.name)
