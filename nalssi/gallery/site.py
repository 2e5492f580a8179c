"""Writing a site: only what changed, each file in one step, nothing of others removed.

A file list beside the pages (`.gallery.json`) says which files the last build made and from what
(a digest of all that decides the content). A file whose digest is the same is left alone, and
its page isn't even rendered. Files come before the pages that point to them, and what is no
longer needed goes last, so that somebody reading meanwhile meets whole pages and no dead link.
Only files on the list are ever removed: a folder that holds other things keeps them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from nalssi.unfinished import placing, sweep

LIST = ".gallery.json"


@dataclass(frozen=True)
class File:
    """A file to be: its path within the site, what decides its content, and how to make it."""

    path: str
    key: str
    make: Callable[[], bytes] | Path
    """Gives the content; or a file that is linked, or copied where links are impossible."""


@dataclass(frozen=True)
class Written:
    """What writing a site did: how many files it has, how many were written, how many removed."""

    files: int
    written: int
    removed: int


def digest(*parts: bytes) -> str:
    """16 hex digits that change when any part does."""
    return blake2b(b"\0".join(parts), digest_size=8).hexdigest()


def content(path: str, text: bytes) -> File:
    """A file of known content."""
    return File(path, digest(text), lambda: text)


def hashed(name: str, text: bytes) -> File:
    """An asset whose name changes with its content, so that no cache shows an old one."""
    stem, _, suffix = name.rpartition(".")
    return content(f"assets/{stem}.{digest(text)[:10]}.{suffix}", text)


def write(folder: Path, files: Iterable[File]) -> Written:
    """Bring a folder to hold these files, in this order, and no other that a build made before."""
    wanted = {file.path: file for file in files}
    sweep(folder)
    before = _listed(folder)
    stale = [
        file
        for file in wanted.values()
        if before.get(file.path) != file.key or not (folder / file.path).exists()
    ]
    gone = sorted(before.keys() - wanted.keys())
    if stale or gone:
        # Whatever happens from here on, the next build knows what this one may have left.
        _list(folder, before | {file.path: "" for file in stale})
        for file in stale:
            _put(folder, file.path, file.make)
        for path in gone:
            (folder / path).unlink(missing_ok=True)
        _list(folder, {file.path: file.key for file in wanted.values()})
        _remove_empty(folder, gone)
    return Written(len(wanted), len(stale), len(gone))


def _listed(folder: Path) -> dict[str, str]:
    """The list of the last build; empty if there is none or it cannot be read."""
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    # Nothing outside the folder is ever ours, whatever the list says.
    inside = {p: k for p, k in listed.items() if ".." not in Path(p).parts and p[:1] != "/"}
    return {str(path): str(key) for path, key in inside.items()}


def _list(folder: Path, keys: dict[str, str]) -> None:
    text = json.dumps(dict(sorted(keys.items())), indent=0).encode()
    _put(folder, LIST, lambda: text)


def _put(folder: Path, path: str, make: Callable[[], bytes] | Path) -> None:
    """Make a file of the site so that nobody ever sees half of it."""
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    with placing(place, folder) as partial:  # all in one folder, where they can be found again
        if isinstance(make, Path):
            _link(make, partial)
        else:
            partial.write_bytes(make())


def _link(source: Path, target: Path) -> None:
    """A second name for a file that is only ever replaced, never changed; else a copy."""
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _remove_empty(folder: Path, gone: Iterable[str]) -> None:
    parents = {parent for path in gone for parent in Path(path).parents} - {Path()}
    for parent in sorted(parents, reverse=True):  # the inner before the outer
        if (folder / parent).is_dir() and not any((folder / parent).iterdir()):
            (folder / parent).rmdir()
