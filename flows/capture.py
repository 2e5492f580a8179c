"""The flows that fetch: `capture` into the landing; `hourly` goes on as far as the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task, exponential_backoff

from flows.final_states import count_phrase, failure_message, final_state
from flows.flow_results import CapturedSource, FlowResult
from flows.relative_paths import checked_warehouse, resolve_file
from flows.weather import load_and_show
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
from nalssi.capture.source_list import Source, read_source_list
from nalssi.charts.draw_options import FORMATS, DrawOptions
from nalssi.locale.locales import Lang
from nalssi.status import status
from nalssi.warehouse import Warehouse

RETRIES = 3
FIRST_RETRY_S = 10.0
"""The first pause before a source is tried again; the next are twice as long each, with jitter."""
AT_ONCE = 16
"""HostQueues that are asked at the same time."""
CAPTURES = "captures"


def _run_name() -> str:
    return f"{runtime.flow_run.flow_name} of {runtime.flow_run.parameters['sources']}"


@flow(flow_run_name=_run_name)
def capture(
    sources: Path, warehouse: Path, names: Sequence[str] = (), force: bool = False
) -> FlowResult:
    """Fetch the sources that are due into the warehouse's landing.

    `names`: only these. `force`: due or not.
    """
    captures, damaged = _captured(
        resolve_file(sources, warehouse), checked_warehouse(warehouse), names, force
    )
    done = FlowResult(str(runtime.flow_run.name), problems=_problems(captures), captures=captures)
    return _ended(done, damaged)


@flow(flow_run_name=_run_name)
def hourly(
    sources: Path,
    warehouse: Path,
    lang: Sequence[Lang] = ("ko",),
    formats: Sequence[str] = FORMATS,
    names: Sequence[str] = (),
    force: bool = False,
) -> FlowResult:
    """What a service does every hour: capture; then load what landed, draw, build the gallery.

    What an earlier run landed and did not come to load is loaded too. When nothing arrived, the
    charts and the gallery are brought up to what is published, which is little work. Sources that
    are late, frozen or degraded are warnings in the run's log.
    """
    sources = resolve_file(sources, warehouse)
    captures, damaged = _captured(sources, checked_warehouse(warehouse), names, force)
    landing = _landing(warehouse)
    files, end = landing.files_to_load()
    drawing = DrawOptions(langs=lang, formats=formats)
    done = load_and_show([str(file) for file in files], warehouse, drawing=drawing)
    landing.mark_loaded(end)
    if landing.log.exists():
        for line in status(Warehouse(warehouse), sources=read_source_list(sources)).stale:
            get_run_logger().warning(line)
    problems = _problems(captures) + done.problems
    return _ended(replace(done, problems=problems, captures=captures), damaged)


def _ended(done: FlowResult, damaged: list[str]) -> FlowResult:
    """The end of a run that fetches: failed if no source that was due could be fetched, or if none
    of the pages that were loaded holds a ticker. Damage to the log alone fails no run."""
    tried = [captured for captured in done.captures if captured.due_at is None]
    failed = len(_problems(tried))
    others = done.problems[failed:]
    counts = [f"{failed} of {len(tried)} sources could not be fetched"] if failed else []
    if others:
        unused = count_phrase(len(others), "part of the input", "could not be used")
        counts.append(failure_message(others, unused))
    counts += damaged[:1]
    message = "; ".join(counts)
    used = (failed < len(tried) or not tried) and (done.loaded or not others)
    if not used:
        message = failure_message(done.problems, message)
    problems = damaged + done.problems
    return final_state(replace(done, problems=problems), problems, used=used, message=message)


def _captured(
    sources: Path, warehouse: Path, names: Sequence[str], force: bool
) -> tuple[list[CapturedSource], list[str]]:
    """Every source of the file, in its order: fetched, failed or not due; and damage to the log."""
    listed = read_source_list(sources)
    landing = _landing(warehouse)
    fetcher = Fetcher(HostQueues(listed.delay), contact=listed.contact)
    fetch = fetch_source.with_options(retry_delay_seconds=exponential_backoff(FIRST_RETRY_S))
    wanted = listed.named(names)
    captures: list[CapturedSource] = []
    futures: dict[str, PrefectFuture[Attempt]] = {}
    tasks: ThreadPoolTaskRunner[Attempt] = ThreadPoolTaskRunner(max_workers=AT_ONCE)
    with landing.locked(), tasks:
        attempts, damaged = landing.read_log()
        for source in wanted:
            history = source_history(landing, attempts, source.name)
            due = due_at(source, history)
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
            done = future.result(raise_on_failure=False)
            captures.append(_outcome(name, done))
    order = {source.name: number for number, source in enumerate(wanted)}
    captures.sort(key=lambda captured: order[captured.source])
    _show(captures)
    return captures, damaged


def _outcome(name: str, done: Attempt | BaseException) -> CapturedSource:
    if isinstance(done, Attempt):
        return CapturedSource(name, done)
    if isinstance(done, CaptureError):
        return CapturedSource(name, done.attempt, problem=str(done))
    return CapturedSource(name, problem=f"{name}: {done}")  # such as a disk that is full


def _is_temporary(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed task is worth another try."""
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
    """Fetch a source when its host's turn comes."""
    done = capture_source(source, landing, history, fetcher)
    get_run_logger().info("%s: %s, %d bytes, %s", source.name, done.outcome, done.bytes, done.file)
    return done


def _landing(warehouse: Path) -> Landing:
    return Landing(Warehouse(warehouse))


def _problems(captures: Sequence[CapturedSource]) -> list[str]:
    return [captured.problem for captured in captures if captured.problem]


def _show(captures: Sequence[CapturedSource]) -> None:
    """A table artifact: a row a source."""
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
    create_table_artifact(rows, key=CAPTURES, description="What each source gave")
