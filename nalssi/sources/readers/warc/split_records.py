"""Split an archive's content into WARC records (ISO 28500), and report what is none.

Each record's end is verified: behind its block comes another record, or the end of its member or
of the file. A record whose length does not fit is reported, and reading goes on at the next record.
Line ends between records, and zeros at the end of the file, are padding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nalssi.sources.readers.unpacked_file import RECORD
from nalssi.sources.readers.warc.archive_members import CUT, Gap, Piece
from nalssi.sources.readers.warc.header_fields import Fields, end_of_head
from nalssi.sources.readers.warc.member_stream import Content, Mark
from nalssi.sources.readers.warc.warc_record import (
    MAX_HEAD,
    VERSION,
    Loss,
    Place,
    Record,
    common_head,
    held_record,
    length_of,
)

_NEXT = re.compile(rb"\nWARC/\d+\.\d+[ \t]*\r?\n")
_LINE_ENDS = re.compile(rb"[\r\n]+")
_ZEROS = re.compile(rb"\0+")
_KEPT = 32  # bytes in which a version line may have begun


class _BadRecordError(Exception):
    """A record that cannot be used; the message is the cause.

    Another record begins at byte `behind` of the content, if that is known.
    """

    def __init__(self, cause: str, behind: int = 0) -> None:
        super().__init__(cause)
        self.behind = behind


def split(events: Iterable[Piece | Gap], limit: int, size: int) -> Iterator[Record | Loss]:
    """The records and the losses of an archive of `size` bytes, in order.

    Blocks longer than `limit` bytes are not kept.
    """
    return _Splitter(Content(events), limit, size).run()


class _Splitter:
    def __init__(self, content: Content, limit: int, size: int) -> None:
        self._content = content
        self._limit = limit
        self._size = size
        self._lost = False  # whether what comes before the next record is reported already
        self._zeros: Loss | None = None  # to be reported unless they turn out to be padding

    def run(self) -> Iterator[Record | Loss]:
        content = self._content
        while True:
            if content.data:
                content.skip(_LINE_ENDS)
            if content.data:
                yield from self._next()
                continue
            event = content.pull()
            if event is None:
                return
            if isinstance(event, Gap):
                yield from self._gap(event)
            elif (record := self._single(event)) is None:
                content.take(event)
            elif self._zeros is None:
                self._lost = False
                yield record
            else:
                yield from self._found(record)

    def _single(self, piece: Piece) -> Record | None:
        """The record, if the piece is a member that holds one record: the common case."""
        data = piece.data
        if not (piece.first and piece.last and data.startswith(RECORD)):
            return None
        if common := common_head(data):
            found, start = common
        elif VERSION.match(data):
            start = end_of_head(data, 0, MAX_HEAD)
            found = Fields(data[: max(start, 0)])
        else:
            return None
        length = length_of(found)
        if length is None or b"warc-type" not in found or length > self._limit:
            return None
        end = start + length
        behind = data[end:]
        if end > len(data) or (behind != b"\r\n\r\n" and behind.strip(b"\r\n")):
            return None
        return Record(Place(piece.offset), found, data, start, length)

    def _next(self) -> Iterator[Record | Loss]:
        """Read what begins at the content's present position."""
        content = self._content
        while len(content.data) < len(RECORD) and content.more():
            pass
        place, mark = self._place(), content.mark()
        if content.data.startswith(RECORD):
            yield from self._record(place, mark)
        elif content.data.startswith(b"\0"):
            begin = content.position
            content.skip(_ZEROS)
            while not content.data and content.more():
                content.skip(_ZEROS)
            self._zeros = self._zeros or Loss(place, _zeros(content.position - begin))
        else:
            size = self._resync(0)
            if not self._lost:
                yield Loss(place, f"{size:,} bytes that are no record")
            self._lost = True

    # --- a record

    def _record(self, place: Place, mark: Mark) -> Iterator[Record | Loss]:
        content = self._content
        start = self._end_of_head()
        found = Fields(bytes(content.data[: max(start, 0)]))
        length = length_of(found)
        if length is None or b"warc-type" not in found or not VERSION.match(content.data):
            known, self._lost = self._lost, True
            self._resync(len(RECORD))
            if not known:
                yield Loss(place, self._at_end(mark) or "its head names no type or no length")
            return
        try:
            record = self._whole(place, mark, found, start, length)
        except _BadRecordError as bad:
            begin = bad.behind or min(start, len(content.data))
            yield from self._lose(place, mark, str(bad), begin)
        else:
            yield from self._found(record)

    def _end_of_head(self) -> int:
        content = self._content
        while (start := end_of_head(content.data, 0, MAX_HEAD)) < 0:
            if len(content.data) >= MAX_HEAD or content.record_follows() or not content.more():
                break
        return start

    def _whole(self, place: Place, mark: Mark, found: Fields, start: int, length: int) -> Record:
        """The record, dropped from the content; _BadRecordError if its end is not there."""
        content, end = self._content, start + length
        if not mark.packed and place.offset + end > self._size:
            raise _BadRecordError(_unfit(place.offset + end - self._size))
        if length > self._limit:
            return self._long(place, mark, found, start, length)
        alone = mark.packed and not place.within
        while len(content.data) < end:
            if content.record_follows() or not content.more():
                raise _BadRecordError(self._short(mark, alone, end - len(content.data)))
        self._verify_end(start, end, alone)
        if inner := held_record(content.data, start, end):
            raise _BadRecordError("its length does not fit: it covers another record", inner)
        block = bytes(memoryview(content.data)[start:end])
        content.drop(end)
        return Record(place, found, block, 0, length)

    def _long(self, place: Place, mark: Mark, found: Fields, start: int, length: int) -> Record:
        content = self._content
        while len(content.data) < start + MAX_HEAD and not content.record_follows():
            if not content.more():
                break
        block = bytes(content.data[start : start + MAX_HEAD])
        content.drop(start)
        if missing := content.skip_bytes(length):
            raise _BadRecordError(self._short(mark, mark.packed and not place.within, missing))
        self._verify_end(0, 0, alone=False)
        return Record(place, found, block, 0, length)

    def _short(self, mark: Mark, alone: bool, missing: int) -> str:
        """Why content ends before a record does."""
        event = self._content.peek()
        if not isinstance(event, Gap):
            return _unfit(missing)
        if alone and event.offset > mark.offset:  # the next member's damage is its own
            return f"{_unfit(missing)} before the damage at byte {event.offset:,}"
        return event.cause

    def _verify_end(self, start: int, end: int, alone: bool) -> None:
        """Raise _BadRecordError unless the block ends at `end`; `alone`: it begins its member."""
        content, at = self._content, end
        while True:
            while content.data[at : at + 1] and content.data[at] in b"\r\n":
                at += 1
            if content.data.startswith(RECORD, at):
                return
            event = content.peek()
            if len(content.data) - at >= len(RECORD) or not isinstance(event, Piece):
                break
            if event.first and at == len(content.data):
                return
            content.more()
        spaced = bytes(content.data[max(at - 4, start) : at]).endswith((b"\r\n\r\n", b"\n\n"))
        mark = content.mark(max(end - 1, 0))
        if at < len(content.data):
            apart = bytes(content.data[end:at]).endswith((b"\r\n\r\n", b"\n\n"))
            if not apart or (alone and content.data[at]):
                raise _BadRecordError("its length does not fit: behind it comes no other record")
        elif event is None:
            if not (mark.packed or spaced or at == end):
                raise _BadRecordError(CUT)
        elif isinstance(event, Gap) and event.offset <= mark.offset and (alone or not spaced):
            raise _BadRecordError(event.cause)

    # --- losses

    def _lose(self, place: Place, mark: Mark, cause: str, start: int) -> Iterator[Loss]:
        """Report the record and go on with the next one."""
        content = self._content
        self._lost = True
        self._resync(start)
        event = content.peek()
        if isinstance(event, Gap) and event.cause == cause and not content.data:
            content.pull()  # reported with this record
        yield Loss(place, self._at_end(mark) or cause)

    def _at_end(self, mark: Mark) -> str | None:
        """The cause if nothing follows in a file of plain bytes."""
        content = self._content
        return CUT if not (mark.packed or content.data or content.peek()) else None

    def _resync(self, start: int) -> int:
        """Drop the content up to the next record's beginning; how many bytes that was."""
        content = self._content
        begin, first = content.position, min(start, 1)
        content.drop(max(start - 1, 0))
        while True:
            found = _NEXT.search(content.data)
            member = content.record_start(first)
            places = [found.start() + 1] if found else []
            places += [] if member is None else [member]
            if places:
                content.drop(min(places))
                return content.position - begin
            if len(content.data) > _KEPT:
                content.drop(len(content.data) - _KEPT)
                first = 0
            if not content.more():
                content.drop(len(content.data))
                return content.position - begin

    def _gap(self, gap: Gap) -> Iterator[Loss]:
        if gap.kind == "zeros":
            self._zeros = self._zeros or Loss(Place(gap.offset), _zeros(gap.end - gap.offset))
        elif gap.kind != "garbage" or not self._lost:
            yield Loss(Place(gap.offset), gap.cause)
            self._lost = True

    def _found(self, record: Record) -> Iterator[Record | Loss]:
        """The record. Zeros before it are no padding, unless it begins another archive."""
        self._lost = False
        if self._zeros is not None:
            if record.fields.get(b"warc-type").lower() != b"warcinfo":
                yield self._zeros
            self._zeros = None
        yield record

    def _place(self) -> Place:
        mark = self._content.mark()
        within = self._content.position - mark.position
        return Place(mark.offset, within) if mark.packed else Place(mark.offset + within)


def _unfit(missing: int) -> str:
    return f"its length does not fit: it names {missing:,} bytes more than there are"


def _zeros(size: int) -> str:
    return f"{size:,} zeros, and records behind them: what stood here is lost"
