"""The process of a Prefect server that a command starts: `flows.prefect_server` starts it.

    python -m flows.prefect_server_process DESCRIPTOR

DESCRIPTOR is the number of an inherited file descriptor: a socket that listens already.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

from flows.prefect_database import prepare_database
from flows.prefect_server import origin
from nalssi.common.process.workarounds import exit_without_teardown, import_without_collection

if TYPE_CHECKING:
    from prefect.settings import Settings
    from starlette.types import ASGIApp


def _filtered_app() -> ASGIApp:
    """Return the application of Prefect's server, wrapped in a `RequestFilter`."""
    with import_without_collection():
        from prefect.server.api.server import create_app
        from prefect.settings import get_current_settings

    import flows.mail_alert  # noqa: F401  # automations send mail with its block
    from flows.request_filter import RequestFilter, configured_hosts

    return RequestFilter(create_app(), configured_hosts(), _origins(get_current_settings()))


def _origins(settings: Settings) -> list[str]:
    """Return the web origins that the user allows for CORS, without Prefect's default `*`."""
    named = settings.server.api.cors_allowed_origins.split(",")
    return [each.strip() for each in named if each.strip() not in ("", "*")]


def _serve(listening: socket.socket) -> None:
    """Serve Prefect's API on a listening socket until stdin ends.

    Stdin is a pipe from the parent process, so the server stops with its parent. Returns at once if
    Prefect's settings name a server: the parent then uses that one.
    """
    with import_without_collection():
        from prefect.context import refresh_global_settings_context
        from prefect.settings import get_current_settings

    settings = get_current_settings()
    if settings.api.url:
        return
    os.environ |= {
        **prepare_database(settings),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": ",".join(
            [origin(listening), *_origins(settings)]
        ),
    }
    refresh_global_settings_context()

    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            _filtered_app,
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
    server.run(sockets=[listening])
    exit_without_teardown(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
