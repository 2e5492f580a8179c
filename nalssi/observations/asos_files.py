"""Open files of official hours: each table in a file becomes lines of text.

KMA's portal delivers CSV, a zip of CSV files, or an "Excel" form, which is tab-separated text named
`.xls`. Excel saves such a file as CSV, as "Unicode text" (UTF-16 with tabs) or as a workbook.
Browsers and other tools compress it or save an HTML table. This module reads text, gzip, HTML
tables, and zip files of these. For other formats, such as workbooks and PDF, the error names the
format.

Files are streamed, except for HTML. A table above a size limit is an error. `asos_table` reads the
rows.
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

MAX_LINE = 1 << 16
"""The longest line, in characters. KMA's lines have about 300."""
MAX_TABLE_BYTES = 4 << 30
"""The largest uncompressed table. A year of all stations has 0.3 GB."""
MAX_HTML_BYTES = 64 << 20
MAX_ZIP_MEMBERS = 1000
SUFFIXES = (".csv", ".gz", ".htm", ".html", ".tsv", ".txt", ".xls", ".xlsx", ".zip")
"""The suffixes of official-hours files in a folder."""

_SAVE_AS = "save it as CSV"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PDF = b"%PDF"
_OTHER_FORMATS = (
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
_OFFICE_MEMBERS = {
    "xl/workbook.xml": f"an Excel workbook: {_SAVE_AS}",
    "xl/workbook.bin": f"an Excel workbook: {_SAVE_AS}",
    "word/document.xml": "a Word document",
    "content.xml": f"an OpenDocument file: {_SAVE_AS}",
}
_WIDE_BYTE_ORDER_MARKS = (
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_BE,
)  # includes UTF-32-LE
_DAMAGE_ERRORS = (EOFError, lzma.LZMAError, zipfile.BadZipFile, zlib.error)


class AsosError(ValueError):
    """A file is not an hourly ASOS file. The message names the file, the cause and mostly the line.

    The line is omitted if the fault is not in a line, such as an unknown format.
    """


class NoTableError(AsosError):
    """A file is not a table at all, such as a note beside the tables of a zip."""


@dataclass(frozen=True)
class Table:
    """An official-hours table: a file, or a member of a zip.

    `name` is the path of the file, or `file!member`. Each call of `open` returns a new stream at
    the beginning of the table's bytes.
    """

    name: str
    open: Callable[[], BinaryIO]


def tables_of(path: Path) -> list[Table]:
    """Return the tables of a file: one table, or one for each member of a zip that is not hidden.

    The content of the tables is not examined. Raises AsosError if the file cannot be opened, or if
    it is a workbook or document, or a zip with no member or too many.
    """
    with _reading_errors(str(path)):
        if path.exists() and not path.is_file():  # a pipe may never end
            raise AsosError(f"{path}: cannot be read: no file")
        with path.open("rb") as file:
            is_zip = file.read(4) in _ZIP
        return _members(path) if is_zip else [Table(str(path), lambda: path.open("rb"))]


def files_in(folder: Path) -> list[Path]:
    """Return the files in a folder whose suffix is one of SUFFIXES, sorted.

    Hidden files and files in folders of the folder are omitted.
    """
    return sorted(
        path
        for path in folder.glob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")
    )


@contextmanager
def open_lines(table: Table, *, max_bytes: int = MAX_TABLE_BYTES) -> Iterator[TextIO]:
    """Open a table as a stream of text.

    Raises AsosError if the format is not supported, if the data is damaged, or while more than
    `max_bytes` are read; for an HTML page, the limit is MAX_HTML_BYTES.
    """
    with _reading_errors(table.name):
        head = _head(table)
        if head.startswith(GZIP_MAGIC):
            table = Table(table.name, partial(_decompressed, table))
            head = _head(table)
        for magic, form in _OTHER_FORMATS:
            if head.startswith(magic):
                kind = NoTableError if magic == _PDF else AsosError
                raise kind(f"{table.name}: {form}")
        if _is_markup(head):
            yield _html_rows(table, head)
            return
        encoding = _encoding(table.name, head)
        with io.TextIOWrapper(_limited(table, max_bytes), encoding, errors="replace") as text:
            yield text


def _members(path: Path) -> list[Table]:
    with _archive(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
    names = {member.filename for member in members}
    for name, form in _OFFICE_MEMBERS.items():
        if name in names:
            raise AsosError(f"{path}: {form}")
    visible = [member for member in members if not _is_hidden(member.filename)]
    if not visible:
        raise AsosError(f"{path}: a zip file without a member")
    if len(visible) > MAX_ZIP_MEMBERS:
        raise AsosError(f"{path}: more than {MAX_ZIP_MEMBERS:,} members")
    return [
        Table(f"{path}!{member.filename}", partial(_member, path, member)) for member in visible
    ]


def _archive(path: Path) -> zipfile.ZipFile:
    # Korean Windows writes member names in CP949. Newer tools write UTF-8 and say so.
    try:
        return zipfile.ZipFile(path, metadata_encoding="cp949")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _is_hidden(name: str) -> bool:
    """Whether an operating system added this zip member, such as `__MACOSX/._a.csv`."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".")


def _member(path: Path, member: zipfile.ZipInfo) -> BinaryIO:
    if member.flag_bits & 1:
        raise AsosError(f"{path}!{member.filename}: encrypted: unpack it")
    try:
        with _archive(path) as archive:  # the stream keeps the file open
            return cast("BinaryIO", archive.open(member))
    except NotImplementedError as error:
        raise AsosError(f"{path}!{member.filename}: cannot be unpacked: {error}") from error


def _decompressed(table: Table) -> BinaryIO:
    def pieces() -> Iterator[bytes]:
        with table.open() as file:
            yield from gunzip(file)

    return io.BufferedReader(PieceStream(pieces()))


def _head(table: Table) -> bytes:
    with table.open() as stream:
        return stream.read(MAX_LINE)


def _is_markup(head: bytes) -> bool:
    return bool(re.match(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<", head))


def _encoding(name: str, head: bytes) -> str:
    """Return the encoding of a text, judged by its first bytes `head`.

    Raises AsosError if the text is not valid in any of the supported encodings.
    """
    from nalssi.sources.readers.text_encoding import wide_encoding

    lines = re.split(rb"[\r\n]+", head, maxsplit=HEADER_LINES)[:HEADER_LINES]
    line = next((line for line in lines if not line.isascii()), lines[0])
    is_complete = len(head) < MAX_LINE
    if wide := wide_encoding(head):
        if head.startswith(_WIDE_BYTE_ORDER_MARKS):
            wide = wide[: len("utf-16")]  # this codec removes the byte order mark
        candidates = [(wide, head, is_complete)]
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
    """Return the rows of the tables in an HTML page as tab-separated lines, the header first.

    Rows before the header, and repeated headers, are omitted. `head` are the first bytes. Raises
    AsosError if the page is XML, larger than MAX_HTML_BYTES, or has no table.
    """
    from selectolax.lexbor import LexborHTMLParser

    from nalssi.sources.readers.text_encoding import decode

    start = decode(head).lower()
    if not re.search(r"<(?:html|table|!doctype html)\b", start):
        raise AsosError(f"{table.name}: an XML file: {_SAVE_AS}")
    with table.open() as stream:
        raw = stream.read(MAX_HTML_BYTES + 1)
    if len(raw) > MAX_HTML_BYTES:
        raise AsosError(f"{table.name}: an HTML page of more than {MAX_HTML_BYTES >> 20} MiB")
    rows = [
        [" ".join(cell.text().replace('"', " ").split()) for cell in row.css("th, td")]
        for row in LexborHTMLParser(decode(raw)).css("tr")
        if row.css_first("table") is None  # else it is a layout table around other tables
    ]
    if not rows:
        raise AsosError(f"{table.name}: an HTML page without a table")
    begin = next((i for i, row in enumerate(rows) if not layout_of(row, "\t").absent), 0)
    header, *rest = rows[begin:]
    kept = (row for row in rest if row != header)  # every table of a page repeats the header
    return io.StringIO("\n".join(["\t".join(row) for row in (header, *kept)] + [""]))


def _limited(table: Table, max_bytes: int) -> io.BufferedReader:
    return io.BufferedReader(_LimitedStream(table, max_bytes), 1 << 20)


class _LimitedStream(io.RawIOBase):
    """The bytes of a table as a stream. Reading more than `max_bytes` raises AsosError."""

    def __init__(self, table: Table, max_bytes: int) -> None:
        self._name, self._stream = table.name, table.open()
        self._max_bytes = self._left = max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        raw = self._stream.read(len(buffer))
        self._left -= len(raw)
        if self._left < 0:
            raise AsosError(
                f"{self._name}: more than {self._max_bytes / (1 << 30):g} GiB uncompressed"
            )
        buffer[: len(raw)] = raw
        return len(raw)

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def _reading_errors(name: str) -> Iterator[None]:
    """Convert errors of reading to AsosError. Its message names the file and the cause."""
    try:
        yield
    except _DAMAGE_ERRORS as error:
        raise AsosError(f"{name}: damaged: {first_line(error)}") from error
    except OSError as error:
        raise AsosError(f"{name}: cannot be read: {system_reason(error)}") from error
