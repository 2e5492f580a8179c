"""Text of others, shown to people: on one line, and with nothing in it that a terminal obeys.

Pages, file names and addresses may hold escape sequences, line ends and marks that turn the order
of what follows. Data (CSV, JSON, Parquet, the warehouse) keeps them; messages and tables show
them as Python would spell them: `\\x1b`, `\\u202e`, `\\n`.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from typing import TextIO, cast

MAX_MESSAGE_LENGTH = 500
"""Characters of one message that are shown."""

UNPRINTABLE = r"[\p{C}\p{Zl}\p{Zp}]"
"""Characters that `safe_text` spells out, for polars."""


def safe_text(text: str, longest: int | None = None) -> str:
    """`text` with everything that is not seen spelt out; cut to `longest` characters."""
    if longest is not None and len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isprintable():
        return text
    return "".join(map(_spelt, text))


def _spelt(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")


def safe_terminal_stream(stream: TextIO) -> TextIO:
    """The stream itself, or if it is a terminal, one on which all text is made safe_text."""
    return cast(TextIO, _Terminal(stream)) if stream.isatty() else stream


def data_stream(stream: TextIO) -> TextIO:
    """The stream for data that programs read: standard output in UTF-8, whatever the locale, unless
    it is a terminal, on which all text is made safe_text."""
    output = stream is sys.stdout and isinstance(stream, io.TextIOWrapper)
    if output and not stream.isatty() and stream.encoding.lower() != "utf-8":
        cast(io.TextIOWrapper, stream).reconfigure(encoding="utf-8")
    return safe_terminal_stream(stream)


class _Terminal(io.TextIOBase):
    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Write the lines of `text`, each made safe_text."""
        return self._terminal.write("\n".join(map(safe_text, text.split("\n"))))

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._terminal.fileno()

    def flush(self) -> None:
        self._terminal.flush()
