"""Opening a file whatever it is packed in, and telling by its content what it is."""

from __future__ import annotations

import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import zstandard

from nalssi.sources.partition import READ_ERRORS, Kind
from nalssi.sources.readers.text_encoding import decode, wide_encoding
from nalssi.sources.readers.warc.zstd_frames import SKIPPABLE
from nalssi.sources.unsupported_formats import NotReadError as NotReadError
from nalssi.sources.unsupported_formats import foreign_format

HEAD = 8192
MAX_PAGE = 64 * 2**20
"""The largest page that is read, unpacked: what is larger is no page (or a bomb)."""

RECORD = b"WARC/"
"""How a record of a web archive begins."""

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_PIECE = 2**20
_WINDOW = 2**27  # what `zstd --long` packs with
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|ul|ol|li|table|p|a|span|script)[\s>/]",
    re.I,
)
# Possessive: a thousand comments must not be taken together in all possible ways.
_PROLOGUE = (
    rb"(?:\s|<\?(?!nalssi)(?>.*?\?>)|<!--(?>.*?-->)|<!DOCTYPE[^\[>]*+(?:\[(?>.*?\])\s*+)?+>)*+"
)
_FEED = re.compile(_PROLOGUE + rb"<(?:\w+:)?current[\s>]", re.S)
_XML_LIST = re.compile(rb"(?:\xef\xbb\xbf)?" + _PROLOGUE + rb"<plist[\s>]", re.S)
_XML = re.compile(rb"\s*<\?xml\s")
_SUFFIXES: dict[str, Kind] = {
    ".htm": "html",
    ".html": "html",
    ".xhtml": "html",
    ".xml": "xml",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "warc",
}
# An object, or an array of them. (A text may begin with a bracket: `[날씨] …`.)
_JSON = re.compile(rb"\{|\[\s*+[{\[]")
# Header lines as of a mail: MHTML is one. Possessive, as above.
_HEADERS = re.compile(rb"\s*+(?:[!-9;-~]++:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z))++")
_MIME_PAGE = re.compile(rb"^content-type:\s*(?:multipart/|text/html)", re.I | re.M)
_MIME_MARK = re.compile(rb"^(?:mime-version|(?:snapshot-)?content-location|received):", re.I | re.M)
_WORD = re.compile(rb"word/(?:document|_rels|styles|settings|theme|numbering|fontTable)")
_EXCEL = re.compile(rb"xl/(?:workbook|worksheets|_rels|styles|sharedStrings|theme)")


class Content:
    """A file's content, unpacked as it is read if it is gzip or zstd.

    What can be unpacked before a cut or damage is read first; then `read` raises.
    """

    def __init__(self, path: str | Path) -> None:
        self._file = Path(path).open("rb")  # noqa: SIM115 (closed by __exit__)
        magic = self._file.read(4)
        self._file.seek(0)
        unpack = _gunzip if magic.startswith(_GZIP) else _unzstd if magic == _ZSTD else _plain
        self._pieces = unpack(self._file)
        self._failure: Exception | None = None

    def __enter__(self) -> Content:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """At least `size` bytes, some more, or fewer at the end."""
        pieces, length = [], 0
        while length < size and self._failure is None:
            try:
                piece = next(self._pieces, None)
            except READ_ERRORS as error:
                self._failure = error
                break
            if piece is None:
                break
            pieces.append(piece)
            length += len(piece)
        if self._failure is not None and not pieces:
            raise self._failure
        return b"".join(pieces)

    def consumed(self) -> int:
        """Bytes on disk that reading has used up."""
        return self._file.tell()


