"""Make archives with the layout of Common Crawl, and their CDXJ indexes."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from isal import igzip

from benchmarks.corpora import Pages

SITES = 47  # has no divisor in common with WITH_TICKER, so that every site has tickers
WITH_TICKER = 20
"""One page in this number has a ticker. In a crawl of the whole web it is one in 100,000."""
BODIES = 400
"""The number of different pages without a ticker. They are repeated at other addresses."""


def make_archive(folder: Path, number: int, pages: int) -> int:
    """Write the archive with this number and its index into `folder`, unless they exist.

    `pages` is its number of pages. Returns the number of its pages with a ticker.
    """
    path = folder / f"CC-MAIN-{number:05}.warc.gz"
    index = path.with_suffix(".cdxj")
    tickers = len(range(WITH_TICKER // 2, pages, WITH_TICKER))
    if index.exists():
        return tickers
    tools = Pages(number)
    bodies = [tools.html(with_ticker=False).encode() for _ in range(BODIES)]
    lines = []
    with path.open("wb") as file:
        file.write(_member("warcinfo", "", b"software: benchmark\r\n"))
        for page in range(pages):
            host = f"www.site{page % SITES}.example"
            address = f"https://{host}/{number}/{page}"
            hit = page % WITH_TICKER == WITH_TICKER // 2
            body = tools.html(with_ticker=True).encode() if hit else bodies[page % BODIES]
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            request = f"GET /{page} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
            file.write(_member("request", address, request))
            offset = file.tell()
            file.write(_member("response", address, head + body))
            length = file.tell() - offset
            file.write(_member("metadata", address, b"fetchTimeMs: 100\r\n"))
            lines.append(_index_line(host, number, page, path.name, offset, length))
    index.write_text("".join(lines), "utf-8")
    return tickers


def _member(kind: str, address: str, content: bytes) -> bytes:
    media = {"warcinfo": "application/warc-fields", "metadata": "application/warc-fields"}
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2026-06-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <{uuid5(NAMESPACE_URL, f'{kind} {address}').urn}>\r\n"
        + (f"WARC-Target-URI: {address}\r\n" if address else "")
        + f"Content-Type: {media.get(kind, f'application/http; msgtype={kind}')}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return igzip.compress(head.encode() + content + b"\r\n\r\n", 1)


def _index_line(host: str, number: int, page: int, name: str, offset: int, length: int) -> str:
    key = ",".join(reversed(host.removeprefix("www.").split(".")))
    capture = {
        "url": f"https://{host}/{number}/{page}",
        "mime": "text/html",
        "status": "200",
        "digest": f"{number}-{page}",
        "length": str(length),
        "offset": str(offset),
        "filename": name,
    }
    return f"{key})/{number}/{page} 20260601000000 {json.dumps(capture)}\n"
