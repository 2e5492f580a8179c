"""Write the files of a site: only files that change, each in one step. Remove old files.

The file `.gallery` lists the files of the last build, each with a key that depends on its content.
If the key of a file is the same as in the list, the file stays as it is and its page is not
rendered. Files are planned and written one after another, so that a site may be larger than memory.
Only files on the list are ever removed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files
from nalssi.common.ids import digest

LIST_FILE: Final = ".gallery"
UNFINISHED: Final = "-"
"""This text is in the list instead of the key of a file that is being written."""


@dataclass(frozen=True)
class SiteFile:
    """A file of a site, before it is written."""

    path: str
    """The path in the site, with `/` as separator."""
    key: str
    """A text that changes whenever the content changes."""
    content: Callable[[], bytes] | Path
    """A function that returns the content, or a file that is linked (copied if links are
    impossible)."""


@dataclass(frozen=True)
class WrittenSite:
    """The number of files of a site, and how many of them were written, or removed."""

    files: int
    written: int
    removed: int


def content_file(path: str, content: bytes) -> SiteFile:
    """Return a file of the site with this content."""
    return SiteFile(path, digest(content), lambda: content)


def asset_file(name: str, content: bytes) -> SiteFile:
    """Return a file in `assets/`. Its name has a digest, so that no cache shows an old version."""
    stem, _, suffix = name.rpartition(".")
    return content_file(f"assets/{stem}.{digest(content)[:10]}.{suffix}", content)


def write_site(folder: Path, files: Iterable[SiteFile]) -> WrittenSite:
    """Write files in this order, then remove the files of earlier builds that are not in `files`.

    If writing is interrupted, the next call completes the site.
    """
    remove_stale_temporary_files(folder)
    before = _listed(folder)
    keys: dict[str, str] = {}
    written = 0
    with ExitStack() as stack:
        unfinished: TextIO | None = None
        for file in files:
            known_key = keys.get(file.path) or before.get(file.path)
            keys[file.path] = file.key
            if known_key == file.key and (folder / file.path).exists():
                continue
            if unfinished is None:
                folder.mkdir(parents=True, exist_ok=True)
                unfinished = stack.enter_context((folder / LIST_FILE).open("a", encoding="utf-8"))
            # If this build is interrupted, the next one knows which files it may have left.
            unfinished.write(f"{UNFINISHED} {file.path}\n")
            unfinished.flush()
            _write(folder, file)
            written += 1
    removed = sorted(before.keys() - keys.keys())
    if written or removed:
        for path in removed:
            (folder / path).unlink(missing_ok=True)
        text = "".join(f"{key} {path}\n" for path, key in sorted(keys.items()))
        _write(folder, content_file(LIST_FILE, text.encode()))
        _remove_empty_folders(folder, removed)
    return WrittenSite(len(keys), written, len(removed))


def _listed(folder: Path) -> dict[str, str]:
    """Return the keys of the files of the last build, by path.

    They include the files that an interrupted build may have left, with the key `UNFINISHED`.
    """
    try:
        lines = (folder / LIST_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    listed = {path: key for key, _, path in (line.partition(" ") for line in lines) if path}
    # The list is a plain file: a path in it that leads out of the folder is never followed.
    return {p: k for p, k in listed.items() if ".." not in Path(p).parts and p[:1] != "/"}


def _write(folder: Path, file: SiteFile) -> None:
    """Write a file in one step, so that readers see the old file or the new one."""
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    # Temporary files are all in `folder`, where the next build finds and removes stale ones.
    with atomic_write(target, folder) as partial:
        if isinstance(file.content, Path):
            _link_or_copy(file.content, partial)
        else:
            partial.write_bytes(file.content())


def _link_or_copy(source: Path, target: Path) -> None:
    """Link a file, or copy it if links are impossible.

    A link is safe, because `draw` replaces charts and never changes the content of a file.
    """
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _remove_empty_folders(folder: Path, removed: Iterable[str]) -> None:
    """Remove the folders that are empty after the removal of files."""
    parents = {parent for path in removed for parent in Path(path).parents} - {Path()}
    for parent in sorted(parents, reverse=True):  # the inner before the outer
        if (folder / parent).is_dir() and not any((folder / parent).iterdir()):
            (folder / parent).rmdir()
