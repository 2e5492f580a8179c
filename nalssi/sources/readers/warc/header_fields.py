"""Read the head of a WARC record or an HTTP message: named fields, then an empty line.

Lines end with CRLF or LF, a line that begins with a blank continues the line before it, and the
names of fields ignore case (ISO 28500 §4, RFC 9112 §5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_CONTINUATION = re.compile(rb"\r?\n[ \t]+")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.I)
_NO_FIELDS: Mapping[bytes, bytes | None] = {}


def end_of_head(data: bytes | bytearray, start: int = 0, end: int | None = None) -> int:
    """Return the position after the empty line that ends a head, or -1 if there is none.

    `data` is searched from byte `start` to byte `end`.
    """
    end = len(data) if end is None else end
    crlf = data.find(b"\n\r\n", start, end)
    lf = data.find(b"\n\n", start, end if crlf < 0 else crlf)
    return lf + 2 if lf >= 0 else crlf + 3 if crlf >= 0 else -1


class Fields:
    """The named fields of a WARC or HTTP head. Names are in lower case, and all texts are bytes.

    The first line of the head is ignored. Most heads have a dozen fields, of which a few are
    needed, so a field is searched for when it is needed. Only a head in a rare form is split as a
    whole. `known` contains the values of fields that have been read already; None means that the
    head does not have the field.
    """

    __slots__ = ("_head", "_known", "_lower", "_split")

    def __init__(self, head: bytes, known: Mapping[bytes, bytes | None] = _NO_FIELDS) -> None:
        self._head = head
        self._known = known
        self._lower = b""
        self._split: dict[bytes, bytes] | None = None

    def get(self, name: bytes, default: bytes = b"") -> bytes:
        """Return the value of a field, or `default` if the head does not have the field.

        `name` is in lower case. If the field is repeated, its values are joined by `, `.
        """
        if name in self._known:
            value = self._known[name]
            return default if value is None else value.strip()
        self._prepare()
        if self._split is None:
            key = b"\n" + name + b":"
            at = self._lower.find(key)
            if at < 0:
                return default
            begin = at + len(key)
            end = self._lower.find(b"\n", begin)
            again = self._lower.find(key, begin) >= 0
            if not again and self._head[end + 1 : end + 2] not in (b" ", b"\t"):
                return self._head[begin : end if end >= 0 else None].strip()
            self._split = _split_all(self._head)
        return self._split.get(name, default)

    def __contains__(self, name: bytes) -> bool:
        if name in self._known:
            return self._known[name] is not None
        self._prepare()
        if self._split is None:
            return b"\n" + name + b":" in self._lower
        return name in self._split

    def _prepare(self) -> None:
        """Prepare the head for `get`: convert it to lower case; split it if its form is rare."""
        if self._lower:
            return
        head = self._head
        self._lower = head.lower()
        if b" :" in head or b"\t:" in head:  # there may be a blank between a name and its colon
            self._split = _split_all(head)


class CommonHead:
    r"""Reads a WARC or HTTP header block in the common form, with one regular expression.

    The fields in `names` (lower case) are read at once, several times as fast as by `Fields`. The
    result also gives the other fields, as slowly as `Fields`. In the common form no line continues
    another, no blank precedes the colon of a field in `names`, and none of these fields is
    repeated. `first` is the regular expression for the first line with its line end.

    Usage::

        found = CommonHead(rb"WARC/\d.*\n", b"warc-type").read(data, 0, len(data))
        if found:               # None: the head has another form
            fields, end = found
    """

    def __init__(self, first: bytes, *names: bytes) -> None:
        self._names = names
        other = b"(?!%b)[^ \\t\\r\\n].*+\\n" % b"|".join(names)
        once = (b"%b:(?(%d)(?!)|(.*+)\\n)" % (name, at) for at, name in enumerate(names, 1))
        self._pattern = re.compile(first + b"(?i:%b|%b)*+\\r?\\n" % (other, b"|".join(once)))

    def read(self, data: bytes, start: int, end: int) -> tuple[Fields, int] | None:
        """Return the fields of the head at byte `start`, and the position after its empty line.

        Returns None if the head has another form, or does not end before byte `end`.
        """
        found = self._pattern.match(data, start, end)
        if found is None:
            return None
        known = dict(zip(self._names, found.groups(), strict=False))
        return Fields(found[0], known), found.end()


def _split_all(head: bytes) -> dict[bytes, bytes]:
    """Return the values of all fields of a head, by name in lower case.

    This reads every form of a head: a value may continue on the next line, and the values of a
    repeated field are joined by commas.
    """
    found: dict[bytes, bytes] = {}
    for line in _CONTINUATION.sub(b" ", head).split(b"\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            key, value = name.strip().lower(), value.strip()
            found[key] = found[key] + b", " + value if key in found else value
    return found


@lru_cache(1024)  # an archive has few different types
def media_type(value: bytes) -> str:
    """Return the first media type in a Content-Type, in lower case and without parameters.

    The result is empty if the header is empty; it need not be a valid type.
    """
    return value.replace(b",", b";").partition(b";")[0].strip().lower().decode("latin-1")


def charset(value: bytes) -> str | None:
    """Return the charset that a Content-Type names, or None."""
    found = _CHARSET.search(value)
    return found[1].decode("latin-1") if found else None


def tokens(value: bytes) -> list[str]:
    """Return the members of a comma-separated field such as Content-Encoding, in lower case.

    Empty members are left out; the order stays.
    """
    return [t for part in value.split(b",") if (t := part.strip().lower().decode("latin-1"))]
