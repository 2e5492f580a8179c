"""Divide JSON that does not have one object a line: arrays, and objects spread over several lines.

The values of the outermost array, or the objects that follow one another, are found in bounded
memory. Each value is returned as the bytes that stand in the file; `json_corpus` parses it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Protocol

BLOCK_BYTES = 2**20
"""The number of bytes that are read at a time."""

_BETWEEN_VALUES = re.compile(r"[\s,\[\]\ufeff]*")
_OBJECT_OPENS_LINE = re.compile(r"\{[ \t\r]*\n")
_scan = json.JSONDecoder().raw_decode


class Readable(Protocol):
    """A source of bytes that is read one block at a time."""

    def read(self, size: int) -> bytes:
        """Return at least `size` bytes, or fewer at the end."""


class Utf8Stream:
    """Converts a stream in UTF-16 or UTF-32 to UTF-8."""

    def __init__(self, content: Readable, encoding: str) -> None:
        self._content = content
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")

    def read(self, size: int) -> bytes:
        """Read at least `size` bytes of the original, or fewer at its end; return them as UTF-8."""
        block = self._content.read(size)
        text = self._decoder.decode(block, final=not block)
        return text.replace("\ufeff", "").encode("utf-8", "replace")


class PeekedStream:
    """A stream whose first bytes are available as `head` before the stream is read."""

    def __init__(self, content: Readable, size: int) -> None:
        self.head = self._unread = content.read(size)
        self._content = content

    def read(self, size: int) -> bytes:
        """Return the next block: `head` first, then about `size` bytes; empty at the end."""
        block, self._unread = self._unread, b""
        return block or self._content.read(size)


def has_value_per_line(head: bytes) -> bool:
    """Whether a file has one JSON value on each line (JSONL) and is not an array.

    `head` is the beginning of the file. If the first value does not end in it, the file counts as
    JSONL, unless its first line is only a brace.
    """
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
    """Yield the JSON values of a file as bytes, a list of several values at a time.

    `block_bytes` is the least number of bytes to read at a time.

    Raises ValueError or RecursionError if the content is not JSON, if a value has more than
    `max_characters` and goes on in the next block, or if an array does not end.
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
    """Return the JSON values that end within `text`, and the rest of the text.

    `ended` means that the file ends with `text`.
    """
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
