"""Verify that the block of a WARC record ends where the length of the record says.

The block must be followed by another record, by the end of its member, or by the end of the file.
Otherwise the length is wrong, or the archive is damaged.
"""

from __future__ import annotations

from nalssi.sources.readers.warc.archive_record import RECORD_MAGIC
from nalssi.sources.readers.warc.member_events import CUT, Gap, Piece
from nalssi.sources.readers.warc.member_stream import MemberStart, MemberStream


class BadRecordError(Exception):
    """A record cannot be used. The message is the cause.

    `next_record` is the position in the stream's `data` at which another record begins, or 0 if it
    is unknown.
    """

    def __init__(self, cause: str, next_record: int = 0) -> None:
        super().__init__(cause)
        self.next_record = next_record


def verify_end(stream: MemberStream, start: int, end: int, alone: bool) -> None:
    """Raise BadRecordError if the block from `start` on does not end at byte `end`.

    `start` and `end` are positions in `stream.data`, to which more data is read as needed. `alone`
    is True if the record begins where its member begins, so that it should fill the member.
    """
    at = end
    while True:
        while stream.data[at : at + 1] and stream.data[at] in b"\r\n":
            at += 1
        if stream.data.startswith(RECORD_MAGIC, at):
            return
        event = stream.peek()
        if len(stream.data) - at >= len(RECORD_MAGIC) or not isinstance(event, Piece):
            break
        if event.first and at == len(stream.data):
            return
        stream.read_more()
    spaced = bytes(stream.data[max(at - 4, start) : at]).endswith((b"\r\n\r\n", b"\n\n"))
    member = stream.member_start(max(end - 1, 0))
    if at < len(stream.data):
        apart = bytes(stream.data[end:at]).endswith((b"\r\n\r\n", b"\n\n"))
        if not apart or (alone and stream.data[at]):
            raise BadRecordError("its length does not fit: no other record follows it")
    elif event is None:
        if not (member.compressed or spaced or at == end):
            raise BadRecordError(CUT)
    elif isinstance(event, Gap) and event.offset <= member.offset and (alone or not spaced):
        raise BadRecordError(event.cause)


def cause_of_missing(stream: MemberStream, member: MemberStart, alone: bool, missing: int) -> str:
    """Return the reason why the data ends `missing` bytes before the current record does.

    `member` is the start of the member that contains the record. `alone` is True if the record
    begins where the member begins.
    """
    event = stream.peek()
    if not isinstance(event, Gap):
        return wrong_length(missing)
    if alone and event.offset > member.offset:  # the damage is in a later member
        return f"{wrong_length(missing)} before the damage at byte {event.offset:,}"
    return event.cause


def wrong_length(missing: int) -> str:
    """Return the message for a record whose length is `missing` bytes too large."""
    return f"its length does not fit: it names {missing:,} bytes more than there are"
