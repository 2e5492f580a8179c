"""Writing a site: only what changed, each file in one step, nothing of others removed.

A list beside the pages (`.gallery`, a line a file) says which files the last build made and from
what (a digest of all that decides the content). A file whose digest is the same is left alone,
and its page isn't even rendered. Files are taken and put in place one after another and never
held together, so a site may be of any size; charts and tables come before the pages that show
them, and what is no longer needed goes last, so that somebody reading meanwhile meets whole pages.
Only files on the list are ever removed: a folder that holds other things keeps them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TextIO

from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files

LIST = ".gallery"
UNFINISHED = "-"  # in place of the digest, noted before a file is made


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
    remove_stale_temporary_files(folder)
    before = _listed(folder)
    keys: dict[str, str] = {}
    written = 0
    with ExitStack() as stack:
        notes: TextIO | None = None
        for file in files:
            known = keys.get(file.path) or before.get(file.path)
            keys[file.path] = file.key
            if known == file.key and (folder / file.path).exists():
                continue
            if notes is None:
                folder.mkdir(parents=True, exist_ok=True)
                notes = stack.enter_context((folder / LIST).open("a", encoding="utf-8"))
            # Whatever happens from here on, the next build knows what this one may have left.
            notes.write(f"{UNFINISHED} {file.path}\n")
            notes.flush()
            _put(folder, file.path, file.make)
            written += 1
    gone = sorted(before.keys() - keys.keys())
    if written or gone:
        for path in gone:
            (folder / path).unlink(missing_ok=True)
        text = "".join(f"{key} {path}\n" for path, key in sorted(keys.items())).encode()
        _put(folder, LIST, lambda: text)
        _remove_empty(folder, gone)
    return Written(len(keys), written, len(gone))


def _listed(folder: Path) -> dict[str, str]:
    """The list of the last build, and what a broken one noted; empty if there is none."""
    try:
        lines = (folder / LIST).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    listed = {path: key for key, _, path in (line.partition(" ") for line in lines) if path}
    # Nothing outside the folder is ever ours, whatever the list says.
    return {p: k for p, k in listed.items() if ".." not in Path(p).parts and p[:1] != "/"}


def _put(folder: Path, path: str, make: Callable[[], bytes] | Path) -> None:
    """Make a file of the site so that nobody ever sees half of it."""
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(place, folder) as partial:  # all in one folder, where they can be found again
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
