"""Find the objects that remote addresses name, and the sources that a list of paths names.

An address is an object (`s3://bucket/page.html`), a prefix that ends with `/` and stands for a
folder, or a pattern with `*`, `?` or `[`. A file on a web server is an object if its name is that
of a web archive or a corpus; other files are pages, which `find_files` fetches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from errno import ENOENT
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

from nalssi.common.decompression import READ_ERRORS
from nalssi.sources import remote_objects
from nalssi.sources.folder_rules import (
    is_ignored_folder,
    is_ignored_in_folder,
    is_ignored_in_pattern,
)
from nalssi.sources.format_detection import kind_by_name, kind_of, kind_of_parquet
from nalssi.sources.formats import FORMATS, Kind, check_readable
from nalssi.sources.partition import SourceFile
from nalssi.sources.problems import Problem, Skipped, UnreadableError, problem_of
from nalssi.sources.readers.decompressed_file import DecompressedFile, read_head
from nalssi.sources.remote_objects import RemoteError, RemoteObject

FindResult = SourceFile | Skipped | Problem

_GLOB = re.compile(r"[*?\[]")
_LIST = re.compile(r"\.paths(\.gz|\.zst)?$", re.I)
_LIST_BYTES = 2**26
"""The largest list of paths, in decompressed bytes. Lists of Common Crawl have about 15 MB."""


def is_read_as_object(address: str, kind: Kind | None) -> bool:
    """Return whether a remote address is read as a stream, and not fetched as a page.

    Every `s3://` address is read as a stream. An http or https address is read as a stream if its
    format is that of a corpus; `kind` is the format, or else the name in the address decides. But
    an address with a query is fetched: it is a page, or a signed address that expires.
    """
    if address.startswith("s3://"):
        return True
    if not remote_objects.is_remote(address) or "?" in address:
        return False
    kind = kind or kind_by_name(address)
    return kind is not None and FORMATS[kind].role == "corpus"


def is_list_of_paths(source: str) -> bool:
    """Return whether a source is a list of paths, such as `wet.paths.gz`, by its name."""
    return _LIST.search(source) is not None


def listed_sources(source: str) -> list[str]:
    """Return the sources that a list of paths names, one a line.

    Empty lines and lines that begin with `#` are ignored. A path that is not absolute is relative
    to the bucket or the web server of the list, as in the lists of Common Crawl, or to the folder
    of a local list. Raises an error of READ_ERRORS, UnreadableError for a list of more than
    _LIST_BYTES, or UnicodeDecodeError for one that is not UTF-8.
    """
    with DecompressedFile(source) as file:
        content = file.read(_LIST_BYTES + 1)
    if len(content) > _LIST_BYTES:
        raise UnreadableError(f"a list of paths of more than {_LIST_BYTES >> 20} MiB")
    lines = [line.strip() for line in content.decode("utf-8-sig").splitlines()]
    return [_resolved(line, source) for line in lines if line and not line.startswith("#")]


def _resolved(path: str, source: str) -> str:
    if "://" in path:
        return path
    if not remote_objects.is_remote(source):
        return str(Path(source).parent / path)
    if source.startswith("s3://"):
        return "/".join((*source.split("/", 3)[:3], path.lstrip("/")))
    return urljoin(source, "/" + path.lstrip("/"))


def find_objects(address: str, kind: Kind | None, *, named: bool = True) -> Iterator[FindResult]:
    """Yield the objects that an address names; for an unusable one, a Skipped or a Problem.

    `kind` is the format of all objects; if it is None, content and name decide. `named` says
    whether the user named this address; otherwise a list of paths did.
    """
    try:
        remote_objects.check_address(address)
        if address.startswith("s3://") and (address.endswith("/") or _is_bucket(address)):
            yield from _in_folder(address.rstrip("/") + "/", kind)
        elif address.startswith("s3://") and _GLOB.search(address):
            yield from _matching(address, kind)
        else:
            yield from _of_address(address, kind, named)
    except OSError as error:
        yield problem_of(address, error)


def _is_bucket(address: str) -> bool:
    return address.count("/") == 2


def _of_address(address: str, kind: Kind | None, named: bool) -> Iterator[FindResult]:
    """Yield the object at an address, or the objects in the folder of this name.

    `kind` is the format of the objects, or None to detect it. `named` says whether the user named
    this address; otherwise a list of paths did.
    """
    try:
        found = remote_objects.find_object(address)
    except RemoteError as error:
        if not address.startswith("s3://") or error.errno != ENOENT:
            raise
        results = list(_in_folder(address + "/", kind))
        if all(isinstance(result, Problem) for result in results):
            raise
        yield from results
    else:
        yield _of_object(found, kind, named=named)


def _in_folder(prefix: str, kind: Kind | None) -> Iterator[FindResult]:
    """Yield the objects below a prefix, except empty ones and those that `folder_rules` ignores.

    If there are no others, a Problem is yielded. `kind` is the format of the objects, or None to
    detect it.
    """
    nothing = True
    for found in remote_objects.list_objects(prefix):
        path = PurePosixPath(found.address.removeprefix(prefix))
        hidden = path.name.startswith(".") or any(map(is_ignored_folder, path.parts[:-1]))
        if not hidden and found.size and not is_ignored_in_folder(Path(path)):
            nothing = False
            yield _of_object(found, kind)
    if nothing:
        yield Problem(prefix, "no document in this folder")


def _matching(pattern: str, kind: Kind | None) -> Iterator[FindResult]:
    """Yield the objects that a pattern matches. `*` and `?` do not match `/`; `**` does.

    Empty objects, images and similar files are left out. If there are no others, a Problem is
    yielded. `kind` is the format of the objects, or None to detect it.
    """
    fixed = pattern[: _GLOB.search(pattern).start()]  # type: ignore[union-attr]  # it has matched
    parts = pattern.split("/")
    nothing = True
    for found in remote_objects.list_objects(fixed.rpartition("/")[0] + "/"):
        ignored = not found.size or is_ignored_in_pattern(Path(PurePosixPath(found.address)))
        if not ignored and _matches(found.address.split("/"), parts):
            yield _of_object(found, kind)
            nothing = False
    if nothing:
        yield Problem(pattern, "nothing matches")


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Return whether the parts of an address match the parts of a pattern.

    The part `**` stands for any number of parts.
    """
    if not parts or not pattern:
        return not parts and pattern in ([], ["**"])
    if pattern[0] == "**":
        return any(_matches(parts[skip:], pattern[1:]) for skip in range(len(parts) + 1))
    return fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _of_object(found: RemoteObject, kind: Kind | None, *, named: bool = False) -> FindResult:
    """Return the SourceFile of the object `found`, or a Skipped or a Problem.

    `kind` is the format of the object. If it is None, the first bytes decide, as with a file. But
    the name decides if it is that of a corpus and `named` is False: a crawl has 90,000 archives,
    and each look at the first bytes takes a request. `named` says whether the user named this
    object itself, and not a folder, a pattern or a list of paths.
    """
    address = found.address
    try:
        by_name = kind_by_name(address)
        if kind is None and not named and by_name and FORMATS[by_name].role == "corpus":
            kind = by_name
        if kind is None:
            head = read_head(address)
            if not head:
                raise UnreadableError("empty", "empty file")
            kind = kind_of(PurePosixPath(address).name, head)
            if kind == "parquet":
                kind = kind_of_parquet(address)
        check_readable(kind, address)
    except UnreadableError as error:
        return Skipped(address, error.format_name, str(error), named=named, asset=error.asset)
    except (*READ_ERRORS, ValueError) as error:
        return problem_of(address, error)
    return SourceFile(kind, address, address, address, found.size, etag=found.etag)
