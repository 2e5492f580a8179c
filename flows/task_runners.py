"""Where extraction runs: threads of this process, a Dask cluster for this run, or a running one."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from prefect.settings import get_current_settings
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from nalssi.common.cores import usable_cores

if TYPE_CHECKING:
    from distributed import Client

Runner = Literal["local", "dask"]

WORKERS_S = 30
"""How long a running cluster's first worker is waited for."""
# polars would start as many threads in each worker as there are cores. Set before a worker starts:
# it may import polars with our caller's main module, before Dask sets its environment.
_ONE_THREAD = {"distributed.nanny.pre-spawn-environ.POLARS_MAX_THREADS": "1"}
HERE = ("127.0.0.1", "localhost", "::1")


class ClusterError(RuntimeError):
    """A Dask cluster cannot be used; the message says why and what to do."""


@contextmanager
def task_runner(runner: Runner, dask_address: str | None) -> Iterator[TaskRunner[Any]]:
    """Something to submit tasks to. Raises ClusterError when it could not run them."""
    if runner == "local":
        threads: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=usable_cores())
        with threads:
            yield threads
        return
    from prefect_dask.task_runners import DaskTaskRunner

    if not dask_address:
        import dask

        workers = {"n_workers": usable_cores(), "threads_per_worker": 1, "dashboard_address": None}
        with dask.config.set(_ONE_THREAD), DaskTaskRunner(cluster_kwargs=workers) as cluster:
            yield cluster
        return
    with DaskTaskRunner(address=dask_address) as cluster:
        check_workers(cluster.client, dask_address)
        yield cluster


def check_workers(client: Client, dask_address: str) -> None:
    """Without a worker, tasks would wait for ever; without Prefect's server, they would fail."""
    try:
        client.wait_for_workers(1, timeout=WORKERS_S)
    except TimeoutError:
        raise ClusterError(f"the Dask scheduler at {dask_address} has no workers") from None
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    elsewhere = [host for host in sorted({w["host"] for w in workers}) if not _is_here(host)]
    server = get_current_settings().api.url or ""
    if elsewhere and urlsplit(server).hostname in HERE:
        raise ClusterError(
            f"the Dask workers on {', '.join(elsewhere)} cannot reach Prefect's server at {server}:"
            " start one that they can reach, as docs/scale.md shows, and name it in PREFECT_API_URL"
        )


def _is_here(host: str) -> bool:
    try:
        socket.create_server((host, 0)).close()
    except OSError:
        return False
    return True
