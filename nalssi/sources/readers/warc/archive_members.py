"""Decompress a web archive, a file of gzip members, zstd frames or plain bytes.

`decode_members` accounts for every byte of the file. Each byte belongs to a `Piece` (decompressed
data), to `PlainPages` (members that are only counted), to a `Gap` (bytes without usable data) or to
a zstd skippable frame. After a damaged member, decompression continues at the next whole member, so
that damage costs one member. The search for it is limited; beyond the limit, the rest of the file
is a gap. A zstd frame counts as a member. `split_records` divides the decompressed data into
records.

Formats: RFC 1952 (gzip), RFC 8878 (zstd).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Literal, cast

import zstandard
from isal import isal_zlib

from nalssi.common.decompression import ZSTD_MAGIC
from nalssi.sources.readers.warc.archive_record import RECORD_MAGIC
from nalssi.sources.readers.warc.file_window import FileWindow
from nalssi.sources.readers.warc.gzip_runs import GZIP_MAGIC, FindPlainPages, GzipRuns
from nalssi.sources.readers.warc.member_events import CUT, Event, Gap, Piece, PlainPages
from nalssi.sources.readers.warc.zstd_frames import SKIPPABLE, ZstdFrames

PIECE_BYTES = 2**20
"""The approximate size of the pieces of a large member, in decompressed bytes. A member of at most
16 times FEED_BYTES is one `Piece`, which can be as many times larger."""
FEED_BYTES = 2**14
"""The number of compressed bytes that the gzip decoder gets at a time. It is small, because the
decoder copies the bytes that it does not use."""
_SMALL_MEMBER_FEEDS = 16  # members that need more are decompressed in pieces
_GzipError = cast(type[Exception], isal_zlib.error)
DECODE_ERRORS = (_GzipError, zstandard.ZstdError)

_STARTS = {
    "gzip": re.compile(re.escape(GZIP_MAGIC)),
    "zstd": re.compile(re.escape(ZSTD_MAGIC) + b"|" + SKIPPABLE.pattern, re.S),
    "plain": re.compile(re.escape(GZIP_MAGIC) + b"|" + re.escape(ZSTD_MAGIC) + rb"|WARC/\d+\.\d"),
}
_SEARCH_FACTOR, _MIN_SEARCH_BYTES = 4, 2**28
"""A search for members decompresses at most the larger of two amounts: this multiple of the file's
size, and this number of bytes."""

Form = Literal["gzip", "zstd", "plain"]


def decode_members(file: BinaryIO, find_plain: FindPlainPages | None = None) -> Iterator[Event]:
    """Decompress a web archive: yield its pieces and gaps in the order of the file.

    A gap that was found inside the gap before it follows that gap. With `find_plain`, small gzip
    members are decompressed ahead in other threads, and those that have only to be counted are
    `PlainPages`. Raises OSError if the file cannot be read.
    """
    return _Decoder(file, find_plain).run()


def first_bytes(file: BinaryIO, size: int) -> bytes:
    """Return the first `size` decompressed bytes of a web archive.

    They are fewer if the content is shorter or damage comes first. Raises OSError.
    """
    content = b""
    for event in decode_members(file):
        if not isinstance(event, Piece) or len(content := content + event.data) >= size:
            break
    return content[:size]


class _Decoder:
    """Decompresses one web archive."""

    def __init__(self, file: BinaryIO, find_plain: FindPlainPages | None) -> None:
        self._window = FileWindow(file)
        self._runs = GzipRuns(file, find_plain) if find_plain else None
        self._frames = ZstdFrames(self._window.view)
        self._at = 0  # the byte of the file at which the next member begins
        self._form: Form = "plain"  # the form of the last member
        self._tried = 0  # bytes that were decompressed in search of members

    def run(self) -> Iterator[Event]:
        """Yield the pieces and gaps of the whole file."""
        while head := bytes(self._window.view(self._at, 5)):
            begin = self._at
            if head.startswith(GZIP_MAGIC):
                self._form = "gzip"
                yield from self._small_gzip_members()
                if self._at == begin:
                    yield from self._member("gzip", begin, self._gzip(begin))
            elif head.startswith(ZSTD_MAGIC):
                yield from self._member("zstd", begin, self._zstd(begin))
            elif SKIPPABLE.match(head):
                yield from self._member("zstd", begin, self._skippable(begin))
            elif head.startswith(b"\0"):
                self._at = self._after_zeros(begin)
                yield Gap(begin, self._at, "zeros", "zeros")
            elif head.startswith(RECORD_MAGIC):
                yield from self._plain()
            else:
                later_gaps = list(self._search(begin, self._form))
                yield Gap(
                    begin, self._at, f"{self._at - begin:,} bytes of no known form", "garbage"
                )
                yield from later_gaps

    def _member(self, form: Form, begin: int, pieces: Iterable[Piece]) -> Iterator[Piece | Gap]:
        """Yield the pieces of the member at byte `begin`, which `pieces` decompresses.

        If the member is damaged, the pieces before the damage are followed by a gap, which ends at
        the next whole member (`_at`), and by the gaps of `_search`.
        """
        self._form = form
        try:
            yield from pieces
        except EOFError:
            later_gaps = list(self._search(begin + 1, form))
            end = self._window.size()
            if self._at == end and not later_gaps:
                yield Gap(begin, end, CUT, "cut")
            else:
                yield Gap(begin, self._at, self._damage(form), "damage")
            yield from later_gaps
        except DECODE_ERRORS as error:
            later_gaps = list(self._search(begin + 1, form))
            yield Gap(begin, self._at, f"{self._damage(form)} ({error})", "damage")
            yield from later_gaps

    def _damage(self, form: str) -> str:
        """Return the cause of a gap in words: data is damaged, and reading continues at byte `_at`.

        `form` is `gzip` or `zstd`.
        """
        return (
            f"damaged: its {form} data cannot be decompressed; reading goes on at byte {self._at:,}"
        )

    def _small_gzip_members(self) -> Iterator[Piece | PlainPages]:
        """Yield gzip members until one is large or damaged, or until another form follows.

        `_gzip` then reads the large or damaged member. Nearly all members are small and whole, and
        this loop is faster than `_gzip`. Runs that were decompressed ahead are used where they
        begin.
        """
        view, begin = self._window.view, self._at
        while True:
            while self._runs and (run := self._runs.starting_at(begin)):
                begin = self._at = run.end
                yield from run.events
            inflate, at = isal_zlib.decompressobj(wbits=31), begin
            parts: list[bytes] = []
            try:
                while not inflate.eof:
                    feed = view(at, FEED_BYTES)
                    if not feed or len(parts) == _SMALL_MEMBER_FEEDS or inflate.unconsumed_tail:
                        return
                    parts.append(inflate.decompress(feed, PIECE_BYTES))
                    at += len(feed)
            except _GzipError:
                return
            piece = Piece(begin, parts[0] if len(parts) == 1 else b"".join(parts), True, True)
            begin = self._at = at - len(inflate.unused_data)
            yield piece

    def _gzip(self, begin: int) -> Iterator[Piece]:
        """Decompress the gzip member at byte `begin` of the file in pieces, whatever its size.

        Raises EOFError if the file ends within the member, one of DECODE_ERRORS if it is damaged.
        """
        inflate = isal_zlib.decompressobj(wbits=31)
        view, at, first = self._window.view, begin, True
        held: list[bytes] = []
        size = 0
        while not inflate.eof:
            feed: bytes | memoryview = inflate.unconsumed_tail
            if not feed:
                feed = view(at, FEED_BYTES)
                if not feed:
                    raise EOFError
                at += len(feed)
            out = inflate.decompress(feed, PIECE_BYTES)
            held.append(out)
            size += len(out)
            if size >= PIECE_BYTES and not inflate.eof:
                yield Piece(begin, b"".join(held), first, last=False)
                held, size, first = [], 0, False
        self._at = at - len(inflate.unused_data)
        yield Piece(begin, held[0] if len(held) == 1 else b"".join(held), first, last=True)

    def _zstd(self, begin: int) -> Iterator[Piece]:
        """Decompress the zstd frame at byte `begin` of the file in pieces.

        Raises EOFError if the file ends within the frame, ZstdError if the frame is damaged.
        """
        first = True
        for data, end in self._frames.decoded(begin):
            if end is not None:
                self._at = end
            yield Piece(begin, data, first, last=end is not None)
            first = False

    def _skippable(self, begin: int) -> Iterator[Piece]:
        """Skip a zstd skippable frame. If it contains a dictionary, later frames use it.

        Returns no pieces, because such a frame has no content.
        """
        self._at = self._frames.skip(begin)
        return iter(())

    def _plain(self) -> Iterator[Piece]:
        """Yield the rest of the file unchanged, because the archive is not compressed.

        Only the records show whether such a file is cut off.
        """
        first = True
        while data := bytes(self._window.view(self._at, PIECE_BYTES)):
            yield Piece(self._at, data, first, last=False, compressed=False)
            self._at += len(data)
            first = False

    def _after_zeros(self, at: int) -> int:
        """Return the position after the zero bytes that begin at byte `at` of the file."""
        while block := bytes(self._window.view(at, PIECE_BYTES)):
            if rest := block.lstrip(b"\0"):
                return at + len(block) - len(rest)
            at += len(block)
        return at

    def _search(self, start: int, form: Form) -> Iterator[Gap]:
        """Set `_at` to the next whole member from byte `start` on, or to the end of the file.

        `form` is the form of the last member; `plain` searches for members of both forms. An
        uncompressed record also ends the search. The end of the file is the result too if the
        search has decompressed more than its limit. Yields a gap for each damaged member before the
        new `_at` whose content begins with a record.
        """
        size = self._window.size()
        budget = max(_SEARCH_FACTOR * size, _MIN_SEARCH_BYTES)
        for at in self._candidates(start, form):
            if self._tried > budget:
                break
            if bytes(self._window.view(at, 5)) == RECORD_MAGIC:
                self._at = at
                return
            is_whole, has_record = self._try(at)
            if is_whole:
                self._at = at
                return
            if has_record:
                self._at = at
                yield Gap(at, size, f"damaged: its {form} data cannot be decompressed", "damage")
        self._at = size

    def _candidates(self, start: int, form: Form) -> Iterator[int]:
        """Yield the positions, from byte `start` on, at which a member of this form may begin.

        They are the positions of the magic bytes of gzip, or of zstd and its skippable frames. With
        `plain` they are those of gzip, zstd frames and records. A position may be yielded twice.
        """
        at = start
        while len(block := bytes(self._window.view(at, PIECE_BYTES))) >= 3:
            for match in _STARTS[form].finditer(block):
                yield at + match.start()
            at += len(block) - 7 if len(block) > 7 and len(block) == PIECE_BYTES else len(block)

    def _try(self, at: int) -> tuple[bool, bool]:
        """Try to decompress the member at byte `at`.

        Returns whether the member is whole, and whether its content begins with a record. A zstd
        skippable frame is whole if a zstd frame follows it; its content is no record.
        """
        gzip = self._window.view(at, 3) == GZIP_MAGIC
        if not gzip and self._window.view(at, 4) != ZSTD_MAGIC:
            return self._is_skippable_frame(at), False
        before, has_record = self._at, False
        try:
            for piece in self._gzip(at) if gzip else self._zstd(at):
                self._tried += len(piece.data)
                has_record = has_record or (piece.first and piece.data.startswith(RECORD_MAGIC))
        except (EOFError, *DECODE_ERRORS):
            return False, has_record or self._first_bytes_of(at, gzip).startswith(RECORD_MAGIC)
        finally:
            self._tried += FEED_BYTES
            self._at = before
        return True, has_record

    def _is_skippable_frame(self, at: int) -> bool:
        """Whether a zstd skippable frame begins at byte `at`, and another frame after it."""
        try:
            end = self._frames.skip(at, use_dictionary=False)
        except (EOFError, *DECODE_ERRORS):
            return False
        return self._window.view(end, 4) == ZSTD_MAGIC

    def _first_bytes_of(self, at: int, gzip: bool) -> bytes:
        """Return the first decompressed bytes of the damaged member at byte `at`; empty if none.

        The member is gzip, or else a zstd frame.
        """
        if not gzip:
            return self._frames.head(at)
        try:
            return isal_zlib.decompressobj(wbits=31).decompress(self._window.view(at, 512), 5)
        except _GzipError:
            return b""
