"""Decode an archive's file: gzip members, zstd frames or plain bytes, in order.

`decode` accounts for every byte of the file: each byte belongs to a `Piece` (decoded content), to
a `Gap` (bytes that give no content, and why) or to a zstd skippable frame. Where a member is
damaged, decoding continues at the next place that decodes as a member, so damage costs one member.

Formats: RFC 1952 (gzip), RFC 8878 (zstd). `split_records` splits the content into records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Literal, NamedTuple, cast

import zstandard
from isal import isal_zlib

from nalssi.sources.readers.warc.file_window import FileWindow
from nalssi.sources.readers.warc.zstd_frames import MAGIC as ZSTD
from nalssi.sources.readers.warc.zstd_frames import SKIPPABLE, Frames

GZIP = b"\x1f\x8b\x08"
PIECE = 2**20
"""About as many decoded bytes as one piece has at most."""
FEED = 2**14
"""Compressed bytes given to the gzip decoder at a time: what it leaves unused is copied."""
_FEEDS = 16  # a member of more is read in pieces
CUT = "the archive is cut off here; all records before were read"
_GzipError = cast(type[Exception], isal_zlib.error)
DECODE_ERRORS = (_GzipError, zstandard.ZstdError)

_STARTS = {
    "gzip": re.compile(re.escape(GZIP)),
    "zstd": re.compile(re.escape(ZSTD) + b"|" + SKIPPABLE.pattern, re.S),
    "plain": re.compile(re.escape(GZIP) + b"|" + re.escape(ZSTD) + rb"|WARC/\d+\.\d"),
}
_TRIALS = 4
"""Searching for the next member may decode as many times the file's size, or `_LEAST` bytes."""
_LEAST = 2**28

Form = Literal["gzip", "zstd", "plain"]


class Piece(NamedTuple):
    """Decoded content: a whole member, or a part of a large one."""

    offset: int
    """The byte of the file at which the member begins."""
    data: bytes
    first: bool
    """Whether the member begins with this piece."""
    last: bool
    """Whether the member ends with this piece, verified by its decoder."""
    packed: bool = True
    """False: the file's own bytes, which have no members."""


class Gap(NamedTuple):
    """Bytes `offset` to `end` of the file, which gave no content or not all of it."""

    offset: int
    end: int
    cause: str
    kind: Literal["cut", "damage", "zeros", "garbage"]


def decode(file: BinaryIO) -> Iterator[Piece | Gap]:
    """The content of `file` from its first byte to its last. Raises OSError if it is unreadable."""
    return _Decoder(file).run()


def first_bytes(file: BinaryIO, size: int) -> bytes:
    """The first `size` bytes of the content, or as many as can be decoded before any damage."""
    found = b""
    for event in decode(file):
        if isinstance(event, Gap) or len(found := found + event.data) >= size:
            break
    return found[:size]


