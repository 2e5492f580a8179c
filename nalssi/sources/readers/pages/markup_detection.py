"""Detect HTML pages and KMA's feed by the first bytes of their content.

Planning uses this for files, and the reader of web archives for records without a usable
Content-Type.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Literal

from nalssi.sources.readers.text_encoding import decode, wide_encoding

HEAD_BYTES = 8192
"""The number of bytes at the beginning of a decompressed content that decide its format."""

XML_PROLOGUE = (
    rb"(?:\s|<\?(?!nalssi)(?>.*?\?>)|<!--(?>.*?-->)|<!DOCTYPE[^\[>]*+(?:\[(?>.*?\])\s*+)?+>)*+"
)
"""A regex for the text before the first element of XML: white space, comments, the document type,
and processing instructions other than FEED_MARK. It is possessive: it takes linear time."""

_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|ul|ol|li|table|p|a|span|script)[\s>/]",
    re.I,
)
_FEED = re.compile(XML_PROLOGUE + rb"<(?:\w+:)?current[\s>]", re.S)
_XML_DECLARATION = re.compile(rb"\s*<\?xml\s")


def markup_kind(head: bytes) -> Literal["html", "xml"] | None:
    """Return `xml` for KMA's feed, `html` for HTML and XHTML, None for anything else.

    `head` is the first bytes of the content, in any encoding that nalssi reads. It is HTML if it
    begins with `<`, apart from white space, and contains a common HTML tag.
    """
    if wide_encoding(head):
        head = decode(head).encode()
    elif b"\0" in head:
        return None
    head = head.removeprefix(BOM_UTF8).lstrip()
    if is_feed(head):
        return "xml"
    is_markup = head.startswith(b"<") and has_html_tag(head)
    return "html" if is_markup else None


def is_feed(raw: bytes | bytearray, start: int = 0) -> bool:
    """Whether KMA's feed begins at byte `start` of the content, within HEAD_BYTES."""
    begin = start + (len(BOM_UTF8) if raw.startswith(BOM_UTF8, start) else 0)
    return _FEED.match(raw, begin, start + HEAD_BYTES) is not None


def is_xml(head: bytes) -> bool:
    """Whether the content begins with an XML declaration."""
    return _XML_DECLARATION.match(head) is not None


def has_html_tag(head: bytes) -> bool:
    """Whether `head` contains one of the common HTML tags, such as `<div>`, at any position."""
    return _HTML_TAG.search(head) is not None
