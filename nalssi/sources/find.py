"""What a user names, as items: files, folders, globs, web addresses and standard input.

Content that is not in a file yet (standard input, a web page) is first written to the spool
folder, under the digest of its content, so that a partition can be read again, elsewhere.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

import zstandard

from nalssi.sources.files import (
    RECORD,
    NotReadError,
    is_misnamed_archive,
    kind_of,
    read_head,
    read_page,
)
from nalssi.sources.partition import READ_ERRORS, Item, Kind, Problem, file_uri, problem

STDIN = "-"
_GLOB = frozenset("*?[")
# What lies beside saved pages ("page_files/") and is no document, whatever bytes it holds.
_BESIDE_PAGES = {
    *(".css", ".js", ".mjs", ".map", ".json", ".woff", ".woff2", ".ttf", ".otf", ".eot"),
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".mp3", ".mp4", ".webm"),
    *(".pdf", ".zip", ".csv", ".md", ".py", ".db", ".lock", ".tmp", ".part"),
}


def find(sources: Sequence[str], kind: Kind | None, spool: Path | None) -> Iterator[Item | Problem]:
    """Every file that the sources name, once; in a folder, those that are documents."""
    seen: set[str] = set()
    for source in sources:
        for item in _one(source, kind, spool):
            if isinstance(item, Item):
                if item.uri in seen:
                    continue
                seen.add(item.uri)
            yield item


def _one(source: str, kind: Kind | None, spool: Path | None) -> Iterator[Item | Problem]:
    try:
        yield from _items(source, kind, spool)
    except (*READ_ERRORS, ValueError, RecursionError) as error:  # no name, no pattern, no end
        yield problem(source, error)


def _items(source: str, kind: Kind | None, spool: Path | None) -> Iterator[Item | Problem]:
    if source == STDIN and sys.stdin is None:
        yield Problem(_shown(source), "closed")
    elif source == STDIN:
        yield _spooled(sys.stdin.buffer, kind, spool or _scratch())
    elif source.startswith(("http://", "https://")):
        yield _fetched(source, kind, spool or _scratch())
    elif Path(source).is_dir():
        yield from _folder(source, kind)
    elif Path(source).exists() or not _GLOB & set(source):
        yield _named(source, kind)
    else:
        yield from _matching(source, kind)


def _matching(pattern: str, kind: Kind | None) -> Iterator[Item | Problem]:
    """What a glob names. Unlike `glob.glob`, a Path does not run after links to folders."""
    parts = Path(pattern).parts
    place = Path(*(part for part in takewhile(lambda part: not _GLOB & set(part), parts)))
    rest = Path(*parts[len(place.parts) :])
    shown = {".", "..", *parts}
    matches = [
        match
        for match in sorted(place.glob(str(rest)))
        if not any(part.startswith(".") and part not in shown for part in match.parts)
    ]
    for match in matches:
        yield from _folder(str(match), kind) if match.is_dir() else (_named(str(match), kind),)
    if not matches:
        yield Problem(pattern, "nothing matches")


def _named(path: str, kind: Kind | None) -> Item | Problem:
    """A file that the user asked for: whatever keeps it from being read is a problem."""
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise NotReadError("neither a file nor a folder: what a pipe brings is read as `-`")
        head = _head(path)
        if not head:
            read_page(path)  # says if it is cut off before anything could be unpacked
            raise NotReadError("empty")
        found = kind or kind_of(Path(path).name, head)
        size = Path(path).stat().st_size
    except (*READ_ERRORS, ValueError) as error:
        return problem(path, error)
    return Item(found, str(Path(path).resolve()), path, file_uri(Path(path)), size)


def _head(path: str) -> bytes:
    """The first bytes, unpacked; of an archive that is damaged there, those of a whole record."""
    try:
        head = read_head(path)
    except (EOFError, zlib.error, zstandard.ZstdError):
        if _holds_record(path):
            return RECORD
        raise
    if (not head or is_misnamed_archive(path, head)) and _holds_record(path):
        return RECORD
    return head


def _holds_record(path: str) -> bool:
    from nalssi.sources.warc import holds_record

    return holds_record(path)


def _folder(folder: str, kind: Kind | None) -> Iterator[Item | Problem]:
    """The documents under a folder in the order of their names; passes over what is none."""
    found = False
    closed: list[OSError] = []
    for path in _walk(folder, closed):
        item = _named(str(path), kind)
        # Not asked for by name: what is no document is no problem, what cannot be read is one.
        if isinstance(item, Problem) and _readable(path):
            continue
        found = True
        yield item
    yield from (problem(str(error.filename), error) for error in closed)
    if not (found or closed):
        yield Problem(folder, "no document in this folder")


def _walk(folder: str, closed: list[OSError]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() not in _BESIDE_PAGES:
                yield Path(parent, name)


def _readable(path: Path) -> bool:
    if not path.is_file():  # a pipe or device: opening it may never end
        return True
    try:
        read_head(path)
    except READ_ERRORS:
        return False
    return True


def _fetched(url: str, kind: Kind | None, spool: Path) -> Item | Problem:
    from nalssi.sources import web  # httpx takes a tenth of a second to import

    try:
        with web.open_url(url) as (response, charset):
            captured_at = datetime.now(UTC)
            item = _spooled(response, kind, spool, source=url)
    except web.WebError as error:
        return Problem(url, str(error))
    if isinstance(item, Problem):
        return item
    return replace(item, uri=url, charset=charset, captured_at=captured_at)


def _spooled(
    stream: BinaryIO, kind: Kind | None, spool: Path, source: str = STDIN
) -> Item | Problem:
    """Keep a stream's content as a file named after it, so that it can be read again."""
    spool.mkdir(parents=True, exist_ok=True)
    digest = blake2b(digest_size=16)
    with tempfile.NamedTemporaryFile(dir=spool, prefix=".", delete=False) as file:
        try:
            while block := stream.read(2**20):
                digest.update(block)
                file.write(block)
        except BaseException:
            Path(file.name).unlink()
            raise
    kept = Path(file.name).replace(spool / digest.hexdigest())
    item = _named(str(kept), kind)
    if isinstance(item, Problem):
        return replace(item, source=_shown(source))
    return replace(item, source=_shown(source), uri="stdin:")


def _shown(source: str) -> str:
    return "standard input" if source == STDIN else source


def _scratch() -> Path:
    folder = tempfile.mkdtemp(prefix="nalssi-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
