"""Run a flow for a user at a terminal.

It applies nalssi's settings, starts a Prefect server if there is none, and reports an error in one
line. Deployments, and Python programs that have set up Prefect, call the flows directly. This
module imports Prefect only when a flow runs.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal

from flows import settings
from nalssi.common.errors import class_and_first_line, file_and_reason, first_line
from nalssi.common.process.signals import clean_up_on_signal
from nalssi.common.process.workarounds import (
    import_without_collection,
    let_signals_interrupt_reads,
)

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

    Log records go to Prefect's API, and with `verbose` also to the terminal. If a run could use
    none of its input, its result with the problems is returned as usual. Every other failure of the
    flow or of Prefect raises FlowError.
    """
    settings.apply_settings(verbose=verbose)
    try:
        with import_without_collection():
            from flows.prefect_server import start_server

            wait_for_server = start_server()
            # These imports take one or two seconds, and the server starts in the meantime.
            from prefect import tags

            module = import_module(MODULES[flow])
        let_signals_interrupt_reads()
        wait_for_server()
        from flows.extraction_progress import ExtractionProgress
        from flows.flow_results import NothingUsedError
        from flows.prefect_history import process_tag

        with clean_up_on_signal(), tags("nalssi", process_tag()), ExtractionProgress():
            try:
                return getattr(module, flow)(**parameters)
            except NothingUsedError as nothing:
                return nothing.result
    except Exception as error:  # the user gets one line for every kind of error
        raise FlowError(error_line(error)) from error


def error_line(error: Exception) -> str:
    """Return the cause of an error in one line.

    Messages of nalssi's own errors are for users. Other messages are preceded by the name of the
    exception's class. If a request to Prefect's server failed and the server does not answer now,
    the line says so instead.
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
