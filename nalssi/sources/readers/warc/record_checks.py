"""Hold a record of an archive against what its heads say of it: its digest and its body's length.

Only records that print a unit are checked, so the others cost nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from nalssi.sources.readers.unpacked_file import RECORD, NotReadError
from nalssi.sources.readers.warc.header_fields import Fields
from nalssi.sources.readers.warc.warc_record import Record, length_of

_DIGESTS = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
_LABELLED = re.compile(r"([a-z]+)-?(\d+)\s*:\s*([0-9a-z]+)=*", re.I)


def verify_block(record: Record) -> None:
    """Raise NotReadError if the record's block has not the WARC-Block-Digest that its head names.

    A digest of another algorithm or in another form is passed over.
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
        raise NotReadError("damaged: its block does not have the WARC-Block-Digest that it names")


def verify_length(head: Fields, data: bytes, start: int, end: int) -> None:
    """Raise NotReadError if a body without a coding is shorter than its Content-Length, or if
    another record stands where that ends.

    A body that is longer was often decoded under its old head.
    """
    length = length_of(head)
    if length is None:
        return
    if end - start < length:
        raise NotReadError("passed over: its body is shorter than its Content-Length says")
    if data.startswith(b"\r\n\r\n" + RECORD, start + length, end):
        raise NotReadError("passed over: its length does not fit: it holds another record")


def _digest(text: str, size: int) -> bytes | None:
    """A digest of `size` bytes, written in hexadecimal digits or in base 32."""
    try:
        if len(text) == 2 * size:
            return binascii.unhexlify(text)
        digest = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except binascii.Error:
        return None
    return digest if len(digest) == size else None
