"""The steps of the flows that load tickers, draw charts and build the gallery.

They are the tasks `find`, `load`, `draw` and `build_gallery`, and the functions that run them in
order. The task that extracts tickers is in `flows.extract_partitions`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import duckdb
from prefect import get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE

from flows.artifacts import (
    create_gallery_artifact,
    create_load_artifacts,
    create_map_artifact,
    create_regions_artifacts,
)
from flows.drawing_progress import DrawingProgress
from flows.extract_partitions import ExtractionOptions, extract_partitions
from flows.final_states import count_phrase
from flows.flow_results import FlowResult
from flows.relative_paths import checked_warehouse, resolve_source
from flows.task_progress import TaskProgress
from nalssi.capture.late_sources import late_sources
from nalssi.charts.draw import DrawnCharts, draw_all
from nalssi.charts.draw_options import DrawOptions
from nalssi.common.atomic_files import remove_stale_temporary_files, temporary_path
from nalssi.common.korea_time import korean_today
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.common.site_address import SiteAddress
from nalssi.gallery import build
from nalssi.gallery.publication import Publication
from nalssi.locale.locales import LOCALES, Lang
from nalssi.sources import Kind, Options, Plan, plan
from nalssi.sources.problems import Problem
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_contents import load_contents
from nalssi.warehouse.load_parts import LoadReport, load_parts
from nalssi.warehouse.writer_lock import writer_lock

GALLERY_LANGUAGES: tuple[Lang, ...] = tuple(LOCALES)


def load_and_draw(
    sources: Sequence[str],
    warehouse: Path,
    extraction: ExtractionOptions,
    drawing: DrawOptions,
    site: SiteAddress | None = None,
) -> FlowResult:
    """Load tickers, then draw the charts and build the gallery if the warehouse has any data.

    Returns the results of all these steps. `site` is the address at which the gallery is published,
    or None.
    """
    result, last = load_tickers(sources, warehouse, extraction)
    if not Warehouse(warehouse).published.exists():
        return result
    return draw_and_build_gallery(result, warehouse, drawing, site, after=[last])


def load_tickers(
    sources: Sequence[str],
    warehouse: Path,
    extraction: ExtractionOptions,
    *,
    after: Sequence[object] = (),
) -> tuple[FlowResult, object]:
    """Find the files of the sources, extract their tickers, and load them into a warehouse.

    `after` are results of tasks: the run graph shows that these steps come after these tasks.
    Returns the result of these steps, and the result of the last task, for later steps.
    """
    sources = [resolve_source(source, checked_warehouse(warehouse)) for source in sources]
    with _spool_folder(warehouse) as spool:
        found = find(
            sources,
            spool,
            extraction.kind,
            extraction.source_options,
            wait_for=after,
            return_state=True,
        )
        planned: Plan = found.result()
        parts, extracted = extract_partitions(
            planned.partitions, Warehouse(warehouse).staged, extraction, after=found
        )
    unused = [*planned.problems, *(problem for part in parts for problem in part.problems)]
    problems = [str(problem) for problem in unused]
    report = None
    if parts:
        report = load(warehouse, [part.folder for part in parts], problems, wait_for=extracted)
    if report and not report.documents_with_ticker:
        problems.append(f"no ticker found in {report.documents_read:,} documents")
    result = FlowResult(
        flow_run=str(runtime.flow_run.name),
        load=report,
        problems=problems,
        skipped=planned.skipped,
        unread=_count_unread(sources, unused),
    )
    return result, report or found


def draw_and_build_gallery(
    result: FlowResult,
    warehouse: Path,
    drawing: DrawOptions,
    site: SiteAddress | None = None,
    *,
    after: Sequence[object] = (),
) -> FlowResult:
    """Draw the charts in the languages of the gallery, and build it for the address `site`.

    Returns `result` with the charts and the gallery added. The run graph shows that these steps
    come after the tasks that gave the results `after`.
    """
    languages = tuple(dict.fromkeys((*drawing.langs, *GALLERY_LANGUAGES)))
    drawn = draw(warehouse, replace(drawing, langs=languages), wait_for=after)
    index = build_gallery(warehouse, languages, site, wait_for=[drawn])
    return replace(
        result,
        charts=drawn.paths,
        charts_drawn=drawn.drawn,
        omitted_charts=drawn.omitted_text,
        nothing_drawn=drawn.nothing,
        gallery=index,
    )


@task(cache_policy=NO_CACHE, retries=1)
def find(sources: list[str], spool: Path, kind: Kind | None, options: Options | None) -> Plan:
    """Find the files that the sources name, and divide them into partitions.

    `spool` is a folder for standard input and fetched pages. `kind` is the format of all sources;
    None to detect it.
    """
    planned = plan(sources, kind, options, spool)
    size = sum(partition.size for partition in planned.partitions)
    counts = {"partitions": len(planned.partitions), "bytes": size}
    get_run_logger().info(
        "%d partitions, %.1f MB", len(planned.partitions), size / 1e6, extra={"counts": counts}
    )
    return planned


@task(cache_policy=NO_CACHE)
def load(warehouse: Path, parts: list[Path], problems: list[str]) -> LoadReport:
    """Load staged parts in one transaction, publish the warehouse, and create the artifacts.

    `problems` are lines about input that could not be used, for an artifact.
    """
    with TaskProgress("load") as told:
        report = load_parts(
            Warehouse(warehouse), parts, flow_run_id=runtime.flow_run.id, progress=told.report
        )
    get_run_logger().info(
        "%d documents read, %d new; %d new snapshots, %d new readings; %d rejected lines",
        report.documents_read,
        report.documents_new,
        report.snapshots_new,
        report.readings_new,
        report.rejected_lines,
        extra={"counts": report.row()},
    )
    with Warehouse(warehouse).reader() as con:
        contents = load_contents(con, report.load_id, parts)
    create_load_artifacts(report, contents, problems, warehouse)
    return report


@task(cache_policy=NO_CACHE)
def draw(warehouse: Path, options: DrawOptions) -> DrawnCharts:
    """Draw the selected charts whose data or code has changed; return the files of all of them.

    Also create the artifacts with the newest regional temperatures and, if a chart was drawn, with
    the map of the newest day.
    """
    with (
        _locked_reader(warehouse) as con,
        DrawingProgress() as shown,
        TaskProgress("draw") as told,
    ):

        def report(drawn: int, total: int, what: str) -> None:
            shown.report(drawn, total, what)
            told.report(drawn, total, f"{drawn:,} of {total:,} charts drawn, next: {what or '-'}")

        drawn = draw_all(con, Warehouse(warehouse).charts, options, progress=report)
        create_regions_artifacts(con)
    if drawn.drawn:
        create_map_artifact(drawn.paths)
    counts = {"charts_drawn": drawn.drawn, "files": len(drawn.paths)}
    if drawn.omitted:
        get_run_logger().info("%s", drawn.omitted_text)
    get_run_logger().info(
        "%d charts drawn, %d chart files", *counts.values(), extra={"counts": counts}
    )
    return drawn


@task(cache_policy=NO_CACHE)
def build_gallery(warehouse: Path, lang: Sequence[Lang], site: SiteAddress | None = None) -> Path:
    """Build the gallery in the languages `lang`; return the path of its start page.

    The start page is in the first language. `site` is the address at which the gallery is
    published, or None.
    """
    folder = Warehouse(warehouse)
    with _locked_reader(warehouse) as con, TaskProgress("gallery") as told:
        publication = Publication(site, late_sources(folder))
        built = build(
            con,
            folder.gallery,
            folder.charts,
            lang,
            publication=publication,
            today=korean_today(),
            progress=lambda made, total, path: told.report(
                made,
                total,
                f"{made:,}" + f" of {total:,}" * bool(total) + f" files made, next: {path}",
            ),
        )
    counts = {"files": built.files, "written": built.written, "removed": built.removed}
    get_run_logger().info(
        "%d files, %d written, %d removed", *counts.values(), extra={"counts": counts}
    )
    create_gallery_artifact(built.index, site)
    return built.index


@contextmanager
def _locked_reader(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to the published copy, and hold the writer lock during the block.

    No other run can then publish newer data before the charts are drawn.
    """
    folder = Warehouse(warehouse)
    with (
        writer_lock(folder.lock) if folder.published.exists() else nullcontext(),
        folder.reader() as con,
    ):
        yield con


@contextmanager
def _spool_folder(warehouse: Path) -> Iterator[Path]:
    """Yield a temporary folder for copies of standard input and fetched pages.

    It is in the warehouse folder, so that all workers can read it, and is removed at the end.
    """
    spools = Warehouse(warehouse).folder / "spool"
    spool = temporary_path(spools)
    try:
        yield spool
    finally:
        shutil.rmtree(spool, ignore_errors=True)
        remove_stale_temporary_files(spools)
        with suppress(OSError):  # the folder does not exist, or another run uses it
            spools.rmdir()


def _count_unread(sources: Sequence[str], problems: Sequence[Problem]) -> str:
    """Return a phrase with the number of sources that could not be read.

    If all sources could be read, the phrase has the number of parts of the input, such as pages,
    that could not be used.
    """
    unread = {problem.source for problem in problems if not problem.position}
    names = [
        safe_text("standard input" if source == "-" else source, MAX_MESSAGE_LENGTH)
        for source in sources
    ]
    if count := sum(name in unread for name in names):
        return f"{count} of {len(sources)} sources could not be read"
    return count_phrase(len(problems), "part of the input", "could not be used")
