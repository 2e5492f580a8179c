"""Verify that a record of a web archive has the digest and the length that its fields state.

Only records that print a temperature unit are verified, because digests take time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.warc.archive_record import RECORD_MAGIC, Record, length_of
from nalssi.sources.readers.warc.header_fields import Fields

_DIGESTS = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
_LABELLED = re.compile(r"([a-z]+)-?(\d+)\s*:\s*([0-9a-z]+)=*", re.I)


def verify_block(record: Record) -> None:
    """Raise UnreadableError if a record's block does not match its WARC-Block-Digest.

    A digest is ignored if its algorithm or its form is unknown.
    """
    value = record.fields.get(b"warc-block-digest").decode("latin-1")
    found = _LABELLED.fullmatch(value)
    if found is None:
        return
    name = f"{found[1]}{found[2]}".lower()
    digest = _digest(found[3], _DIGESTS[name]) if name in _DIGESTS else None
    if digest is None:
        return
    block = memoryview(record.data)[record.start : record.end]
    if hashlib.new(name, block, usedforsecurity=False).digest() != digest:
        raise UnreadableError(
            "damaged: its block does not have the WARC-Block-Digest that it names"
        )


def verify_length(fields: Fields, data: bytes, start: int, end: int) -> None:
    """Raise UnreadableError if an uncoded HTTP body does not fit the Content-Length in `fields`.

    The body is bytes `start` to `end` of `data`. It does not fit if it is shorter, or if another
    record begins where it should end. A longer body is accepted, because many writers decode bodies
    and keep the length of the coded body.
    """
    length = length_of(fields)
    if length is None:
        return
    if end - start < length:
        raise UnreadableError("skipped: its body is shorter than its Content-Length says")
    if data.startswith(b"\r\n\r\n" + RECORD_MAGIC, start + length, end):
        raise UnreadableError("skipped: its length does not fit: it holds another record")


def _digest(text: str, size: int) -> bytes | None:
    """Decode a digest of `size` bytes from hexadecimal or base 32 digits; None if invalid."""
    try:
        if len(text) == 2 * size:
            return binascii.unhexlify(text)
        digest = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except binascii.Error:
        return None
    return digest if len(digest) == size else None
