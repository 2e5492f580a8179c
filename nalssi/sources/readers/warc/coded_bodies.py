"""Decode the HTTP bodies of many records into one buffer, those in gzip coding with one call.

The size of a body's content is taken from its last four bytes (ISIZE, RFC 1952), which is right if
the body is one gzip member. A member with random content is put after each body, so no member of a
body can go on in the next body: it cannot have the right checksum. So if the sizes add up to the
length of the whole content, a body ends at each of the positions. If they do not, or if a body is
damaged, the bodies are decoded one by one, like bodies in other codings.
"""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Iterable
from typing import Final, NamedTuple

from nalssi.sources.readers.warc.gzip_buffers import (
    BUFFER_BYTES,
    buffer_of_thread,
    decompress_all,
)
from nalssi.sources.readers.warc.http_codings import CodingError, decode_body, gzip_size

MAX_BODY_BYTES: Final = 2**20
"""The size of the largest body, in bytes after decoding. Larger bodies are not decoded here."""

_SEPARATOR_BYTES = 20
_SEPARATOR = gzip.compress(b"%020d" % secrets.randbelow(10**_SEPARATOR_BYTES), mtime=0)


class CodedBody(NamedTuple):
    """An HTTP body as it is stored, with the codings that its head states."""

    number: int
    """A number by which the caller knows the body."""
    data: bytes
    transfer: list[str]
    """The transfer codings, in lower case, in the order in which they were applied."""
    content: list[str]
    """The content codings, in lower case, in the order in which they were applied."""


class DecodedBodies(NamedTuple):
    """Bodies after decoding: body n is bytes `bounds[n]` to `bounds[n + 1]` of `content`.

    A body may be followed by digits that do not belong to it. `content` is valid until this thread
    decodes other bodies.
    """

    content: bytearray
    bounds: list[int]
    numbers: list[int]
    """The numbers of the bodies, in the order of `bounds`."""


def decode_bodies(bodies: Iterable[CodedBody]) -> DecodedBodies:
    """Decode bodies: first those in gzip coding, then the others; `numbers` names them.

    Bodies that are damaged, are larger than MAX_BODY_BYTES or do not fit into the rest of the
    buffer (BUFFER_BYTES) are missing in the result.
    """
    content = buffer_of_thread("bodies")
    bounds = [0]
    members: list[bytes] = []
    together: list[CodedBody] = []
    others: list[CodedBody] = []
    for body in bodies:
        size = gzip_size(body.data) if body.content == ["gzip"] and not body.transfer else None
        end = bounds[-1] + (size or 0) + _SEPARATOR_BYTES
        if not size or size > MAX_BODY_BYTES or end > BUFFER_BYTES:
            others.append(body)
            continue
        together.append(body)
        members += (body.data, _SEPARATOR)
        bounds.append(end)
    if together and not decompress_all(b"".join(members), memoryview(content)[: bounds[-1]]):
        bounds, together, others = [0], [], together + others
    decoded = DecodedBodies(content, bounds, [body.number for body in together])
    for body in others:
        _decode(body, decoded)
    return decoded


def _decode(body: CodedBody, decoded: DecodedBodies) -> None:
    """Decode a body alone, and append it to `decoded`, unless it is damaged or too large."""
    begin = decoded.bounds[-1]
    limit = min(BUFFER_BYTES - begin, MAX_BODY_BYTES)
    try:
        content = decode_body(body.data, body.transfer, body.content, limit)
    except CodingError:
        return
    decoded.content[begin : begin + len(content)] = content
    decoded.bounds.append(begin + len(content))
    decoded.numbers.append(body.number)
