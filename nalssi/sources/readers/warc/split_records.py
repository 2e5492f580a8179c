"""Divide the decompressed data of a web archive into WARC records (ISO 28500).

Data that is in no record is reported as a `Loss`. `record_end` verifies the length of each record.
A record with a wrong length is reported, and reading continues at the next record. Line ends
between records, and zeros at the end of the file, are padding and no loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nalssi.sources.readers.warc.archive_record import (
    MAX_HEAD_BYTES,
    RECORD_MAGIC,
    VERSION,
    Loss,
    Record,
    RecordPosition,
    common_head,
    length_of,
    swallowed_record,
)
from nalssi.sources.readers.warc.header_fields import Fields, end_of_head
from nalssi.sources.readers.warc.member_events import CUT, Event, Gap, Piece, PlainPages
from nalssi.sources.readers.warc.member_stream import MemberStart, MemberStream
from nalssi.sources.readers.warc.record_end import (
    BadRecordError,
    cause_of_missing,
    verify_end,
    wrong_length,
)

_NEXT = re.compile(rb"\nWARC/\d+\.\d+[ \t]*\r?\n")
_LINE_ENDS = re.compile(rb"[\r\n]+")
_ZEROS = re.compile(rb"\0+")
_VERSION_LINE_BYTES = 32  # kept while searching, because a version line may be incomplete


def split_records(
    events: Iterable[Event], max_block: int, size: int
) -> Iterator[Record | Loss | PlainPages]:
    """Yield the records and the losses of a web archive of `size` bytes, in order.

    `PlainPages` are passed on, unless they may belong to a damaged record before them. If a block
    is longer than `max_block` bytes, the record contains only the beginning of the block, at most
    MAX_HEAD_BYTES. Raises the errors of `events`.
    """
    return _Splitter(MemberStream(events), max_block, size).run()


class _Splitter:
    """Divides the data of one web archive into records and losses."""

    def __init__(self, stream: MemberStream, max_block: int, size: int) -> None:
        self._stream = stream
        self._max_block = max_block
        self._size = size
        self._loss_reported = False  # whether the bytes before the next record are reported
        self._zeros: Loss | None = None  # reported later, unless they are padding

    def run(self) -> Iterator[Record | Loss | PlainPages]:
        """Yield the records and losses of the whole archive."""
        stream = self._stream
        while True:
            if stream.data:
                stream.drop_match(_LINE_ENDS)
            if stream.data:
                yield from self._next()
                continue
            event = stream.pull()
            if event is None:
                return
            if isinstance(event, Gap):
                yield from self._loss_of(event)
            elif isinstance(event, PlainPages):
                yield from self._with_zeros_before(event)
            elif (record := self._only_record_of(event)) is None:
                stream.append(event)
            else:
                yield from self._with_zeros_before(record)

    def _only_record_of(self, piece: Piece) -> Record | None:
        """Return the record of a piece that is a member with exactly one record, else None.

        Returns None also for a block that is longer than the limit. In most archives all members
        have exactly one record.
        """
        data = piece.data
        if not (piece.first and piece.last and data.startswith(RECORD_MAGIC)):
            return None
        if common := common_head(data):
            fields, start = common
        elif VERSION.match(data):
            start = end_of_head(data, 0, MAX_HEAD_BYTES)
            fields = Fields(data[: max(start, 0)])
        else:
            return None
        length = length_of(fields)
        if length is None or b"warc-type" not in fields or length > self._max_block:
            return None
        end = start + length
        rest = data[end:]
        if end > len(data) or (rest != b"\r\n\r\n" and rest.strip(b"\r\n")):
            return None
        return Record(RecordPosition(piece.offset), fields, data, start, length)

    def _next(self) -> Iterator[Record | Loss | PlainPages]:
        """Yield the record at the current position, or the loss for bytes that are no record.

        Zeros are removed and yielded later, unless they are padding (`_loss_of`).
        """
        stream = self._stream
        while len(stream.data) < len(RECORD_MAGIC) and stream.read_more():
            pass
        position, member = self._position(), stream.member_start()
        if stream.data.startswith(RECORD_MAGIC):
            yield from self._record(position, member)
        elif stream.data.startswith(b"\0"):
            begin = stream.position
            stream.drop_match(_ZEROS)
            while not stream.data and stream.read_more():
                stream.drop_match(_ZEROS)
            self._zeros = self._zeros or Loss(position, _zeros_cause(stream.position - begin))
        else:
            size = self._to_next_record(0)
            if not self._loss_reported:
                yield Loss(position, f"{size:,} bytes that are no record")
            self._loss_reported = True

    # --- records

    def _record(
        self, position: RecordPosition, member: MemberStart
    ) -> Iterator[Record | Loss | PlainPages]:
        """Yield the record at the current position, or a loss if the record cannot be used.

        `position` is the position of the record in the file, `member` the start of the member that
        contains the record.
        """
        stream = self._stream
        start = self._end_of_head()
        fields = Fields(bytes(stream.data[: max(start, 0)]))
        length = length_of(fields)
        if length is None or b"warc-type" not in fields or not VERSION.match(stream.data):
            reported, self._loss_reported = self._loss_reported, True
            self._to_next_record(len(RECORD_MAGIC))
            if not reported:
                yield Loss(
                    position, self._cut_at_end(member) or "its head names no type or no length"
                )
            return
        try:
            record = self._whole_record(position, member, fields, start, length)
        except BadRecordError as bad:
            begin = bad.next_record or min(start, len(stream.data))
            yield from self._skip_bad_record(position, member, str(bad), begin)
        else:
            yield from self._with_zeros_before(record)

    def _end_of_head(self) -> int:
        """Return the position after the head of the current record, or -1 if the head has no end.

        Reads more data as needed.
        """
        stream = self._stream
        while (start := end_of_head(stream.data, 0, MAX_HEAD_BYTES)) < 0:
            if (
                len(stream.data) >= MAX_HEAD_BYTES
                or stream.record_follows()
                or not stream.read_more()
            ):
                break
        return start

    def _whole_record(
        self, position: RecordPosition, member: MemberStart, fields: Fields, start: int, length: int
    ) -> Record:
        """Remove the current record from the stream and return it.

        `position` is the position of the record in the file, `member` the start of the member that
        contains the record, and `fields` are the fields of its head. Its block is the `length`
        bytes of the stream's data from byte `start` on. Raises BadRecordError if the record cannot
        be used.
        """
        stream, end = self._stream, start + length
        if not member.compressed and position.offset + end > self._size:
            raise BadRecordError(wrong_length(position.offset + end - self._size))
        if length > self._max_block:
            return self._long_record(position, member, fields, start, length)
        alone = member.compressed and not position.within
        while len(stream.data) < end:
            if stream.record_follows() or not stream.read_more():
                raise BadRecordError(
                    cause_of_missing(stream, member, alone, end - len(stream.data))
                )
        verify_end(stream, start, end, alone)
        if next_record := swallowed_record(stream.data, start, end):
            raise BadRecordError("its length does not fit: it covers another record", next_record)
        block = bytes(memoryview(stream.data)[start:end])
        stream.drop(end)
        return Record(position, fields, block, 0, length)

    def _long_record(
        self, position: RecordPosition, member: MemberStart, fields: Fields, start: int, length: int
    ) -> Record:
        """Remove the current record, whose block is too long to keep, from the stream.

        Return the record with at most the first MAX_HEAD_BYTES of its block, and with the whole
        `length` of the block in bytes. The arguments and the errors are those of `_whole_record`:
        `start` is where the block begins in the data of the stream.
        """
        stream = self._stream
        while len(stream.data) < start + MAX_HEAD_BYTES and not stream.record_follows():
            if not stream.read_more():
                break
        block = bytes(stream.data[start : start + MAX_HEAD_BYTES])
        stream.drop(start)
        if missing := stream.skip_bytes(length):
            raise BadRecordError(
                cause_of_missing(stream, member, member.compressed and not position.within, missing)
            )
        verify_end(stream, 0, 0, alone=False)
        return Record(position, fields, block, 0, length)

    # --- losses

    def _skip_bad_record(
        self, position: RecordPosition, member: MemberStart, cause: str, start: int
    ) -> Iterator[Loss]:
        """Yield a loss for a bad record, and move to the next record.

        `position` is the position of the bad record in the file, `member` the start of the member
        that contains it, and `cause` says what is wrong with it. The search for the next record
        begins at byte `start` of the data in memory.
        """
        stream = self._stream
        self._loss_reported = True
        self._to_next_record(start)
        event = stream.peek()
        if isinstance(event, Gap) and event.cause == cause and not stream.data:
            stream.pull()  # it is reported with this record
        yield Loss(position, self._cut_at_end(member) or cause)

    def _cut_at_end(self, member: MemberStart) -> str | None:
        """Return the message CUT if an uncompressed file ends at this position, else None.

        `member` is the start of the member in which the reader is.
        """
        stream = self._stream
        return CUT if not (member.compressed or stream.data or stream.peek()) else None

    def _to_next_record(self, start: int) -> int:
        """Remove the data before the next record, and return the number of bytes removed.

        The search begins at byte `start` of the data in memory.
        """
        stream = self._stream
        begin, first = stream.position, min(start, 1)
        stream.drop(max(start - 1, 0))
        while True:
            found = _NEXT.search(stream.data)
            at_member_start = stream.record_start(first)
            starts = [found.start() + 1] if found else []
            starts += [] if at_member_start is None else [at_member_start]
            if starts:
                stream.drop(min(starts))
                return stream.position - begin
            if len(stream.data) > _VERSION_LINE_BYTES:
                stream.drop(len(stream.data) - _VERSION_LINE_BYTES)
                first = 0
            if not stream.read_more():
                stream.drop(len(stream.data))
                return stream.position - begin

    def _loss_of(self, gap: Gap) -> Iterator[Loss]:
        """Yield the loss for a gap, unless the loss has been reported already.

        Zeros are not reported yet, because they are padding if no record follows.
        """
        if gap.kind == "zeros":
            self._zeros = self._zeros or Loss(
                RecordPosition(gap.offset), _zeros_cause(gap.end - gap.offset)
            )
        elif gap.kind != "garbage" or not self._loss_reported:
            yield Loss(RecordPosition(gap.offset), gap.cause)
            self._loss_reported = True

    def _with_zeros_before(
        self, record: Record | PlainPages
    ) -> Iterator[Record | Loss | PlainPages]:
        """Yield a record, and before it the loss for zeros that are not padding.

        Zeros between two joined archives are padding.
        """
        self._loss_reported = False
        if self._zeros is not None:
            if not (
                isinstance(record, Record)
                and record.fields.get(b"warc-type").lower() == b"warcinfo"
            ):
                yield self._zeros
            self._zeros = None
        yield record

    def _position(self) -> RecordPosition:
        member = self._stream.member_start()
        within = self._stream.position - member.position
        return (
            RecordPosition(member.offset, within)
            if member.compressed
            else RecordPosition(member.offset + within)
        )


def _zeros_cause(size: int) -> str:
    return f"{size:,} zeros, and records after them: the data that was here is lost"
