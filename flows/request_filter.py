"""A filter for requests to nalssi's Prefect servers. It refuses requests of other web sites.

Prefect accepts requests for any `Host` and from any origin. So a page of another site, open in the
user's browser, could send requests to a server on this machine: directly, or under its own host
name that resolves to 127.0.0.1 (DNS rebinding). Browsers name the requesting page in `Origin`. In
requests without `Origin`, they state in `Sec-Fetch-Site` how the page is related to the server
(https://www.w3.org/TR/fetch-metadata/). Other programs send neither header. The password is checked
elsewhere (`flows.password`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocketClose

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
HOSTS_VARIABLE = "NALSSI_HOSTS"
"""The environment variable with additional host names of the server, separated by commas."""
HOST_HEADER = re.compile(r"(?P<name>\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?")


def configured_hosts() -> list[str]:
    """Return the host names in NALSSI_HOSTS, in lower case."""
    names = os.environ.get(HOSTS_VARIABLE, "").split(",")
    return [name.strip().lower() for name in names if name.strip()]


class RequestFilter:
    """An ASGI application that passes allowed requests to `app`, and refuses all other requests.

    Allowed are requests of the server's own pages and of programs other than browsers, and requests
    that open a page because the user followed a link. `hosts` are additional names that `Host` may
    have, with any port. `origins` are additional origins whose pages may send requests, such as
    `https://weather.example`.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str] = (), origins: Collection[str] = ()
    ) -> None:
        self._app = app
        self._hosts = {*LOCAL_HOSTS, *hosts}
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to the application, or answer it with status 403.

        A refused websocket is closed before it opens.
        """
        if scope["type"] not in ("http", "websocket") or not (reason := self._refusal(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(f"{reason}\n", status_code=403)(scope, receive, send)
        else:
            await WebSocketClose(reason=reason)(scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        """Return the reason to refuse a request, or None if it is allowed."""
        headers = Headers(scope=scope)
        if any(len(headers.getlist(name)) > 1 for name in ("host", "origin")):
            return "more than one Host or Origin"
        host = headers.get("host", "").lower()
        match = HOST_HEADER.fullmatch(host)
        if not match or match["name"] not in self._hosts:
            return f"this Host is not served here: name it in {HOSTS_VARIABLE} if it should be"
        if origin := headers.get("origin"):
            # The scheme may differ: a proxy in front of this server can speak https.
            origin_host = re.sub(r"^https?://", "", origin.lower())
            own = origin_host in {host, *self._hosts - set(LOCAL_HOSTS)}
            return None if own or origin in self._origins else "requests of other sites are refused"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return None if _opens_page(scope, headers) else "requests of other sites are refused"
        return None


def _opens_page(scope: Scope, headers: Headers) -> bool:
    """Return whether a request opens a page because the user followed a link of another site.

    Such a request is harmless: the page with the link cannot read the answer.
    """
    return (
        scope.get("method") in ("GET", "HEAD")
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
