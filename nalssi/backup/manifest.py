"""The manifest of a backup, `manifest.json`: its files, their checksums, and the rows of tables."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

import duckdb

from nalssi.backup.backup_error import BackupError
from nalssi.common.version import __version__
from nalssi.warehouse import WarehouseError
from nalssi.warehouse.database_file import attach, count_rows, read_every_row
from nalssi.warehouse.warehouse_error import as_warehouse_error
from nalssi.warehouse.warehouse_version import applied_migrations, refuse_newer

NAME: Final = "manifest.json"
FORMAT: Final = 1
"""The version of the manifest's format. A backup of another format is refused."""


@dataclass(frozen=True)
class BackupFile:
    """A file of a backup."""

    path: str
    """The path in the warehouse folder, with `/` between folders."""
    bytes: int
    """The size before compression."""
    sha256: str
    """The checksum, in hexadecimal digits."""


@dataclass(frozen=True)
class Database:
    """The version and the numbers of rows of the database in a backup."""

    version: int
    """The number of the last migration of the database."""
    rows: dict[str, int]
    """The number of rows of each table."""


@dataclass(frozen=True)
class Manifest:
    """The content of a backup: its files with checksums, the rows of its database, its origin."""

    made_at: datetime
    nalssi: str
    """The version of nalssi that made the backup."""
    database: Database | None
    """None if pages were captured, but never loaded."""
    files: list[BackupFile]

    @property
    def bytes(self) -> int:
        """The size of all files in bytes, before compression, without the manifest."""
        return sum(file.bytes for file in self.files)

    def as_text(self) -> str:
        """Return the content of the manifest's file in a backup, as JSON text."""
        values = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(values, ensure_ascii=False, indent=1)


def new_manifest(database: Database | None, files: list[BackupFile]) -> Manifest:
    """Return the manifest of a backup that is made now, by this version of nalssi."""
    return Manifest(datetime.now(UTC), __version__, database, files)


def parse_manifest(text: bytes) -> Manifest:
    """Return the manifest in the content of its file.

    Raises BackupError if it is damaged, has another format, or names a file outside the warehouse.
    """
    try:
        values = json.loads(text)
        if values["format"] != FORMAT:
            raise BackupError(f"{NAME} has format {values['format']}: use another nalssi")
        database = values["database"]
        return Manifest(
            datetime.fromisoformat(values["made_at"]),
            str(values["nalssi"]),
            database and Database(int(database["version"]), dict(database["rows"])),
            [_backup_file(file) for file in values["files"]],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BackupError(f"{NAME} is damaged: {type(error).__name__}") from error


def _backup_file(values: dict[str, Any]) -> BackupFile:
    """Return a file of a manifest from its JSON object.

    Raises BackupError for a path outside the warehouse folder, which is damage or an attack.
    """
    path = str(values["path"])
    parts = PurePosixPath(path).parts
    if path != "/".join(parts) or not parts or {"..", "/"} & {*parts} or set("\\:\0") & {*path}:
        raise BackupError(f"{NAME} names a file outside the warehouse: {path!r}")
    return BackupFile(path, int(values["bytes"]), str(values["sha256"]))


def describe_database(file: Path) -> Database:
    """Read every row of a database file. Return its version and the number of rows of each table.

    Raises BackupError if the file is damaged, or if a newer nalssi wrote it.
    """
    try:
        with as_warehouse_error(file, "read"), duckdb.connect() as con:
            attach(con, file, "READ_ONLY")
            refuse_newer(con)
            read_every_row(con)
            return Database(max(applied_migrations(con)), count_rows(con))
    except WarehouseError as error:
        raise BackupError(str(error)) from error
