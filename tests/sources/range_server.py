"""A web server that serves files by ranges, and fails in the ways that object storage fails."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import unquote

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")

Fault = Literal["cut", "slow down", "expired", "no ranges", "changed"]


@dataclass
class RangeSite:
    """The files of a server by path, and the faults of its next answers to GET, in order.

    - `cut`: the connection closes after half of the answer.
    - `slow down`: 503 with S3's code `SlowDown`.
    - `expired`: 403 with S3's code `ExpiredToken`.
    - `no ranges`: 200 with the whole file.
    - `changed`: the answer has another entity tag and other bytes.
    """

    files: dict[str, bytes]
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path and range of each request."""
    etag: str = '"1"'
    url: str = ""

    def served_bytes(self) -> int:
        """The number of bytes in the ranges of all GET requests, as asked for."""
        total = 0
        for method, path, asked in self.requests:
            size = len(self.files.get(path, b""))
            if method == "GET":
                start, end = _span(asked, size)
                total += end - start
        return total


def _span(asked: str | None, size: int) -> tuple[int, int]:
    found = _RANGE.fullmatch(asked or "")
    if not found:
        return 0, size
    first, last = found.groups()
    if not first:  # the last bytes of the file
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1 if last else size)


@contextmanager
def serve(site: RangeSite) -> Iterator[RangeSite]:
    """Serve a site on a port of this machine while the block runs, and set its `url`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            asked = self.headers.get("Range")
            path = unquote(self.path.partition("?")[0])
            site.requests.append((self.command, path, asked))
            content = site.files.get(path)
            fault = site.faults.pop(0) if site.faults and with_body else None
            if content is None:
                self._error(404, "NoSuchKey")
            elif fault in ("slow down", "expired"):
                code = (503, "SlowDown") if fault == "slow down" else (403, "ExpiredToken")
                self._error(*code)
            else:
                self._send(content, None if fault == "no ranges" else asked, fault, with_body)

        def _error(self, status: int, code: str) -> None:
            body = f"<Error><Code>{code}</Code><Message>secret</Message></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def _send(
            self, content: bytes, asked: str | None, fault: Fault | None, with_body: bool
        ) -> None:
            start, end = _span(asked, len(content))
            self.send_response(206 if asked else 200)
            if asked:
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
            self.send_header("Content-Length", str(end - start))
            self.send_header("ETag", '"2"' if fault == "changed" else site.etag)
            self.send_header("Last-Modified", "Sat, 28 Nov 2026 10:00:00 GMT")
            self.end_headers()
            if not with_body:
                return
            body = content[start:end]
            try:
                self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)
            except OSError:  # the client has read enough
                self.close_connection = True
            if fault == "cut":
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Do not log requests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site.url = f"http://127.0.0.1:{server.server_port}"
        yield site
        server.shutdown()
