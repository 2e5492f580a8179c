"""Run a flow for a user at a terminal.

It applies nalssi's settings, starts a Prefect server if there is none, and reports an error in one
line. Deployments, and Python programs that have set up Prefect, call the flows directly. This
module imports Prefect only when a flow runs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from flows import settings
from nalssi.common.errors import class_and_first_line, file_and_reason, first_line
from nalssi.common.process.signals import clean_up_on_signal
from nalssi.common.process.workarounds import (
    import_without_collection,
    let_signals_interrupt_reads,
)

if TYPE_CHECKING:
    from prefect.flows import Flow

FlowName = Literal[
    "weather", "ingest", "charts", "gallery", "observations", "reconcile", "capture", "hourly"
]
MODULES: dict[FlowName, str] = {
    "weather": "flows.weather",
    "ingest": "flows.weather",
    "charts": "flows.weather",
    "gallery": "flows.weather",
    "observations": "flows.reconciliation",
    "reconcile": "flows.reconciliation",
    "capture": "flows.capture",
    "hourly": "flows.capture",
}
"""The module that contains each flow."""


class FlowError(RuntimeError):
    """A run failed or could not start. The message is one line with the cause."""


def run_flow(flow: FlowName, *, verbose: bool = False, **parameters: Any) -> Any:
    """Run a flow in this process, wait for its end, and return its result.

    `settings.apply_settings` says where log records go, with and without `verbose`. If a run could
    use none of its input, its result with the problems is returned as usual. Every other failure of
    the flow or of Prefect raises FlowError.
    """
    settings.apply_settings(verbose=verbose)
    try:
        with import_without_collection():
            from flows.prefect_server import start_server

            wait_for_server = start_server()
            # This import takes one or two seconds, and the server starts in the meantime.
            module = import_module(MODULES[flow])
        let_signals_interrupt_reads()
        if flow == "weather":
            module.prepare(**parameters)
        wait_for_server()
        from flows.extraction_progress import ExtractionProgress
        from flows.flow_results import NothingUsedError
        from flows.prefect_server import without_heartbeats

        with clean_up_on_signal(), ExtractionProgress(), without_heartbeats():
            try:
                return _run(getattr(module, flow), parameters)
            except NothingUsedError as nothing:
                return nothing.result
    except Exception as error:  # the user gets one line for every kind of error
        raise FlowError(error_line(error)) from error


def _run(flow: Flow[..., Any], parameters: dict[str, Any]) -> Any:
    """Run a flow with the tags `nalssi` and `process_tag()`, and return its result.

    The context manager `prefect.tags` would give the tags to each task run, too. Before a task with
    tags, Prefect asks its server for the concurrency limits of these tags. The server, which stores
    the end of the last task at that time, often answers that its database is locked, and Prefect
    asks again two seconds later.
    """
    from prefect.client.orchestration import get_client
    from prefect.flow_engine import run_flow
    from prefect.states import Pending
    from prefect.utilities.callables import get_call_parameters

    from flows.prefect_history import TAG, process_tag

    called = get_call_parameters(flow.fn, (), parameters)
    with get_client(sync_client=True) as client:
        flow_run = client.create_flow_run(
            flow,
            parameters=flow.serialize_parameters(called),
            state=Pending(),
            tags=[TAG, process_tag()],
        )
    return run_flow(flow, flow_run, called)


def error_line(error: Exception) -> str:
    """Return the cause of an error in one line.

    Messages of nalssi's own errors are for users. Other messages are preceded by the name of the
    exception's class. For an OSError of a file, the line has the file and the reason. If a request
    to Prefect's server failed and the server does not answer now, the line says so instead.
    """
    if _package(error) in ("httpx", "prefect") or isinstance(error, ExceptionGroup):
        from flows.prefect_server import ServerError, check_server

        try:
            check_server()
        except ServerError as server_error:
            error = server_error
    if isinstance(error, OSError) and error.filename and error.strerror:
        return file_and_reason(error, error.filename)
    ours = _package(error) in ("nalssi", "flows", "schemas")
    return first_line(error) if ours else class_and_first_line(error)


def _package(error: Exception) -> str:
    return type(error).__module__.partition(".")[0]
