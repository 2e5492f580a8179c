"""A Prefect server for the length of one command, where the user has none running.

A command that runs a flow needs its API only; `nalssi serve` has it schedule and show its UI too.

Prefect starts such a server by itself, but in the terminal's process group and with the
terminal's stderr: Ctrl-C takes the server away before the run can say that it stopped (the
client then tries again for more than a minute), a killed run leaves its server behind for good,
and what the server complains of stands in the user's terminal. This one has a session of its
own, ends by itself when its parent has ended, however that came, and speaks only when it does
not start. It listens before it is started, so nobody can take its port in between.

It answers nobody without the password (flows.password), and no web page but its own
(flows.request_filter).
The password is handed to this process's client and to its children in the environment only.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import IO, TYPE_CHECKING

from flows.password import Password, random_password
from flows.settings import QUIET
from nalssi.common.errors import first_line

if TYPE_CHECKING:
    from prefect.settings import Settings
    from starlette.types import ASGIApp

ERROR = re.compile(r"^[\w.]+(?:Error|Exception): .+", re.MULTILINE)  # a traceback's last line

# As Prefect's own temporary server has it: without scheduler and the like.
EPHEMERAL = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1"}
# A relative address is right however the UI is reached: under localhost, by ssh -L, by a proxy.
WITH_UI = {"PREFECT_UI_API_URL": "/api"}

ANSWER_S = 10
"""How long a server that is said to run may take to answer."""
UNAUTHORIZED = 401


class ServerError(RuntimeError):
    """Prefect's server cannot be used; the message is one line."""


_servers: list[subprocess.Popen[bytes]] = []  # kept, for a server ends when its stdin is closed


def start_server(
    *, port: int = 0, password: Password | None = None, services: bool = False
) -> Callable[[], None]:
    """Begin to start a server unless Prefect's settings name one; a function to wait for it.

    With `services` it schedules deployments and shows Prefect's UI; on `port` if that is free.
    Without `password` it gets one that only this process and its children know.
    The function raises ServerError when the server does not answer in the time that the setting
    `server.ephemeral.startup_timeout_seconds` gives it, or when the one that is named does not
    answer at all or refuses the password in the settings.
    """
    from prefect.context import refresh_global_settings_context
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    if settings.api.url:
        return check_server
    secret = password.text if password else random_password()
    complaints = tempfile.TemporaryFile()  # noqa: SIM115  # it lives as long as the server
    with _listen(port) as listening:
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        address = f"{origin}/api"
        server = subprocess.Popen(
            [sys.executable, "-m", "flows.prefect_server", str(listening.fileno())],
            stdin=subprocess.PIPE,
            stdout=complaints,
            stderr=complaints,
            pass_fds=[listening.fileno()],
            start_new_session=True,
            env={
                **{name: value for name, value in os.environ.items() if name not in QUIET},
                **settings.to_environment_variables(exclude_unset=True),
                **(WITH_UI if services else EPHEMERAL),
                "PREFECT__SERVER_FINAL": "1",
                "PREFECT_SERVER_API_AUTH_STRING": secret,
                "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": ",".join([origin, *_origins(settings)]),
            },
        )
    _servers.append(server)
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = ",".join(filter(None, [no_proxy, "127.0.0.1"]))
    os.environ["PREFECT_API_URL"] = address
    os.environ["PREFECT_API_AUTH_STRING"] = secret
    refresh_global_settings_context()
    return lambda: _wait(address, settings.server.ephemeral.startup_timeout_seconds, complaints)


def check_server() -> None:
    """Raise ServerError unless the server that Prefect's settings name answers our requests now."""
    from prefect.client.orchestration import get_client
    from prefect.settings import (
        PREFECT_CLIENT_MAX_RETRIES,
        get_current_settings,
        temporary_settings,
    )

    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
        client = get_client(httpx_settings={"timeout": ANSWER_S}, sync_client=True)
        try:
            client.read_flows(limit=1)  # its health it tells anybody, without a password
            return
        except Exception as error:  # noqa: BLE001  # Prefect's, httpx's, the operating system's
            failed = error
    settings = get_current_settings()
    problem = f"does not answer: {cause(failed)}"
    if status(failed) == UNAUTHORIZED and settings.api.auth_string:
        problem = "refuses the password in PREFECT_API_AUTH_STRING"
    elif status(failed) == UNAUTHORIZED and settings.api.key:
        problem = "refuses the key in PREFECT_API_KEY"
    elif status(failed) == UNAUTHORIZED:
        problem = "asks for a password: set PREFECT_API_AUTH_STRING"
    raise ServerError(f"Prefect's server at {settings.api.url} {problem}") from failed


def status(error: Exception) -> int | None:
    """The HTTP status that a request failed with."""
    response = getattr(error, "response", None)
    return None if response is None else response.status_code


def cause(error: Exception) -> str:
    """Why a request failed, in a few words."""
    if answered := status(error):
        return f"HTTP status {answered}"
    return re.sub(r"^\[Errno -?\d+\] ", "", first_line(error)).lower()


def _origins(settings: Settings) -> list[str]:
    """Origins that the user has named for CORS; Prefect's default, any, is none here."""
    named = settings.server.api.cors_allowed_origins.split(",")
    return [origin.strip() for origin in named if origin.strip() not in ("", "*")]


def _listen(port: int) -> socket.socket:
    """A listening socket of this machine alone: on that port, or on any where it is taken."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


def _wait(address: str, seconds: float, complaints: IO[bytes]) -> None:
    """Wait for the first answer: the connection stands until the server accepts or is gone."""
    import httpx
    from prefect.settings import get_current_settings

    try:
        httpx.get(f"{address}/health", timeout=seconds).raise_for_status()
    except httpx.HTTPError as error:
        complaints.seek(0)
        errors = ERROR.findall(complaints.read().decode(errors="replace"))
        cause = errors[-1] if errors else f"no answer in {seconds:g} s"
        home = get_current_settings().home
        raise ServerError(f"Prefect's server did not start (its data: {home}): {cause}") from error


def _guarded() -> ASGIApp:
    """Prefect's server behind the guard."""
    from prefect.server.api.server import create_app
    from prefect.settings import get_current_settings

    from flows.request_filter import RequestFilter, configured_hosts

    return RequestFilter(create_app(), configured_hosts(), _origins(get_current_settings()))


def _serve(descriptor: int) -> None:
    """Serve Prefect's API on an open socket until standard input, which the parent has, ends."""
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            _guarded,
            factory=True,
            lifespan="on",
            log_level="error",
            timeout_graceful_shutdown=5,
        )
    )

    def stop_with_parent() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True

    threading.Thread(target=stop_with_parent, daemon=True).start()
    server.run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
