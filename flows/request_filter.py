"""What nalssi's own Prefect servers refuse, beside requests without the password.

Prefect accepts requests for any `Host` and from any origin. A web page that the user has open
elsewhere could so reach a server of this machine: directly, or under a name of its own that it has
pointed at 127.0.0.1 (DNS rebinding). Browsers name the page that asks in `Origin` and, for requests
without one, say in `Sec-Fetch-Site` how far away it is (https://www.w3.org/TR/fetch-metadata/).
Programs that are no browsers send neither.
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

HERE = ("127.0.0.1", "localhost", "[::1]")
HOSTS = "NALSSI_HOSTS"
"""Environment variable: further names, comma-separated, under which the UI is reached."""
AUTHORITY = re.compile(r"(?P<name>\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?")


def configured_hosts() -> list[str]:
    """The names in NALSSI_HOSTS, in lower case."""
    return [name.strip().lower() for name in os.environ.get(HOSTS, "").split(",") if name.strip()]


class RequestFilter:
    """An ASGI application that passes on what its own pages and programs ask.

    `hosts`: further names that `Host` may have, with any port. `origins`: further origins that may
    ask, such as `https://weather.example`.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str] = (), origins: Collection[str] = ()
    ) -> None:
        self._app = app
        self._hosts = {*HERE, *hosts}
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 in place of the application, or close a websocket before it opens."""
        if scope["type"] not in ("http", "websocket") or not (reason := self._refusal(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(f"{reason}\n", status_code=403)(scope, receive, send)
        else:
            await WebSocketClose(reason=reason)(scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        """Why a request is refused."""
        headers = Headers(scope=scope)
        if any(len(headers.getlist(name)) > 1 for name in ("host", "origin")):
            return "more than one Host or Origin"
        host = headers.get("host", "").lower()
        authority = AUTHORITY.fullmatch(host)
        if not authority or authority["name"] not in self._hosts:
            return f"this Host is not served here: name it in {HOSTS} if it should be"
        if origin := headers.get("origin"):
            # The scheme may differ: a proxy in front of this server speaks https.
            asking = re.sub(r"^https?://", "", origin.lower())
            own = asking in {host, *self._hosts - set(HERE)}
            return None if own or origin in self._origins else "requests of other sites are refused"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return None if _opens_page(scope, headers) else "requests of other sites are refused"
        return None


def _opens_page(scope: Scope, headers: Headers) -> bool:
    """Whether the user follows a link to this server. The page gets to know nothing of it."""
    return (
        scope.get("method") in ("GET", "HEAD")
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
