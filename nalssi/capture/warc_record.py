"""Convert a fetched response to a WARC response record, which tools for web archives read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from nalssi.capture.capture_log import utc_text

if TYPE_CHECKING:  # importing the fetcher imports httpx, which reading the log does not need
    from nalssi.capture.fetched_response import FetchedResponse


def warc_record(response: FetchedResponse, media_type: str) -> bytes:
    """Return a response as a WARC record. The body stays as the server sent it.

    `media_type` is stored in the record, so that `nalssi ingest` reads the body as this type.
    """
    http = b"%s %d %s\r\n" % (
        response.http_version.encode(),
        response.status,
        response.reason.encode("ascii", "replace"),
    )
    for name, value in _headers(response, media_type):
        http += b"%s: %s\r\n" % (name, value)
    content = http + b"\r\n" + response.raw
    head = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:{UUID(bytes=secrets.token_bytes(16), version=4)}>",
        "WARC-Date": utc_text(response.at),
        "WARC-Target-URI": response.url,
        "WARC-IP-Address": response.address,
        "WARC-Payload-Digest": f"sha256:{sha256(response.raw).hexdigest()}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(content)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + content + b"\r\n\r\n"


def _headers(response: FetchedResponse, media_type: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield the headers of a response for its WARC record.

    The stored body has no chunks, and its type is `media_type`. A header that says something else
    is stored under another name, such as `X-Crawler-Content-Type`. `x-gzip` is written as `gzip`.
    """
    for name, value in response.headers:
        match name.lower():
            case b"transfer-encoding":  # the chunks are joined
                yield b"X-Crawler-Transfer-Encoding", value
                yield b"Content-Length", b"%d" % len(response.raw)
            case b"content-encoding" if value.strip().lower() == b"x-gzip":
                yield name, b"gzip"
            case b"content-type":
                pass
            case _:
                yield name, value
    content_type = response.header("content-type") or ""
    kind, semicolon, parameters = content_type.partition(";")
    if kind.strip().lower() != media_type:
        yield b"X-Crawler-Content-Type", content_type.encode("latin-1", "replace")
    yield b"Content-Type", f"{media_type}{semicolon}{parameters}".encode("latin-1", "replace")
