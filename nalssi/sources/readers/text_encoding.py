"""Decode pages that may not declare their encoding, or declare a wrong one.

The encoding is decided in this order: by a byte order mark, by the zero bytes of UTF-16 and UTF-32,
by the charset of the HTTP header, by the page's own declaration; then UTF-8 is tried, and CP949 (a
superset of EUC-KR; Korean sites that declare EUC-KR use it). A declared encoding is used only if
all bytes are valid in it. If the bytes are valid in none, the encoding with the fewest undecodable
characters is used.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

_MARKS = (  # UTF-32 first, because its mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in _MARKS)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.+-]+)""", re.I)
_HEAD = (
    4096  # browsers search the first 1024 bytes for a declaration, but real pages have later ones
)

# UTF-16 and UTF-32 without a mark have zero bytes, because ASCII characters do not fill theirs. The
# encoding that turns most of the first characters into ASCII or Hangul is used.
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_NOT_COMMON = re.compile("[^\t\n\r -~\uac00-\ud7a3]")
_COMMON = 0.8

# The charsets that contain Hangul, by Python's names. Other labels are ignored: many servers
# declare Latin-1 for everything, and in Latin-1 all bytes are valid.
_HANGUL_CODECS = {
    "utf-8": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "euc_kr": "cp949",  # browsers also read EUC-KR as its superset
    "cp949": "cp949",
    "johab": "johab",
}
_ALIASES = {"ks_c_5601": "cp949", "x-windows-949": "cp949"}


def decode(raw: bytes, header_charset: str | None = None) -> str:
    """Decode a page to text. This never fails: undecodable bytes become U+FFFD.

    `header_charset` is the charset that an HTTP or mail header names.
    """
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
    texts = (raw.decode(encoding, errors="replace") for encoding in tried)
    return min(texts, key=lambda text: text.count("\ufffd"))


def seems_utf8(raw: bytes, header_charset: str | None = None) -> bool:
    """Whether a page has no byte order mark and `decode` would try UTF-8 first.

    The arguments are those of `decode`. The page need not be valid UTF-8.
    """
    return (
        next(_encodings(raw, header_charset)) == "utf-8"
        and not raw.startswith(tuple(mark for mark, _ in _MARKS))
        and wide_encoding(raw) is None
    )


def may_be_wide(data: bytes, start: int, end: int) -> bool:
    """Whether bytes `start` to `end` of `data` may be UTF-16 or UTF-32.

    This test is cheap. If it is false, `wide_encoding` returns None.
    """
    return data.startswith(_ANY_MARK, start) or (
        data.find(b"\0", start, min(end, start + _HEAD)) >= 0
    )


def wide_encoding(raw: bytes) -> str | None:
    """Return Python's name of the encoding if `raw` begins as UTF-16 or UTF-32, else None."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return None if mark == codecs.BOM_UTF8 else encoding
    sample = raw[: min(_HEAD, len(raw) // 4 * 4 or 2)]
    if b"\0" not in sample:
        return None
    share, likely = max((_common_share(sample, encoding), encoding) for encoding in _WIDE)
    return likely if share >= _COMMON else None


def _common_share(sample: bytes, encoding: str) -> float:
    """Decode `sample` and return the share of its ASCII and Hangul characters, from 0 to 1."""
    text = sample.decode(encoding, errors="replace")
    return 1 - len(_NOT_COMMON.findall(text)) / max(len(text), 1)


def _encodings(raw: bytes, header_charset: str | None) -> Iterator[str]:
    """Yield the encodings to try for a page without a byte order mark, each once.

    The order is: that of the HTTP header, the one that the page declares, UTF-8, CP949.
    """
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


@lru_cache(256)  # bounded, because pages can declare any number of labels
def _codec(label: str | None) -> str | None:
    """Return the Python codec for a charset label such as `euc-kr`.

    Returns None if the label is unknown or if its charset does not contain Hangul.
    """
    if not label:
        return None
    label = label.strip("\"' ").lower()
    try:
        return _HANGUL_CODECS.get(codecs.lookup(_ALIASES.get(label, label)).name)
    except (LookupError, ValueError):
        return None
