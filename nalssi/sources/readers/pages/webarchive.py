"""Read Safari's webarchives: property lists, binary or XML, that contain a page and its frames.

The keys are WebKit's (`LegacyWebArchive.cpp`). A webarchive does not state when it was saved.
"""

from __future__ import annotations

import plistlib
from collections.abc import Iterator
from xml.parsers.expat import ExpatError

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.embedded_page import EmbeddedPage
from nalssi.sources.readers.pages.saved_page_address import saved_address
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits

MAX_FRAMES = 1000
"""The largest number of pages, the main page included, that are read of a webarchive. Without a
limit, webarchives whose frames contain each other would never end."""

_DAMAGED = (
    *(plistlib.InvalidFileException, ExpatError, ValueError, LookupError, TypeError),
    *(AttributeError, RecursionError, MemoryError),  # for XML that is not a property list
)
_FORMAT = "Safari webarchive"
_KINDS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}


def read_webarchive(raw: bytes, _limits: ReadLimits = DEFAULT_LIMITS) -> list[EmbeddedPage]:
    """Return the page of a webarchive, then its frames, with their addresses.

    Only HTML and plain text are returned, so the first result is a frame if the main resource is an
    image. Frames beyond MAX_FRAMES are ignored. `_limits` is not used; other formats need it.
    Raises UnreadableError if the file is damaged or contains no page.
    """
    plist_format = plistlib.FMT_BINARY if raw.startswith(b"bplist00") else plistlib.FMT_XML
    try:
        archive = plistlib.loads(raw, fmt=plist_format)  # raises for XML that declares entities
    except _DAMAGED as error:
        raise UnreadableError("a damaged Safari webarchive", _FORMAT) from error
    pages: list[EmbeddedPage] = []
    for number, resource in enumerate(_resources(archive), 1):
        if page := _page(resource, "" if number == 1 else f"part={number}"):
            pages.append(page)
    if not pages:
        raise UnreadableError("a Safari webarchive without a page", _FORMAT)
    return pages


def _resources(archive: object) -> Iterator[object]:
    """Yield the main resource of a webarchive, then those of its frames, level by level.

    At most MAX_FRAMES are yielded. A resource may have any type, because the file may be damaged.
    """
    waiting = [archive]
    for _ in range(MAX_FRAMES):
        if not waiting:
            return
        archive = waiting.pop(0)
        if isinstance(archive, dict):
            yield archive.get("WebMainResource")
            frames = archive.get("WebSubframeArchives")
            waiting += frames[:MAX_FRAMES] if isinstance(frames, list) else []


def _page(resource: object, part: str) -> EmbeddedPage | None:
    if not isinstance(resource, dict):
        return None
    content, media_type = resource.get("WebResourceData"), resource.get("WebResourceMIMEType")
    charset, address = resource.get("WebResourceTextEncodingName"), resource.get("WebResourceURL")
    if not isinstance(content, bytes) or media_type not in _KINDS:
        return None
    return EmbeddedPage(
        "html" if _KINDS[media_type] == "html" else "text",
        content,
        saved_address(address) if isinstance(address, str) else None,
        part,
        charset if isinstance(charset, str) else None,
    )
