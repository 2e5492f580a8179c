"""Detect the format of a file by its first bytes, then by its name.

The formats are in `formats` (read) and `unsupported_formats` (recognized, but not read).
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from pathlib import Path, PurePath

from nalssi.sources.formats import FORMATS, KIND_BY_SUFFIX, Kind
from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.markup_detection import has_html_tag, is_feed, is_xml
from nalssi.sources.readers.text_encoding import decode, wide_encoding
from nalssi.sources.readers.warc.archive_record import RECORD_MAGIC
from nalssi.sources.unsupported_formats import unsupported_format

# An object, or an array of objects. A text can begin with a bracket too: `[날씨] …`.
_JSON = re.compile(rb"\{|\[\s*+[{\[]")


def kind_of(name: str, head: bytes) -> Kind:
    """Return the format of a file, by `head`, its first bytes after decompression, and its name.

    Raises UnreadableError if nalssi does not read the format.
    """
    name = _name_without_compression(name)
    suffix = PurePath(name).suffix
    for known in FORMATS.values():
        if known.matches and known.matches(head, suffix):
            return known.kind
    by_name = KIND_BY_SUFFIX.get(suffix)
    # A name says nothing about other formats if it says one that nalssi reads.
    if unsupported := unsupported_format("" if by_name else name, head):
        raise UnreadableError(unsupported.cause, unsupported.name, asset=unsupported.asset)
    if by_name and FORMATS[by_name].matches and head:
        raise UnreadableError(
            f"its name says {by_name}, but its content is something else", f"damaged {by_name}"
        )
    if wide_encoding(head):
        return _kind_of_text(suffix, by_name, decode(head).lstrip().encode())
    if b"\0" in head and by_name != "jsonl":  # in JSON lines, it costs one record
        cause = "binary, in no format that nalssi reads"
        raise UnreadableError(cause, "unknown binary format")
    return _kind_of_text(suffix, by_name, head.removeprefix(BOM_UTF8).lstrip())


def kind_by_name(name: str) -> Kind | None:
    """Return the format that the suffix of a file's name, path or address says, or None."""
    return KIND_BY_SUFFIX.get(PurePath(_name_without_compression(name)).suffix)


def kind_of_parquet(path: str) -> Kind:
    """Return the format of the Parquet file at `path`, by its columns: `parquet` or `plan`.

    A plan has the PLAN_COLUMNS and no text column. Every other file is a corpus, also a damaged
    one: the reader of corpora names the damage.
    """
    import pyarrow.parquet as pq

    from nalssi.sources.open_input import open_input
    from nalssi.sources.readers.corpora.corpus_records import TEXT_COLUMNS
    from nalssi.sources.readers.warc.planned_records import PLAN_COLUMNS

    try:
        with open_input(path) as file:
            names = set(pq.read_schema(file).names)
    except (OSError, ValueError):
        return "parquet"
    return "plan" if names.issuperset(PLAN_COLUMNS) and not names & {*TEXT_COLUMNS} else "parquet"


def is_misnamed_archive(path: str | Path, head: bytes) -> bool:
    """Whether a file has the name of a web archive but its content begins in no known format.

    `head` is its first bytes after decompression. Known are WARC and the unsupported formats.
    """
    name = _name_without_compression(Path(path).name)
    if kind_by_name(name) != "warc":
        return False
    return not (head.startswith(RECORD_MAGIC) or unsupported_format(name, head))


def _kind_of_text(suffix: str, by_name: Kind | None, head: bytes) -> Kind:
    """Return the format of a text file.

    `head` is its first bytes in UTF-8, without byte order mark and leading white space. `by_name`
    is the format that the suffix names, if any. Raises UnreadableError for XML that is not KMA's
    feed.
    """
    if is_feed(head):
        return "xml"
    if by_name in (None, "jsonl") and _JSON.match(head):
        return "jsonl"
    if head.startswith(b"[") and suffix == ".json":
        return "jsonl"
    if by_name == "xml" or is_xml(head):
        if has_html_tag(head):
            return "html"
        raise UnreadableError("XML, but not KMA's feed (<current><weather>)", "XML")
    if by_name:
        return by_name
    return "html" if head.startswith(b"<") and has_html_tag(head) else "text"


def _name_without_compression(name: str) -> str:
    return name.lower().removesuffix(".gz").removesuffix(".zst")
