"""The registry of source formats: which formats nalssi reads, and which function reads each.

To support a new format, add an entry to `_REGISTRY` and a reader module in
`nalssi/sources/readers/`. The entry's `usual_names` and `what_is_read` make the table in
`docs/sources.md` (`make docs`). Formats that are recognized but not read are in
`unsupported_formats`; how the format of a file is decided is in `format_detection`.

A reader is named by a string and imported when it is first used, because some need libraries that
take long to import.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, Literal, TypeAlias

from nalssi.sources.readers.pages.markup_detection import XML_PROLOGUE
from nalssi.sources.readers.warc.archive_record import RECORD_MAGIC

Kind: TypeAlias = str
"""The name of a format in `FORMATS`, as `--kind` takes it."""

Role = Literal["page", "page file", "corpus"]
"""How many pages a file of a format contains, and what its reader takes and returns.

- `page`: the file is one page. `nalssi.sources.readers.page_documents` reads it.
- `page file`: the file contains one page or a few, in another format. Its reader takes the whole
  content of the file and `ReadLimits`, and returns a list of `EmbeddedPage`.
- `corpus`: the file contains any number of pages. Its reader takes a `SourceFile`, `Options` and
  `ReadLimits`, and yields `Batch`es.
"""

_READERS = "nalssi.sources.readers"


@dataclass(frozen=True)
class SourceFormat:
    """A file format that nalssi reads, and the names of the functions that read it."""

    kind: Kind
    role: Role
    title: str
    """The name of the format in the documentation."""
    usual_names: str
    """The usual file names, for the documentation."""
    what_is_read: str
    """The parts of a file that become documents, in words for the documentation."""
    suffixes: tuple[str, ...] = ()
    """Suffixes that decide the format where the content does not. Lower case."""
    matches: Callable[[bytes, str], bool] | None = None
    """Whether content has this format, by its first bytes and the suffix of the file's name.

    None for formats that only `format_detection` can tell apart: text, HTML, XML and JSON.
    """
    reader: str = ""
    """The function that reads files of the format, as `module:function`; empty for pages."""
    check: str = ""
    """The name of a function that takes a path and raises UnreadableError for unreadable files.

    Planning calls it, so that such a file is listed as skipped.
    """
    row_ranges: str = ""
    """The name of a function that divides a large file into ranges of rows; empty if none does."""
    fetches_ranges: bool = False
    """Whether the reader fetches bytes of other files, and takes `FetchedRanges` to keep them."""
    media_type: str = ""
    """The media type of the documents, if the text of the file becomes a document; else empty."""


# Header lines as in a mail. The groups are possessive, so that a thousand lines take linear time.
_MAIL_HEADERS = re.compile(rb"\s*+(?:[!-9;-~]++:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z))++")
_PAGE_TYPE = re.compile(rb"^content-type:\s*(?:multipart/|text/html)", re.I | re.M)
_MAIL_FIELD = re.compile(
    rb"^(?:mime-version|(?:snapshot-)?content-location|received):", re.I | re.M
)


def _is_mhtml(head: bytes, _: str) -> bool:
    headers = _MAIL_HEADERS.match(head.removeprefix(BOM_UTF8))
    if headers is None:
        return False
    block = headers[0].strip()
    return bool(_PAGE_TYPE.search(block) and _MAIL_FIELD.search(block))


_XML_PROPERTY_LIST = re.compile(rb"(?:\xef\xbb\xbf)?" + XML_PROLOGUE + rb"<plist[\s>]", re.S)


def _is_webarchive(head: bytes, suffix: str) -> bool:
    if not (head.startswith(b"bplist00") or _XML_PROPERTY_LIST.match(head)):
        return False
    return b"WebMainResource" in head or suffix == ".webarchive"


def _is_zip_of(head: bytes, suffix: str, own_suffix: str, member: bytes) -> bool:
    """Whether content is a zip file that has the suffix of a format, or a member of it.

    `member` is a regex for the names of members that only files of this format have.
    """
    is_own = suffix == own_suffix or re.search(member, head) is not None
    return head.startswith(b"PK\x03\x04") and is_own


# The first entry whose `matches` is true decides the format.
_REGISTRY = (
    SourceFormat(
        kind="text",
        role="page",
        title="text",
        usual_names="any",
        what_is_read="the file, as one page",
        media_type="text/plain",
    ),
    SourceFormat(
        kind="html",
        role="page",
        title="HTML",
        usual_names="`.html`, `.htm`, any",
        what_is_read="the text of the page",
        suffixes=(".htm", ".html", ".xhtml"),
        media_type="text/html",
    ),
    SourceFormat(
        kind="xml",
        role="page",
        title="KMA's feed",
        usual_names="`.xml`, any",
        what_is_read="`<current><weather>`",
        suffixes=(".xml",),
        media_type="application/xml",
    ),
    SourceFormat(
        kind="jsonl",
        role="corpus",
        title="JSON",
        usual_names="`.jsonl`, `.ndjson`, `.json`",
        what_is_read="an object a line, an array of objects, or objects one after another",
        suffixes=(".jsonl", ".ndjson"),
        reader=f"{_READERS}.corpora.json_corpus:read_json",
    ),
    SourceFormat(
        kind="parquet",
        role="corpus",
        title="Parquet",
        usual_names="`.parquet`",
        what_is_read="a row a page",
        suffixes=(".parquet",),
        matches=lambda head, _: head.startswith(b"PAR1"),
        reader=f"{_READERS}.corpora.parquet_corpus:read_parquet",
        row_ranges=f"{_READERS}.corpora.parquet_corpus:row_ranges",
    ),
    SourceFormat(
        kind="plan",
        role="corpus",
        title="plan of records",
        usual_names="`.parquet`",
        what_is_read="the records of web archives that its rows name ([crawls](crawls.md))",
        reader=f"{_READERS}.warc.planned_records:read_planned_records",
        row_ranges=f"{_READERS}.warc.planned_records:record_ranges",
        fetches_ranges=True,
    ),
    SourceFormat(
        kind="warc",
        role="corpus",
        title="web archive",
        usual_names="`.warc`, `.wet`",
        what_is_read="each HTML page, text and feed",
        suffixes=(".warc", ".wet"),
        matches=lambda head, _: head.startswith(RECORD_MAGIC),
        reader=f"{_READERS}.warc.warc_archive:read_warc",
    ),
    SourceFormat(
        kind="mhtml",
        role="page file",
        title="MHTML, mail",
        usual_names="`.mhtml`, `.mht`, `.eml`, any",
        what_is_read="the HTML part, then the frames; of a mail without HTML, its text",
        matches=_is_mhtml,
        reader=f"{_READERS}.pages.mhtml:read_mhtml",
    ),
    SourceFormat(
        kind="webarchive",
        role="page file",
        title="Safari webarchive (binary or XML)",
        usual_names="`.webarchive`",
        what_is_read="the page, then its frames",
        matches=_is_webarchive,
        reader=f"{_READERS}.pages.webarchive:read_webarchive",
    ),
    SourceFormat(
        kind="docx",
        role="page file",
        title="Word",
        usual_names="`.docx`",
        what_is_read="the text by paragraphs and line breaks; items of a list with a bullet",
        matches=lambda head, suffix: _is_zip_of(
            head,
            suffix,
            ".docx",
            rb"word/(?:document|_rels|styles|settings|theme|numbering|fontTable)",
        ),
        reader=f"{_READERS}.pages.docx:read_docx",
        check=f"{_READERS}.pages.docx:check_docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    SourceFormat(
        kind="xlsx",
        role="page file",
        title="Excel",
        usual_names="`.xlsx`",
        what_is_read="each sheet, a row a line; each cell of several lines is a page of its own",
        matches=lambda head, suffix: _is_zip_of(
            head,
            suffix,
            ".xlsx",
            rb"xl/(?:workbook|worksheets|_rels|styles|sharedStrings|theme)",
        ),
        reader=f"{_READERS}.pages.xlsx:read_xlsx",
        check=f"{_READERS}.pages.xlsx:check_xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
)
FORMATS: dict[Kind, SourceFormat] = {known.kind: known for known in _REGISTRY}
KINDS: tuple[Kind, ...] = tuple(FORMATS)
KIND_BY_SUFFIX: dict[str, Kind] = {
    suffix: known.kind for known in _REGISTRY for suffix in known.suffixes
}


def kinds_of_role(role: Role) -> tuple[Kind, ...]:
    """Return the formats with this role, in the order of the registry."""
    return tuple(known.kind for known in _REGISTRY if known.role == role)


def reader_of(kind: Kind) -> Any:
    """Import and return the function that reads a format.

    `Role` describes the arguments and the result of the function. Readers of page files raise
    UnreadableError if the file contains no page, is damaged or exceeds a limit. Readers of corpora
    report problems in their batches.
    """
    return resolve_name(FORMATS[kind].reader)


def check_readable(kind: Kind, path: str) -> None:
    """Raise UnreadableError if the file at `path` does not have the content of its format.

    Only formats with a `check` function are checked. Files of other formats are not opened. Raises
    one of READ_ERRORS if the file cannot be opened or decompressed.
    """
    if check := FORMATS[kind].check:
        resolve_name(check)(path)


def row_ranges(kind: Kind, path: str, target_bytes: int) -> list[tuple[int, int, int]] | None:
    """Return the ranges of rows into which a large file is divided.

    A range is its first row (from 0), its number of rows and its bytes, which are about
    `target_bytes`; a plan has ranges of its own size. Returns None if files of this format are read
    as a whole. Raises the errors of the format's function if the file cannot be read.
    """
    divide = FORMATS[kind].row_ranges
    return resolve_name(divide)(path, target_bytes) if divide else None
