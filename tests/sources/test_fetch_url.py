"""Web addresses, served by a server of the tests' own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.sources.sample_sources import TICKER_LINES, html, problems, rows


class Site(BaseHTTPRequestHandler):
    """A page in EUC-KR that only the header tells, a redirect to it, a loop, a dead end."""

    def do_GET(self) -> None:
        body = html("cp949", "") if self.path == "/page" else b""
        status = {"/page": 200, "/moved": 301, "/loop": 302}.get(self.path, 404)
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=euc-kr")
        if status in (301, 302):
            self.send_header("Location", "/page" if status == 301 else "/loop")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Do not log requests."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("path", ["/page", "/moved"])
def test_a_fetched_page_has_its_charset_and_capture_time(site: str, path: str) -> None:
    before = datetime.now(UTC)
    (row,) = rows(site + path)
    assert TICKER_LINES[0] in str(row["text"])
    assert (row["uri"], row["site"]) == (site + path, "127.0.0.1")
    captured_at = row["captured_at"]
    assert isinstance(captured_at, datetime)
    assert before <= captured_at <= datetime.now(UTC)


def test_an_error_of_the_server_is_a_problem_with_its_cause(site: str) -> None:
    assert problems(f"{site}/no") == [f"{site}/no: the server answered 404"]
    assert problems(f"{site}/loop") == [f"{site}/loop: more than 5 redirects"]
    assert problems("http://127.0.0.1:1/") == [
        "http://127.0.0.1:1/: [Errno 111] Connection refused"
    ]
