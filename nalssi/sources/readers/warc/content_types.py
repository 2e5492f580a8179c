"""What a stored answer's Content-Type says of it, and whether its content has to tell.

Servers send pages under types that are none (`text`, `*/*`), that say nothing
(`application/octet-stream`) or that few know, and sometimes under two types. Browsers look at the
content of such answers (https://mimesniff.spec.whatwg.org/), and so do we.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nalssi.sources.partition import Kind
from nalssi.sources.readers.warc.header_fields import media_type

_KINDS: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/xml": "xml",
    "application/xml": "xml",
}
_MEDIA_TYPE = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[\w!#$&^.+-]+"
)
_GENERIC = re.compile(
    r"application/(?:(?:x-)?(?:octet-stream|unknown|binary|(?:force-)?download|httpd-php)|none|text)"
    r"|text/(?:x-)?(?:unknown|none)"
    r"|(?:application|text)/.*html?\b.*"  # application/vnd.wap.xhtml+xml, text/htm
)


@lru_cache(1024)  # few different ones fill an archive
def kind_said(content_type: bytes) -> tuple[Kind | None, bool]:
    """The kind of page that a Content-Type names, and whether to look at the content if it names
    none. Of two types the first that names a page is a reason to look."""
    said = media_type(content_type)
    if kind := _KINDS.get(said):
        return kind, False
    others = map(media_type, content_type.split(b",")[1:])
    return None, _is_generic(said) or any(t in _KINDS or _is_generic(t) for t in others if t)


def _is_generic(said: str) -> bool:
    """Whether this is no media type, or one that says nothing."""
    return not _MEDIA_TYPE.fullmatch(said) or _GENERIC.fullmatch(said) is not None
