"""A web server of the tests' own, which plays what servers do."""

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
"""The network that the tests' sources may lie in."""

Play = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A site: what it plays, by path, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.plays: dict[str, Play] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.over = threading.Event()
        """Set when the test is over: who hangs, goes home."""

    def paths(self) -> list[str]:
        """What was asked for, in order, but for robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def last_headers(self) -> Mapping[str, str]:
        return self.asked[-1][1]

    def named(self, host: str) -> str:
        """The site's address under a name."""
        return f"http://{host}:{self.port}"


@contextmanager
def served(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that answers 404 until it is told what to play; with TLS if it has a certificate."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers))
            self.close_connection = True
            site.plays.get(self.path, page(b"", status=404))(self)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

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
    """Answer with a body; `claims`: the length that the header gives, if it is not true."""

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
    """A page that says so when it has not changed."""

    def play(request: BaseHTTPRequestHandler) -> None:
        known = request.headers["If-None-Match"] == etag
        page(b"" if known else body, content_type, 304 if known else 200, ETag=etag)(request)

    return play


def in_turn(*plays: Play) -> Play:
    """One after the other; the last goes on."""
    left = list(plays)

    def play(request: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(request)

    return play


class Time:
    """A clock that only moves when somebody sleeps."""

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
"""For servers that are to be given up; a busy machine may give up any server in that time."""
PATIENT = Limits(connect_s=300, read_s=300, total_s=900, size=100_000)


def resolved(host: str, _port: int) -> list[str]:
    """The addresses of the tests' names."""
    return NAMES.get(host, [host])


def fetcher(
    time: Time | None = None, delay_s: float = 5, limits: Limits = PATIENT, **given: object
) -> Fetcher:
    """A fetcher that waits for nobody but servers."""
    time = time or Time()
    hosts = HostQueues(delay_s, clock=time.clock, sleep=time.sleep)
    return Fetcher(hosts, limits=limits, **{"resolve": resolved, **given})  # type: ignore[arg-type]
