"""Undo the transfer and content codings of a stored HTTP body (RFC 9112 §7, RFC 9110 §8.4.1).

Some web archives contain decoded bodies below the header of the coded body
(https://github.com/webrecorder/pywb/issues/584). So a body is used unchanged if it clearly does not
have the coding that its header states. A body that ends too early or cannot be decoded is an error,
because half a page must not be read as a page.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import cast

import brotli
import zstandard
from isal import isal_zlib

from nalssi.common.decompression import GZIP_MAGIC, ZSTD_MAGIC, gunzip
from nalssi.sources.readers.warc.zstd_frames import SKIPPABLE, ZstdFrames

_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_SNIFFED = 512  # bytes that tell text from coded bytes
_PIECE = 2**16
_GZIP_WITHOUT_FLAGS = GZIP_MAGIC + b"\x08\0"
_USUAL_SIZE = 2**22
_IsalError = cast(type[Exception], isal_zlib.error)
_NONE = frozenset({"identity", "none", "binary", "8bit"})


class CodingError(ValueError):
    """An HTTP body cannot be decoded. The message is the cause."""


class TooLargeError(CodingError):
    """An HTTP body is larger than the limit after decoding. The exception has no message."""


def decode_body(
    body: bytes, transfer: list[str], content: list[str], limit: int, *, cut_off: bool = False
) -> bytes:
    """Return an HTTP body of at most `limit` bytes without its transfer and content codings.

    `transfer` and `content` are the values of Transfer-Encoding and Content-Encoding, in lower case
    and in the order in which the codings were applied. If `cut_off` is true, the beginning of a
    body that ends too early is returned. Raises TooLargeError above the limit. Raises CodingError
    if the body is damaged or has an unknown coding, or ends too early and `cut_off` is false.
    """
    for coding in reversed(transfer):
        body = (
            _join_chunks(body, cut_off)
            if coding == "chunked"
            else _undo(coding, body, limit, cut_off)
        )
    for coding in reversed(content):
        body = _undo(coding, body, limit, cut_off)
    if len(body) > limit:
        raise TooLargeError
    return body


def _join_chunks(body: bytes, cut_off: bool) -> bytes:
    """Join the chunks of a body in chunked coding.

    A body that does not begin with a chunk is returned unchanged, because its chunks were joined
    before. If the last chunk is missing, the chunks before it are returned if `cut_off` is true or
    if they are whole and end with `</html>`; otherwise CodingError is raised. CodingError is also
    raised if the chunks are damaged, but with `cut_off` not if only the beginning of a chunk is.
    """
    if not _CHUNK.match(body):
        return body
    pieces: list[bytes] = []
    at = 0
    while found := _CHUNK.match(body, at):
        size = int(found[1], 16)
        if not size:
            return b"".join(pieces)  # trailer fields may follow
        data = body[found.end() : found.end() + size]
        pieces.append(data)
        at = found.end() + size
        ended = body[at : at + 2]
        if len(data) < size:
            break
        if ended[:1] == b"\n":
            at += 1
        elif ended == b"\r\n":
            at += 2
        elif ended.strip(b"\r\n"):
            raise CodingError("its chunked body is damaged")
    joined = b"".join(pieces)
    if cut_off or (at >= len(body) - 2 and len(data) == size and ends_as_page(joined)):
        return joined
    if at < len(body) and len(data) == size:
        raise CodingError("its chunked body is damaged")
    raise CodingError("cut off: its last chunk is missing")


def ends_as_page(body: bytes) -> bool:
    """Whether an HTTP body ends with `</html>`, apart from white space."""
    return body[-256:].rstrip().lower().endswith(b"</html>")


def _undo(coding: str, body: bytes, limit: int, cut_off: bool) -> bytes:
    """Remove one coding, such as gzip, from an HTTP body. Raises CodingError, TooLargeError.

    A text that does not have the coding, and an empty body, are returned unchanged. `limit` and
    `cut_off` are the arguments of `decode_body`.
    """
    if coding in _NONE or not body:
        return body
    decoder = _DECODERS.get(coding)
    if decoder is None:
        if _is_text(body):
            return body
        raise CodingError(f"compressed in a form that is not read ({coding})")
    if not _may_be(coding, body):
        if _is_text(body):
            return body
        raise CodingError(f"its head says {coding}, its body is not {coding}")
    pieces, size = [], 0
    try:
        for piece in decoder(body):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise TooLargeError
    except EOFError:
        if not cut_off:
            raise CodingError(f"cut off within its {coding} data") from None
    except (zlib.error, zstandard.ZstdError, brotli.error) as error:
        if not pieces and coding in ("br", "deflate") and _is_text(body):
            return body
        raise CodingError(f"its {coding} data is damaged ({error})") from None
    return b"".join(pieces)


def _may_be(coding: str, body: bytes) -> bool:
    """Whether an HTTP body may have this coding, by its first bytes.

    If the coding has no magic bytes, any body that is not text may have it.
    """
    if coding in ("gzip", "x-gzip"):
        return body.startswith(GZIP_MAGIC)
    if coding == "zstd":
        return body.startswith(ZSTD_MAGIC) or SKIPPABLE.match(body) is not None
    return not _is_text(body)


def _is_text(body: bytes) -> bool:
    """Whether an HTTP body begins with text, and not with compressed data."""
    return not _BINARY.search(body, 0, _SNIFFED) or body.startswith((b"\xff\xfe", b"\xfe\xff"))


def gzip_size(body: bytes) -> int | None:
    """Return the size in bytes of a body's content as gzip states it at the body's end (ISIZE).

    It is wrong if the body is not exactly one whole member. Returns None if the body does not begin
    as a member in the usual form.
    """
    return int.from_bytes(body[-4:], "little") if body.startswith(_GZIP_WITHOUT_FLAGS) else None


def _gunzip(body: bytes) -> Iterator[bytes]:
    """Decompress a body in gzip coding: in one call, if it is one member in the usual form.

    `isal` decompresses twice as fast as zlib, but accepts flags that zlib does not know.
    """
    size = gzip_size(body)
    if size is not None and size < _USUAL_SIZE:
        member = isal_zlib.decompressobj(wbits=31)
        try:
            content = member.decompress(body, size + 1)
        except _IsalError:
            content = b""  # zlib says what is wrong
        if member.eof and not member.unused_data and len(content) == size:
            yield content
            return
    yield from gunzip(BytesIO(body), piece_bytes=_PIECE, ignore_trailing_data=True)


def _inflate(body: bytes) -> Iterator[bytes]:
    """Decompress a body in deflate coding, in pieces.

    The zlib header that RFC 9110 requires may be missing, because some servers omit it.
    """
    headed = body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    if headed:
        pieces = _inflated(zlib.decompressobj(), body)
        try:
            first = next(pieces, b"")
        except zlib.error:
            headed = False
        else:
            yield first
            yield from pieces
    if not headed:
        yield from _inflated(zlib.decompressobj(wbits=-15), body)


def _inflated(inflate: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    """Decompress a body with the zlib object `inflate`, and yield it in pieces.

    Raises EOFError if the body ends too early.
    """
    rest = body
    while not inflate.eof:
        piece = inflate.decompress(rest, _PIECE)
        rest = inflate.unconsumed_tail
        if piece:
            yield piece
        elif not inflate.eof and not rest:
            raise EOFError


def _unzstd(body: bytes) -> Iterator[bytes]:
    view = memoryview(body)
    frames = ZstdFrames(lambda offset, size: view[offset : offset + size])
    at = 0
    while True:
        head = bytes(view[at : at + 4])
        if head == ZSTD_MAGIC:
            for piece, end in frames.decoded(at):
                yield piece
                at = at if end is None else end
        elif SKIPPABLE.match(head):
            at = frames.skip(at, use_dictionary=False)
        else:
            return


def _unbrotli(body: bytes) -> Iterator[bytes]:
    unpack, rest = brotli.Decompressor(), body
    while not unpack.is_finished():
        if not rest and unpack.can_accept_more_data():
            raise EOFError
        piece = unpack.process(rest, output_buffer_limit=_PIECE)
        rest = b""
        yield piece


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "zstd": _unzstd,
    "br": _unbrotli,
}
