"""Compare a backup, or a restored warehouse, with its manifest."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from nalssi.backup.backup_error import BackupError
from nalssi.backup.backup_files import BackupReader, FolderReader, copy, open_backup
from nalssi.backup.manifest import BackupFile, Database, Manifest, describe_database

DATABASE: Final = "published.duckdb"
"""The path of the database in a backup."""


def verify_backup(path: Path) -> Manifest:
    """Compare the files of a backup and the rows of its database with the manifest of the backup.

    Returns the manifest. Raises BackupError if the backup cannot be read, if a file is missing, if
    a size or checksum differs, or if the database has another version or a table another number of
    rows. The database of a ZIP archive is unpacked into the system's folder for temporary files.
    """
    with open_backup(path) as (reader, manifest):
        if isinstance(reader, FolderReader):
            verify_files(reader, manifest)
            verify_rows(path / DATABASE, manifest)
            return manifest
        with tempfile.TemporaryDirectory(prefix="nalssi-verify-") as folder:
            for file in manifest.files:
                if file.path == DATABASE:
                    unpack(reader, file, Path(folder))
                else:
                    verify_file(reader, file)
            verify_rows(Path(folder) / DATABASE, manifest)
        return manifest


def verify_files(reader: BackupReader, manifest: Manifest) -> None:
    """Compare all files of the manifest with their sizes and checksums.

    Raises BackupError for the first file that is missing or differs.
    """
    for file in manifest.files:
        verify_file(reader, file)


def verify_file(reader: BackupReader, file: BackupFile) -> None:
    """Compare a file of a backup with its size and checksum in the manifest.

    Raises BackupError if the file is missing or differs.
    """
    try:
        with reader.open(file.path) as opened:
            _compare(copy(file.path, opened, most=file.bytes), file)
    except FileNotFoundError:
        raise BackupError(f"{file.path} is missing") from None


def unpack(reader: BackupReader, file: BackupFile, folder: Path) -> None:
    """Copy a file of a backup into a folder, at the path that the file has in the backup.

    Raises BackupError if the file is missing, or if its size or checksum differs from the manifest.
    """
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with reader.open(file.path) as source, target.open("xb") as copied:
            found = copy(file.path, source, copied, file.bytes)
    except FileNotFoundError:
        raise BackupError(f"{file.path} is missing") from None
    _compare(found, file)


def _compare(found: BackupFile, expected: BackupFile) -> None:
    if found != expected:
        raise BackupError(f"{expected.path} is damaged: its checksum differs")


def verify_rows(database: Path, manifest: Manifest) -> None:
    """Read every row of the file `database`, and compare its version and its numbers of rows.

    Raises BackupError if the manifest states another version or other numbers, if the file exists
    but the manifest has no database or the reverse, or if the file is damaged.
    """
    expected = manifest.database
    found: Database | None = describe_database(database) if database.exists() else None
    if found == expected:
        return
    if found is None or expected is None:
        raise BackupError(f"{DATABASE} is {'missing' if found is None else 'not in the manifest'}")
    names = sorted(found.rows.keys() | expected.rows.keys())
    tables = [name for name in names if found.rows.get(name) != expected.rows.get(name)]
    raise BackupError(f"{DATABASE} has other rows than the manifest says: {', '.join(tables)}")
