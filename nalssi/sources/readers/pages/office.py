"""Text of .docx and .xlsx files (Office Open XML, ECMA-376).

A line of text is a paragraph of a document or a row of a sheet. Only text is read: no styles,
formulas, headers, footnotes or deleted text. The zip's members are unpacked within `MAX_PAGE`
together, and XML that declares a document type is refused, so nothing can expand.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from nalssi.sources.readers.pages.embedded_page import Wrapped
from nalssi.sources.readers.unpacked_file import MAX_PAGE, read_page
from nalssi.sources.unsupported_formats import NotReadError

MAX_MEMBERS = 10_000
"""Members of a zip; a table of contents takes some hundred times its size in memory."""
MAX_NESTING = 1000
"""XML elements inside each other."""

_WORD, _EXCEL = "Word (.docx)", "Excel (.xlsx)"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_PIECE = 2**16
_DOCUMENT = re.compile(r"word/document\d*\.xml")
_SHEET = re.compile(r"xl/worksheets/[^/]*?(\d*)\.xml")
_SHARED = "xl/sharedStrings.xml"
_ZIP_ERRORS = (
    *(BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError),
    *(RuntimeError, ValueError, KeyError, IndexError),
)
"""What `zipfile` raises for damaged files; RuntimeError also for encrypted ones."""
_METHODS = (ZIP_STORED, ZIP_DEFLATED)  # Office uses no others; LZMA takes memory as the file says


def check_package(kind: str, path: str) -> None:
    """Look whether a .docx has a document and an .xlsx a sheet; raises NotReadError if not."""
    raw = read_page(path)
    if kind == "docx":
        _Package(raw, _WORD).only(_DOCUMENT, "document")
    else:
        _Package(raw, _EXCEL).only(_SHEET, "worksheet")


def read_docx(raw: bytes) -> list[Wrapped]:
    """The text of a Word document, a paragraph a line; an item of a list with a bullet.

    Raises NotReadError if the file holds no document, is damaged or is beyond a limit.
    """
    package = _Package(raw, _WORD)
    document = _Document()
    package.parse(package.only(_DOCUMENT, "document"), document)
    return [Wrapped("docx", "\n".join(document.lines).encode("utf-8", "replace"))]


def read_xlsx(raw: bytes) -> list[Wrapped]:
    """The texts of an Excel workbook: each sheet, a row a line, and each cell of several lines.

    A cell of several lines is a page of its own: a workbook may hold a page a row, and their
    dates must stay apart. Raises NotReadError if the file holds no sheet, is damaged or is
    beyond a limit.
    """
    package = _Package(raw, _EXCEL)
    sheets = sorted(
        (name for name in package.names if _SHEET.fullmatch(name)),
        key=lambda name: (int(_SHEET.sub(r"\1", name)[:9] or 0), name),
    )
    package.only(_SHEET, "worksheet")  # or it says that there is none
    shared = _SharedStrings()
    if _SHARED in package.names:
        package.parse(_SHARED, shared)
    found: list[Wrapped] = []
    for number, name in enumerate(sheets, 1):
        sheet = _Sheet(shared.texts)
        package.parse(name, sheet)
        found.append(_text("\n".join(sheet.lines), "" if number == 1 else f"sheet={number}"))
        found += [_text(text, f"sheet={number}&cell={cell}") for cell, text in sheet.pages]
    return found


def _text(text: str, part: str) -> Wrapped:
    return Wrapped("xlsx", text.encode("utf-8", "replace"), part=part)


class _Package:
    """A zip of XML files, unpacked within a limit."""

    def __init__(self, raw: bytes, form: str) -> None:
        self._form = form
        self._left = MAX_PAGE
        if raw.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
            raise self._error(f"more than {MAX_MEMBERS:,} members")
        try:
            self._zip = ZipFile(BytesIO(raw))
        except _ZIP_ERRORS as error:
            raise self._error("damaged") from error
        self.names = set(self._zip.namelist())

    def only(self, pattern: re.Pattern[str], what: str) -> str:
        """The first member that the pattern names."""
        matching = sorted(name for name in self.names if pattern.fullmatch(name))
        if not matching:
            raise self._error(f"no {what} in it")
        return matching[0]

    def parse(self, name: str, reader: _Reader) -> None:
        """Give the elements and texts of an XML member to `reader`."""
        parser = ParserCreate(namespace_separator=" ")
        depth = 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_NESTING:
                raise self._error(f"{name}: more than {MAX_NESTING:,} elements inside each other")
            reader.start(tag.rpartition(" ")[2], attributes)

        def end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            reader.end(tag.rpartition(" ")[2])

        def refuse(*_: Any) -> None:
            raise self._error(f"{name}: declares a document type")

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = refuse
        parser.EntityDeclHandler = refuse
        try:
            for piece in self._pieces(name):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except ExpatError as error:
            raise self._error(f"{name}: not well-formed XML") from error

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            if self._zip.getinfo(name).compress_type not in _METHODS:
                raise BadZipFile("another method")
            with self._zip.open(name) as member:
                while piece := member.read(_PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise self._error(f"more than {MAX_PAGE >> 20} MiB, unpacked")
                    yield piece
        except NotReadError:
            raise
        except _ZIP_ERRORS as error:
            if isinstance(error, RuntimeError) and "password" in str(error):
                raise self._error("needs a password") from error
            raise self._error(f"{name}: damaged") from error

    def _error(self, cause: str) -> NotReadError:
        return NotReadError(f"{self._form}: {cause}", self._form)


class _Reader:
    """What takes the elements of an XML file as they come; names are without namespaces."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Some text of the element that began last."""


