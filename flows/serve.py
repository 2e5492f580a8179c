"""The command `nalssi serve`: one process that runs every deployment on its schedule.

The deployments are those of `flows.deployments`.
"""

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
"""Prefect's usual port. If it is in use, the server listens on a free port."""


def serve(warehouse: Path, sources: Path | None = None) -> None:
    """Run the deployments of a warehouse until SIGINT or SIGTERM.

    Starts a Prefect server unless Prefect's settings name one. Every run is a process of its own,
    and its log records also go to standard error. `sources` is the source list; the default is
    `sources.toml` in the warehouse folder. Raises FlowError if Prefect's server or the source list
    cannot be used.
    """
    from flows.password import should_print, stored_password
    from flows.prefect_server import start_server
    from flows.run_flow import FlowError, error_line
    from nalssi.capture.source_list import SOURCE_LIST_FILE, read_source_list

    settings.apply_settings(verbose=True)
    listed = sources or warehouse / SOURCE_LIST_FILE
    try:
        read_source_list(listed)  # report its errors now, not in the first run
        from prefect.settings import get_current_settings

        starts_server = not get_current_settings().api.url
        password = stored_password(get_current_settings()) if starts_server else None
        wait_for_server = start_server(port=PORT, password=password, services=True)
        from prefect.runner import Runner

        from flows.deployments import deployments

        served = deployments(warehouse, listed)
        wait_for_server()
        # The runner has no limit of its own. A late run must reach the server, which cancels it
        # while another run of its deployment is active. With a limit, it would wait here.
        runner = Runner(name="nalssi", limit=None)
        for deployment in served:
            runner.add_deployment(deployment)
        print(_announcement(served, warehouse.absolute()), flush=True)
        if password and password.file:
            shown = f"{password.text}, shown once; it is " if should_print(password) else ""
            print(f"password: {shown}in {password.file}", flush=True)
        asyncio.run(_run_until_stopped(runner))
    except Exception as error:  # the user gets one line for every kind of error
        raise FlowError(error_line(error)) from error


async def _run_until_stopped(runner: Runner) -> None:
    """Start due runs until SIGINT or SIGTERM, then cancel the active runs and return.

    Prefect's runner does not handle SIGINT. On a second SIGTERM it exits at once, and runs that it
    has not cancelled stay in the state "running" for ever.
    """
    loop = asyncio.get_running_loop()
    stopping: list[asyncio.Future[None]] = []

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a second Ctrl-C exits at once
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stopped = asyncio.run_coroutine_threadsafe(_stop(runner), loop)
        stopping.append(asyncio.wrap_future(stopped, loop=loop))

    runner.handle_sigterm = stop  # type: ignore[method-assign]
    signal.signal(signal.SIGINT, stop)
    await runner.start()
    await asyncio.gather(*stopping)


async def _stop(runner: Runner) -> None:
    """Stop a runner. A runner that is still starting cannot be stopped, so wait until it runs."""
    while not runner.started:
        await asyncio.sleep(0.1)
    await runner.astop()


def _announcement(served: Sequence[RunnerDeployment], warehouse: Path) -> str:
    """Return one line with the deployments, the next run, and the address of Prefect's UI."""
    from prefect.server.schemas.schedules import CronSchedule
    from prefect.settings import get_current_settings

    due = []
    for deployment in served:
        for scheduled in deployment.schedules or []:
            assert scheduled.schedule
            cron = CronSchedule.model_validate(scheduled.schedule.model_dump())
            (at,) = asyncio.run(cron.get_dates(1))
            due.append((at.astimezone(KST), deployment.name))
    at, first = min(due)
    names = ", ".join(str(deployment.name) for deployment in served)
    return (
        f"serving {names} into {warehouse};"
        f" next: {first} at {at:%Y-%m-%d %H:%M} KST; UI: {get_current_settings().ui_url}"
    )
