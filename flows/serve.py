"""`nalssi serve`: every deployment of `prefect.yaml`, run by one process when its time has come."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows import settings
from nalssi.common.korea_time import KST

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.runner import Runner

PORT = 4200
"""Where Prefect's UI usually is; another port is taken if that one is not free."""


def serve(warehouse: Path, sources: Path | None = None) -> None:
    """Serve until SIGINT or SIGTERM, with a server of its own where Prefect's settings name none.

    Each run is a process of its own; what it logs goes to stderr too. Raises FlowError when
    Prefect's server, or what `prefect.yaml` names, cannot be used.
    """
    from flows.password import should_print, stored_password
    from flows.prefect_server import start_server
    from flows.run_flow import FlowError, one_line
    from nalssi.capture.source_list import SOURCE_LIST_FILE, read_source_list

    settings.apply_settings(verbose=True)
    listed = sources or warehouse / SOURCE_LIST_FILE
    try:
        read_source_list(listed)  # now, rather than in the first run some time later
        from prefect.settings import get_current_settings

        own = not get_current_settings().api.url
        password = stored_password(get_current_settings()) if own else None
        wait_for_server = start_server(port=PORT, password=password, services=True)
        from prefect.runner import Runner

        from flows.deployments import declared, places

        deployments = declared(places(warehouse, listed))
        wait_for_server()
        # No limit here: a late run must be offered to the server, which cancels it while one of
        # its kind is running, rather than wait in this process for its turn.
        runner = Runner(name="nalssi", limit=None)
        for deployment in deployments:
            runner.add_deployment(deployment)
        print(_announcement(deployments, warehouse.absolute()), flush=True)
        if password and password.file:
            shown = f"{password.text}, shown once; it is " if should_print(password) else ""
            print(f"password: {shown}in {password.file}", flush=True)
        asyncio.run(_until_stopped(runner))
    except Exception as error:  # whatever it was: the user of a command gets one line
        raise FlowError(one_line(error)) from error


async def _until_stopped(runner: Runner) -> None:
    """Run what is due until SIGINT or SIGTERM; then cancel what is running, and end.

    Prefect's own runner leaves SIGINT alone; on a second SIGTERM it ends at once, and runs that it
    has not yet cancelled are "running" for ever.
    """
    loop = asyncio.get_running_loop()
    stopping: list[asyncio.Future[None]] = []

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # for whoever cannot wait
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stopped = asyncio.run_coroutine_threadsafe(_stop(runner), loop)
        stopping.append(asyncio.wrap_future(stopped, loop=loop))

    runner.handle_sigterm = stop  # type: ignore[method-assign]
    signal.signal(signal.SIGINT, stop)
    await runner.start()
    await asyncio.gather(*stopping)


async def _stop(runner: Runner) -> None:
    """Stop a runner, which refuses that while it starts."""
    while not runner.started:
        await asyncio.sleep(0.1)
    await runner.astop()


def _announcement(deployments: Sequence[RunnerDeployment], warehouse: Path) -> str:
    """What is served, when the next run is due, and where Prefect's UI shows it."""
    from prefect.server.schemas.schedules import CronSchedule
    from prefect.settings import get_current_settings

    due = []
    for deployment in deployments:
        for scheduled in deployment.schedules or []:
            assert scheduled.schedule
            cron = CronSchedule.model_validate(scheduled.schedule.model_dump())
            (at,) = asyncio.run(cron.get_dates(1))
            due.append((at.astimezone(KST), deployment.name))
    at, first = min(due)
    names = ", ".join(str(deployment.name) for deployment in deployments)
    return (
        f"serving {names} into {warehouse};"
        f" next: {first} at {at:%Y-%m-%d %H:%M} KST; UI: {get_current_settings().ui_url}"
    )
