"""File formats that nalssi does not read, and files that are no documents at all.

Magic bytes decide; names decide only where the bytes are not enough: text formats, and
containers such as zip and OLE, whose table of contents may stand at their end. Facts:
the formats' specifications and the `file` command's magic database.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import NamedTuple


class NotReadError(ValueError):
    """Content in a format that is not read; the message is the cause."""

    def __init__(self, cause: str, form: str = "unknown format", *, asset: bool = False) -> None:
        super().__init__(cause)
        self.form = form
        """The format's name, for counts."""
        self.asset = asset
        """Whether this is a part of a page's decoration, which nobody asked for."""


class Foreign(NamedTuple):
    """A format that is not read: its name for counts, and what to do about it."""

    name: str
    cause: str
    asset: bool = False
    """Part of a page's decoration (an image): never a document, so never counted."""


_UNPACK = "unpack it first"
_REPACK = "unpack it, or pack it with gzip or zstd"
_SAVE_TEXT = "save it as text, HTML or .docx"
_SAVE_TABLE = "save it as .xlsx, or write its pages as JSONL"

_IMAGE = Foreign("image", "an image, which holds no text", asset=True)
_VIDEO = Foreign("video", "a video, which holds no text")
_AUDIO = Foreign("audio", "a sound file, which holds no text")
_ZIP = Foreign("zip archive", f"a zip archive: {_UNPACK}")
_PLIST = Foreign("property list", "a binary property list, not a Safari webarchive")
_SHORTCUT = Foreign("shortcut", "a shortcut, which holds an address and no page")
_CSV = Foreign(
    "CSV table", "a table (CSV, TSV): write its pages as JSONL or Parquet, or use --kind text"
)
_MBOX = Foreign("mailbox", "a mailbox of several messages: save the messages one by one")
_RTF = Foreign("RTF", f"an RTF document: {_SAVE_TEXT}")

_MAGIC: tuple[tuple[bytes, Foreign], ...] = (
    (b"%PDF", Foreign("PDF", "a PDF, which holds no plain text")),
    (b"BZh", Foreign("bzip2", f"packed with bzip2: {_REPACK}")),
    (b"\xfd7zXZ", Foreign("xz", f"packed with xz: {_REPACK}")),
    (b"7z\xbc\xaf\x27\x1c", Foreign("7-Zip archive", f"a 7-Zip archive: {_UNPACK}")),
    (b"Rar!\x1a\x07", Foreign("RAR archive", f"a RAR archive: {_UNPACK}")),
    (b"EGGA", Foreign("EGG archive", f"an EGG (ALZip) archive: {_UNPACK}")),
    (b"ALZ\x01", Foreign("ALZ archive", f"an ALZ (ALZip) archive: {_UNPACK}")),
    (b"{\\rtf", _RTF),
    (
        b"filedesc://",
        Foreign("ARC", "ARC, the older form: convert it with warcio (`warcio recompress`)"),
    ),
    (b"SQLite format 3\0", Foreign("SQLite database", "an SQLite database")),
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
    (b"HWP Document File", Foreign("Hangul (.hwp)", f"a Hangul document: {_SAVE_TEXT}")),
)
# Letters that a text can begin with: these count only in binary content.
_LETTERS = {b"GIF8", b"BM", b"OggS", b"ID3", b"fLaC", b"EGGA"}
_RIFF = {b"WEBP": _IMAGE, b"WAVE": _AUDIO, b"AVI ": _VIDEO}
_IMAGE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1")
_TAR = Foreign("tar archive", f"a tar archive: {_UNPACK}")

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE = Foreign("OLE document", "an OLE document (old Office, Hangul, or one with a password)")
_OLE_FORMATS: dict[str, Foreign] = {
    ".doc": Foreign("Word (.doc)", f"a Word document of the old format: {_SAVE_TEXT}"),
    ".xls": Foreign("Excel (.xls)", f"an Excel workbook of the old format: {_SAVE_TABLE}"),
    ".ppt": Foreign("PowerPoint (.ppt)", f"a PowerPoint presentation: {_SAVE_TEXT}"),
    ".hwp": Foreign("Hangul (.hwp)", f"a Hangul document: {_SAVE_TEXT}"),
    ".msg": Foreign("Outlook (.msg)", "an Outlook message: save it as .eml or HTML"),
}
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("WordDocument", ".doc"),
    ("Workbook", ".xls"),
    ("PowerPoint Document", ".ppt"),
    ("HwpSummaryInformation", ".hwp"),
    ("__properties_version1.0", ".msg"),
)
_ZIP_FORMATS: dict[str, Foreign] = {
    ".hwpx": Foreign("Hangul (.hwpx)", f"a Hangul document: {_SAVE_TEXT}"),
    ".odt": Foreign("OpenDocument (.odt)", f"an OpenDocument text: {_SAVE_TEXT}"),
    ".ods": Foreign("OpenDocument (.ods)", f"an OpenDocument table: {_SAVE_TABLE}"),
    ".epub": Foreign("EPUB", "an EPUB book: unpack it first, its pages are HTML"),
    ".pptx": Foreign("PowerPoint (.pptx)", f"a PowerPoint presentation: {_SAVE_TEXT}"),
    ".maff": Foreign("MAFF archive", f"a Mozilla archive (MAFF): {_UNPACK}"),
}
_ZIP_MEMBERS: tuple[tuple[bytes, str], ...] = (
    (b"mimetypeapplication/hwp+zip", ".hwpx"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", ".odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", ".ods"),
    (b"mimetypeapplication/epub+zip", ".epub"),
    (b"ppt/presentation", ".pptx"),
    (b"ppt/slides", ".pptx"),
)
_CSV_SUFFIXES = (".csv", ".tsv")
_MBOX_START = re.compile(
    rb"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [^\r\n]*\d{4}[^\r\n]*\r?\n[!-9;-~]+:"
)
_TRANSPORT_STREAM, _PACKET = b"G", 188

# What lies beside documents and is none, whatever bytes it holds. Nobody asked for it.
_ASSETS = {
    *(".css", ".js", ".mjs", ".cjs", ".map", ".wasm", ".woff", ".woff2", ".ttf", ".otf", ".eot"),
    *(".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".avif", ".heic", ".svg", ".ico"),
    *(".bmp", ".tif", ".tiff", ".cur"),
}
_SYSTEM = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "iconcache.db", "ntuser.dat"}
_SYSTEM_FOLDERS = {"__macosx", "$recycle.bin", "system volume information", "@eadir"}
_UNFINISHED = {".lock", ".tmp", ".part", ".partial", ".crdownload", ".download", ".swp", ".bak"}
# In a folder only: whoever names them by a pattern asks for them.
_ABOUT_FOLDER = re.compile(r"(readme|license|changelog|contributing|attribution)\b.*\.md", re.I)
_SCRIPTS = {".py", ".pyc", ".sh", ".bat", ".cmd", ".ps1"}
# In the folder that a browser saves beside a page, all but pages is the page's decoration.
_PAGE_ASSETS = {".json", ".pdf", ".zip", ".csv", ".md", ".db", ".xml", ".mp3", ".mp4", ".webm"}
_BESIDE_PAGE = re.compile(r"(.+)(?:[_.]files|_파일)", re.I)
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".HTML", ".HTM")


