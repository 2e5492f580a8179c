"""Read web archives: WARC (pages as the crawler received them) and WET (their text).

`archive_members` decompresses the file, `split_records` divides it into records, and this module
takes the pages out of the records. A record that may contain a page is either read or reported with
its position and the cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nalssi.common.decompression import GZIP_MAGIC, READ_ERRORS
from nalssi.sources.formats import Kind
from nalssi.sources.open_input import open_input, size_of
from nalssi.sources.partition import NO_OPTIONS, Batch, Options, SourceFile
from nalssi.sources.problems import FileProblems, Problem, UnreadableError, problem_of
from nalssi.sources.readers.capture_times import capture_time
from nalssi.sources.readers.page_documents import PageBatch, RawPage
from nalssi.sources.readers.pages.markup_detection import HEAD_BYTES, is_feed
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits
from nalssi.sources.readers.text_encoding import may_be_wide, wide_encoding
from nalssi.sources.readers.ticker_prefilter import may_hold_ticker
from nalssi.sources.readers.warc.archive_members import decode_members
from nalssi.sources.readers.warc.archive_record import MAX_HEAD_BYTES, Loss, Record
from nalssi.sources.readers.warc.content_types import page_kind
from nalssi.sources.readers.warc.gzip_runs import MEMBER_BYTES
from nalssi.sources.readers.warc.header_fields import (
    Fields,
    charset,
    media_type,
    tokens,
)
from nalssi.sources.readers.warc.http_codings import (
    CodingError,
    TooLargeError,
    decode_body,
    ends_as_page,
)
from nalssi.sources.readers.warc.http_head import CONTENT, TRANSFER, body_kind, http_head
from nalssi.sources.readers.warc.member_events import PlainPages
from nalssi.sources.readers.warc.plain_pages import plain_pages
from nalssi.sources.readers.warc.record_checks import verify_block, verify_length
from nalssi.sources.readers.warc.split_records import split_records

MAX_LISTED_PROBLEMS = 1000
"""Problems of one archive that are reported one by one; the others are counted."""

_PAGE_TYPES = frozenset({b"response", b"conversion", b"resource"})
_OTHER_TYPES = frozenset({b"warcinfo", b"request", b"metadata", b"revisit", b"continuation"})
_HTTP = "application/http"
_GZIP_FIELDS = Fields(b"\nContent-Encoding: gzip\n")
_SEGMENT_OF = (b"warc-record-id", b"warc-target-uri")  # some writers omit the id
_TICKER_TAIL = 4096  # a ticker ends at most this many bytes after its last unit


def read_warc(
    file: SourceFile, _options: Options = NO_OPTIONS, limits: ReadLimits = DEFAULT_LIMITS
) -> Iterator[Batch]:
    """Yield the pages of a web archive in batches. `WARC-Date` is their capture time.

    The options of corpora do not apply, because WARC fixes the names and the time zone of its
    fields. The last batch has all problems: losses, records that cannot be used, an archive that
    cannot be read to its end, and an archive without a page.
    """
    batch = PageBatch(limits)
    batch_start = position = 0
    records = pages = 0
    problems = FileProblems(file.source, MAX_LISTED_PROBLEMS)
    reader = RecordReader(file.uri, limits.page_bytes, problems)
    failure: Problem | None = None
    try:
        with open_input(file.path, file.etag) as archive:
            size = size_of(archive)
            max_block = limits.page_bytes + MAX_HEAD_BYTES
            find_plain = plain_pages if limits.page_bytes >= MEMBER_BYTES else None
            for record in split_records(decode_members(archive, find_plain), max_block, size):
                if isinstance(record, Loss):
                    problems.add(record.cause, str(record.position))
                    continue
                if isinstance(record, PlainPages):
                    records += record.pages
                    pages += record.pages
                    batch.count(record.pages)
                    position = record.last_offset
                    continue
                records += 1
                position = record.position.offset
                if batch.is_full:
                    batch.bytes_on_disk = position - batch_start
                    yield batch.finish()
                    batch, batch_start = PageBatch(limits), position
                try:
                    page = reader.page_of(record)
                except UnreadableError as error:
                    problems.add(error, str(record.position))
                    continue
                if page is not None:
                    pages += 1
                    batch.add(page.kind, page.data, page.verified_page)
    except READ_ERRORS as error:
        failure = problem_of(file.source, error, f"after the record at byte {position:,}")
    if failure is None and not pages and not problems.all():
        cause = "no page in this archive" if records else "no record of a web archive in it"
        failure = Problem(file.source, cause)
    batch.search()  # may add problems, so it comes before they are listed
    batch.bytes_on_disk = file.size - batch_start
    yield batch.finish([*problems.all(), *([failure] if failure else [])])


def holds_record(path: str | Path) -> bool:
    """Whether a file contains at least one whole WARC record. Raises OSError."""
    with open_input(path) as file:
        size = size_of(file)
        records = split_records(decode_members(file), MAX_HEAD_BYTES, size)
        return any(isinstance(record, Record) for record in records)


class _RecordPage(NamedTuple):
    """A page in a record of a web archive, at bytes `start` to `end` of `data`.

    `verified_page` cuts out the page, reads its address and verifies the record. Because this takes
    time, it is called only for pages that may contain a ticker. A page whose record states no
    address gets one made from `archive_uri`. `content_type` is the field of HTTP that may name its
    charset; it is empty for a page without HTTP.
    """

    kind: Kind
    data: bytes
    start: int
    end: int
    content_type: bytes
    record: Record
    archive_uri: str
    problems: FileProblems
    http_fields: Fields | None
    """The fields of the HTTP head, if the body is whole and has no coding."""

    def verified_page(self) -> RawPage | None:
        """Return the page, or add a problem and return None if the record is not valid.

        The record must have the digest and the length that its fields state.
        """
        position, fields = self.record.position, self.record.fields
        try:
            verify_block(self.record)
            if self.http_fields is not None:
                verify_length(self.http_fields, self.data, self.start, self.end)
        except UnreadableError as error:
            self.problems.add(error, str(position))
            return None
        uri = fields.get(b"warc-target-uri").decode("utf-8", "replace").strip("<> ")
        within = f"+{position.within}" if position.within else ""
        uri = uri or f"{self.archive_uri}#byte={position.offset}{within}"
        raw = self.data[self.start : self.end]
        return RawPage(self.kind, uri, raw, charset(self.content_type), _capture_time(fields))


def _capture_time(fields: Fields) -> datetime | None:
    """Return WARC-Date as a UTC time. A date without an offset is UTC (ISO 28500 §5.4)."""
    date = fields.get(b"warc-date").decode("ascii", "replace")
    return capture_time(date) or capture_time(date, "UTC")


class RecordReader:
    """Finds the pages in the records of one web archive."""

    def __init__(self, archive_uri: str, page_limit: int, problems: FileProblems) -> None:
        self._archive_uri = archive_uri
        self._limit = page_limit
        self._problems = problems
        self._segmented: set[bytes] = set()

    def page_of(self, record: Record) -> _RecordPage | None:
        """Return the page in a record, or None if the record contains no page.

        Raises UnreadableError if the record contains a page that cannot be used, has an unknown
        WARC-Type, or continues a record that is not in this archive.
        """
        record_type = record.fields.get(b"warc-type").lower()
        if record_type == b"continuation":
            self._check_continuation(record)
        if record_type not in _PAGE_TYPES:
            if record_type not in _OTHER_TYPES:
                name = record_type.decode("ascii", "replace")
                raise UnreadableError(f"skipped: unknown WARC-Type ({name})")
            return None
        if b"warc-segment-number" in record.fields:
            self._segmented |= {record.fields.get(name) for name in _SEGMENT_OF}
        content_type = media_type(record.fields.get(b"content-type"))
        is_response = record_type == b"response"
        if content_type == _HTTP or (
            is_response and record.data.startswith(b"HTTP/", record.start)
        ):
            return self._page(record, *http_head(record))
        return self._page(record, record.fields, record.start)

    def _page(self, record: Record, fields: Fields, start: int) -> _RecordPage | None:
        """Return the page that begins at byte `start` of a record's data, or None if it is no page.

        `fields` are the page's header fields: those of its HTTP message or of the record itself.
        Raises UnreadableError if the page is incomplete, damaged or too large.
        """
        content_type = fields.get(b"content-type")
        kind, by_content = page_kind(content_type)
        if kind is None and not by_content:
            return None
        data, end, is_http = record.data, record.end, fields is not record.fields
        if not record.is_whole or b"warc-segment-number" in record.fields:
            self._refuse_part(record, kind or body_kind(data, start, end))
            return None
        cut = record.fields.get(b"warc-truncated") if b"warc-truncated" in record.fields else None
        http_fields = fields if is_http and cut is None else None
        if is_http and (TRANSFER in fields or CONTENT in fields):
            http_fields = None
            data = self._decoded(data[start:end], fields, cut_off=cut is not None)
            start, end = 0, len(data)
        if kind and data.startswith(GZIP_MAGIC, start, end):  # gzip without a Content-Encoding
            http_fields = None
            data = self._decoded(data[start:end], _GZIP_FIELDS, cut_off=cut is not None)
            start, end = 0, len(data)
        if end - start > self._limit:
            raise self._too_large()
        kind = kind or body_kind(data, start, end)
        if kind is None:
            return None
        if is_feed(data, start):  # whatever its Content-Type
            kind = "xml"
        elif kind == "xml":
            return None
        if cut is not None and _ends_within_ticker(data[start:end]):
            reason = cut.decode("ascii", "replace")
            raise UnreadableError(f"skipped: cut off by the crawler within a list ({reason})")
        if may_be_wide(data, start, end) and wide_encoding(
            data[start : min(end, start + HEAD_BYTES)]
        ):
            # `may_hold_ticker` recognizes UTF-16 only at the beginning of its data.
            data, start, end = data[start:end], 0, end - start
        charset_source = content_type if is_http else b""
        return _RecordPage(
            kind,
            data,
            start,
            end,
            charset_source,
            record,
            self._archive_uri,
            self._problems,
            http_fields,
        )

    def _check_continuation(self, record: Record) -> None:
        """Raise UnreadableError for a continuation whose first segment is in another archive.

        If the first segment is in this archive, that segment is reported instead.
        """
        origin = record.fields.get(b"warc-segment-origin-id")
        origin = origin or record.fields.get(b"warc-target-uri")
        if origin not in self._segmented:
            raise UnreadableError("skipped: it continues a record that is not in this archive")

    def _decoded(self, body: bytes, fields: Fields, *, cut_off: bool) -> bytes:
        """Return an HTTP body without the codings that its fields name.

        If `cut_off`, the body may end too early. Raises UnreadableError if it is damaged or too
        large.
        """
        try:
            transfer, content = tokens(fields.get(TRANSFER)), tokens(fields.get(CONTENT))
            return decode_body(body, transfer, content, self._limit, cut_off=cut_off)
        except TooLargeError:
            raise self._too_large() from None
        except CodingError as error:
            raise UnreadableError(f"skipped: {error}") from None

    def _refuse_part(self, record: Record, kind: Kind | None) -> None:
        """Raise UnreadableError for an incomplete record, unless its `kind` is None (no page).

        A record is incomplete if it is larger than the limit or is one segment of a divided record.
        """
        if kind is None:
            return
        if not record.is_whole:
            raise self._too_large()
        number = record.fields.get(b"warc-segment-number").decode("ascii", "replace")
        cause = f"skipped: it is one segment of a record (WARC-Segment-Number {number})"
        raise UnreadableError(cause)

    def _too_large(self) -> UnreadableError:
        return UnreadableError(f"larger than {self._limit >> 20} MiB: skipped")


def _ends_within_ticker(raw: bytes) -> bool:
    """Whether a page was cut off so soon after a temperature unit that its ticker may go on.

    A page that ends with `</html>` was not cut off.
    """
    return not ends_as_page(raw) and any(may_hold_ticker([raw[-_TICKER_TAIL:]]))
