"""The decoded content of an archive as one stream, of which only the needed part is in memory.

It knows where in the file each of its members begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nalssi.sources.readers.unpacked_file import RECORD
from nalssi.sources.readers.warc.archive_members import Gap, Piece


class Mark(NamedTuple):
    """A position of the content at which a member begins."""

    position: int
    offset: int
    """The byte of the file."""
    packed: bool


class Content:
    """Pieces of members, joined: `data` begins at `position` of the whole content.

    Usage::

        event = content.peek()       # a Piece, a Gap, or None at the end
        content.more()               # appends the next Piece to `data`
        content.drop(size)           # forgets the first bytes of `data`
    """

    def __init__(self, events: Iterable[Piece | Gap]) -> None:
        self._events: Iterator[Piece | Gap] = iter(events)
        self._waiting: Piece | Gap | None = None
        self._marks = [Mark(0, 0, packed=False)]
        self.data = bytearray()
        self.position = 0

    def peek(self) -> Piece | Gap | None:
        """What follows `data`."""
        if self._waiting is None:
            self._waiting = next(self._events, None)
        return self._waiting

    def pull(self) -> Piece | Gap | None:
        """What follows `data`, without appending it."""
        event, self._waiting = self.peek(), None
        return event

    def more(self) -> bool:
        """Append the next piece; False at a gap and at the end."""
        event = self.peek()
        if not isinstance(event, Piece):
            return False
        self._waiting = None
        self.take(event)
        return True

    def take(self, piece: Piece) -> None:
        """Append a piece."""
        if piece.first:
            end = self.position + len(self.data)
            if self._marks[-1].position == end:
                self._marks.pop()
            self._marks.append(Mark(end, piece.offset, piece.packed))
        self.data += piece.data

    def record_follows(self) -> bool:
        """Whether a member that begins with a record follows `data`."""
        event = self.peek()
        return isinstance(event, Piece) and event.first and event.data.startswith(RECORD)

    def drop(self, size: int) -> None:
        """Forget the first `size` bytes."""
        del self.data[:size]
        self.position += size
        if len(self._marks) > 1 and self._marks[1].position <= self.position:
            del self._marks[: self._index(self.position)]

    def skip(self, what: re.Pattern[bytes]) -> None:
        """Drop what matches at the beginning."""
        if found := what.match(self.data):
            size = found.end()
            del found
            if size:
                self.drop(size)

    def skip_bytes(self, size: int) -> int:
        """Drop `size` bytes, reading on; how many of them there were not.

        A member that begins with a record ends the search: one block does not hold it.
        """
        while True:
            taken = min(size, len(self.data))
            self.drop(taken)
            size -= taken
            if not size or self.record_follows() or not self.more():
                return size

    def mark(self, at: int = 0) -> Mark:
        """The member that holds byte `at` of `data`."""
        return self._marks[self._index(self.position + at)]

    def record_start(self, start: int) -> int | None:
        """The first byte of `data` from `start` on that begins a member and a record."""
        for mark in self._marks:
            at = mark.position - self.position
            if at >= start and self.data.startswith(RECORD, at):
                return at
        return None

    def _index(self, position: int) -> int:
        return max(bisect_right(self._marks, position, key=lambda mark: mark.position) - 1, 0)
