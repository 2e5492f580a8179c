"""The events of decompressing a web archive: data of members, gaps without data, plain pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from isal import isal_zlib

CUT = "the archive is cut off here; all records before were read"


class Piece(NamedTuple):
    """Decompressed data of a web archive: a whole member (gzip or zstd), or a part of one."""

    offset: int
    """The byte of the file at which the member begins."""
    data: bytes
    first: bool
    """Whether the member begins with this piece."""
    last: bool
    """Whether the member ends with this piece, verified by its decoder."""
    compressed: bool = True
    """False for the bytes of an uncompressed file, which has no members."""


class Gap(NamedTuple):
    """Bytes `offset` to `end` of a web archive's file whose data is lost or incomplete."""

    offset: int
    end: int
    cause: str
    kind: Literal["cut", "damage", "zeros", "garbage"]


class PlainPages(NamedTuple):
    """Consecutive gzip members, each a record with a page that is counted but not read.

    The page cannot contain a ticker (`plain_pages`).
    """

    offsets: list[int]
    """The bytes of the file at which the members begin."""
    compressed: memoryview
    """The compressed members. They were decompressed once to verify them."""

    @property
    def pages(self) -> int:
        """The number of members."""
        return len(self.offsets)

    @property
    def last_offset(self) -> int:
        """The byte of the file at which the last member begins."""
        return self.offsets[-1]

    def pieces(self) -> Iterator[Piece]:
        """Decompress the members again and yield them as pieces."""
        begin, size = self.offsets[0], len(self.compressed)
        for start, end in pairwise([*self.offsets, begin + size]):
            member = self.compressed[start - begin : end - begin]
            yield Piece(start, isal_zlib.decompress(member, wbits=31), first=True, last=True)


Event = Piece | Gap | PlainPages
