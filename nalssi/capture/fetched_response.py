"""A fetched response: as the server sent it, and its body unpacked within a limit."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx

from nalssi.common.decompression import (
    DECOMPRESSION_ERRORS,
    DecompressedSizeError,
    gunzip,
    join_within,
)
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text


class FetchError(Exception):
    """A page could not be fetched. The message is the cause. It may contain text of the server."""

    def __init__(
        self,
        cause: str,
        *,
        temporary: bool = False,
        status: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(safe_text(cause, MAX_MESSAGE_LENGTH))
        self.temporary = temporary
        """Whether another request may soon succeed."""
        self.status = status
        self.retry_at = retry_at
        """The time from which the server accepts requests again, or None if it did not state one.
        """


@dataclass(frozen=True)
class FetchedResponse:
    """A response as the server sent it."""

    url: str
    """The address of the page after redirects."""
    at: datetime
    status: int
    reason: str
    http_version: str
    headers: Sequence[tuple[bytes, bytes]]
    address: str
    """The IP address of the server."""
    raw: bytes
    """The body as the server sent it, without the chunked transfer coding."""
    body: bytes
    """The body after unpacking."""

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None if the response does not have it."""
        value: str | None = httpx.Headers(self.headers).get(name)
        return value


def unpack(raw: bytes, encoding: str, most: int) -> bytes:
    """Undo the `Content-Encoding` (`encoding`) of a body.

    Raises FetchError for another encoding than gzip, for damaged data, or if the unpacked body has
    more than `most` bytes. A body that is not compressed is returned, whatever its size.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity") or not raw:
        return raw
    if encoding not in ("gzip", "x-gzip"):
        raise FetchError(f"compressed with {encoding[:20]}, which is not supported")
    try:
        return join_within(gunzip(io.BytesIO(raw)), most)
    except DecompressedSizeError as error:
        raise FetchError(f"larger than {most:,} bytes when unpacked") from error
    except EOFError as error:
        raise FetchError("its gzip data is cut off", temporary=True) from error
    except DECOMPRESSION_ERRORS as error:
        raise FetchError("its gzip data is damaged", temporary=True) from error
