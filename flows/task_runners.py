"""Choose where the extraction tasks of a run execute.

They run in threads of this process, on a Dask cluster that the run starts, or on a Dask cluster
that is already running.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from prefect.settings import get_current_settings
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from nalssi.common.cores import usable_cores

if TYPE_CHECKING:
    from distributed import Client

Runner = Literal["local", "dask"]

FIRST_WORKER_TIMEOUT_S = 30
"""The number of seconds to wait for the first worker of a running cluster."""
SERVICES_TIMEOUT_S = 10
"""The largest number of seconds in which a worker sends its last events to Prefect."""
# Every worker would start one polars thread for each core. The variable must be set before a worker
# starts, because the worker may import polars with the caller's main module.
_ONE_POLARS_THREAD = {"distributed.nanny.pre-spawn-environ.POLARS_MAX_THREADS": "1"}
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


class ClusterError(RuntimeError):
    """A Dask cluster cannot be used. The message gives the cause and what to do."""


@contextmanager
def task_runner(runner: Runner, dask_address: str | None) -> Iterator[TaskRunner[Any]]:
    """Yield a task runner to which tasks can be submitted: threads (`local`), or Dask workers.

    Without `dask_address`, the runner `dask` starts a cluster on this machine. Raises ClusterError
    if the cluster at `dask_address` cannot run the tasks.
    """
    if runner == "local":
        threads: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=usable_cores())
        with threads:
            yield threads
        return
    from prefect_dask.task_runners import DaskTaskRunner

    if not dask_address:
        import dask

        workers = {"n_workers": usable_cores(), "threads_per_worker": 1, "dashboard_address": None}
        with dask.config.set(_ONE_POLARS_THREAD), DaskTaskRunner(cluster_kwargs=workers) as cluster:
            yield cluster
        return
    with DaskTaskRunner(address=dask_address) as cluster:
        check_workers(cluster.client, dask_address)
        try:
            yield cluster
        finally:
            cluster.client.run(_end_connections, on_error="ignore")


async def _end_connections() -> None:
    """Let this Dask worker send its last events to Prefect, and close its connections to Prefect.

    Prefect keeps the connections of a process for ever. The server of the next run may have another
    address, and the tasks of that run would then fail.
    """
    from prefect.events.worker import EventsWorker

    # The method ends all services of Prefect in the process, not only that of events.
    ended = EventsWorker.drain_all(timeout=SERVICES_TIMEOUT_S, at_exit=False)
    if isawaitable(ended):
        await ended


def check_workers(client: Client, dask_address: str) -> None:
    """Raise ClusterError if the cluster has no worker, or if its workers cannot reach Prefect.

    Without a worker, tasks would wait for ever. Without Prefect's server, they would fail.
    """
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER_TIMEOUT_S)
    except TimeoutError:
        raise ClusterError(f"the Dask scheduler at {dask_address} has no workers") from None
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    hosts = sorted({worker["host"] for worker in workers})
    remote = [host for host in hosts if not _is_this_machine(host)]
    server = get_current_settings().api.url or ""
    if remote and urlsplit(server).hostname in LOCAL_HOSTS:
        raise ClusterError(
            f"the Dask workers on {', '.join(remote)} cannot reach Prefect's server at {server}:"
            " start a server that they can reach, as docs/scale.md shows, and set PREFECT_API_URL"
        )


def _is_this_machine(host: str) -> bool:
    """Return whether an address belongs to this machine.

    A socket can listen on an address only if it belongs to this machine.
    """
    try:
        socket.create_server((host, 0)).close()
    except OSError:
        return False
    return True
