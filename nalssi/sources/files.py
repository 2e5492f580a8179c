"""Opening a file whatever it is packed in, and telling by its content what it is."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from pathlib import Path
from typing import BinaryIO

import zstandard

from nalssi.sources.charset import decode
from nalssi.sources.partition import Kind

HEAD = 8192
MAX_PAGE = 64 * 2**20
"""The largest page that is read, unpacked: what is larger is no page (or a bomb)."""

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_WINDOW = 2**27  # what `zstd --long` packs with
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_REFUSED = {
    b"PK\x03\x04": "a zip archive: unpack it first",
    b"%PDF": "a PDF, which holds no plain text",
    b"BZh": "packed with bzip2: unpack it, or pack it with gzip or zstd",
    b"\xfd7zXZ": "packed with xz: unpack it, or pack it with gzip or zstd",
}
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|ul|ol|li|table|p|a|span|script)[\s>/]",
    re.I,
)
_PROLOGUE = rb"\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>\s*)*"
_FEED = re.compile(_PROLOGUE + rb"<(?:\w+:)?current[\s>]", re.S)
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


class NotReadError(ValueError):
    """Content that is none of the forms we read; the message is the cause."""


def open_unpacked(path: str | Path) -> BinaryIO:
    """The file's content, unpacked as it is read if it is gzip or zstd."""
    file = Path(path).open("rb")  # noqa: SIM115 (the caller closes it)
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(_GZIP):
        return _Packed(gzip.GzipFile(fileobj=file), file)
    if magic == _ZSTD:
        decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        return _Packed(decompressor.stream_reader(file, read_across_frames=True), file)
    return file


def read_head(path: str | Path) -> bytes:
    """The first bytes of the content, unpacked, as far as the file goes."""
    with Path(path).open("rb") as file:
        start = file.read(8 * HEAD)
    if start.startswith(_GZIP):
        return zlib.decompressobj(wbits=31).decompress(start, HEAD)
    if start.startswith(_ZSTD):
        unpacking = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(start)
        return unpacking.read(HEAD)
    return start[:HEAD]


class _Packed(io.BufferedReader):
    """An unpacking reader that also closes the file below and tells how far it has got in it."""

    def __init__(self, reader: object, file: BinaryIO) -> None:
        super().__init__(reader, 2**20)  # type: ignore[arg-type]
        self._file = file

    def consumed(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        super().close()
        self._file.close()


def consumed(file: BinaryIO) -> int:
    """Bytes on disk that reading has used up."""
    return file.consumed() if isinstance(file, _Packed) else file.tell()


def read_page(path: str | Path) -> bytes:
    """A whole page, unpacked; NotReadError if it is larger than any page."""
    with open_unpacked(path) as file:
        raw = file.read(MAX_PAGE + 1)
    if len(raw) > MAX_PAGE:
        raise NotReadError(f"larger than {MAX_PAGE >> 20} MiB: keep many pages as JSONL or Parquet")
    return raw


def kind_of(name: str, head: bytes) -> Kind:
    """What a file is, from its first bytes (unpacked) and then its name, or NotReadError."""
    for magic, cause in _REFUSED.items():
        if head.startswith(magic):
            raise NotReadError(cause)
    if head.startswith(_UTF16_MARKS):
        return _kind_of_text(_by_name(name), decode(head).encode())
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    by_name = _by_name(name)
    if by_name in ("parquet", "warc") and head:
        raise NotReadError(f"named as {by_name} but is not")
    if b"\0" in head:
        raise NotReadError("binary, and none of the forms that nalssi reads")
    return _kind_of_text(by_name, head.removeprefix(b"\xef\xbb\xbf").lstrip())


def _by_name(name: str) -> Kind | None:
    unpacked = name.lower().removesuffix(".gz").removesuffix(".zst")
    return _SUFFIXES.get(Path(unpacked).suffix)


def _kind_of_text(by_name: Kind | None, head: bytes) -> Kind:
    if _FEED.match(head):
        return "xml"
    if head.startswith(b"{") and by_name in (None, "jsonl"):
        return "jsonl"
    if head.startswith(b"[") and by_name == "jsonl":
        raise NotReadError("a JSON array: write one object a line")
    if by_name == "xml" or _XML.match(head):
        if _HTML.search(head):  # XHTML
            return "html"
        raise NotReadError("XML, but not KMA's feed (<current><weather>)")
    if by_name:
        return by_name
    return "html" if head.startswith(b"<") and _HTML.search(head) else "text"