def never_requested(path: Path) -> bool:
    """Whether a file that a folder or pattern brings along is no document by its name.

    Images, scripts, styles and fonts; system files; unfinished downloads and lock files.
    """
    name = path.name.lower()
    return (
        name in _SYSTEM
        or name.startswith("~$")
        or path.suffix.lower() in _ASSETS
        or path.suffix.lower() in _UNFINISHED
    )


def beside_documents(path: Path) -> bool:
    """The same for a file in a folder: also programs, and Markdown that describes the folder."""
    return (
        never_requested(path)
        or path.suffix.lower() in _SCRIPTS
        or _ABOUT_FOLDER.fullmatch(path.name) is not None
        or (in_page_folder(path) and path.suffix.lower() in _PAGE_ASSETS)
    )


def is_system_folder(name: str) -> bool:
    """Whether a folder is the operating system's, or hidden."""
    return name.startswith(".") or name.lower() in _SYSTEM_FOLDERS


def in_page_folder(path: Path) -> bool:
    """Whether a file is in the folder that a browser saves beside a page (`page_files`)."""
    return any(
        (page := _BESIDE_PAGE.fullmatch(folder.name))
        and any(folder.with_name(page[1] + suffix).is_file() for suffix in _PAGE_SUFFIXES)
        for folder in path.parents
    )


def foreign_format(name: str, head: bytes) -> Foreign | None:
    """The format of content that is not read, by its first bytes and its name; None if unknown.

    `name` has no suffix of packing.
    """
    suffix = PurePath(name.lower()).suffix
    binary = b"\0" in head
    for magic, foreign in _MAGIC:
        if head.startswith(magic) and (binary or magic not in _LETTERS):
            return foreign
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
    if head[257:262] == b"ustar":
        return _TAR
    if binary and head[:1] == head[_PACKET : _PACKET + 1] == _TRANSPORT_STREAM:
        return _VIDEO
    if _MBOX_START.match(head):
        return _MBOX
    return _by_name(suffix, head)


def _by_name(suffix: str, head: bytes) -> Foreign | None:
    """Formats that are text, and whose bytes say little."""
    if suffix in _CSV_SUFFIXES and not head.lstrip().startswith(b"<"):
        return _CSV
    if suffix == ".webloc" or (suffix == ".url" and b"[InternetShortcut]" in head):
        return _SHORTCUT
    return None


def _zip_format(suffix: str, head: bytes) -> Foreign:
    by_member = (form for member, form in _ZIP_MEMBERS if member in head)
    return _ZIP_FORMATS.get(next(by_member, suffix), _ZIP)


def _ole_format(suffix: str, head: bytes) -> Foreign:
    by_stream = (form for stream, form in _OLE_STREAMS if stream.encode("utf-16-le") in head)
    return _OLE_FORMATS.get(next(by_stream, suffix), _OLE)
