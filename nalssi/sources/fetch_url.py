"""A page or corpus behind an http(s) address, read as a stream.

This serves an address that a user typed; the polite, guarded fetching of listed sites is
`nalssi capture`'s.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import httpx

MAX_BYTES = 2**30
MAX_SECONDS = 600.0
"""What an address may bring, and how long that may take: a server can go on for ever."""

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_REDIRECTS = 5
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "zstd")
_AGENT = "nalssi/0.1 (Korean weather tickers)"


class WebError(Exception):
    """The address gave no content; the message is the cause, in one line."""


@contextmanager
def open_url(url: str) -> Iterator[tuple[BinaryIO, str | None]]:
    """The body as a stream, and the charset that the server says it is in."""
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=_REDIRECTS,
                timeout=_TIMEOUT,
                headers={"user-agent": _AGENT, "accept-encoding": "identity"},
            ) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise WebError(f"the server answered {response.status_code}")
            # As it came: what is packed all the same is unpacked when read, within bounds.
            encoding = response.headers.get("content-encoding", "identity").lower()
            if encoding not in _ENCODINGS:
                raise WebError(f"the server packed its answer as {encoding!r}, unasked")
            yield cast(BinaryIO, _Body(response.iter_raw(2**16))), response.charset_encoding
    except httpx.InvalidURL as error:
        raise WebError(f"no address: {error}") from error
    except httpx.TooManyRedirects as error:
        raise WebError(f"more than {_REDIRECTS} redirects") from error
    except httpx.TimeoutException as error:
        raise WebError("the server did not answer in time") from error
    except httpx.HTTPError as error:
        raise WebError(str(error) or type(error).__name__) from error


class _Body(io.RawIOBase):
    """An iterator of blocks as a stream; one block a read, of whatever size it came in."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._length = 0
        self._end = time.monotonic() + MAX_SECONDS

    def read(self, _size: int = -1) -> bytes:
        block = next(self._blocks, b"")
        self._length += len(block)
        if self._length > MAX_BYTES:
            raise WebError(f"more than {MAX_BYTES >> 20} MiB")
        if time.monotonic() > self._end:
            raise WebError(f"not at its end after {MAX_SECONDS:g} seconds")
        return block