@dataclass
class _Document(_Reader):
    """Paragraphs of `word/document.xml`."""

    lines: list[str] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _in_text: bool = False
    _fallback: int = 0  # the same content again, for older programs
    _item: bool = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "Fallback":
            self._fallback += 1
        elif tag == "p":
            self._break()
            self._item = False
        elif tag == "numPr":
            self._item = True
        elif tag in ("br", "cr"):
            self._break()
        elif tag == "tab":
            self._line.append(" ")
        elif tag == "noBreakHyphen":
            self._line.append("-")
        self._in_text = tag == "t" and not self._fallback

    def end(self, tag: str) -> None:
        self._in_text = False
        if tag == "Fallback":
            self._fallback -= 1
        elif tag == "p":
            self._break()

    def text(self, data: str) -> None:
        if self._in_text:
            self._line.append(data)

    def _break(self) -> None:
        line = "".join(self._line).strip()
        if line:
            self.lines.append(f"• {line}" if self._item else line)
            self._item = False
        self._line.clear()


@dataclass
class _SharedStrings(_Reader):
    """Texts of `xl/sharedStrings.xml`, which cells name by their number."""

    texts: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _in_text: bool = False
    _phonetic: bool = False  # how a text is spoken

    def start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "rPh":
            self._phonetic = True
        self._in_text = tag == "t" and not self._phonetic

    def end(self, tag: str) -> None:
        self._in_text = False
        if tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self.texts.append("".join(self._text))
            self._text.clear()

    def text(self, data: str) -> None:
        if self._in_text:
            self._text.append(data)


@dataclass
class _Sheet(_Reader):
    """Rows of a worksheet: lines, and apart from them cells of several lines."""

    shared: list[str]
    lines: list[str] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    _row: list[str] = field(default_factory=list)
    _cell: str = ""
    _type: str = ""
    _value: list[str] = field(default_factory=list)
    _in_value: bool = False
    _size: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._cell, self._type = attributes.get("r", ""), attributes.get("t", "n")
            self._value.clear()
        self._in_value = tag in ("v", "t")

    def end(self, tag: str) -> None:
        self._in_value = False
        if tag == "c":
            self._add("".join(self._value))
        elif tag == "row":
            self.lines.append(" ".join(filter(None, self._row)))
            self._row.clear()

    def text(self, data: str) -> None:
        if self._in_value:
            self._value.append(data)

    def _add(self, value: str) -> None:
        if self._type == "s":
            value = self.shared[int(value)] if _is_index(value, self.shared) else ""
        value = value.strip()
        self._size += len(value)
        if self._size > MAX_PAGE:  # many cells may name one long text
            raise NotReadError(f"{_EXCEL}: a sheet of more than {MAX_PAGE >> 20} MiB", _EXCEL)
        if "\n" in value or "_x000D_" in value:
            self.pages.append((self._cell, value.replace("_x000D_", "")))
        else:
            self._row.append(value)


def _is_index(value: str, texts: list[str]) -> bool:
    few_digits = value.isascii() and value.isdigit() and len(value) < len("1000000000")
    return few_digits and int(value) < len(texts)
