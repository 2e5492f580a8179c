"""The files of a backup, in a folder or in a ZIP archive (`*.zip`), through one interface."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, Protocol

from nalssi.backup.backup_error import BackupError, as_backup_error
from nalssi.backup.manifest import NAME, BackupFile, Manifest, parse_manifest
from nalssi.warehouse.database_file import sync

BLOCK: Final = 1 << 20
"""The number of bytes that are read at a time."""
COMPRESSED: Final = (".gz", ".zip", ".zst")
"""The endings of the names of files that are compressed already. A ZIP archive stores them
unchanged."""
MOST_MANIFEST_BYTES: Final = 200_000_000
"""The largest manifest that is read, in bytes. It has room for the names of a million files."""


class BackupReader(Protocol):
    """A backup to read from. A path names a file in the backup."""

    def open(self, path: str) -> IO[bytes]:
        """Open a file. Raises FileNotFoundError if it is missing."""


class FolderReader:
    """A backup in a folder, or a restored warehouse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, path: str) -> IO[bytes]:
        """Open a file of the folder. Raises FileNotFoundError if it is missing."""
        return (self.folder / path).open("rb")


class ArchiveReader:
    """A backup in a ZIP archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def open(self, path: str) -> IO[bytes]:
        """Open a file of the archive. Raises FileNotFoundError if it is missing."""
        try:
            return self.archive.open(path)
        except KeyError:
            raise FileNotFoundError(path) from None


@contextmanager
def open_backup(path: Path) -> Iterator[tuple[BackupReader, Manifest]]:
    """Open a backup for the block; yield a reader of its files, and its manifest.

    Raises BackupError if there is no backup at `path`, if its manifest has another format, or if
    the backup is damaged or cannot be read, also while the block reads it.
    """
    with as_backup_error("read", path):
        try:
            if path.is_dir():
                reader = FolderReader(path)
                yield reader, _manifest(reader, path)
            else:
                with zipfile.ZipFile(path) as archive:
                    found = ArchiveReader(archive)
                    yield found, _manifest(found, path)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            cause = "it is not a ZIP archive, or it is damaged"
            raise BackupError(f"cannot read {path}: {cause}") from error


def _manifest(reader: BackupReader, path: Path) -> Manifest:
    try:
        with reader.open(NAME) as file:
            return parse_manifest(file.read(MOST_MANIFEST_BYTES))
    except FileNotFoundError:
        raise BackupError(f"{path} is not a backup: it has no {NAME}") from None


class BackupWriter(Protocol):
    """A backup that is being made. A path names a file in the backup."""

    def add(self, path: str, source: IO[bytes]) -> BackupFile:
        """Copy the rest of the stream `source` to the file `path`.

        Return its path, size and checksum.
        """

    def finish(self) -> None:
        """Complete the backup, and write it through to the disk."""


class FolderWriter:
    """A backup that is being made in a new folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    def add(self, path: str, source: IO[bytes]) -> BackupFile:
        """Copy the rest of the stream `source` to a file of the folder.

        Return its path, size and checksum. `path` is relative to the folder.
        """
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            return copy(path, source, file)

    def finish(self) -> None:
        """Write all files through to the disk."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                sync(path)


class ArchiveWriter:
    """A backup that is being made in a new ZIP archive."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.archive = zipfile.ZipFile(path, "x", allowZip64=True)

    def add(self, path: str, source: IO[bytes]) -> BackupFile:
        """Copy the rest of the stream `source` to a file of the archive.

        Return its path, size and checksum. `path` is the path in the archive. The file is
        compressed, unless its name ends with one of COMPRESSED.
        """
        entry = zipfile.ZipInfo(path)
        stored = path.endswith(COMPRESSED)
        entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self.archive.open(entry, "w", force_zip64=True) as file:
            return copy(path, source, file)

    def finish(self) -> None:
        """Write the archive's index, then write the archive through to the disk."""
        self.archive.close()
        sync(self.path)


def copy(
    path: str, source: IO[bytes], target: IO[bytes] | None = None, most: int | None = None
) -> BackupFile:
    """Copy the rest of the stream `source` to `target`, or only read it if `target` is None.

    Returns `path` with the size and the SHA-256 checksum of the bytes that were read. Stops soon
    after `most` bytes (None: no limit), so that a hostile archive cannot fill the disk.
    """
    digest, size = sha256(), 0
    while (most is None or size <= most) and (block := source.read(BLOCK)):
        digest.update(block)
        size += len(block)
        if target:
            target.write(block)
    return BackupFile(path, size, digest.hexdigest())
