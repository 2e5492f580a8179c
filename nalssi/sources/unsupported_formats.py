"""File formats that nalssi recognizes but does not read, and the advice that users get for each.

The first bytes of a file decide its format. The file name decides only where the bytes are not
enough: for text formats, and for containers such as zip and OLE, whose table of contents may be at
their end. The facts come from the formats' specifications and from the magic database of the `file`
command. The formats that nalssi reads are in `formats`: a format that moves there is removed here.
`make docs` lists the names in `docs/sources.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Final, NamedTuple


class UnsupportedFormat(NamedTuple):
    """A file format that nalssi recognizes but does not read."""

    name: str
    """The name in counts of skipped files."""
    cause: str
    """A description of the file, and advice to the user."""
    asset: bool = False
    """Whether such files are part of a page's decoration (images), and so never counted."""


_UNPACK = "unpack it first"
_REPACK = "unpack it, or pack it with gzip or zstd"
_SAVE_TEXT = "save it as text, HTML or .docx"
_SAVE_TABLE = "save it as .xlsx, or write its pages as JSONL"

_IMAGE = UnsupportedFormat("image", "an image, which holds no text", asset=True)
_VIDEO = UnsupportedFormat("video", "a video, which holds no text")
_AUDIO = UnsupportedFormat("audio", "a sound file, which holds no text")
_ZIP = UnsupportedFormat("zip archive", f"a zip archive: {_UNPACK}")
_PLIST = UnsupportedFormat("property list", "a binary property list, not a Safari webarchive")
_SHORTCUT = UnsupportedFormat("shortcut", "a shortcut, which holds an address and no page")
_RTF = UnsupportedFormat("RTF", f"an RTF document: {_SAVE_TEXT}")

