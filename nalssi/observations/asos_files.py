"""The forms in which official-hours files arrive, and how each becomes lines of text.

KMA's portal delivers CSV, a zip of CSV files, or an "Excel" form that is tab-separated text named
`.xls`. Excel saves such a file as CSV, as "Unicode text" (UTF-16 with tabs) or as a workbook;
browsers and other tools compress it or save an HTML table. Text, compressed text, HTML tables and
zip files of these are read. A workbook, a PDF or another archive is named for what it is.

Memory does not grow with a file, an HTML table apart, and no compressed file is followed further
than MOST_BYTES.
"""

from __future__ import annotations

import codecs
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from nalssi.common.decompression import GZIP_MAGIC, PieceStream, gunzip
from nalssi.common.errors import first_line, system_reason
from nalssi.observations.asos_header import HEADER_LINES, layout_of

LONGEST_LINE = 1 << 16
MOST_BYTES = 4 << 30
"""Uncompressed size of a table; a year of all stations has 0.3 GB."""
MOST_HTML_BYTES = 64 << 20
MOST_MEMBERS = 1000
SUFFIXES = (".csv", ".gz", ".htm", ".html", ".tsv", ".txt", ".xls", ".xlsx", ".zip")
"""Names under which official-hours files are looked for in a folder."""

_SAVE_AS = "save it as CSV"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PDF = b"%PDF"
_NAMED = (
    (b"\xd0\xcf\x11\xe0", f"an Excel workbook of the older or the encrypted form: {_SAVE_AS}"),
    (b"\x09\x08", f"an Excel workbook of the oldest form: {_SAVE_AS}"),
    (_PDF, "a PDF: download the file as CSV"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it"),
    (b"Rar!", "a RAR archive: unpack it"),
    (b"BZh", "a bzip2 file: unpack it"),
    (b"\xfd7zXZ", "an xz file: unpack it"),
    (b"\x28\xb5\x2f\xfd", "a zstd file: unpack it"),
    *((magic, "an archive inside an archive: unpack it") for magic in _ZIP),
)
_OFFICE = {
    "xl/workbook.xml": f"an Excel workbook: {_SAVE_AS}",
    "xl/workbook.bin": f"an Excel workbook: {_SAVE_AS}",
    "word/document.xml": "a Word document",
    "content.xml": f"an OpenDocument file: {_SAVE_AS}",
}
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)  # and UTF-32-LE
_DAMAGED = (EOFError, lzma.LZMAError, zipfile.BadZipFile, zlib.error)


class AsosError(ValueError):
    """A file is no hourly ASOS file; the message names the file, the line and the cause."""


class NoTableError(AsosError):
    """What was to be read is no table at all, such as a note that lies beside tables in a zip."""


@dataclass(frozen=True)
class Table:
    """A table of a file: `name` is the file's, or `file!member` in a zip.

    `open` gives its bytes from the beginning each time it is called.
    """

    name: str
    open: Callable[[], BinaryIO]


def tables_of(path: Path) -> list[Table]:
    """The tables of a file: one, or as many as a zip has members.

    Raises AsosError for a file that cannot be opened, or that holds no table.
    """
    with _faults_of(str(path)):
        if path.exists() and not path.is_file():  # a pipe may never end
            raise AsosError(f"{path}: cannot be read: no file")
        with path.open("rb") as file:
            is_zip = file.read(4) in _ZIP
        return _members(path) if is_zip else [Table(str(path), lambda: path.open("rb"))]


def files_in(folder: Path) -> list[Path]:
    """The files of a folder whose names are those of official-hours files, sorted."""
    return sorted(
        path
        for path in folder.glob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")
    )


@contextmanager
def lines_of(table: Table) -> Iterator[TextIO]:
    """The text of a table, its header first. Raises AsosError for what is no text table."""
    with _faults_of(table.name):
        head = _head(table)
        if head.startswith(GZIP_MAGIC):
            table = Table(table.name, partial(_unzipped, table))
            head = _head(table)
        for magic, form in _NAMED:
            if head.startswith(magic):
                kind = NoTableError if magic == _PDF else AsosError
                raise kind(f"{table.name}: {form}")
        if _is_markup(head):
            yield _html_rows(table, head)
            return
        encoding = _encoding(table.name, head)
        with io.TextIOWrapper(_bounded(table), encoding, errors="replace") as text:
            yield text


