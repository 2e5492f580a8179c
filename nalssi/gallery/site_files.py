"""Write the files of a gallery: only files that change, each in one step. Remove old files.

The file `.gallery` lists the files of the last build. Each has a key that depends on its content,
and the size and time of the file as it was written. If the key is the same as in the list and the
file is as it was written, the file stays and its page is not rendered. A file that was removed or
changed is written again. Files are planned and written one after another, so that a gallery may be
larger than memory. Only files on the list are ever removed.

The list also keeps notes on the last complete build, as the state of `.gallery` itself. It says to
which group a file belongs, such as all files of a year that is over. A group has a digest of all
that its files depend on. While the digest is the same, the files of the group stay, and none of
them is planned.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TextIO

from nalssi.common.atomic_files import (
    atomic_write,
    complete_lines,
    remove_incomplete_line,
    remove_stale_temporary_files,
)
from nalssi.common.errors import naming_file
from nalssi.common.ids import digest

LIST_FILE: Final = ".gallery"
UNFINISHED: Final = "-"
"""The entry, in the file `.gallery`, of a file that is being written. It replaces the file's state:
its key, size and time."""
GROUPS_NOTE: Final = "groups"
"""The name of the note, in the file `.gallery`, with a digest of all groups."""
GROUP_NOTE: Final = "group."
"""The beginning of the name of a note, in the file `.gallery`, with the digest of a group. The name
of the group follows."""


@dataclass(frozen=True)
class SiteFile:
    """A file of the gallery that a build writes unless the folder has it: path, key and content."""

    path: str
    """The path in the gallery, with `/` as separator."""
    key: str
    """A text without spaces and colons that changes whenever the content changes."""
    content: Callable[[], bytes] | Path
    """A function that returns the content, or the path of a file to link to (copied if links are
    impossible)."""
    group: str = ""
    """The name of the group of the file: letters, digits and hyphens. Empty if it has none."""


@dataclass(frozen=True)
class WrittenSite:
    """The result of a build: its number of files, and the numbers of written and removed files."""

    files: int
    written: int
    removed: int


def content_file(path: str, content: bytes) -> SiteFile:
    """Return a file of the gallery with a content that is in memory."""
    return SiteFile(path, digest(content), lambda: content)


def asset_file(name: str, content: bytes) -> SiteFile:
    """Return a file in `assets/`. Its name has a digest, so that no cache shows an old version."""
    stem, _, suffix = name.rpartition(".")
    return content_file(f"assets/{stem}.{digest(content)[:10]}.{suffix}", content)


@dataclass
class SiteFolder:
    """The folder of a gallery, with the list of the files of its last build."""

    folder: Path
    _new: dict[str, str] = field(default_factory=dict)
    """The states of the files that this build has written or kept, by path."""
    _group_of: dict[str, str] = field(default_factory=dict)
    """The group of each file in `_new` that has one, by path."""
    _digest_of_groups: str = ""
    """The digest of all groups of this build (`keep_groups`)."""
    _digests: dict[str, str] = field(default_factory=dict)
    """The digests of the groups of this build (`keep_group`), by name."""

    @cached_property
    def _listed(self) -> dict[str, str]:
        return _listed(self.folder)

    @cached_property
    def _before(self) -> dict[str, str]:
        """The states of the files of the last build, by path, without the names of groups."""
        return {
            path: ":".join(state.split(":")[:3])
            for path, state in self._listed.items()
            if path != LIST_FILE
        }

    @cached_property
    def _groups_before(self) -> Mapping[str, Sequence[str]]:
        """The paths of the files of the last build that have a group, by its name."""
        groups: dict[str, list[str]] = {}
        for path, state in self._listed.items():
            if path != LIST_FILE and state.count(":") == 3:
                groups.setdefault(state.rpartition(":")[2], []).append(path)
        return groups

    @cached_property
    def notes(self) -> Mapping[str, str]:
        """The notes of the last build, by name: texts that a build stores for the next one.

        They are digests, for example. There are none if that build was interrupted.
        """
        pairs = self._listed.get(LIST_FILE, "").split(",")
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)

    @property
    def files_before(self) -> int:
        """The number of files of the last build."""
        return len(self._before)

    @property
    def files_made(self) -> int:
        """The number of files that this build has written or kept so far."""
        return len(self._new)

    def files_if_intact(self) -> int | None:
        """Return the number of files of the last build; None if one has changed since then."""
        remove_stale_temporary_files(self.folder)
        if not all(self._is_intact(path, state) for path, state in self._before.items()):
            return None
        return len(self._before)

    def keep_groups(self, digest: str) -> Collection[str] | None:
        """Keep the files of all groups, and return their paths.

        `digest` is a digest of everything on which any file of a group depends. Returns None if the
        last build had another digest, or if a file has changed since that build wrote it. The
        caller must then plan the files.
        """
        self._digest_of_groups = digest
        if self.notes.get(GROUPS_NOTE) != digest:
            return None
        groups = {
            name.removeprefix(GROUP_NOTE): own
            for name, own in self.notes.items()
            if name.startswith(GROUP_NOTE)
        }
        kept = [self.keep_group(name, own) for name, own in groups.items()]
        if None in kept:
            return None
        return [path for paths in kept for path in paths or ()]

    def keep_group(self, name: str, digest: str) -> Collection[str] | None:
        """Keep all files of a group, and return their paths.

        `digest` is a digest of everything on which the files depend. Returns None if the last build
        had another digest, or if a file has changed since that build wrote it. The caller must then
        plan the files.
        """
        self._digests[name] = digest
        if self.notes.get(GROUP_NOTE + name) != digest:
            return None
        kept = self._groups_before.get(name, ())
        if not all(self._is_intact(path, self._before[path]) for path in kept):
            return None
        self._new |= {path: self._before[path] for path in kept}
        self._group_of |= dict.fromkeys(kept, name)
        return kept

    def is_current(self, file: SiteFile) -> bool:
        """Return whether the folder has this file with the same key.

        Returns False if the file on disk has changed since a build wrote it.
        """
        state = self._new.get(file.path) or self._before.get(file.path)
        return state is not None and state == self._state(file.path, file.key)

    def _is_intact(self, path: str, state: str) -> bool:
        key, _, _ = state.partition(":")
        return self._state(path, key) == state

    def write(
        self, files: Iterable[SiteFile], notes: Callable[[], Mapping[str, str]] = dict
    ) -> WrittenSite:
        """Write files in this order, then remove files of earlier builds that are not in `files`.

        `notes` is called at the end. It returns the notes to store in the list of files
        (`.gallery`) for the next build. Names and values of notes have no spaces, commas and equals
        signs. If writing is interrupted, written files stay, and the next call completes the
        gallery.
        """
        remove_stale_temporary_files(self.folder)
        written = 0
        with naming_file(self.folder / LIST_FILE), ExitStack() as stack:
            unfinished: TextIO | None = None
            for file in files:
                if file.group:
                    self._group_of[file.path] = file.group
                if self.is_current(file):
                    self._new.setdefault(file.path, self._before.get(file.path, ""))
                    continue
                if unfinished is None:
                    self.folder.mkdir(parents=True, exist_ok=True)
                    remove_incomplete_line(self.folder / LIST_FILE)
                    listed = (self.folder / LIST_FILE).open("a", encoding="utf-8")
                    unfinished = stack.enter_context(listed)
                    unfinished.write(f"{UNFINISHED} {LIST_FILE}\n")
                # If this build is interrupted, the next one knows which files it may have left.
                unfinished.write(f"{UNFINISHED} {file.path}\n")
                unfinished.flush()
                _write(self.folder, file)
                state = self._state(file.path, file.key) or UNFINISHED
                self._new[file.path] = state
                unfinished.write(f"{state} {file.path}\n")
                written += 1
        removed = sorted(self._before.keys() - self._new.keys())
        notes_now = dict(notes())
        if notes_now:
            notes_now |= {GROUPS_NOTE: self._digest_of_groups} if self._digest_of_groups else {}
            notes_now |= {GROUP_NOTE + name: digest for name, digest in self._digests.items()}
        if written or removed or notes_now != self.notes:
            for path in removed:
                (self.folder / path).unlink(missing_ok=True)
            note = ",".join(f"{name}={value}" for name, value in notes_now.items())
            states = {path: self._with_group(path) for path in self._new}
            states |= {LIST_FILE: note} if note else {}
            text = "".join(f"{state} {path}\n" for path, state in sorted(states.items()))
            _write(self.folder, content_file(LIST_FILE, text.encode()))
            _remove_empty_folders(self.folder, removed)
        return WrittenSite(len(self._new), written, len(removed))

    def _with_group(self, path: str) -> str:
        """Return the state of a file of this build, and the name of its group if it has one."""
        state, group = self._new[path], self._group_of.get(path)
        return f"{state}:{group}" if group else state

    @cached_property
    def _prefix(self) -> str:
        return f"{self.folder}/"

    def _state(self, path: str, key: str) -> str | None:
        """Return the state of a file on disk: its key, size and time. None if it does not exist."""
        try:
            status = os.stat(self._prefix + path)  # noqa: PTH116  # a Path costs more than the call
        except OSError:
            return None
        return f"{key}:{status.st_size}:{status.st_mtime_ns}"


def _listed(folder: Path) -> dict[str, str]:
    """Return the states of the files of the last build, by path.

    They include the files that an interrupted build may have left, with the state `UNFINISHED`.
    """
    try:
        lines = complete_lines(folder / LIST_FILE).decode(errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    listed = {path: state for state, _, path in (line.partition(" ") for line in lines) if path}
    # The list is a plain file: a path in it that leads out of the folder is never followed.
    return {path: state for path, state in listed.items() if not _leads_out(path)}


def _leads_out(path: str) -> bool:
    return path[:1] == "/" or (".." in path and ".." in Path(path).parts)


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
    """Make `target` a hard link to `source`, or a copy if links are impossible.

    A link is safe, because `draw` replaces charts and never changes the content of a file.
    """
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _remove_empty_folders(folder: Path, removed: Iterable[str]) -> None:
    """Remove the folders of removed files that are empty now."""
    parents = {parent for path in removed for parent in Path(path).parents} - {Path()}
    for parent in sorted(parents, reverse=True):  # the inner before the outer
        if (folder / parent).is_dir() and not any((folder / parent).iterdir()):
            (folder / parent).rmdir()
