"""The decompressed content of a web archive as one stream, of which only a part is in memory.

The stream knows where in the file each compressed member begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nalssi.sources.readers.warc.archive_members import Gap, Piece
from nalssi.sources.readers.warc.archive_record import RECORD_MAGIC


class MemberStart(NamedTuple):
    """Where a member begins, in the content and in the file."""

    position: int
    """The byte of the content."""
    offset: int
    """The byte of the file."""
    compressed: bool


class MemberStream:
    """Joined pieces of members. `data` is the part in memory; it begins at byte `position`.

    Usage::

        event = stream.peek()       # a Piece, a Gap, or None at the end
        stream.read_more()          # appends the next Piece to `data`
        stream.drop(size)           # removes the first bytes of `data`
    """

    def __init__(self, events: Iterable[Piece | Gap]) -> None:
        self._events: Iterator[Piece | Gap] = iter(events)
        self._next_event: Piece | Gap | None = None
        self._member_starts = [MemberStart(0, 0, compressed=False)]
        self.data = bytearray()
        self.position = 0

    def peek(self) -> Piece | Gap | None:
        """The event after `data`, which stays in the stream."""
        if self._next_event is None:
            self._next_event = next(self._events, None)
        return self._next_event

    def pull(self) -> Piece | Gap | None:
        """Remove and return the event after `data`, without appending it."""
        event, self._next_event = self.peek(), None
        return event

    def read_more(self) -> bool:
        """Append the next piece; False at a gap and at the end."""
        event = self.peek()
        if not isinstance(event, Piece):
            return False
        self._next_event = None
        self.append(event)
        return True

    def append(self, piece: Piece) -> None:
        """Append a piece to `data`."""
        if piece.first:
            end = self.position + len(self.data)
            if self._member_starts[-1].position == end:
                self._member_starts.pop()
            self._member_starts.append(MemberStart(end, piece.offset, piece.compressed))
        self.data += piece.data

    def record_follows(self) -> bool:
        """Whether the event after `data` is a member that begins with a record."""
        event = self.peek()
        return isinstance(event, Piece) and event.first and event.data.startswith(RECORD_MAGIC)

    def drop(self, size: int) -> None:
        """Remove the first `size` bytes of `data`."""
        del self.data[:size]
        self.position += size
        if len(self._member_starts) > 1 and self._member_starts[1].position <= self.position:
            del self._member_starts[: self._index(self.position)]

    def drop_match(self, pattern: re.Pattern[bytes]) -> None:
        """Remove the match of `pattern` at the beginning of `data`."""
        if found := pattern.match(self.data):
            size = found.end()
            del found
            if size:
                self.drop(size)

    def skip_bytes(self, size: int) -> int:
        """Remove `size` bytes, reading more as needed. Returns how many bytes were missing.

        A member that begins with a record is not skipped, because it is not part of a block.
        """
        while True:
            present = min(size, len(self.data))
            self.drop(present)
            size -= present
            if not size or self.record_follows() or not self.read_more():
                return size

    def member_start(self, at: int = 0) -> MemberStart:
        """The start of the member that contains byte `at` of `data`."""
        return self._member_starts[self._index(self.position + at)]

    def record_start(self, start: int) -> int | None:
        """The first byte of `data`, from `start` on, at which a member and a record begin."""
        for member in self._member_starts:
            at = member.position - self.position
            if at >= start and self.data.startswith(RECORD_MAGIC, at):
                return at
        return None

    def _index(self, position: int) -> int:
        return max(
            bisect_right(self._member_starts, position, key=lambda member: member.position) - 1, 0
        )
