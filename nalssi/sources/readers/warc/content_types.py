"""Find the page format that a Content-Type header names.

Servers send pages with types that are invalid (`text`, `*/*`), generic (`application/octet-stream`)
or rare, and sometimes with two types. Browsers then inspect the content
(https://mimesniff.spec.whatwg.org/), and so does nalssi.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nalssi.sources.formats import Kind
from nalssi.sources.readers.warc.header_fields import media_type

_PAGE_KINDS: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/xml": "xml",
    "application/xml": "xml",
}
_MEDIA_TYPE = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[\w!#$&^.+-]+"
)
_GENERIC_TYPE = re.compile(
    r"application/(?:(?:x-)?(?:octet-stream|unknown|binary|(?:force-)?download|httpd-php)|none|text)"
    r"|text/(?:x-)?(?:unknown|none)"
    r"|(?:application|text)/.*html?\b.*"  # application/vnd.wap.xhtml+xml, text/htm
)


@lru_cache(1024)  # an archive has few different types
def page_kind(content_type: bytes) -> tuple[Kind | None, bool]:
    """Return the page format that a Content-Type names, and whether to inspect the content.

    A header can have several types, separated by commas. If the first is the type of a page format,
    this format is returned, and the content need not be inspected. Otherwise the format is None,
    and the content must be inspected if the first type is generic or invalid, or if a later type is
    that of a page format, generic or invalid.
    """
    first = media_type(content_type)
    if kind := _PAGE_KINDS.get(first):
        return kind, False
    others = map(media_type, content_type.split(b",")[1:])
    return None, _is_generic(first) or any(t in _PAGE_KINDS or _is_generic(t) for t in others if t)


def _is_generic(name: str) -> bool:
    """Whether a media type is invalid, or generic such as `application/octet-stream`."""
    return not _MEDIA_TYPE.fullmatch(name) or _GENERIC_TYPE.fullmatch(name) is not None