def _plain(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(_PIECE):
        yield block


def _gunzip(file: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while block := rest or file.read(2**16):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            yield member.decompress(block, _PIECE)
            block = member.unconsumed_tail
            if not member.eof and not block and not (block := file.read(2**16)):
                raise EOFError("cut off in the middle (gzip)")
        rest = member.unused_data.lstrip(b"\0")  # some tools pad the end


def _unzstd(file: BinaryIO) -> Iterator[bytes]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    rest = b""
    while block := rest or file.read(2**10):  # so little, since it may unpack to 30,000 times
        frame = decompressor.decompressobj()
        while not frame.eof:
            yield frame.decompress(block)
            if not frame.eof and not (block := file.read(2**10)):
                raise EOFError("cut off in the middle (zstd)")
        rest = frame.unused_data


def read_page(path: str | Path) -> bytes:
    """A whole page, unpacked; NotReadError if it is larger than any page."""
    with Content(path) as content:
        raw = content.read(MAX_PAGE + 1)
        content.read(1)  # raises if what follows is damaged
    if len(raw) > MAX_PAGE:
        cause = f"larger than {MAX_PAGE >> 20} MiB: keep many pages as JSONL or Parquet"
        raise NotReadError(cause, "large file")
    return raw


def read_head(path: str | Path) -> bytes:
    """The first bytes of the content, unpacked, as far as the file goes."""
    with Path(path).open("rb") as file:
        start = file.read(8 * HEAD)
    if start.startswith(_GZIP):
        return zlib.decompressobj(wbits=31).decompress(start, HEAD)
    if SKIPPABLE.match(start):
        return _head_behind_skippable_frames(path)
    if start.startswith(_ZSTD):
        unpacking = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(start)
        return unpacking.read(HEAD)
    return start[:HEAD]


def _head_behind_skippable_frames(path: str | Path) -> bytes:
    from nalssi.sources.readers.warc.archive_members import (
        first_bytes,  # an archive's dictionary may be one of them
    )

    with Path(path).open("rb") as file:
        return first_bytes(file, HEAD)


def kind_of(name: str, head: bytes) -> Kind:
    """What a file is, from its first bytes (unpacked) and then its name, or NotReadError."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(RECORD):
        return "warc"
    unpacked = _unpacked(name)
    if wrapper := _wrapper(unpacked, head):
        return wrapper
    if foreign := foreign_format(unpacked, head):
        raise NotReadError(foreign.cause, foreign.name, asset=foreign.asset)
    by_name = _by_name(name)
    if by_name in ("parquet", "warc") and head:
        raise NotReadError(f"named as {by_name} but is not", f"damaged {by_name}")
    if wide_encoding(head):
        return _kind_of_text(unpacked, by_name, decode(head).lstrip().encode())
    if b"\0" in head and by_name != "jsonl":  # there it spoils a line
        cause = "binary, and none of the forms that nalssi reads"
        raise NotReadError(cause, "unknown binary format")
    return _kind_of_text(unpacked, by_name, head.removeprefix(BOM_UTF8).lstrip())


def is_misnamed_archive(path: str | Path, head: bytes) -> bool:
    """Whether a file named as a web archive does not begin as one."""
    name = Path(path).name
    known = head.startswith(RECORD) or foreign_format(_unpacked(name), head)
    return _by_name(name) == "warc" and not known


def is_feed(raw: bytes, start: int = 0) -> bool:
    """Whether XML begins, at byte `start`, as KMA's feed does."""
    begin = start + (len(BOM_UTF8) if raw.startswith(BOM_UTF8, start) else 0)
    return _FEED.match(raw, begin, start + HEAD) is not None


def _by_name(name: str) -> Kind | None:
    return _SUFFIXES.get(Path(_unpacked(name)).suffix)


def _unpacked(name: str) -> str:
    return name.lower().removesuffix(".gz").removesuffix(".zst")


def _wrapper(name: str, head: bytes) -> Kind | None:
    """Which format wraps pages or text here, if one does."""
    suffix = Path(name).suffix
    is_list = head.startswith(b"bplist00") or _XML_LIST.match(head)
    if is_list and (b"WebMainResource" in head or suffix == ".webarchive"):
        return "webarchive"
    if head.startswith(b"PK\x03\x04"):
        if _WORD.search(head) or suffix == ".docx":
            return "docx"
        return "xlsx" if _EXCEL.search(head) or suffix == ".xlsx" else None
    if (headers := _HEADERS.match(head.removeprefix(BOM_UTF8))) is not None:
        block = headers[0].strip()
        if _MIME_PAGE.search(block) and _MIME_MARK.search(block):
            return "mhtml"
    return None


def _kind_of_text(name: str, by_name: Kind | None, head: bytes) -> Kind:
    if is_feed(head):
        return "xml"
    if by_name in (None, "jsonl") and _JSON.match(head):
        return "jsonl"
    if head.startswith(b"[") and Path(name).suffix == ".json":
        return "jsonl"
    if by_name == "xml" or _XML.match(head):
        if _HTML.search(head):  # XHTML
            return "html"
        raise NotReadError("XML, but not KMA's feed (<current><weather>)", "XML")
    if by_name:
        return by_name
    return "html" if head.startswith(b"<") and _HTML.search(head) else "text"
