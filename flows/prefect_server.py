"""A Prefect server that runs as long as one command, for users who do not run one.

A command that runs a flow needs only the server's API. For `nalssi serve` the server also schedules
runs and shows Prefect's UI.

Prefect can start such a server itself, but in the terminal's process group and with the terminal's
stderr. This has three faults. Ctrl-C stops the server before the run has reported its end, and the
client retries for more than a minute. A killed run leaves its server running. The server's messages
appear in the terminal. The server of this module has a session of its own, stops when its parent
process ends for any reason, and its output is only shown if it does not start. Its socket listens
before the process starts, so no other process can take the port in between.

The server refuses requests without the password (`flows.password`) and requests of other web sites
(`flows.request_filter`). The password is in the environment of this process and of its children
only.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from flows.password import Password, random_password
from flows.settings import NO_TERMINAL_LOGS
from nalssi.common.errors import reason_without_number

ERROR = re.compile(r"^[\w.]+(?:Error|Exception): .+", re.MULTILINE)
"""Matches the last line of a traceback, which names the error."""

# The settings of Prefect's own temporary server: no scheduler and no other services. The types of
# Prefect's blocks, which nalssi does not use, are not written to its database, so the packages with
# more types, such as prefect-dask, are not imported: the server starts 0.3 s earlier.
API_ONLY = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "0",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "0",
}
# A relative address works under every name of the server: localhost, ssh -L, a proxy.
WITH_UI = {"PREFECT_UI_API_URL": "/api"}

CHECK_TIMEOUT_S = 10
"""The number of seconds in which a running server must answer `check_server`."""
UNAUTHORIZED = 401


NEEDS_POSIX = (
    "nalssi starts Prefect servers on Linux and macOS only: on Windows, run `prefect server start`"
    " and set PREFECT_API_URL, or use WSL"
)


class ServerError(RuntimeError):
    """Prefect's server cannot be used. The message is one line."""


_servers: list[subprocess.Popen[bytes]] = []
"""The processes of the started servers. A server stops when the pipe to its stdin is closed, so the
objects must be kept."""


def is_temporary() -> bool:
    """Return whether the server ends with this process, which has started it."""
    from prefect.settings import get_current_settings

    return bool(_servers) or not get_current_settings().api.url


@contextmanager
def without_heartbeats() -> Iterator[None]:
    """Let runs in this block send no heartbeats to a temporary server (`is_temporary`).

    A server that keeps running can tell by them that a run has crashed. A temporary server ends
    with the run, whose end would wait up to a second for the thread that sends the heartbeats.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    if not is_temporary():
        yield
        return
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def start_server(
    *, port: int = 0, password: Password | None = None, services: bool = False
) -> Callable[[], None]:
    """Start a server unless Prefect's settings name one. Return a function that waits for it.

    With `services` the server schedules deployments and shows Prefect's UI. It listens on `port`
    if that is free, else on any port. Without `password` it gets a random one.

    The returned function raises ServerError if the server does not answer in the time of the
    setting `server.ephemeral.startup_timeout_seconds`. For a server that the settings name, it
    raises ServerError if the server does not answer or refuses the password.
    """
    secret = password.text if password else random_password()
    named = bool(os.environ.get("PREFECT_API_URL"))
    started = None if named else _start_process(port, secret, services=services)

    # The server has begun before this import, which takes both processes most of a second.
    from prefect.context import refresh_global_settings_context
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    if settings.api.url:
        if started:  # Prefect's profile names another server
            started.process.kill()
            started.process.wait()
        return check_server
    if not started:
        raise ServerError(NEEDS_POSIX)
    _servers.append(started.process)
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = ",".join(filter(None, [no_proxy, "127.0.0.1"]))
    os.environ["PREFECT_API_URL"] = started.address
    os.environ["PREFECT_API_AUTH_STRING"] = secret
    refresh_global_settings_context()
    seconds = settings.server.ephemeral.startup_timeout_seconds
    return lambda: _wait(started.address, seconds, started.output)


class _StartedServer(NamedTuple):
    process: subprocess.Popen[bytes]
    address: str
    """The address of the API."""
    output: IO[bytes]
    """The file with the output of the process."""


def _start_process(port: int, secret: str, *, services: bool) -> _StartedServer | None:
    """Start a server with the password `secret`. Return None on Windows.

    `port` and `services` are as in `start_server`.
    """
    if sys.platform == "win32":
        return None
    output = tempfile.TemporaryFile()  # noqa: SIM115  # it stays open as long as the server runs
    with _listen(port) as listening:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.prefect_server_process", str(listening.fileno())],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=[listening.fileno()],
            start_new_session=True,
            env={
                **{name: v for name, v in os.environ.items() if name not in NO_TERMINAL_LOGS},
                **(WITH_UI if services else API_ONLY),
                "PREFECT__SERVER_FINAL": "1",
                "PREFECT_SERVER_API_AUTH_STRING": secret,
            },
        )
        return _StartedServer(process, f"{origin(listening)}/api", output)


def check_server() -> None:
    """Raise ServerError unless the server that Prefect's settings name answers now."""
    from prefect.client.orchestration import get_client
    from prefect.settings import (
        PREFECT_CLIENT_MAX_RETRIES,
        get_current_settings,
        temporary_settings,
    )

    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
        client = get_client(httpx_settings={"timeout": CHECK_TIMEOUT_S}, sync_client=True)
        try:
            client.read_flows(limit=1)  # the health endpoint would answer without a password
            return
        except Exception as error:  # noqa: BLE001  # of Prefect, httpx or the operating system
            failed = error
    settings = get_current_settings()
    problem = f"does not answer: {request_failure(failed)}"
    if http_status(failed) == UNAUTHORIZED and settings.api.auth_string:
        problem = "refuses the password in PREFECT_API_AUTH_STRING"
    elif http_status(failed) == UNAUTHORIZED and settings.api.key:
        problem = "refuses the key in PREFECT_API_KEY"
    elif http_status(failed) == UNAUTHORIZED:
        problem = "asks for a password: set PREFECT_API_AUTH_STRING"
    raise ServerError(f"Prefect's server at {settings.api.url} {problem}") from failed


def http_status(error: Exception) -> int | None:
    """Return the HTTP status of a failed request, or None if the server did not answer."""
    response = getattr(error, "response", None)
    return None if response is None else response.status_code


def request_failure(error: Exception) -> str:
    """Return the reason why a request failed, in a few words."""
    if status := http_status(error):
        return f"HTTP status {status}"
    return reason_without_number(error)


def origin(listening: socket.socket) -> str:
    """Return the web origin of a server that listens on a socket, `http://127.0.0.1:PORT`."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def _listen(port: int) -> socket.socket:
    """Open a listening socket on 127.0.0.1, on `port` if it is free, else on any port."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


def _wait(address: str, seconds: float, output: IO[bytes]) -> None:
    """Wait until the server at `address` answers one request.

    The socket listens before the server runs, so the request waits for it, at most `seconds`.
    `output` is a file with the output of the server. Raises ServerError if there is no answer.
    """
    import httpx
    from prefect.settings import get_current_settings

    try:
        httpx.get(f"{address}/health", timeout=seconds).raise_for_status()
    except httpx.HTTPError as error:
        output.seek(0)
        errors = ERROR.findall(output.read().decode(errors="replace"))
        cause = errors[-1] if errors else f"no answer in {seconds:g} s"
        home = get_current_settings().home
        raise ServerError(f"Prefect's server did not start (its data: {home}): {cause}") from error
