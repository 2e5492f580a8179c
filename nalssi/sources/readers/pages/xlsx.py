"""Read the texts of Excel workbooks (.xlsx), one line for each row.

Formulas, number formats and comments are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.decompressed_file import read_whole
from nalssi.sources.readers.pages.embedded_page import EmbeddedPage
from nalssi.sources.readers.pages.office_package import MAX_MEMBERS, OfficePackage, XmlHandler
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits

_FORMAT = "Excel (.xlsx)"
_SHEET = re.compile(r"xl/worksheets/[^/]*?(\d*)\.xml")
_SHARED_STRINGS = "xl/sharedStrings.xml"


def check_xlsx(path: str) -> None:
    """Raise UnreadableError if the file at `path` contains no worksheet or is no usable zip.

    Raises one of READ_ERRORS if the file cannot be read or decompressed.
    """
    OfficePackage(read_whole(path), _FORMAT, DEFAULT_LIMITS).first_member(_SHEET, "worksheet")


def read_xlsx(
    raw: bytes, limits: ReadLimits = DEFAULT_LIMITS, max_members: int = MAX_MEMBERS
) -> list[EmbeddedPage]:
    """Return the texts of a workbook: a page for each sheet, and for each cell of several lines.

    `raw` is the content of the file. Sheets come in the order of the numbers in their file names,
    each followed by its cells of several lines. Such a cell is a page of its own, because a
    workbook may contain a page in each row, and each page has its own date. It is not part of the
    page of its sheet.

    Raises UnreadableError if the file contains no sheet, is damaged, exceeds a limit, or is a zip
    of more than `max_members` files.
    """
    package = OfficePackage(raw, _FORMAT, limits, max_members)
    sheets = sorted(
        (name for name in package.names if _SHEET.fullmatch(name)),
        key=lambda name: (int(_SHEET.sub(r"\1", name)[:9] or 0), name),
    )
    package.first_member(_SHEET, "worksheet")  # raises if there is none
    shared = _SharedStrings()
    if _SHARED_STRINGS in package.names:
        package.parse(_SHARED_STRINGS, shared)
    pages: list[EmbeddedPage] = []
    for number, name in enumerate(sheets, 1):
        sheet = _Sheet(shared.texts, limits.page_bytes)
        package.parse(name, sheet)
        pages.append(_page("\n".join(sheet.lines), "" if number == 1 else f"sheet={number}"))
        pages += [
            _page(text, f"sheet={number}&cell={cell}") for cell, text in sheet.multiline_cells
        ]
    return pages


def _page(text: str, part: str) -> EmbeddedPage:
    return EmbeddedPage("xlsx", text.encode("utf-8", "replace"), part=part)


@dataclass
class _SharedStrings(XmlHandler):
    """Collects the texts of `xl/sharedStrings.xml`, to which cells refer by number."""

    texts: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _in_text: bool = False
    _is_phonetic: bool = False  # phonetic texts tell how another text is pronounced

    def start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "rPh":
            self._is_phonetic = True
        self._in_text = tag == "t" and not self._is_phonetic

    def end(self, tag: str) -> None:
        self._in_text = False
        if tag == "rPh":
            self._is_phonetic = False
        elif tag == "si":
            self.texts.append("".join(self._text))
            self._text.clear()

    def text(self, data: str) -> None:
        if self._in_text:
            self._text.append(data)


@dataclass
class _Sheet(XmlHandler):
    """Collects the rows of a worksheet as lines. Cells of several lines are kept separately."""

    shared_texts: list[str]
    limit: int
    """The most characters of a sheet: many cells can refer to one long text."""
    lines: list[str] = field(default_factory=list)
    multiline_cells: list[tuple[str, str]] = field(default_factory=list)
    """The name (such as `B2`) and the text of each cell that has several lines."""
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
        """Add the value of a cell to its row, or to `multiline_cells` if it has several lines.

        Raises UnreadableError if the values of the sheet have more than `limit` characters.
        """
        if self._type == "s":
            known = _is_index(value, self.shared_texts)
            value = self.shared_texts[int(value)] if known else ""
        value = value.strip()
        self._size += len(value)
        if self._size > self.limit:
            cause = f"{_FORMAT}: a sheet of more than {self.limit >> 20} MiB"
            raise UnreadableError(cause, _FORMAT)
        if "\n" in value or "_x000D_" in value:
            self.multiline_cells.append((self._cell, value.replace("_x000D_", "")))
        else:
            self._row.append(value)


def _is_index(value: str, texts: list[str]) -> bool:
    few_digits = value.isascii() and value.isdigit() and len(value) < len("1000000000")
    return few_digits and int(value) < len(texts)