class _Decoder:
    def __init__(self, file: BinaryIO) -> None:
        self._window = FileWindow(file)
        self._frames = Frames(self._window.view)
        self._at = 0  # where the next member begins
        self._form: Form = "plain"  # of the members so far
        self._tried = 0  # bytes decoded in search of members

    def run(self) -> Iterator[Piece | Gap]:
        while head := bytes(self._window.view(self._at, 5)):
            begin = self._at
            if head.startswith(GZIP):
                self._form = "gzip"
                yield from self._small()
                if self._at == begin:
                    yield from self._checked("gzip", begin, self._gzip(begin))
            elif head.startswith(ZSTD):
                yield from self._checked("zstd", begin, self._zstd(begin))
            elif SKIPPABLE.match(head):
                yield from self._checked("zstd", begin, self._skippable(begin))
            elif head.startswith(b"\0"):
                self._at = self._behind_zeros(begin)
                yield Gap(begin, self._at, "zeros", "zeros")
            elif head.startswith(b"WARC/"):
                yield from self._plain()
            else:
                losses = list(self._search(begin, self._form))
                yield Gap(
                    begin, self._at, f"{self._at - begin:,} bytes of no known form", "garbage"
                )
                yield from losses

    def _checked(self, form: Form, begin: int, pieces: Iterable[Piece]) -> Iterator[Piece | Gap]:
        """The pieces of a member; if it is damaged, a gap up to where decoding can continue."""
        self._form = form
        try:
            yield from pieces
        except EOFError:
            losses = list(self._search(begin + 1, form))
            end = self._window.size()
            if self._at == end and not losses:
                yield Gap(begin, end, CUT, "cut")
            else:
                yield Gap(begin, self._at, self._damage(form), "damage")
            yield from losses
        except DECODE_ERRORS as error:
            losses = list(self._search(begin + 1, form))
            yield Gap(begin, self._at, f"{self._damage(form)} ({error})", "damage")
            yield from losses

    def _damage(self, form: str) -> str:
        return f"damaged: its {form} data cannot be unpacked; reading goes on at byte {self._at:,}"

    def _small(self) -> Iterator[Piece]:
        """The gzip members from here on, as long as they are whole and not large: nearly all are.

        Damage ends them, too: `_gzip` meets it again, and it is reported.
        """
        view, begin = self._window.view, self._at
        while True:
            inflate, at = isal_zlib.decompressobj(wbits=31), begin
            parts: list[bytes] = []
            try:
                while not inflate.eof:
                    feed = view(at, FEED)
                    if not feed or len(parts) == _FEEDS or inflate.unconsumed_tail:
                        return
                    parts.append(inflate.decompress(feed, PIECE))
                    at += len(feed)
            except _GzipError:
                return
            piece = Piece(begin, parts[0] if len(parts) == 1 else b"".join(parts), True, True)
            begin = self._at = at - len(inflate.unused_data)
            yield piece

    def _gzip(self, begin: int) -> Iterator[Piece]:
        inflate = isal_zlib.decompressobj(wbits=31)
        view, at, first = self._window.view, begin, True
        held: list[bytes] = []
        size = 0
        while not inflate.eof:
            feed: bytes | memoryview = inflate.unconsumed_tail
            if not feed:
                feed = view(at, FEED)
                if not feed:
                    raise EOFError
                at += len(feed)
            out = inflate.decompress(feed, PIECE)
            held.append(out)
            size += len(out)
            if size >= PIECE and not inflate.eof:
                yield Piece(begin, b"".join(held), first, last=False)
                held, size, first = [], 0, False
        self._at = at - len(inflate.unused_data)
        yield Piece(begin, held[0] if len(held) == 1 else b"".join(held), first, last=True)

    def _zstd(self, begin: int) -> Iterator[Piece]:
        first = True
        for data, end in self._frames.decoded(begin):
            if end is not None:
                self._at = end
            yield Piece(begin, data, first, last=end is not None)
            first = False

    def _skippable(self, begin: int) -> Iterator[Piece]:
        self._at = self._frames.skip(begin)
        return iter(())

    def _plain(self) -> Iterator[Piece]:
        """The file's own bytes to its end: only their records tell where they break off."""
        first = True
        while data := bytes(self._window.view(self._at, PIECE)):
            yield Piece(self._at, data, first, last=False, packed=False)
            self._at += len(data)
            first = False

    def _behind_zeros(self, at: int) -> int:
        while block := bytes(self._window.view(at, PIECE)):
            if rest := block.lstrip(b"\0"):
                return at + len(block) - len(rest)
            at += len(block)
        return at

    def _search(self, start: int, form: Form) -> Iterator[Gap]:
        """Set `_at` to the next member from `start` on, or to the file's end.

        Yields a gap for each member on the way of which the beginning of a record decodes, but
        not the end.
        """
        size = self._window.size()
        budget = max(_TRIALS * size, _LEAST)
        for at in self._candidates(start, form):
            if self._tried > budget:
                break
            if bytes(self._window.view(at, 5)) == b"WARC/":
                self._at = at
                return
            whole, begins = self._try(at)
            if whole:
                self._at = at
                return
            if begins:
                self._at = at
                yield Gap(at, size, f"damaged: its {form} data cannot be unpacked", "damage")
        self._at = size

    def _candidates(self, start: int, form: Form) -> Iterator[int]:
        """Where the first bytes of a member stand."""
        at = start
        while len(block := bytes(self._window.view(at, PIECE))) >= 3:
            for match in _STARTS[form].finditer(block):
                yield at + match.start()
            at += len(block) - 7 if len(block) > 7 and len(block) == PIECE else len(block)

    def _try(self, at: int) -> tuple[bool, bool]:
        """Whether a whole member begins here, and whether it begins with a record."""
        gzip = self._window.view(at, 3) == GZIP
        if not gzip and self._window.view(at, 4) != ZSTD:
            return self._skips_to_member(at), False
        before, begins = self._at, False
        try:
            for piece in self._gzip(at) if gzip else self._zstd(at):
                self._tried += len(piece.data)
                begins = begins or (piece.first and piece.data.startswith(b"WARC/"))
        except (EOFError, *DECODE_ERRORS):
            return False, begins or self._head(at, gzip).startswith(b"WARC/")
        finally:
            self._tried += FEED
            self._at = before
        return True, begins

    def _skips_to_member(self, at: int) -> bool:
        """Whether a skippable frame ends where another frame begins."""
        try:
            end = self._frames.skip(at, use=False)
        except (EOFError, *DECODE_ERRORS):
            return False
        return self._window.view(end, 4) == ZSTD

    def _head(self, at: int, gzip: bool) -> bytes:
        """The first bytes that decode of a member that does not decode to its end."""
        if not gzip:
            return self._frames.head(at)
        try:
            return isal_zlib.decompressobj(wbits=31).decompress(self._window.view(at, 512), 5)
        except _GzipError:
            return b""
