"""Search CDXJ files: lines of a SURT, a time stamp and a JSON object, sorted by SURT.

A large CDXJ index is divided into gzip members of some thousand lines each (the ZipNum format).
Its `cluster.idx` names the first line of each member, so only the members that can hold a wanted
address are read.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from nalssi.common.decompression import READ_ERRORS
from nalssi.crawl.captures import CAPTURES, PlanError, Site, key_ranges
from nalssi.sources import remote_objects
from nalssi.sources.readers.decompressed_file import DecompressedFile

CLUSTER_INDEX: Final = "cluster.idx"
_CDX_NAME: Final = re.compile(r"(\.cdxj?(\.gz)?|/?cluster\.idx)$", re.I)
_PIECE_BYTES: Final = 2**20
_TIME: Final = "%Y%m%d%H%M%S"


def is_cdx_file(index: str) -> bool:
    """Return whether an index is a CDXJ file or the `cluster.idx` of one, by its name."""
    return _CDX_NAME.search(index) is not None


def search_cdx(index: str, sites: Sequence[Site]) -> pl.DataFrame:
    """Return the captures of the sites in a CDXJ index, with the columns `CAPTURES`.

    `index` is the path or address of a CDXJ file or of a `cluster.idx`. Raises PlanError if a file
    cannot be read, or if a line is not one of a CDXJ index; the message then names the line too.
    """
    ranges = key_ranges(sites)
    try:
        if index.endswith(CLUSTER_INDEX):
            lines = _lines_of_cluster(index, ranges)
        else:
            lines = ((index, number, line) for number, line in _lines(index))
        return captures_of_lines(
            (name, number, line)
            for name, number, line in lines
            if _is_wanted(line.partition(" ")[0], ranges)
        )
    except READ_ERRORS as error:
        raise PlanError(f"{index}: {error}") from error


def captures_of_lines(lines: Iterable[tuple[str, int, str]]) -> pl.DataFrame:
    """Return the captures (columns `CAPTURES`) that CDXJ lines describe.

    `lines` has the file's name, the line's number and its text. Raises PlanError for a line that
    lacks the time, the address of the page, the archive, the position or the length.
    """
    return frame(_capture(line, f"{name}: line {number:,}") for name, number, line in lines)


def frame(captures: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Return captures as a frame with the columns `CAPTURES`."""
    return pl.DataFrame(list(captures), schema=CAPTURES)


def _capture(line: str, where: str) -> dict[str, Any]:
    try:
        _, stamp, fields = line.split(" ", 2)
        return capture_of_fields(json.loads(fields), stamp)
    except (ValueError, KeyError, TypeError) as error:
        raise PlanError(f"{where}: not a line of a CDXJ index ({error})") from error


def capture_of_fields(fields: dict[str, Any], stamp: str) -> dict[str, Any]:
    """Return the capture that a CDX line describes, by the column names of `CAPTURES`.

    `fields` are the JSON fields of the line, `stamp` is its time (`YYYYMMDDhhmmss`, UTC). Status,
    media type and digest are None if the line does not state them. Raises ValueError, KeyError or
    TypeError if another field is missing or impossible.
    """
    status = str(fields.get("status") or "")
    return {
        "url": str(fields["url"]),
        "fetch_time": datetime.strptime(stamp, _TIME).replace(tzinfo=UTC),
        "fetch_status": int(status) if status.isdigit() else None,
        "content_mime_type": fields.get("mime-detected") or fields.get("mime"),
        "content_digest": fields.get("digest"),
        "warc_filename": str(fields["filename"]),
        "warc_record_offset": int(fields["offset"]),
        "warc_record_length": int(fields["length"]),
    }


def _is_wanted(key: str, ranges: Sequence[tuple[str, str]]) -> bool:
    return any(first <= key < end for first, end in ranges)


def _lines(index: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of the file at `index` with their numbers, from 1.

    The file may be compressed.
    """
    rest, number = b"", 0
    with DecompressedFile(index) as file:
        while piece := file.read(_PIECE_BYTES):
            *whole, rest = (rest + piece).split(b"\n")
            for number, line in enumerate(whole, number + 1):  # noqa: B020  # it goes on counting
                yield number, line.decode("utf-8", "replace")
    if rest:
        yield number + 1, rest.decode("utf-8", "replace")


def _lines_of_cluster(
    index: str, ranges: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, int, str]]:
    """Yield the lines of the gzip members that can hold a wanted address, as (name, number, text).

    `index` is the path of a `cluster.idx`, `ranges` are the ranges of SURTs that are wanted. The
    name is that of the file with the position of the member, in which lines count from 1. Raises
    PlanError if a member cannot be decompressed.
    """
    folder = index.removesuffix(CLUSTER_INDEX)
    for name, offset, length in _members(index, ranges):
        data = _bytes_of(folder + name, offset, length)
        try:
            content = gzip.decompress(data).decode("utf-8", "replace")
        except (OSError, EOFError, zlib.error) as error:
            raise PlanError(f"{folder}{name}: byte {offset:,}: {error}") from error
        for number, line in enumerate(content.splitlines(), 1):
            yield f"{folder}{name} byte {offset:,}", number, line


def _members(index: str, ranges: Sequence[tuple[str, str]]) -> Iterator[tuple[str, int, int]]:
    """Yield file, position and length (bytes) of each gzip member that can hold a wanted address.

    `index` is the path of a `cluster.idx`, `ranges` are the ranges of SURTs that are wanted. Raises
    PlanError for a line that is not one of a cluster index.
    """
    before: tuple[str, str, int, int] | None = None
    for number, line in _lines(index):
        try:
            key, name, offset, length, *_ = line.split("\t")
            member = (key.partition(" ")[0], name, int(offset), int(length))
        except ValueError:
            raise PlanError(f"{index}: line {number:,}: not a line of a cluster index") from None
        if before and _may_hold(before[0], member[0], ranges):
            yield before[1:]
        before = member
    if before and _may_hold(before[0], None, ranges):
        yield before[1:]


def _may_hold(first: str, following: str | None, ranges: Sequence[tuple[str, str]]) -> bool:
    """Return whether a gzip member can hold a key of `ranges`.

    Its first key is `first`. The next member begins with `following`; None if it is the last.
    """
    return any(first < end and (following is None or following >= begin) for begin, end in ranges)


def _bytes_of(file: str, offset: int, length: int) -> bytes:
    if remote_objects.is_remote(file):
        return remote_objects.read_range(file, offset, offset + length)
    with Path(file).open("rb") as opened:
        opened.seek(offset)
        return opened.read(length)
