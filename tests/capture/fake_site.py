"""A local web server whose responses the tests choose, and a fetcher for it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Network

from nalssi.capture.host_queues import HostQueues
from nalssi.capture.page_fetcher import Fetcher, Limits

HERE = (IPv4Network("127.0.0.1/32"),)
"""The network of the fake site, for `allow_private`."""

Play = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A running site: the response of each path (`plays`), and the requests it got (`asked`)."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.plays: dict[str, Play] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.over = threading.Event()
        """Set at the end of the test, so that a response that hangs on purpose ends."""

    def paths(self) -> list[str]:
        """Return the requested paths in order, without robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def last_headers(self) -> Mapping[str, str]:
        return self.asked[-1][1]

    def named(self, host: str) -> str:
        """Return the address of the site under a host name."""
        return f"http://{host}:{self.port}"


@contextmanager
def served(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a site. Paths without a response answer 404. `tls` is its certificate."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers))
            self.close_connection = True
            site.plays.get(self.path, page(b"", status=404))(self)

        def log_message(self, *args: object) -> None:
            """Do not log requests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        site = Site(server.server_port)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield site
        site.over.set()
        server.shutdown()


def page(
    body: bytes,
    content_type: str = "text/html; charset=utf-8",
    status: int = 200,
    claims: int | None = None,
    **headers: str,
) -> Play:
    """Return a response with a body. `claims` is the Content-Length, if it is a wrong one."""

    def play(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", content_type)
        request.send_header("Content-Length", str(len(body) if claims is None else claims))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return play


def moved(to: str, status: int = 302) -> Play:
    return page(b"", status=status, Location=to)


def marked(body: bytes, content_type: str, etag: str) -> Play:
    """Return a response with an ETag.

    It answers a request that repeats the ETag with status 304.
    """

    def play(request: BaseHTTPRequestHandler) -> None:
        known = request.headers["If-None-Match"] == etag
        page(b"" if known else body, content_type, 304 if known else 200, ETag=etag)(request)

    return play


def in_turn(*plays: Play) -> Play:
    """Return a response that gives the responses `plays` in turn, then repeats the last one."""
    left = list(plays)

    def play(request: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(request)

    return play


class Time:
    """A clock that moves only by `sleep`."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


NAMES = {
    "news.example": ["127.0.0.1"],
    "other.example": ["127.0.0.1"],
    "inner.example": ["10.0.0.1"],
    "mixed.example": ["127.0.0.1", "192.168.0.1"],
    "nothing.example": [],
}
QUICK = Limits(connect_s=2, read_s=0.3, total_s=1, size=100_000)
"""Limits for tests of timeouts. On a busy machine, any server may be too slow for them."""
PATIENT = Limits(connect_s=300, read_s=300, total_s=900, size=100_000)


def resolved(host: str, _port: int) -> list[str]:
    """Resolve the host names of the tests."""
    return NAMES.get(host, [host])


def fetcher(
    time: Time | None = None, delay_s: float = 5, limits: Limits = PATIENT, **given: object
) -> Fetcher:
    """Return a fetcher whose pauses take no time."""
    time = time or Time()
    hosts = HostQueues(delay_s, clock=time.clock, sleep=time.sleep)
    return Fetcher(hosts, limits=limits, **{"resolve": resolved, **given})  # type: ignore[arg-type]