def _members(path: Path) -> list[Table]:
    with _archive(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
    names = {member.filename for member in members}
    for name, form in _OFFICE.items():
        if name in names:
            raise AsosError(f"{path}: {form}")
    wanted = [member for member in members if not _is_hidden(member.filename)]
    if not wanted:
        raise AsosError(f"{path}: a zip file without a member")
    if len(wanted) > MOST_MEMBERS:
        raise AsosError(f"{path}: more than {MOST_MEMBERS:,} members")
    return [Table(f"{path}!{member.filename}", partial(_member, path, member)) for member in wanted]


def _archive(path: Path) -> zipfile.ZipFile:
    # Korean Windows names members in CP949; newer tools use UTF-8 and mark it.
    try:
        return zipfile.ZipFile(path, metadata_encoding="cp949")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _is_hidden(name: str) -> bool:
    """Whether a member is a note of an operating system, such as `__MACOSX/._a.csv`."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".")


def _member(path: Path, member: zipfile.ZipInfo) -> BinaryIO:
    if member.flag_bits & 1:
        raise AsosError(f"{path}!{member.filename}: encrypted: unpack it")
    try:
        with _archive(path) as archive:  # the stream keeps the file open after that
            return cast("BinaryIO", archive.open(member))
    except NotImplementedError as error:
        raise AsosError(f"{path}!{member.filename}: cannot be unpacked: {error}") from error


def _unzipped(table: Table) -> BinaryIO:
    def pieces() -> Iterator[bytes]:
        with table.open() as stream:
            yield from gunzip(stream)

    return io.BufferedReader(PieceStream(pieces()))


def _head(table: Table) -> bytes:
    with table.open() as stream:
        return stream.read(LONGEST_LINE)


def _is_markup(head: bytes) -> bool:
    return bool(re.match(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<", head))


def _encoding(name: str, head: bytes) -> str:
    """The encoding that the beginning agrees with; beyond it, unreadable bytes become U+FFFD."""
    from nalssi.sources.readers.text_encoding import wide_encoding

    lines = re.split(rb"[\r\n]+", head, maxsplit=HEADER_LINES)[:HEADER_LINES]
    line = next((line for line in lines if not line.isascii()), lines[0])
    whole = len(head) < LONGEST_LINE
    if wide := wide_encoding(head):
        marked = head.startswith(_WIDE_MARKS)
        wide = wide[: len("utf-16")] if marked else wide  # which takes the mark away
        candidates = [(wide, head, whole)]
    elif b"\x00" in line:
        candidates = []
    else:
        candidates = [(encoding, line, True) for encoding in ("utf-8-sig", "cp949")]
    for encoding, raw, final in candidates:
        try:
            codecs.getincrementaldecoder(encoding)().decode(raw, final)
        except UnicodeDecodeError:
            continue
        return encoding
    raise AsosError(f"{name}, line 1: neither UTF-8 nor CP949 nor UTF-16 text")


def _html_rows(table: Table, head: bytes) -> TextIO:
    """The rows of an HTML page's tables as tab-separated lines, from the row of the header on."""
    from selectolax.lexbor import LexborHTMLParser

    from nalssi.sources.readers.text_encoding import decode

    start = decode(head).lower()
    if not re.search(r"<(?:html|table|!doctype html)\b", start):
        raise AsosError(f"{table.name}: an XML file: {_SAVE_AS}")
    with table.open() as stream:
        raw = stream.read(MOST_HTML_BYTES + 1)
    if len(raw) > MOST_HTML_BYTES:
        raise AsosError(f"{table.name}: an HTML page of more than {MOST_HTML_BYTES >> 20} MiB")
    rows = [
        [" ".join(cell.text().replace('"', " ").split()) for cell in row.css("th, td")]
        for row in LexborHTMLParser(decode(raw)).css("tr")
        if row.css_first("table") is None  # a table for the looks, around the others
    ]
    if not rows:
        raise AsosError(f"{table.name}: an HTML page without a table")
    begin = next((at for at, row in enumerate(rows) if not layout_of(row, "\t").absent), 0)
    header, *rest = rows[begin:]
    kept = (row for row in rest if row != header)  # a page repeats it in every table
    return io.StringIO("\n".join(["\t".join(row) for row in (header, *kept)] + [""]))


def _bounded(table: Table) -> io.BufferedReader:
    return io.BufferedReader(_Bounded(table), 1 << 20)


class _Bounded(io.RawIOBase):
    """The bytes of a table; raises AsosError where they are damaged, or more than MOST_BYTES."""

    def __init__(self, table: Table) -> None:
        self._name, self._stream, self._left = table.name, table.open(), MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        raw = self._stream.read(len(buffer))
        self._left -= len(raw)
        if self._left < 0:
            raise AsosError(f"{self._name}: more than {MOST_BYTES >> 30} GiB uncompressed")
        buffer[: len(raw)] = raw
        return len(raw)

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def _faults_of(name: str) -> Iterator[None]:
    """Name the file and the cause of whatever keeps it from being read."""
    try:
        yield
    except _DAMAGED as error:
        raise AsosError(f"{name}: damaged: {first_line(error)}") from error
    except OSError as error:
        raise AsosError(f"{name}: cannot be read: {system_reason(error)}") from error
