"""Find the files that sources name. A source is a file, a folder, a glob, an address or `-`.

Standard input and fetched pages are not files. They are first written to the spool folder, under a
digest of their content, so that any worker can read them more than once.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from nalssi.common.decompression import DECOMPRESSION_ERRORS, READ_ERRORS
from nalssi.sources.find_objects import (
    find_objects,
    is_list_of_paths,
    is_read_as_object,
    listed_sources,
)
from nalssi.sources.folder_rules import (
    is_ignored_folder,
    is_ignored_in_folder,
    is_ignored_in_pattern,
    is_in_page_folder,
)
from nalssi.sources.format_detection import is_misnamed_archive, kind_of, kind_of_parquet
from nalssi.sources.formats import Kind, check_readable
from nalssi.sources.partition import SourceFile, file_uri
from nalssi.sources.problems import Problem, Skipped, UnreadableError, problem_of
from nalssi.sources.readers.decompressed_file import read_head, read_whole
from nalssi.sources.readers.warc.archive_record import RECORD_MAGIC
from nalssi.sources.remote_objects import is_remote

STDIN = "-"
REQUESTS_AT_ONCE = 16
"""The number of requests sent at the same time for the objects of a list of paths."""
_GLOB_CHARACTERS = frozenset("*?[")
FindResult = SourceFile | Skipped | Problem
OpenUrl = Callable[[str], AbstractContextManager[tuple[BinaryIO, str | None]]]


def find_files(
    sources: Sequence[str],
    kind: Kind | None,
    spool: Path | None,
    open_url: OpenUrl | None = None,
) -> Iterator[FindResult]:
    """Yield each file that the sources name, once; for an unusable one, a Skipped or a Problem.

    `kind` is the format of all files; if it is None, the content and the name of each file decide.
    `spool` is the folder for standard input and fetched pages; by default it is a temporary folder
    that is removed when the process ends. `open_url` fetches URLs (default: `fetch_url.open_url`).
    """
    seen: set[str] = set()
    for source in sources:
        for result in _results_of(source, kind, spool, open_url):
            if not isinstance(result, Problem):
                name = result.uri if isinstance(result, SourceFile) else result.source
                if name in seen:
                    continue
                seen.add(name)
            yield result


def _results_of(
    source: str, kind: Kind | None, spool: Path | None, open_url: OpenUrl | None
) -> Iterator[FindResult]:
    """Yield the files, skipped files and problems of one source.

    `kind` is the format of the files, or None to detect it. `spool` is the folder for standard
    input and fetched pages, and `open_url` the function that fetches URLs (None: the defaults of
    `find_files`).
    """
    try:
        if source == STDIN and sys.stdin is None:
            yield Problem(_shown(source), "closed")
        elif source == STDIN:
            yield _spooled(sys.stdin.buffer, kind, spool or _temporary_folder())
        elif is_list_of_paths(source):
            yield from _of_list(listed_sources(source), kind, spool, open_url)
        elif is_read_as_object(source, kind):
            yield from find_objects(source, kind)
        elif is_remote(source):
            yield _fetched(source, kind, spool or _temporary_folder(), open_url)
        elif Path(source).is_dir():
            yield from _in_named_folder(source, kind)
        elif Path(source).exists() or not _GLOB_CHARACTERS & set(source):
            yield _named_file(source, kind)
        else:
            yield from _matching(source, kind)
    except (*READ_ERRORS, ValueError, RecursionError) as error:  # impossible names and patterns
        yield problem_of(source, error)


def _of_list(
    sources: Sequence[str], kind: Kind | None, spool: Path | None, open_url: OpenUrl | None
) -> Iterator[FindResult]:
    """Yield the results of all sources of a list of paths, in the order of the list.

    Each remote source takes a request, so up to REQUESTS_AT_ONCE are sent at the same time. The
    other arguments are those of `find_files`.
    """

    def results_of(source: str) -> list[FindResult]:
        if is_read_as_object(source, kind):
            return list(find_objects(source, kind, named=False))
        return list(_results_of(source, kind, spool, open_url))

    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool:
        for results in pool.map(results_of, sources):
            yield from results


def _matching(pattern: str, kind: Kind | None) -> Iterator[FindResult]:
    """Yield the files that a glob pattern matches, or a Problem if there are none.

    `kind` is the format of the files, or None to detect it. `Path.glob` is used because, unlike
    `glob.glob`, it does not follow links to folders.
    """
    parts = Path(pattern).parts
    root = Path(*takewhile(lambda part: not _GLOB_CHARACTERS & set(part), parts))
    rest = Path(*parts[len(root.parts) :])
    asked_for = {".", "..", *parts}
    matches = [
        match
        for match in sorted(root.glob(str(rest)))
        if not any(part.startswith(".") and part not in asked_for for part in match.parts)
    ]
    nothing = True
    for match in matches:
        for result in _of_match(match, kind):
            nothing = False
            yield result
    if not matches:
        yield Problem(pattern, "nothing matches")
    elif nothing:
        yield Problem(pattern, "only images, scripts and similar files match, no document")


def _of_match(match: Path, kind: Kind | None) -> Iterator[FindResult]:
    """Yield the file at a path that a glob pattern matches or, if it is a folder, the files in it.

    `kind` is the format of the files, or None to detect it.
    """
    if match.is_dir():
        yield from _in_folder(str(match), kind)
    elif not is_ignored_in_pattern(match):
        yield from _unnamed_file(match, kind)


def _named_file(path: str, kind: Kind | None) -> FindResult:
    """Return the SourceFile for a path that the user named, or a Skipped or a Problem.

    A Skipped result has `named=True`, so that it is also reported as a problem. `kind` is the
    format of the file, or None to detect it.
    """
    try:
        if Path(path).exists() and not Path(path).is_file():
            cause = "neither a file nor a folder: use `-` to read from a pipe"
            return Problem(path, cause)
        head = _head_of(path)
        if not head:
            read_whole(path)  # raises if the file is cut off before any content
            raise UnreadableError("empty", "empty file")
        if kind is None:
            kind = kind_of(Path(path).name, head)
            kind = kind_of_parquet(path) if kind == "parquet" else kind
        check_readable(kind, path)
        size = Path(path).stat().st_size
    except UnreadableError as error:
        return Skipped(path, error.format_name, str(error), named=True, asset=error.asset)
    except (*READ_ERRORS, ValueError) as error:
        return problem_of(path, error)
    return SourceFile(kind, str(Path(path).resolve()), path, file_uri(Path(path)), size)


def _head_of(path: str) -> bytes:
    """Return the first bytes of a file, after decompression.

    If these bytes are damaged, missing or of no known format, but the file contains a whole WARC
    record, the function returns the first bytes of a WARC record. The file is then read as a web
    archive.
    """
    try:
        head = read_head(path)
    except DECOMPRESSION_ERRORS:
        if _holds_record(path):
            return RECORD_MAGIC
        raise
    if (not head or is_misnamed_archive(path, head)) and _holds_record(path):
        return RECORD_MAGIC
    return head


def _holds_record(path: str) -> bool:
    from nalssi.sources.readers.warc.warc_archive import holds_record

    return holds_record(path)


def _unnamed_file(path: Path, kind: Kind | None) -> Iterator[FindResult]:
    """Yield a file that was found in a folder or by a glob, or a Skipped or a Problem.

    Yields nothing for an asset of a page, such as an image, for an unusable file in the folder that
    a browser saves beside a page, and for anything that is not a file. `kind` is the format of the
    file, or None to detect it.
    """
    if path.exists() and not path.is_file():  # opening a pipe or a device may never end
        return
    result = _named_file(str(path), kind)
    if not isinstance(result, Skipped):
        yield result
    elif not (result.asset or is_in_page_folder(path)):
        yield replace(result, named=False)


def _in_named_folder(folder: str, kind: Kind | None) -> Iterator[FindResult]:
    """Yield the files in a folder that the user named, or a Problem if there are none.

    `kind` is the format of the files, or None to detect it.
    """
    nothing = True
    for result in _in_folder(folder, kind):
        nothing = False
        yield result
    if nothing:
        yield Problem(folder, "no document in this folder")


def _in_folder(folder: str, kind: Kind | None) -> Iterator[FindResult]:
    """Yield the files in a folder and its subfolders, then a Problem for each unreadable folder.

    The files of a folder are sorted by name and come before those of its subfolders. `kind` is the
    format of the files, or None to detect it.
    """
    errors: list[OSError] = []
    for path in _walk(folder, errors):
        yield from _unnamed_file(path, kind)
    yield from (problem_of(str(error.filename), error) for error in errors)


def _walk(folder: str, errors: list[OSError]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not is_ignored_folder(name))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and not is_ignored_in_folder(path):
                yield path


def _fetched(url: str, kind: Kind | None, spool: Path, open_url: OpenUrl | None) -> FindResult:
    from nalssi.sources import fetch_url  # httpx takes a tenth of a second to import

    try:
        with (open_url or fetch_url.open_url)(url) as (response, charset):
            captured_at = datetime.now(UTC)
            file = _spooled(response, kind, spool, source=url)
    except fetch_url.WebError as error:
        return Problem(url, str(error))
    if not isinstance(file, SourceFile):
        return file
    return replace(file, uri=url, charset=charset, captured_at=captured_at)


def _spooled(stream: BinaryIO, kind: Kind | None, spool: Path, source: str = STDIN) -> FindResult:
    """Write a stream to the spool folder, and return the new file as `_named_file` does.

    `source` is the name to show to the user. `kind` is the format of the file, or None to detect
    it.
    """
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
    path = Path(file.name).replace(spool / digest.hexdigest())
    result = _named_file(str(path), kind)
    if not isinstance(result, SourceFile):
        return replace(result, source=_shown(source))
    return replace(result, source=_shown(source), uri="stdin:")


def _shown(source: str) -> str:
    return "standard input" if source == STDIN else source


def _temporary_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="nalssi-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
