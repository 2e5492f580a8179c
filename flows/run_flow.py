"""Running a flow for a user at a terminal: settings, a server if there is none, one clean error.

Whoever deploys the flows, or calls them from Python with Prefect set up, needs none of this.
Nothing here imports Prefect before a flow is run.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal

from flows import settings
from nalssi.common.errors import class_and_first_line, file_and_reason, first_line
from nalssi.common.process.signals import clean_up_on_signal
from nalssi.common.process.workarounds import (
    freeze_loaded_objects,
    let_signals_interrupt_reads,
)

Flow = Literal["weather", "ingest", "charts", "gallery", "reconcile", "capture", "hourly"]
MODULES: dict[Flow, str] = {
    "weather": "flows.weather",
    "ingest": "flows.weather",
    "charts": "flows.weather",
    "gallery": "flows.weather",
    "reconcile": "flows.reconciliation",
    "capture": "flows.capture",
    "hourly": "flows.capture",
}


class FlowError(RuntimeError):
    """A run failed, or could not begin; the message is one line that says why."""


def run_flow(flow: Flow, *, verbose: bool = False, **parameters: Any) -> Any:
    """Run a flow in this process, wait for it, and give what it returns.

    Log lines go to Prefect's API, with `verbose` to the terminal too. A run that could use nothing
    of its input, and so failed, gives its problems as any other. Raises FlowError when something
    else makes the flow fail, or Prefect itself.
    """
    settings.apply_settings(verbose=verbose)
    try:
        from flows.prefect_server import start_server

        wait_for_server = start_server()
        # Importing takes a second or two, which the server needs as well.
        from prefect import tags

        module = import_module(MODULES[flow])
        freeze_loaded_objects()
        let_signals_interrupt_reads()
        wait_for_server()
        from flows.extraction_progress import ExtractionProgress
        from flows.flow_results import NothingUsedError

        with clean_up_on_signal(), tags("nalssi"), ExtractionProgress():
            try:
                return getattr(module, flow)(**parameters)
            except NothingUsedError as nothing:
                return nothing.result
    except Exception as error:  # whatever it was: the user of a command gets one line
        raise FlowError(one_line(error)) from error


def one_line(error: Exception) -> str:
    """The cause: the message alone where it was written for users, with its kind elsewhere."""
    if type(error).__module__.partition(".")[0] in ("httpx", "prefect") or isinstance(
        error, ExceptionGroup
    ):
        from flows.prefect_server import ServerError, check_server

        try:  # a request that failed, a run that was lost: is the server to blame?
            check_server()
        except ServerError as gone:
            error = gone
    if isinstance(error, OSError) and error.filename and error.strerror:
        return file_and_reason(error, error.filename)
    ours = type(error).__module__.partition(".")[0] in ("nalssi", "flows", "schemas")
    return first_line(error) if ours else class_and_first_line(error)
