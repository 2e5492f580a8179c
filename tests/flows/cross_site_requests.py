"""Requests that nalssi's Prefect servers must refuse, and requests that they must answer."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

EVIL = "http://evil.example"
SCRIPT = '{"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "id"}}]}'
ANY = "{}"
SECONDS = 120
WEBSOCKETS = (
    "events/in",
    "events/out",
    "logs/out",
    "task_runs/subscriptions/scheduled",
    "work_pools/nalssi/workers/connect",
)


@dataclass(frozen=True)
class Request:
    """A request, and the status of the expected answer.

    In a header, `{host}` stands for the server's `host:port` and `{port}` for its port. `password`
    is what the request sends: None for no `Authorization`, "right" for the server's password.
    """

    name: str
    status: int
    method: str = "GET"
    path: str = "/api/admin/version"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    password: str | None = "right"


def _cross(site: str = "cross-site", **more: str) -> dict[str, str]:
    names = {name.replace("_", "-"): value for name, value in more.items()}
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"} | names


JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
RUNS, DEPLOYMENT = "/api/flow_runs/filter", "/api/deployments/00000000-0000-0000-0000-000000000000"
PREFLIGHT = {
    "Origin": EVIL,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization,content-type",
}

REFUSED = [
    Request("no password, GET", 401, password=None),
    Request("no password, POST", 401, "POST", RUNS, JSON, ANY, None),
    Request("no password, PATCH of pull_steps", 401, "PATCH", DEPLOYMENT, JSON, SCRIPT, None),
    Request("no password, DELETE", 401, "DELETE", DEPLOYMENT, password=None),
    Request("no password, POST of text/plain", 401, "POST", RUNS, TEXT, ANY, None),
    Request("no password, settings", 401, path="/api/admin/settings", password=None),
    Request("no password, a path that ends in health", 401, path="/api/x/health", password=None),
    Request("wrong password", 401, password="nalssi:wrong"),
    Request("empty password", 401, password=":"),
    Request("the password for another scheme", 401, headers={"Authorization": "Bearer x"}),
    Request("evil Origin, GET", 403, headers={"Origin": EVIL}),
    Request("evil Origin, POST", 403, "POST", RUNS, {"Origin": EVIL, **JSON}, ANY),
    Request("evil Origin, PATCH", 403, "PATCH", DEPLOYMENT, {"Origin": EVIL, **JSON}, SCRIPT),
    Request("evil Origin, DELETE", 403, "DELETE", DEPLOYMENT, {"Origin": EVIL}),
    Request("evil Origin, no-cors POST", 403, "POST", RUNS, {"Origin": EVIL, **TEXT}, ANY, None),
    Request("evil Origin, the password guessed", 403, "POST", RUNS, {"Origin": EVIL, **TEXT}, ANY),
    Request("evil Origin, preflight", 403, "OPTIONS", DEPLOYMENT, PREFLIGHT, password=None),
    Request("evil Origin, health", 403, path="/api/health", headers={"Origin": EVIL}),
    Request("evil Origin, UI", 403, path="/ui-settings", headers={"Origin": EVIL}),
    Request("Origin null", 403, "POST", RUNS, {"Origin": "null", **TEXT}, ANY),
    Request("Origin of another port here", 403, headers={"Origin": "http://127.0.0.1:1"}),
    Request("Origin of another name here", 403, headers={"Origin": "http://localhost:{port}"}),
    Request("Origin that begins like ours", 403, headers={"Origin": "http://{host}.evil.example"}),
    Request("two Origins", 403, headers={"Origin": "http://{host}", "origin": EVIL}),
    Request("cross-site GET without Origin", 403, headers=_cross()),
    Request("same-site GET (another port)", 403, headers=_cross("same-site")),
    Request("cross-site form", 403, "POST", RUNS, _cross(Sec_Fetch_Mode="navigate"), ANY),
    Request(
        "cross-site frame",
        403,
        path="/",
        headers=_cross(Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="iframe"),
    ),
    Request("cross-site script", 403, path="/ui-settings", headers=_cross(Sec_Fetch_Dest="script")),
    Request("DNS rebinding, GET", 403, headers={"Host": "evil.example"}),
    Request("DNS rebinding, port kept", 403, headers={"Host": "evil.example:{port}"}),
    Request(
        "DNS rebinding, same origin",
        403,
        "POST",
        RUNS,
        {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}", **JSON},
        ANY,
    ),
    Request("DNS rebinding, UI", 403, path="/", headers={"Host": "evil.example:{port}"}),
    Request("DNS rebinding, health", 403, path="/api/health", headers={"Host": "evil.example"}),
    Request("Host that begins like ours", 403, headers={"Host": "127.0.0.1.evil.example"}),
    Request("Host that ends like ours", 403, headers={"Host": "evil-localhost"}),
    Request("Host with a user", 403, headers={"Host": "evil.example@127.0.0.1"}),
    Request("Host with a path", 403, headers={"Host": "127.0.0.1/evil.example"}),
    Request("Host empty", 403, headers={"Host": ""}),
    Request("two Hosts", 400, headers={"Host": "{host}", "host": "evil.example"}),
    Request("this machine's other address", 403, headers={"Host": "0.0.0.0:{port}"}),
]
ANSWERED = [
    Request("the password, GET", 200),
    Request("the password, POST", 200, "POST", RUNS, JSON, ANY),
    Request("by the name localhost", 200, headers={"Host": "localhost:{port}"}),
    Request("by the IPv6 address", 200, headers={"Host": "[::1]:{port}"}),
    Request("through a forwarded port", 200, headers={"Host": "127.0.0.1:8080"}),
    Request("health, which exposes nothing", 200, path="/api/health", password=None),
    Request(
        "its own UI",
        200,
        "POST",
        RUNS,
        _cross("same-origin", Origin="http://{host}", **{"Content-Type": "application/json"}),
        ANY,
    ),
    Request(
        "its own UI by localhost",
        200,
        headers={"Host": "localhost:{port}", "Origin": "http://localhost:{port}"},
    ),
]
UI = [
    Request("UI without a password, for it asks itself", 200, path="/v2/", password=None),
    Request(
        "UI, by a link elsewhere",
        200,
        path="/v2/",
        headers=_cross(Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document"),
        password=None,
    ),
]
"""Requests that a server with a UI must also answer."""


def wrongly_answered(requests: list[Request], address: str, password: str) -> dict[str, int]:
    """Send requests to a server. Return those with an unexpected status, and that status.

    A CORS header that would let another site's page read the answer also counts as unexpected.
    """
    wrong = {}
    for request in requests:
        status, headers = _send(request, urlsplit(address).netloc, password)
        if status != request.status or headers.get("access-control-allow-origin") in ("*", EVIL):
            wrong[request.name] = status
    return wrong


def _send(request: Request, host: str, password: str) -> tuple[int, dict[str, str]]:
    """Send a request with http.client, which accepts invalid headers, such as two Hosts."""
    connection = HTTPConnection(host, timeout=SECONDS)
    names = [name.lower() for name in request.headers]
    connection.putrequest(request.method, request.path, skip_host="host" in names)
    for name, value in request.headers.items():
        filled = value.replace("{host}", host).replace("{port}", host.rpartition(":")[2])
        connection.putheader(name, filled)
    if request.password and "authorization" not in names:
        given = password if request.password == "right" else request.password
        connection.putheader("Authorization", f"Basic {b64encode(given.encode()).decode()}")
    body = (request.body or "").encode()
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}


def websockets_that_open(
    address: str, password: str, only: Collection[str] | None = None
) -> list[str]:
    """Try to open every websocket of Prefect's API without permission. Return those that opened."""
    host = urlsplit(address).netloc
    attempts: dict[str, tuple[str | None, dict[str, str]]] = {
        "evil Origin": (password, {"Origin": EVIL}),
        "DNS rebinding": (password, {"Host": "evil.example"}),
        "no password": (None, {}),
        "wrong password": ("nalssi:wrong", {}),
        "no subprotocol": ("", {}),
    }
    return [
        f"{path}: {name}"
        for path in WEBSOCKETS
        for name, (token, headers) in attempts.items()
        if (only is None or name in only) and websocket_opens(host, path, token, headers)
    ]


def websocket_opens(
    host: str, path: str, token: str | None, headers: Mapping[str, str] | None = None
) -> bool:
    """Whether a websocket can be used. An empty token stands for a client other than Prefect's."""
    prefect = token != ""
    try:
        with connect(
            f"ws://{host}/api/{path}",
            subprotocols=["prefect"] if prefect else None,  # type: ignore[list-item]
            additional_headers=headers,
            open_timeout=SECONDS,
        ) as socket:
            if prefect:
                socket.send(json.dumps({"type": "auth", "token": token}))
                answer = json.loads(socket.recv(timeout=SECONDS))
                return bool(answer["type"] == "auth_success")
            socket.recv(timeout=1)  # the server closes the socket, or waits for input
            return True
    except TimeoutError:
        return True
    except (InvalidStatus, ConnectionClosed):
        return False
