"""Unpack Office Open XML files (ECMA-376): zip files of XML, for the readers of .docx and .xlsx.

Unpacking is limited to `ReadLimits.page_bytes` for all members together. XML that declares a
document type is an error, because its entities could expand without limit.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.read_limits import ReadLimits

MAX_MEMBERS = 10_000
"""The largest number of members in a zip. Each takes much memory before it is unpacked."""
MAX_NESTING = 1000
"""The largest number of XML elements inside each other."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_PIECE = 2**16
_ZIP_ERRORS = (
    *(BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError),
    *(RuntimeError, ValueError, KeyError, IndexError),
)
"""The errors that `zipfile` raises for damaged files; RuntimeError also for encrypted files."""
_METHODS = (ZIP_STORED, ZIP_DEFLATED)  # Office uses no others, and LZMA needs unlimited memory


class XmlHandler:
    """Receives the elements and texts of an XML file, in order. Names have no namespaces."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Handle the beginning of an element with this tag and these attributes."""

    def end(self, tag: str) -> None:
        """Handle the end of an element with this tag."""

    def text(self, data: str) -> None:
        """Handle a piece of text. The text of one element may come in several pieces."""


class OfficePackage:
    """An Office Open XML file, unpacked from its content `raw`.

    `format_name` names the format in messages. `limits.page_bytes` bounds the unpacked bytes of all
    parsed members together. Making the object raises UnreadableError if the zip file is damaged or
    has more than `max_members` members.
    """

    def __init__(
        self, raw: bytes, format_name: str, limits: ReadLimits, max_members: int = MAX_MEMBERS
    ) -> None:
        self._format_name = format_name
        self._limit = self._left = limits.page_bytes
        if raw.count(_DIRECTORY_ENTRY) > max_members:
            raise self._error(f"more than {max_members:,} members")
        try:
            self._zip = ZipFile(BytesIO(raw))
        except _ZIP_ERRORS as error:
            raise self._error("damaged") from error
        self.names = set(self._zip.namelist())

    def first_member(self, pattern: re.Pattern[str], what: str) -> str:
        """Return the alphabetically first name of a member that matches `pattern` as a whole.

        Raises UnreadableError if no member matches; its message calls the member `what`.
        """
        matching = sorted(name for name in self.names if pattern.fullmatch(name))
        if not matching:
            raise self._error(f"no {what} in it")
        return matching[0]

    def parse(self, name: str, handler: XmlHandler) -> None:
        """Parse an XML member and pass its elements and texts to `handler`.

        Raises UnreadableError if the member is damaged, needs a password, is not well-formed,
        declares a document type, is nested deeper than MAX_NESTING or exceeds the size limit.
        """
        parser = ParserCreate(namespace_separator=" ")
        depth = 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_NESTING:
                raise self._error(f"{name}: more than {MAX_NESTING:,} elements inside each other")
            handler.start(tag.rpartition(" ")[2], attributes)

        def end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            handler.end(tag.rpartition(" ")[2])

        def refuse(*_: Any) -> None:
            raise self._error(f"{name}: declares a document type")

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = refuse
        parser.EntityDeclHandler = refuse
        try:
            for piece in self._pieces(name):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except ExpatError as error:
            raise self._error(f"{name}: not well-formed XML") from error

    def _pieces(self, name: str) -> Iterator[bytes]:
        """Yield the unpacked content of a member in pieces.

        Raises UnreadableError if the members unpacked so far exceed the limit, or if this member is
        damaged, needs a password or has an unusual compression method.
        """
        try:
            if self._zip.getinfo(name).compress_type not in _METHODS:
                raise BadZipFile("compressed with a method that nalssi does not read")
            with self._zip.open(name) as member:
                while piece := member.read(_PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise self._error(f"more than {self._limit >> 20} MiB, unpacked")
                    yield piece
        except UnreadableError:
            raise
        except _ZIP_ERRORS as error:
            if isinstance(error, RuntimeError) and "password" in str(error):
                raise self._error("needs a password") from error
            raise self._error(f"{name}: damaged") from error

    def _error(self, cause: str) -> UnreadableError:
        return UnreadableError(f"{self._format_name}: {cause}", self._format_name)
