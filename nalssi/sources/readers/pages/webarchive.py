"""Safari's webarchives: property lists, binary or XML, that hold a page and its frames.

The keys are WebKit's (`LegacyWebArchive.cpp`). A webarchive does not say when it was saved.
"""

from __future__ import annotations

import plistlib
from collections.abc import Iterator
from xml.parsers.expat import ExpatError

from nalssi.sources.readers.pages.embedded_page import Wrapped
from nalssi.sources.readers.pages.saved_page_address import saved_address
from nalssi.sources.unsupported_formats import NotReadError

MAX_FRAMES = 1000
"""Frames of a page; lists that contain each other would else have no end."""

_DAMAGED = (
    *(plistlib.InvalidFileException, ExpatError, ValueError, LookupError, TypeError),
    *(AttributeError, RecursionError, MemoryError),  # of XML that is no property list
)
_FORM = "Safari webarchive"
_KINDS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}


def read_webarchive(raw: bytes) -> list[Wrapped]:
    """The page of a webarchive and its frames, with their addresses.

    Raises NotReadError if the file is damaged or holds no page.
    """
    form = plistlib.FMT_BINARY if raw.startswith(b"bplist00") else plistlib.FMT_XML
    try:
        archive = plistlib.loads(raw, fmt=form)  # refuses XML that declares entities
    except _DAMAGED as error:
        raise NotReadError("a damaged Safari webarchive", _FORM) from error
    pages: list[Wrapped] = []
    for number, resource in enumerate(_resources(archive), 1):
        if page := _page(resource, "" if number == 1 else f"part={number}"):
            pages.append(page)
    if not pages:
        raise NotReadError("a Safari webarchive without a page", _FORM)
    return pages


def _resources(archive: object) -> Iterator[object]:
    """The main resources of an archive and of the archives of its frames."""
    waiting = [archive]
    for _ in range(MAX_FRAMES):
        if not waiting:
            return
        archive = waiting.pop(0)
        if isinstance(archive, dict):
            yield archive.get("WebMainResource")
            frames = archive.get("WebSubframeArchives")
            waiting += frames[:MAX_FRAMES] if isinstance(frames, list) else []


def _page(resource: object, part: str) -> Wrapped | None:
    if not isinstance(resource, dict):
        return None
    content, media_type = resource.get("WebResourceData"), resource.get("WebResourceMIMEType")
    charset, address = resource.get("WebResourceTextEncodingName"), resource.get("WebResourceURL")
    if not isinstance(content, bytes) or media_type not in _KINDS:
        return None
    return Wrapped(
        "html" if _KINDS[media_type] == "html" else "text",
        content,
        saved_address(address) if isinstance(address, str) else None,
        part,
        charset if isinstance(charset, str) else None,
    )
