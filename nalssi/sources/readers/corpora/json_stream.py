"""JSON that is not one object a line: arrays, and objects spread over lines.

The file is divided into the values of its outermost array, or into the objects that follow one
another, in bounded memory. Each value is given as the bytes that it is written in.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Protocol

MAX_VALUE = 64 * 2**20
"""Characters of one value."""
_BLOCK = 2**20
_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
_OPENS_A_LINE = re.compile(r"\{[ \t\r]*\n")
_scan = json.JSONDecoder().raw_decode


class Readable(Protocol):
    """What is read a block at a time."""

    def read(self, size: int) -> bytes:
        """At least `size` bytes, or fewer at the end."""


class Utf8:
    """Content in UTF-16 or UTF-32, read as UTF-8."""

    def __init__(self, content: Readable, encoding: str) -> None:
        self._content = content
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")

    def read(self, size: int) -> bytes:
        """At least `size` bytes of the original, or fewer at the end, in UTF-8."""
        block = self._content.read(size)
        text = self._decoder.decode(block, final=not block)
        return text.replace("\ufeff", "").encode("utf-8", "replace")


class Peeked:
    """Content whose beginning, `head`, has been looked at; it is read once more."""

    def __init__(self, content: Readable, size: int) -> None:
        self.head = self._waiting = content.read(size)
        self._content = content

    def read(self, size: int) -> bytes:
        """The next block, of about `size` bytes; none at the end."""
        block, self._waiting = self._waiting, b""
        return block or self._content.read(size)


def a_value_a_line(head: bytes) -> bool:
    """Whether a file that begins with `head` has a JSON value a line. An array has not."""
    text = head.decode("utf-8", "surrogateescape").lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return False
    try:
        _, end = _scan(text)
    except (ValueError, RecursionError):  # it goes on behind the head, or is no JSON
        return _OPENS_A_LINE.match(text) is None
    behind = text[end:].lstrip(" \t\r")
    return "\n" not in text[:end] and behind[:1] in ("", "\n")


def values(content: Readable, block: int = _BLOCK) -> Iterator[list[bytes]]:
    """The values of the content, as they are written, some of them at a time.

    Raises ValueError or RecursionError where no value can be found, and ValueError at the end of an
    array that has none.
    """
    # What is not UTF-8 comes through as it is: it may be CP949, which keeps quotes and backslashes
    # apart from its characters.
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    text, ended, is_array, closed = "", False, None, False
    while not ended:
        raw = content.read(max(block, len(text)))  # twice as much, if a value has no end yet
        ended = not raw
        text += decoder.decode(raw, final=ended)
        if is_array is None:
            is_array = text.lstrip("\ufeff \t\r\n").startswith("[")
        closed = text.rstrip().endswith("]") or (closed and not text.strip())
        found, text = _values_in(text, ended)
        if found:
            yield found
        if len(text) > MAX_VALUE:
            raise ValueError(f"a value of more than {MAX_VALUE >> 20} MiB")
    if text:
        _scan(text)  # says what is wrong with it
    if is_array and not closed:
        raise ValueError("cut off: the array has no end")


def _values_in(text: str, ended: bool) -> tuple[list[bytes], str]:
    """The values that end in `text`, and what is left of it."""
    found: list[bytes] = []
    position = _behind(text, 0)
    while position < len(text):
        try:
            _, end = _scan(text, position)
        except ValueError:
            break
        if end == len(text) and not ended:  # a number may go on
            break
        found.append(text[position:end].encode("utf-8", "surrogateescape"))
        position = _behind(text, end)
    return found, text[position:]


def _behind(text: str, position: int) -> int:
    between = _BETWEEN.match(text, position)
    return between.end() if between else position
