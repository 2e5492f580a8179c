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

from nalssi.sources.partition import (
    READ_ERRORS,
    Item,
    Kind,
    Problem,
    Skipped,
    file_uri,
    problem,
)
from nalssi.sources.readers.pages.embedded_page import check
from nalssi.sources.readers.unpacked_file import (
    RECORD,
    is_misnamed_archive,
    kind_of,
    read_head,
    read_page,
)
from nalssi.sources.unsupported_formats import (
    NotReadError,
    beside_documents,
    in_page_folder,
    is_system_folder,
    never_requested,
)

STDIN = "-"
_GLOB = frozenset("*?[")
Found = Item | Skipped | Problem


def find(sources: Sequence[str], kind: Kind | None, spool: Path | None) -> Iterator[Found]:
    """Every file that the sources name, once; in a folder, those that may be documents."""
    seen: set[str] = set()
    for source in sources:
        for found in _one(source, kind, spool):
            if not isinstance(found, Problem):
                name = found.uri if isinstance(found, Item) else found.source
                if name in seen:
                    continue
                seen.add(name)
            yield found


def _one(source: str, kind: Kind | None, spool: Path | None) -> Iterator[Found]:
    try:
        yield from _items(source, kind, spool)
    except (*READ_ERRORS, ValueError, RecursionError) as error:  # no name, no pattern, no end
        yield problem(source, error)


def _items(source: str, kind: Kind | None, spool: Path | None) -> Iterator[Found]:
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


def _matching(pattern: str, kind: Kind | None) -> Iterator[Found]:
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
    nothing = True
    for match in matches:
        for found in _brought(match, kind):
            nothing = False
            yield found
    if not matches:
        yield Problem(pattern, "nothing matches")
    elif nothing:
        yield Problem(pattern, "no document matches, only images, scripts and the like")


def _brought(match: Path, kind: Kind | None) -> Iterator[Found]:
    """A file or folder that a pattern brings along."""
    if match.is_dir():
        yield from _inside(str(match), kind)
    elif not never_requested(match):
        yield from _unnamed(match, kind)


def _named(path: str, kind: Kind | None) -> Found:
    """A file that the user asked for: whatever keeps it from being read is a problem."""
    try:
        if Path(path).exists() and not Path(path).is_file():
            cause = "neither a file nor a folder: what a pipe brings is read as `-`"
            return Problem(path, cause)
        head = _head(path)
        if not head:
            read_page(path)  # says if it is cut off before anything could be unpacked
            raise NotReadError("empty", "empty file")
        found = kind or kind_of(Path(path).name, head)
        check(found, path)
        size = Path(path).stat().st_size
    except NotReadError as error:
        return Skipped(path, error.form, str(error), named=True, asset=error.asset)
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
    from nalssi.sources.readers.warc.warc_archive import holds_record

    return holds_record(path)


def _unnamed(path: Path, kind: Kind | None) -> Iterator[Found]:
    """A file that a folder or pattern brings along; none, if it is no document at all."""
    if path.exists() and not path.is_file():  # a pipe or device: opening it may never end
        return
    found = _named(str(path), kind)
    if not isinstance(found, Skipped):
        yield found
    elif not (found.asset or in_page_folder(path)):
        yield replace(found, named=False)


def _folder(folder: str, kind: Kind | None) -> Iterator[Found]:
    """What is in a folder that the user asked for."""
    nothing = True
    for found in _inside(folder, kind):
        nothing = False
        yield found
    if nothing:
        yield Problem(folder, "no document in this folder")


def _inside(folder: str, kind: Kind | None) -> Iterator[Found]:
    """The documents under a folder in the order of their names, and what else was asked for."""
    closed: list[OSError] = []
    for path in _walk(folder, closed):
        yield from _unnamed(path, kind)
    yield from (problem(str(error.filename), error) for error in closed)


def _walk(folder: str, closed: list[OSError]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not is_system_folder(name))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and not beside_documents(path):
                yield path


def _fetched(url: str, kind: Kind | None, spool: Path) -> Found:
    from nalssi.sources import fetch_url  # httpx takes a tenth of a second to import

    try:
        with fetch_url.open_url(url) as (response, charset):
            captured_at = datetime.now(UTC)
            item = _spooled(response, kind, spool, source=url)
    except fetch_url.WebError as error:
        return Problem(url, str(error))
    if not isinstance(item, Item):
        return item
    return replace(item, uri=url, charset=charset, captured_at=captured_at)


def _spooled(stream: BinaryIO, kind: Kind | None, spool: Path, source: str = STDIN) -> Found:
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
    if not isinstance(item, Item):
        return replace(item, source=_shown(source))
    return replace(item, source=_shown(source), uri="stdin:")


def _shown(source: str) -> str:
    return "standard input" if source == STDIN else source


def _scratch() -> Path:
    folder = tempfile.mkdtemp(prefix="nalssi-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