_MAGIC: tuple[tuple[bytes, UnsupportedFormat], ...] = (
    (b"%PDF", UnsupportedFormat("PDF", "a PDF, which holds no plain text")),
    (b"BZh", UnsupportedFormat("bzip2", f"packed with bzip2: {_REPACK}")),
    (b"\xfd7zXZ", UnsupportedFormat("xz", f"packed with xz: {_REPACK}")),
    (b"7z\xbc\xaf\x27\x1c", UnsupportedFormat("7-Zip archive", f"a 7-Zip archive: {_UNPACK}")),
    (b"Rar!\x1a\x07", UnsupportedFormat("RAR archive", f"a RAR archive: {_UNPACK}")),
    (b"EGGA", UnsupportedFormat("EGG archive", f"an EGG (ALZip) archive: {_UNPACK}")),
    (b"ALZ\x01", UnsupportedFormat("ALZ archive", f"an ALZ (ALZip) archive: {_UNPACK}")),
    (b"{\\rtf", _RTF),
    (
        b"filedesc://",
        UnsupportedFormat(
            "ARC", "ARC, the older form: convert it with warcio (`warcio recompress`)"
        ),
    ),
    (b"SQLite format 3\0", UnsupportedFormat("SQLite database", "an SQLite database")),
    (b"L\0\0\0\x01\x14\x02\0", _SHORTCUT),
    (b"[InternetShortcut]", _SHORTCUT),
    (b"\x89PNG\r\n\x1a\n", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"II*\0", _IMAGE),
    (b"MM\0*", _IMAGE),
    (b"\0\0\x01\0", _IMAGE),
    (b"BM", _IMAGE),
    (b"OggS", _AUDIO),
    (b"ID3", _AUDIO),
    (b"fLaC", _AUDIO),
    (b"\x1aE\xdf\xa3", _VIDEO),
    (b"FLV\x01", _VIDEO),
    (b"HWP Document File", UnsupportedFormat("Hangul (.hwp)", f"a Hangul document: {_SAVE_TEXT}")),
)
# A text can begin with these letters too, so they decide only for binary content.
_MAGIC_LETTERS = {b"GIF8", b"BM", b"OggS", b"ID3", b"fLaC", b"EGGA"}
_RIFF = {b"WEBP": _IMAGE, b"WAVE": _AUDIO, b"AVI ": _VIDEO}
_IMAGE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1")

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE = UnsupportedFormat(
    "OLE document", "an OLE document (old Office, Hangul, or one with a password)"
)
_OLE_FORMATS: dict[str, UnsupportedFormat] = {
    ".doc": UnsupportedFormat("Word (.doc)", f"a Word document of the old format: {_SAVE_TEXT}"),
    ".xls": UnsupportedFormat(
        "Excel (.xls)", f"an Excel workbook of the old format: {_SAVE_TABLE}"
    ),
    ".ppt": UnsupportedFormat("PowerPoint (.ppt)", f"a PowerPoint presentation: {_SAVE_TEXT}"),
    ".hwp": UnsupportedFormat("Hangul (.hwp)", f"a Hangul document: {_SAVE_TEXT}"),
    ".msg": UnsupportedFormat("Outlook (.msg)", "an Outlook message: save it as .eml or HTML"),
}
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("WordDocument", ".doc"),
    ("Workbook", ".xls"),
    ("PowerPoint Document", ".ppt"),
    ("HwpSummaryInformation", ".hwp"),
    ("__properties_version1.0", ".msg"),
)
_ZIP_FORMATS: dict[str, UnsupportedFormat] = {
    ".hwpx": UnsupportedFormat("Hangul (.hwpx)", f"a Hangul document: {_SAVE_TEXT}"),
    ".odt": UnsupportedFormat("OpenDocument (.odt)", f"an OpenDocument text: {_SAVE_TEXT}"),
    ".ods": UnsupportedFormat("OpenDocument (.ods)", f"an OpenDocument table: {_SAVE_TABLE}"),
    ".epub": UnsupportedFormat("EPUB", "an EPUB book: unpack it first, its pages are HTML"),
    ".pptx": UnsupportedFormat("PowerPoint (.pptx)", f"a PowerPoint presentation: {_SAVE_TEXT}"),
    ".maff": UnsupportedFormat("MAFF archive", f"a Mozilla archive (MAFF): {_UNPACK}"),
}
_ZIP_MEMBERS: tuple[tuple[bytes, str], ...] = (
    (b"mimetypeapplication/hwp+zip", ".hwpx"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", ".odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
    (b"mimetypeapplication/epub+zip", ".epub"),
    (b"ppt/presentation", ".pptx"),
    (b"ppt/slides", ".pptx"),
)
# The other rules: by the suffix of the name and the first bytes. The first that holds decides.
_RULES: tuple[tuple[Callable[[str, bytes], bool], UnsupportedFormat], ...] = (
    (
        lambda _, head: head[257:262] == b"ustar",
        UnsupportedFormat("tar archive", f"a tar archive: {_UNPACK}"),
    ),
    # The packets of an MPEG transport stream.
    (lambda _, head: b"\0" in head and head[:1] == head[188:189] == b"G", _VIDEO),
    (
        lambda _, head: (
            re.match(
                rb"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [^\r\n]*\d{4}"
                rb"[^\r\n]*\r?\n[!-9;-~]+:",
                head,
            )
            is not None
        ),
        UnsupportedFormat("mailbox", "a mailbox of several messages: save the messages one by one"),
    ),
    (
        lambda suffix, head: suffix in (".csv", ".tsv") and not head.lstrip().startswith(b"<"),
        UnsupportedFormat(
            "CSV table",
            "a table (CSV, TSV): write its pages as JSONL or Parquet, or use --kind text",
        ),
    ),
    (lambda suffix, _: suffix == ".webloc", _SHORTCUT),
    (lambda suffix, head: suffix == ".url" and b"[InternetShortcut]" in head, _SHORTCUT),
)

NAMES: Final = sorted(
    {
        unsupported.name
        for unsupported in (
            *(known for _, known in (*_MAGIC, *_RULES)),
            *_OLE_FORMATS.values(),
            *_ZIP_FORMATS.values(),
            *(_OLE, _PLIST, _ZIP),
        )
        if not unsupported.asset
    },
    key=str.lower,
)
"""The names of all formats that are recognized, counted and not read."""


def unsupported_format(name: str, head: bytes) -> UnsupportedFormat | None:
    """Return the unsupported format of a file, or None if the file has no such format.

    `name` is the file's name without `.gz` or `.zst`. `head` is the file's first bytes, after
    decompression.
    """
    suffix = PurePath(name.lower()).suffix
    binary = b"\0" in head
    for magic, unsupported in _MAGIC:
        if head.startswith(magic) and (binary or magic not in _MAGIC_LETTERS):
            return unsupported
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_format(suffix, head)
    if head.startswith(_OLE_MAGIC):
        return _ole_format(suffix, head)
    if head.startswith(b"bplist00"):
        return _SHORTCUT if suffix == ".webloc" else _PLIST
    if binary and head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if binary and head[4:8] == b"ftyp":
        return _IMAGE if head[8:12] in _IMAGE_BRANDS else _VIDEO
    return next((known for matches, known in _RULES if matches(suffix, head)), None)


def _zip_format(suffix: str, head: bytes) -> UnsupportedFormat:
    by_member = (name for member, name in _ZIP_MEMBERS if member in head)
    return _ZIP_FORMATS.get(next(by_member, suffix), _ZIP)


def _ole_format(suffix: str, head: bytes) -> UnsupportedFormat:
    by_stream = (name for stream, name in _OLE_STREAMS if stream.encode("utf-16-le") in head)
    return _OLE_FORMATS.get(next(by_stream, suffix), _OLE)
