"""Read the text of Word documents (.docx) as lines.

A line ends with its paragraph or at a line break in it. Empty lines are left out. Styles, headers,
footnotes and deleted text are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nalssi.sources.readers.decompressed_file import read_whole
from nalssi.sources.readers.pages.embedded_page import EmbeddedPage
from nalssi.sources.readers.pages.office_package import MAX_MEMBERS, OfficePackage, XmlHandler
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits

_FORMAT = "Word (.docx)"
_DOCUMENT = re.compile(r"word/document\d*\.xml")


def check_docx(path: str) -> None:
    """Raise UnreadableError if the file at `path` contains no Word document or is no usable zip.

    Raises one of READ_ERRORS if the file cannot be read or decompressed.
    """
    OfficePackage(read_whole(path), _FORMAT, DEFAULT_LIMITS).first_member(_DOCUMENT, "document")


def read_docx(
    raw: bytes, limits: ReadLimits = DEFAULT_LIMITS, max_members: int = MAX_MEMBERS
) -> list[EmbeddedPage]:
    """Return a list with one page: the text of a Word document as lines, in UTF-8.

    `raw` is the content of the file. A line ends with its paragraph or at a line break in it. Empty
    lines are left out. The first line of a list item gets a bullet.

    Raises UnreadableError if the file contains no document, is damaged, exceeds a limit, or is a
    zip of more than `max_members` files.
    """
    package = OfficePackage(raw, _FORMAT, limits, max_members)
    document = _Document()
    package.parse(package.first_member(_DOCUMENT, "document"), document)
    return [EmbeddedPage("docx", "\n".join(document.lines).encode("utf-8", "replace"))]


@dataclass
class _Document(XmlHandler):
    """Collects the text of `word/document.xml` as lines."""

    lines: list[str] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _in_text: bool = False
    _fallbacks: int = 0  # open elements that repeat content for older programs
    _is_list_item: bool = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "Fallback":
            self._fallbacks += 1
        elif tag == "p":
            self._end_line()
            self._is_list_item = False
        elif tag == "numPr":
            self._is_list_item = True
        elif tag in ("br", "cr"):
            self._end_line()
        elif tag == "tab":
            self._line.append(" ")
        elif tag == "noBreakHyphen":
            self._line.append("-")
        self._in_text = tag == "t" and not self._fallbacks

    def end(self, tag: str) -> None:
        self._in_text = False
        if tag == "Fallback":
            self._fallbacks -= 1
        elif tag == "p":
            self._end_line()

    def text(self, data: str) -> None:
        if self._in_text:
            self._line.append(data)

    def _end_line(self) -> None:
        line = "".join(self._line).strip()
        if line:
            self.lines.append(f"• {line}" if self._is_list_item else line)
            self._is_list_item = False
        self._line.clear()
