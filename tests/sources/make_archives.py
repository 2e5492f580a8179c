"""Make `archives/`: the files that wget and warcio write of a local server. Run it by hand.

    python -m tests.sources.make_archives

It needs wget. The tests read the committed files, which have the heads, lengths and digests of the
tools.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import tempfile
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from warcio.capture_http import capture_http

import http.client  # isort: skip  # after warcio, which has to patch it first

from tests.sources.sample_sources import html

FOLDER = Path(__file__).with_name("archives")
PATHS = ("plain", "gzip", "chunked", "gzip-chunked", "deflate", "plain")


class Pages(BaseHTTPRequestHandler):
    """A page at each address, sent as the address says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        form, _, number = self.path.strip("/").partition("?")
        body = html() + b"<!-- %s -->" % number.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if "gzip" in form:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        if form == "deflate":
            body = zlib.compress(body)
            self.send_header("Content-Encoding", "deflate")
        if "chunked" in form:
            self.send_header("Transfer-Encoding", "chunked")
            body = b"".join(
                b"%x\r\n%s\r\n" % (len(part), part)
                for part in (body[:200], body[200:400], body[400:])
            )
            body += b"0\r\n\r\n"
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Do not log requests."""


def main() -> None:
    """Write every archive anew."""
    FOLDER.mkdir(exist_ok=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        addresses = [f"http://127.0.0.1:{port}/{form}?{n}" for n, form in enumerate(PATHS)]
        for name, options in {
            "wget": [],
            "wget-compression": ["--compression=auto"],
            "wget-plain": ["--no-warc-compression"],
        }.items():
            _wget(name, options, addresses)
        with capture_http(str(FOLDER / "warcio-capture.warc.gz"), warc_version="1.1"):
            for address in addresses:
                connection = http.client.HTTPConnection("127.0.0.1", port)
                connection.request("GET", address)
                connection.getresponse().read()
                connection.close()
        server.shutdown()


def _wget(name: str, options: list[str], addresses: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = ["wget", "-q", "-O", "page", "--no-warc-keep-log", f"--warc-file={name}"]
        subprocess.run([*command, *options, *addresses], cwd=folder, check=True)
        for archive in Path(folder).glob("*.warc*"):
            shutil.move(archive, FOLDER / archive.name)


if __name__ == "__main__":
    main()
