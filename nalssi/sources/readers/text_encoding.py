"""Bytes to text, for pages that may not say, or say wrongly, how they are encoded.

In this order: byte order mark, the zero bytes of UTF-16 and UTF-32, HTTP header, the page's own
declaration, UTF-8, CP949 (the superset of EUC-KR that Korean sites mean by it). What is declared
counts only if the bytes agree; if they agree with nothing, the reading with the fewest unreadable
characters wins.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

_MARKS = (  # UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in _MARKS)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.+-]+)""", re.I)
_HEAD = 4096  # browsers look for a declaration in the first 1024 bytes; real pages put it later

# UTF-16 and UTF-32 without a mark: what ASCII characters leave of their bytes is zero. A text is in
# the one that makes most of its first characters ASCII or Hangul.
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_NOT_COMMON = re.compile("[^\t\n\r -~\uac00-\ud7a3]")
_COMMON = 0.8

# The charsets that can spell Hangul, by Python's name for them. Any other label is no help:
# servers say Latin-1 of everything by default, and it decodes anything.
_HANGUL = {
    "utf-8": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "euc_kr": "cp949",  # browsers, too, read EUC-KR as its superset
    "cp949": "cp949",
    "johab": "johab",
}
_ALIASES = {"ks_c_5601": "cp949", "x-windows-949": "cp949"}


def decode(raw: bytes, header_charset: str | None = None) -> str:
    """The text of `raw`; never fails. U+FFFD stands where a byte could not be read."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, errors="replace")
    if wide := wide_encoding(raw):
        return raw.decode(wide, errors="replace")
    tried = []
    for encoding in _encodings(raw, header_charset):
        try:
            return raw.decode(encoding)
        except UnicodeError:
            tried.append(encoding)
    readings = (raw.decode(encoding, errors="replace") for encoding in tried)
    return min(readings, key=lambda text: text.count("\ufffd"))


def seems_utf8(raw: bytes, header_charset: str | None = None) -> bool:
    """Whether UTF-8, without a mark, is what `decode` would try first."""
    return (
        next(_encodings(raw, header_charset)) == "utf-8"
        and not raw.startswith(tuple(mark for mark, _ in _MARKS))
        and wide_encoding(raw) is None
    )


def may_be_wide(data: bytes, start: int, end: int) -> bool:
    """A cheap test for bytes `start` to `end`: if it fails, `wide_encoding` finds nothing there."""
    return data.startswith(_ANY_MARK, start) or (
        data.find(b"\0", start, min(end, start + _HEAD)) >= 0
    )


def wide_encoding(raw: bytes) -> str | None:
    """UTF-16 or UTF-32, in Python's name for it, if that is what `raw` begins in."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return None if mark == codecs.BOM_UTF8 else encoding
    sample = raw[: min(_HEAD, len(raw) // 4 * 4 or 2)]
    if b"\0" not in sample:
        return None
    share, likely = max((_common(sample, encoding), encoding) for encoding in _WIDE)
    return likely if share >= _COMMON else None


def _common(sample: bytes, encoding: str) -> float:
    """The share of ASCII and Hangul in a text."""
    text = sample.decode(encoding, errors="replace")
    return 1 - len(_NOT_COMMON.findall(text)) / max(len(text), 1)


def _encodings(raw: bytes, header_charset: str | None) -> Iterator[str]:
    """What to try, in order, each once."""
    seen = set()
    if (encoding := _codec(header_charset)) is not None:
        seen.add(encoding)
        yield encoding
    if found := _DECLARED.search(raw, 0, _HEAD):
        encoding = _codec(found[1].decode("ascii"))
        if encoding is not None and encoding not in seen:
            seen.add(encoding)
            yield encoding
    yield from (encoding for encoding in ("utf-8", "cp949") if encoding not in seen)


@lru_cache(256)  # labels are the pages' own: there may be any number
def _codec(label: str | None) -> str | None:
    """The codec that a charset label stands for; None if it says nothing about Korean text."""
    if not label:
        return None
    label = label.strip("\"' ").lower()
    try:
        return _HANGUL.get(codecs.lookup(_ALIASES.get(label, label)).name)
    except (LookupError, ValueError):
        return None
