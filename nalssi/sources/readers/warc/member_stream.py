"""The decompressed data of a web archive as one stream, of which only a part is in memory.

The stream knows where in the file each compressed member begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from nalssi.sources.readers.warc.archive_record import RECORD_MAGIC
from nalssi.sources.readers.warc.member_events import Event, Gap, Piece, PlainPages


class MemberStart(NamedTuple):
    """The position at which a member begins, in the decompressed data and in the file.

    `compressed` says whether the member is compressed: an uncompressed file is one member.
    """

    position: int
    """The byte of all decompressed data at which the member begins."""
    offset: int
    """The byte of the file at which the member begins."""
    compressed: bool


class MemberStream:
    """The decompressed data of a web archive, joined from the pieces of its members.

    `data` is the part in memory; it begins at byte `position` of all decompressed data.

    Usage::

        event = stream.peek()       # a Piece, a Gap, or None at the end
        stream.read_more()          # appends the next Piece to `data`
        stream.drop(size)           # removes the first bytes of `data`
    """

    def __init__(self, events: Iterable[Event]) -> None:
        self._events: Iterator[Event] = iter(events)
        self._next_event: Piece | Gap | None = None
        self._member_starts = [MemberStart(0, 0, compressed=False)]
        self.data = bytearray()
        self.position = 0

    def peek(self) -> Piece | Gap | None:
        """Return the Piece or Gap that follows `data`, without removing it; None at the end."""
        if self._next_event is None:
            event = next(self._events, None)
            if isinstance(event, PlainPages):  # a record may go on in them
                self._events = chain(event.pieces(), self._events)
                return self.peek()
            self._next_event = event
        return self._next_event

    def pull(self) -> Event | None:
        """Remove and return the event that follows `data`; None at the end."""
        event, self._next_event = self._next_event, None
        return event or next(self._events, None)

    def read_more(self) -> bool:
        """Append the next Piece to `data`. Returns False if a Gap or the end follows instead."""
        event = self.peek()
        if not isinstance(event, Piece):
            return False
        self._next_event = None
        self.append(event)
        return True

    def append(self, piece: Piece) -> None:
        """Append a decompressed piece to `data`, and note where its member begins."""
        if piece.first:
            end = self.position + len(self.data)
            if self._member_starts[-1].position == end:
                self._member_starts.pop()
            self._member_starts.append(MemberStart(end, piece.offset, piece.compressed))
        self.data += piece.data

    def record_follows(self) -> bool:
        """Whether the next Piece is the beginning of a member and of a record."""
        event = self.peek()
        return isinstance(event, Piece) and event.first and event.data.startswith(RECORD_MAGIC)

    def drop(self, size: int) -> None:
        """Remove the first `size` bytes of `data`, the part of the stream that is in memory."""
        del self.data[:size]
        self.position += size
        if len(self._member_starts) > 1 and self._member_starts[1].position <= self.position:
            del self._member_starts[: self._index(self.position)]

    def drop_match(self, pattern: re.Pattern[bytes]) -> None:
        """If `data` begins with a match of `pattern`, remove the match."""
        if found := pattern.match(self.data):
            size = found.end()
            del found
            if size:
                self.drop(size)

    def skip_bytes(self, size: int) -> int:
        """Remove `size` bytes, reading more as needed. Returns the number of missing bytes.

        A member that begins with a record is not removed, because it is not part of a record's
        block.
        """
        while True:
            present = min(size, len(self.data))
            self.drop(present)
            size -= present
            if not size or self.record_follows() or not self.read_more():
                return size

    def member_start(self, at: int = 0) -> MemberStart:
        """Return the start of the compressed member that contains byte `at` of `data`."""
        return self._member_starts[self._index(self.position + at)]

    def record_start(self, start: int) -> int | None:
        """Return the first position in `data`, from `start` on, where a member and a record begin.

        Returns None if there is no such position.
        """
        for member in self._member_starts:
            at = member.position - self.position
            if at >= start and self.data.startswith(RECORD_MAGIC, at):
                return at
        return None

    def _index(self, position: int) -> int:
        return max(
            bisect_right(self._member_starts, position, key=lambda member: member.position) - 1, 0
        )
