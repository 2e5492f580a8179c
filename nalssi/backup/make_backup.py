"""Make a backup of a warehouse, also while a run writes, and verify it.

The database of a backup is the published copy. The published copy is always complete, and a run
replaces it in one step, so an open copy keeps its content. Every row of it was read before it was
published. So a backup never waits for a run, and no run waits for a backup. Rows that a run has
committed but not published are in the next backup.

The order in which files are copied makes the backup consistent:

- The file that marks which captured pages are loaded is read before the database. So it never marks
  pages that the database lacks.
- The log of captures is read before the pages. A page is stored before its line in the log, so each
  line has its page.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from nalssi.backup.backup_error import BackupError
from nalssi.backup.backup_files import ArchiveWriter, BackupWriter, FolderWriter
from nalssi.backup.manifest import NAME, BackupFile, Manifest, describe_database, new_manifest
from nalssi.backup.verify import DATABASE, verify_backup
from nalssi.capture.landing import Landing
from nalssi.capture.source_changes import REPORTS_FILE
from nalssi.capture.source_list import SOURCE_LIST_FILE
from nalssi.common.atomic_files import remove_stale_temporary_files, temporary_path
from nalssi.common.errors import system_reason
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import sync

ARCHIVE = ".zip"
OFFICIAL_HOURS = "observations"
"""The folder with files of official hours that the deployment `daily` loads."""


def make_backup(warehouse: Warehouse, target: Path) -> Manifest:
    """Write a backup to a new ZIP archive (`*.zip`) or to a new folder, and verify it.

    The backup appears under its name only when it is complete. Returns its manifest. Raises
    BackupError if the target exists (except an empty folder for a backup in a folder) or is in the
    warehouse folder, if there is nothing to back up, if a file is damaged or cannot be read or
    written, or if the written backup differs from what was read.
    """
    _check_target(warehouse, target)
    with _as_backup_error(warehouse, target):
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_stale_temporary_files(target.parent)
        work, database = (temporary_path(target.parent) for _ in range(2))
        try:
            mark, copied = _load_mark(warehouse), _copied(warehouse.published, database)
            described = describe_database(database) if copied else None
            is_archive = target.suffix.lower() == ARCHIVE
            writer: BackupWriter = ArchiveWriter(work) if is_archive else FolderWriter(work)
            files = [_added(writer, DATABASE, database)] if copied else []
            files += _add_others(writer, warehouse, mark)
            manifest = new_manifest(described, files)
            writer.add(NAME, BytesIO(manifest.as_text().encode()))
            writer.finish()
            verify_backup(work)
            if target.is_dir():
                target.rmdir()  # it is empty
            work.rename(target)
            sync(target.parent)
        finally:
            database.unlink(missing_ok=True)
            shutil.rmtree(work) if work.is_dir() else work.unlink(missing_ok=True)
    return manifest


@contextmanager
def _as_backup_error(warehouse: Warehouse, target: Path) -> Iterator[None]:
    """Turn an error of the operating system into a BackupError that names the file concerned.

    The error of a full disk names no file; the BackupError then names the target.
    """
    try:
        yield
    except OSError as error:
        named = Path(error.filename or target)
        verb, path = (
            ("read", named) if named.is_relative_to(warehouse.folder) else ("write", target)
        )
        raise BackupError(f"cannot {verb} {path}: {system_reason(error)}") from error


def _check_target(warehouse: Warehouse, target: Path) -> None:
    """Raise BackupError if there is nothing to back up, or if no backup can be at `target`.

    The target must not exist, except as an empty folder for a backup in a folder, and must not be
    in the warehouse folder.
    """
    if not warehouse.published.exists():
        if warehouse.database.exists():
            raise BackupError(f"{warehouse.published} is missing: nalssi gallery publishes it")
        if not Landing(warehouse).log.exists():
            raise BackupError(f"no warehouse in {warehouse.folder}")
    folder = warehouse.folder.resolve()
    if folder in (target.resolve(), *target.resolve().parents):
        raise BackupError(f"{target} is in the warehouse: choose a path on another disk")
    if target.is_dir() and not any(target.iterdir()) and target.suffix.lower() != ARCHIVE:
        return
    if target.exists() or target.is_symlink():
        raise BackupError(f"{target} exists: choose another name")


def _load_mark(warehouse: Warehouse) -> bytes | None:
    mark = Landing(warehouse).load_mark
    return mark.read_bytes() if mark.exists() else None


def _copied(published: Path, copied: Path) -> bool:
    """Copy the published copy to the path `copied`. Return False if nothing has been published.

    A run may replace the published copy meanwhile; the copied file is then the older one.
    """
    try:
        with published.open("rb") as source, copied.open("xb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    except FileNotFoundError:
        return False
    return True


def _add_others(
    writer: BackupWriter, warehouse: Warehouse, mark: bytes | None
) -> Iterator[BackupFile]:
    """Add all files but the database to the backup, and yield their descriptions.

    `mark` is the content of the file that marks the loaded pages, as it was before the database was
    copied; None if there was none.
    """
    landing = Landing(warehouse)
    if mark is not None:
        name = landing.load_mark.relative_to(warehouse.folder).as_posix()
        yield writer.add(name, BytesIO(mark))
    if landing.log.exists():
        yield writer.add(landing.log.name, BytesIO(landing.complete_log()))
    single = [warehouse.folder / name for name in (SOURCE_LIST_FILE, REPORTS_FILE)]
    folders = (landing.older_logs, landing.folder, warehouse.folder / OFFICIAL_HOURS)
    for path in (*single, *(each for folder in folders for each in _files_below(folder))):
        try:
            yield _added(writer, path.relative_to(warehouse.folder).as_posix(), path)
        except FileNotFoundError:  # removed by a retention meanwhile, or not there at all
            continue


def _files_below(folder: Path) -> list[Path]:
    """Return the files below a folder, sorted; none if it does not exist.

    Hidden files, such as locks and temporary files, and files in hidden folders are omitted.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )


def _added(writer: BackupWriter, name: str, path: Path) -> BackupFile:
    with path.open("rb") as source:
        return writer.add(name, source)
