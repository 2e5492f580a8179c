"""The flows `capture` and `hourly`.

`capture` fetches pages into the landing. `hourly` also loads them, draws the charts and builds the
gallery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task, exponential_backoff

from flows.api_hub import fetch_if_configured, first_recent_day
from flows.extract_partitions import ExtractionOptions
from flows.final_states import count_phrase, failure_message, final_state
from flows.flow_results import CapturedSource, FlowResult
from flows.parameter_types import ChartKindParameter, FormatParameter
from flows.reconciliation import ReconcileResult, find_hours
from flows.relative_paths import checked_warehouse, resolve_file
from flows.source_reports import report_sources
from flows.weather_tasks import draw_and_build_gallery, load_tickers
from nalssi.capture.capture_log import Attempt
from nalssi.capture.capture_source import (
    CaptureError,
    SourceHistory,
    capture_source,
    due_at,
    source_history,
)
from nalssi.capture.host_queues import HostQueues
from nalssi.capture.landing import Landing
from nalssi.capture.page_fetcher import Fetcher
from nalssi.capture.report_sources import ReportedSources
from nalssi.capture.retention import Retention, apply_retention
from nalssi.capture.source_list import Source, read_source_list
from nalssi.charts.chart_kinds import GALLERY_KINDS
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.picture_days import picture_days as kept_picture_days
from nalssi.charts.picture_formats import GALLERY_FORMATS
from nalssi.common.korea_time import KST
from nalssi.common.site_address import site_address
from nalssi.locale.locales import Lang
from nalssi.warehouse import Warehouse

RETRIES = 3
FIRST_RETRY_S = 10.0
"""Seconds before the first retry of a source. Each later retry waits twice as long, plus jitter."""
CONCURRENT_FETCHES = 16
"""The largest number of sources that are fetched at the same time."""
CAPTURES = "captures"
"""The key of the artifact that shows the result of each source."""


def _run_name() -> str:
    return f"{runtime.flow_run.flow_name} of {runtime.flow_run.parameters['source_list']}"


@flow(flow_run_name=_run_name)
def capture(
    source_list: Path, warehouse: Path, names: Sequence[str] = (), force: bool = False
) -> FlowResult:
    """Fetch the sources that are due into the warehouse's landing.

    Args:
        source_list: The file that lists the sources, such as `sources.toml`.
        warehouse: Folder of the warehouse.
        names: Only the sources with these names.
        force: Also fetch sources that are not due.
    """
    source_list = resolve_file(source_list, warehouse)
    captures, damage = _capture_sources(source_list, checked_warehouse(warehouse), names, force)
    result = FlowResult(str(runtime.flow_run.name), problems=_problems(captures), captures=captures)
    result = _report_sources(result, warehouse, source_list)
    return _end_capture(result, damage)


@flow(flow_run_name=_run_name)
def hourly(
    source_list: Path,
    warehouse: Path,
    lang: Sequence[Lang] = ("ko",),
    formats: Sequence[FormatParameter] = GALLERY_FORMATS,
    kinds: Sequence[ChartKindParameter] = GALLERY_KINDS,
    names: Sequence[str] = (),
    force: bool = False,
    site_url: str | None = None,
    picture_days: int | None = None,
) -> FlowResult:
    """Do the hourly work of a service: capture, load the fetched pages, draw, build the gallery.

    If a key for KMA's API hub is configured, the run also fetches the official hours of the last
    days and finds the hours of snapshots before it draws.

    For today, only maps are drawn; all other charts of a day follow in the hours after its end.

    The run also loads pages that an earlier run fetched but did not load. If there is nothing to
    load, it updates the charts and the gallery where they are out of date. Sources that are late,
    frozen or degraded are warnings in the run's log. Each change of the health of a source is an
    event, and goes to the addresses in `alert` of the source list. The Atom feed of the gallery
    reports the sources that are late.

    Args:
        source_list: The file that lists the sources, such as `sources.toml`.
        warehouse: Folder of the warehouse.
        lang: Languages of the charts. The first one is that of the gallery's start page.
        formats: File formats of the charts. Pages of the gallery need only the default.
        kinds: Kinds of charts. Pages of the gallery need only the default.
        names: Only the sources with these names.
        force: Also fetch sources that are not due.
        site_url: Address at which the gallery is published. Default: NALSSI_SITE_URL.
        picture_days: How many of the newest days keep picture files. Default: NALSSI_PICTURE_DAYS.
    """
    site, days = site_address(site_url), kept_picture_days(picture_days)
    # Made before anything is fetched, so that an impossible parameter costs nothing.
    drawing = DrawOptions(
        langs=lang, formats=formats, kinds=kinds, newest_days=days, now=datetime.now(KST)
    )
    source_list = resolve_file(source_list, warehouse)
    captures, damage = _capture_sources(source_list, checked_warehouse(warehouse), names, force)
    landing = Landing(Warehouse(warehouse))
    files, end = landing.files_to_load()
    result, last = load_tickers(
        [str(file) for file in files],
        warehouse,
        ExtractionOptions(),
        after=[captured.attempt for captured in captures if not captured.problem],
    )
    if Warehouse(warehouse).published.exists():
        hours, failures = _find_hours_with_api_hub(warehouse, after=[last])
        damage += failures
        result = draw_and_build_gallery(result, warehouse, drawing, site, after=[last, hours])
    landing.mark_loaded(end)
    problems = _problems(captures) + result.problems
    result = replace(result, problems=problems, captures=captures)
    return _end_capture(_report_sources(result, warehouse, source_list), damage)


def _find_hours_with_api_hub(
    warehouse: Path, after: Sequence[object]
) -> tuple[ReconcileResult | None, list[str]]:
    """Fetch the official hours of the last days and find the hours of snapshots.

    Without a key for KMA's API hub, nothing is done. `after` are results of tasks: the run graph
    shows that this step comes after these tasks. Returns the result, or None, and a line for each
    problem of the hub. The problems do not make a run fail, because the next run fetches the
    missing hours.
    """
    fetched = fetch_if_configured(warehouse, first_recent_day(), max_calls=1, after=after)
    if fetched is None:
        return None, []
    return find_hours(warehouse, [], wait_for=[fetched]), list(fetched.failures)


def _report_sources(result: FlowResult, warehouse: Path, source_list: Path) -> FlowResult:
    """Report changes of the health of sources. A failure to report does not make a run fail.

    Returns `result` with the counts of alerts.
    """
    if not Landing(Warehouse(warehouse)).log.exists():
        return result
    attempts = [captured.attempt for captured in result.captures if not captured.problem]
    state = report_sources(
        warehouse, source_list, wait_for=[result.load, *attempts], return_state=True
    )
    reported = state.result(raise_on_failure=False)
    if not isinstance(reported, ReportedSources):
        get_run_logger().warning("the health of the sources was not reported: %s", reported)
        return replace(result, alerts_failed=1)
    return replace(result, alerts_sent=reported.alerts_sent, alerts_failed=len(reported.failures))


def _end_capture(result: FlowResult, damage: list[str]) -> FlowResult:
    """Return the result of a run of `capture` or `hourly` with its final state (`final_state`).

    The run fails if no due source could be fetched, or if none of the loaded pages has a ticker.
    `damage`, the problems of the capture log and of the API hub, does not make a run fail.
    """
    due = [captured for captured in result.captures if captured.due_at is None]
    failed = len(_problems(due))
    load_problems = result.problems[failed:]
    phrases = [f"{failed} of {len(due)} sources could not be fetched"] if failed else []
    if load_problems:
        count = count_phrase(len(load_problems), "part of the input", "could not be used")
        phrases.append(failure_message(load_problems, count))
    phrases += damage[:1]
    message = "; ".join(phrases)
    used = (failed < len(due) or not due) and (result.found_tickers or not load_problems)
    if not used:
        message = failure_message(result.problems, message)
    problems = damage + result.problems
    return final_state(replace(result, problems=problems), problems, used=used, message=message)


def _capture_sources(
    source_list: Path, warehouse: Path, names: Sequence[str], force: bool
) -> tuple[list[CapturedSource], list[str]]:
    """Fetch the due sources of a source list.

    `names` selects sources; an empty sequence selects all. With `force`, sources that are not due
    are fetched too. Returns the result of each selected source, in the order of the list, and a
    line for each problem of the capture log.
    """
    listed = read_source_list(source_list)
    retention = Retention.from_environment()
    landing = Landing(Warehouse(warehouse))
    fetcher = Fetcher(HostQueues(listed.delay), contact=listed.contact)
    fetch = fetch_source.with_options(retry_delay_seconds=exponential_backoff(FIRST_RETRY_S))
    wanted = listed.named(names)
    captures: list[CapturedSource] = []
    futures: dict[str, PrefectFuture[Attempt]] = {}
    tasks: ThreadPoolTaskRunner[Attempt] = ThreadPoolTaskRunner(max_workers=CONCURRENT_FETCHES)
    with landing.locked(), tasks:
        for line in apply_retention(Warehouse(warehouse), retention, fetcher.now()):
            get_run_logger().info(line)
        attempts, damage = landing.read_log()
        for source in wanted:
            history = source_history(landing, attempts, source.name, fetcher.now())
            due = due_at(source, history, fetcher.now())
            if force or due is None or due <= fetcher.now():
                parameters = {
                    "source": source,
                    "landing": landing,
                    "history": history,
                    "fetcher": fetcher,
                }
                futures[source.name] = tasks.submit(fetch, parameters)
            else:
                captures.append(CapturedSource(source.name, due_at=due))
        for name, future in futures.items():
            captures.append(_captured_source(name, future.result(raise_on_failure=False)))
    order = {source.name: number for number, source in enumerate(wanted)}
    captures.sort(key=lambda captured: order[captured.source])
    _create_captures_artifact(captures)
    return captures, damage


def _captured_source(name: str, outcome: Attempt | BaseException) -> CapturedSource:
    if isinstance(outcome, Attempt):
        return CapturedSource(name, outcome)
    if isinstance(outcome, CaptureError):
        return CapturedSource(name, outcome.attempt, problem=str(outcome))
    return CapturedSource(name, problem=f"{name}: {outcome}")  # such as a full disk


def _is_temporary(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Return whether the failure of a task is temporary. Prefect retries the task then."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, CaptureError) and error.temporary


@task(
    task_run_name="fetch {source.name}",
    cache_policy=NO_CACHE,
    retries=RETRIES,
    retry_delay_seconds=exponential_backoff(FIRST_RETRY_S),
    retry_jitter_factor=0.5,
    retry_condition_fn=_is_temporary,
)
def fetch_source(
    source: Source, landing: Landing, history: SourceHistory | None, fetcher: Fetcher
) -> Attempt:
    """Fetch a source into the landing, and return the logged attempt.

    `history` has the last attempt to fetch the source (None: there was none). `fetcher` sends the
    request; all tasks of a run share it, so that a host gets one request at a time. Raises
    CaptureError if the source cannot be fetched.
    """
    attempt = capture_source(source, landing, history, fetcher)
    get_run_logger().info(
        "%s: %s, %d bytes, %s", source.name, attempt.outcome, attempt.bytes, attempt.file
    )
    return attempt


def _problems(captures: Sequence[CapturedSource]) -> list[str]:
    return [captured.problem for captured in captures if captured.problem]


def _create_captures_artifact(captures: Sequence[CapturedSource]) -> None:
    """Create a table artifact with a row for each source: outcome, status, bytes, file, problem."""
    rows = [
        {
            "source": captured.source,
            "outcome": captured.outcome,
            "status": captured.attempt and captured.attempt.status,
            "bytes": captured.attempt and captured.attempt.bytes,
            "file": captured.attempt and captured.attempt.file,
            "due at": captured.due_at and captured.due_at.isoformat(timespec="minutes"),
            "problem": captured.problem,
        }
        for captured in captures
    ]
    create_table_artifact(rows, key=CAPTURES, description="The result of each source")
