"""The command `nalssi serve`: run the scheduled flows until it is stopped."""

from __future__ import annotations

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.options import SourcesFileOption, WarehouseOption
from nalssi.common.process.signals import exit_on_signals


@app.command()
def serve(
    warehouse: WarehouseOption,
    sources: SourcesFileOption = None,
) -> None:
    """Capture every hour and reconcile every day, until Ctrl-C. Prefect's UI can start more runs.

    The schedules are in flows/deployments.py. The command uses the Prefect server that
    PREFECT_API_URL names, or starts one for as long as it runs.
    """
    exit_on_signals()
    from flows.run_flow import FlowError
    from flows.serve import serve

    try:
        serve(warehouse, sources)
    except FlowError as error:
        fail([str(error)])
