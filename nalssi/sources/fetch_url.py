"""Fetch an http(s) URL that a user named as a source, as a stream.

Pages of the source list are fetched by `nalssi.capture`, which also obeys robots.txt.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import httpx

from nalssi.common.decompression import PieceStream
from nalssi.common.version import USER_AGENT

MAX_BYTES = 2**30
"""The most bytes that are downloaded from a URL."""
MAX_SECONDS = 600.0
"""The longest time in seconds that a download may take."""

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_REDIRECTS = 5
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "zstd")


class WebError(Exception):
    """A URL could not be fetched. The message states the cause in one line."""


@contextmanager
def open_url(
    url: str, max_bytes: int = MAX_BYTES, max_seconds: float = MAX_SECONDS
) -> Iterator[tuple[BinaryIO, str | None]]:
    """Yield the response to a URL as a stream of bytes, and the charset that the server names.

    The charset is None if the server names none. The bytes are those that the server sent; they may
    be compressed with gzip or zstd. A `read` of the stream may return fewer bytes than requested.
    Raises WebError if the URL cannot be fetched, if the response is larger than `max_bytes`, or if
    it takes more than `max_seconds`, also while the caller reads the stream.
    """
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=_REDIRECTS,
                timeout=_TIMEOUT,
                headers={"user-agent": USER_AGENT, "accept-encoding": "identity"},
            ) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise WebError(f"the server answered {response.status_code}")
            # The raw bytes: a compressed body is decompressed, within limits, when it is read.
            encoding = response.headers.get("content-encoding", "identity").lower()
            if encoding not in _ENCODINGS:
                raise WebError(
                    f"the server compressed its answer as {encoding!r}, which nalssi did not"
                    " ask for"
                )
            blocks = _bounded(response.iter_raw(2**16), max_bytes, max_seconds)
            yield cast(BinaryIO, PieceStream(blocks)), response.charset_encoding
    except httpx.InvalidURL as error:
        raise WebError(f"no address: {error}") from error
    except httpx.TooManyRedirects as error:
        raise WebError(f"more than {_REDIRECTS} redirects") from error
    except httpx.TimeoutException as error:
        raise WebError("the server did not answer in time") from error
    except httpx.HTTPError as error:
        raise WebError(str(error) or type(error).__name__) from error


def _bounded(blocks: Iterator[bytes], max_bytes: int, max_seconds: float) -> Iterator[bytes]:
    """Yield the blocks of a response; raise WebError above `max_bytes` or `max_seconds`.

    The limits are needed because some responses never end.
    """
    length = 0
    end = time.monotonic() + max_seconds
    for block in blocks:
        length += len(block)
        if length > max_bytes:
            raise WebError(f"more than {max_bytes >> 20} MiB")
        if time.monotonic() > end:
            raise WebError(f"not complete after {max_seconds:g} seconds")
        yield block
