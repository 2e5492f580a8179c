"""What decompressing a web archive yields: the data of its members, and gaps without data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from nalssi.sources.readers.warc.gzip_runs import Run

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
    """Members `first` to `stop` of a run, each a record with a page that is only counted."""

    run: Run
    first: int
    stop: int

    @property
    def pages(self) -> int:
        """The number of members."""
        return self.stop - self.first

    @property
    def last_offset(self) -> int:
        """The byte of the file at which the last member begins."""
        return self.run.offsets[self.stop - 1]

    def pieces(self) -> Iterator[Piece]:
        """Yield the members as pieces."""
        run = self.run
        for member in range(self.first, self.stop):
            data = run.content[run.bounds[member] : run.bounds[member + 1]]
            yield Piece(run.offsets[member], data, first=True, last=True)


Event = Piece | Gap | PlainPages


def events_of(run: Run) -> Iterator[Piece | PlainPages]:
    """Yield the members of a run. Consecutive plain pages are one event."""
    for is_plain, group in groupby(range(len(run.offsets)), run.are_plain.__getitem__):
        first, *more = group
        members = PlainPages(run, first, first + 1 + len(more))
        if is_plain:
            yield members
        else:
            yield from members.pieces()
