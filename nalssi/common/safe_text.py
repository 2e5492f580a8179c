"""Escape text from other people before it is shown on a terminal or in a message.

Pages, file names and addresses can contain escape sequences that control a terminal, line breaks,
and marks that reverse the order of text. Messages and tables show them as Python escapes: `\\x1b`,
`\\u202e`, `\\n`. Data (CSV, JSON, Parquet, the warehouse) keeps them unchanged.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from typing import TextIO, cast

MAX_MESSAGE_LENGTH = 500
"""The largest number of characters of a message that are shown."""

UNPRINTABLE = r"[\p{C}\p{Zl}\p{Zp}]"
"""The characters that `safe_text` escapes, as a regular expression for polars."""


def safe_text(text: str, max_length: int | None = None) -> str:
    """Return `text` on one line, with unprintable characters escaped.

    Text longer than `max_length` characters is first cut and ends with `…`. Escapes can make the
    result longer again.
    """
    if max_length is not None and len(text) > max_length:
        text = text[: max_length - 1] + "…"
    if text.isprintable():
        return text
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")


def safe_terminal_stream(stream: TextIO) -> TextIO:
    """Return the stream, or, if it is a terminal, a stream to it that escapes with `safe_text`."""
    return cast(TextIO, _SafeTerminal(stream)) if stream.isatty() else stream


def data_stream(stream: TextIO) -> TextIO:
    """Return a stream that writes data for programs (such as CSV or JSON) to `stream`.

    Standard output to a file or a pipe becomes UTF-8, whatever the locale. If the stream is a
    terminal, its encoding stays, and all text is escaped with `safe_text`.
    """
    is_stdout = stream is sys.stdout and isinstance(stream, io.TextIOWrapper)
    if is_stdout and not stream.isatty() and stream.encoding.lower() != "utf-8":
        cast(io.TextIOWrapper, stream).reconfigure(encoding="utf-8")
    return safe_terminal_stream(stream)


class _SafeTerminal(io.TextIOBase):
    """A terminal stream that escapes all lines with `safe_text`."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        return self._terminal.write("\n".join(map(safe_text, text.split("\n"))))

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._terminal.fileno()

    def flush(self) -> None:
        self._terminal.flush()
