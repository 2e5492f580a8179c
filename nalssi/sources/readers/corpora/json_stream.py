"""Divide JSON that is not one object a line: arrays, and objects spread over lines.

The values of the outermost array, or the objects that follow one another, are found in bounded
memory. Each value is returned as the bytes in which it is written; `json_corpus` parses it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Protocol

BLOCK_BYTES = 2**20
"""Bytes that are read at a time."""

_BETWEEN_VALUES = re.compile(r"[\s,\[\]\ufeff]*")
_OBJECT_OPENS_LINE = re.compile(r"\{[ \t\r]*\n")
_scan = json.JSONDecoder().raw_decode


class Readable(Protocol):
    """Content that is read a block at a time."""

    def read(self, size: int) -> bytes:
        """At least `size` bytes, or fewer at the end."""


class Utf8Stream:
    """Converts content in UTF-16 or UTF-32 to UTF-8."""

    def __init__(self, content: Readable, encoding: str) -> None:
        self._content = content
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")

    def read(self, size: int) -> bytes:
        """At least `size` bytes of the original, or fewer at the end, as UTF-8."""
        block = self._content.read(size)
        text = self._decoder.decode(block, final=not block)
        return text.replace("\ufeff", "").encode("utf-8", "replace")


class PeekedStream:
    """Content whose first bytes, `head`, are known before it is read."""

    def __init__(self, content: Readable, size: int) -> None:
        self.head = self._unread = content.read(size)
        self._content = content

    def read(self, size: int) -> bytes:
        """The next block, of about `size` bytes; empty at the end."""
        block, self._unread = self._unread, b""
        return block or self._content.read(size)


def has_value_per_line(head: bytes) -> bool:
    """Whether a file that begins with `head` has a JSON value a line and is not an array."""
    text = head.decode("utf-8", "surrogateescape").lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return False
    try:
        _, end = _scan(text)
    except (ValueError, RecursionError):  # the value is longer than the head, or is not JSON
        return _OBJECT_OPENS_LINE.match(text) is None
    rest = text[end:].lstrip(" \t\r")
    return "\n" not in text[:end] and rest[:1] in ("", "\n")


def values(
    content: Readable, max_characters: int, block_bytes: int = BLOCK_BYTES
) -> Iterator[list[bytes]]:
    """Yield the values of the content as they are written, some at a time.

    Raises ValueError or RecursionError where no value can be found, for a value of more than
    `max_characters`, and for an array that does not end.
    """
    # Bytes that are not UTF-8 pass unchanged: they may be CP949, whose characters contain no quotes
    # or backslashes that end a string.
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    text, ended, is_array, closed = "", False, None, False
    while not ended:
        raw = content.read(max(block_bytes, len(text)))  # doubles while a value does not end
        ended = not raw
        text += decoder.decode(raw, final=ended)
        if is_array is None:
            is_array = text.lstrip("\ufeff \t\r\n").startswith("[")
        closed = text.rstrip().endswith("]") or (closed and not text.strip())
        complete, text = _complete_values(text, ended)
        if complete:
            yield complete
        if len(text) > max_characters:
            raise ValueError(f"a value of more than {max_characters >> 20} MiB")
    if text:
        _scan(text)  # raises the error that names the cause
    if is_array and not closed:
        raise ValueError("cut off: the array has no end")


def _complete_values(text: str, ended: bool) -> tuple[list[bytes], str]:
    """The values that end within `text`, and the rest of it."""
    found: list[bytes] = []
    position = _next_value(text, 0)
    while position < len(text):
        try:
            _, end = _scan(text, position)
        except ValueError:
            break
        if end == len(text) and not ended:  # a number may continue
            break
        found.append(text[position:end].encode("utf-8", "surrogateescape"))
        position = _next_value(text, end)
    return found, text[position:]


def _next_value(text: str, position: int) -> int:
    between = _BETWEEN_VALUES.match(text, position)
    return between.end() if between else position
