"""Restore a backup into a warehouse folder, in one step, and verify the result.

The backup is unpacked and verified beside the folder, and then takes its name. So a folder never
holds a part of a backup, except where the folder is a mount point, which cannot be renamed: there,
the backup is unpacked into a temporary folder inside it, and the files are then moved up, the
database last.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from nalssi.backup.backup_error import BackupError, as_backup_error
from nalssi.backup.backup_files import BackupReader, FolderReader, open_backup
from nalssi.backup.manifest import Manifest
from nalssi.backup.verify import DATABASE, unpack, verify_files, verify_rows
from nalssi.common.atomic_files import remove_stale_temporary_files, temporary_path
from nalssi.common.korea_time import KST
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import sync
from nalssi.warehouse.writer_lock import lock_state, writer_lock

READ_ONLY = 0o444
"""The permissions of a published copy: a program cannot open it for writing by mistake."""


def restore_backup(
    backup: Path, warehouse: Warehouse, *, replace: bool = False
) -> tuple[Manifest, Path | None]:
    """Restore a backup, and verify the restored files and rows.

    Returns the manifest, and the folder to which a former warehouse was moved (None: there was
    none). Raises BackupError if the backup is damaged or cannot be read; if the folder of the
    warehouse is not empty, unless `replace`; if the folder is a mount point that is not empty; if a
    run uses the folder; or if a file cannot be written. The folder is then unchanged, except at a
    mount point, where some files may have been moved into it.

    Raises BackupError also if the files differ when they are read again in their final folder. Then
    they stay there, and a former warehouse stays where it was moved.
    """
    folder = Path(os.path.abspath(warehouse.folder))  # noqa: PTH100  # a link keeps its name
    occupied = folder.exists() and any(folder.iterdir())
    if occupied and not replace:
        raise BackupError(f"{folder} is not empty: --replace moves its content away")
    mounted = os.path.ismount(folder)  # Path.is_mount does not know Windows in Python 3.11
    if mounted and occupied:
        raise BackupError(f"{folder} is a mount point: empty it, or restore into another folder")
    beside = folder if mounted else folder.parent
    with open_backup(backup) as (reader, manifest), as_backup_error("restore into", folder):
        beside.mkdir(parents=True, exist_ok=True)
        remove_stale_temporary_files(beside)
        work = temporary_path(beside)
        try:
            _unpack(reader, manifest, work)
            with _not_in_use(Warehouse(folder)):
                moved = _moved_away(folder) if occupied else None
                _take_place(work, folder, moved, mounted=mounted)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    verify_files(FolderReader(folder), manifest)
    verify_rows(folder / DATABASE, manifest)
    return manifest, moved


def _unpack(reader: BackupReader, manifest: Manifest, work: Path) -> None:
    """Unpack the files of a backup into the new folder `work`, and compare them with its manifest.

    Raises BackupError if a file is missing or differs.
    """
    work.mkdir()
    for file in manifest.files:
        unpack(reader, file, work)
        sync(work / file.path)
    verify_rows(work / DATABASE, manifest)
    if manifest.database:
        (work / DATABASE).chmod(READ_ONLY)


@contextmanager
def _not_in_use(warehouse: Warehouse) -> Iterator[None]:
    """Hold the existing locks of a warehouse for the block; on Windows, only check them.

    Raises BackupError if a run holds one of them.
    """
    locks = [path for path in (warehouse.lock, warehouse.landing / ".lock") if path.exists()]
    for lock in locks:
        if (state := lock_state(lock)).held:
            raise BackupError(f"{warehouse.folder} is in use by {state.holder}: stop it first")
    with ExitStack() as stack:
        if sys.platform != "win32":  # Windows cannot move a folder with an open file
            for lock in locks:
                stack.enter_context(writer_lock(lock))
        yield


def _moved_away(folder: Path) -> Path:
    """Rename the folder of a former warehouse, and return its new path beside the old one."""
    name = f"{folder.name}.before-restore-{datetime.now(KST):%Y%m%dT%H%M%S}"
    moved, number = folder.with_name(name), 1
    while moved.exists():  # of another restore within this second
        number += 1
        moved = folder.with_name(f"{name}-{number}")
    folder.rename(moved)
    return moved


def _take_place(work: Path, folder: Path, moved: Path | None, *, mounted: bool) -> None:
    """Move the unpacked backup in `work` to `folder`, the folder of the warehouse.

    `mounted` is True if the folder is a mount point, which cannot be renamed: then the files are
    moved into it, the database last. Otherwise `work` is renamed to `folder`. If that fails, the
    former warehouse, which was renamed to `moved` (None: there was none), gets its name back.
    """
    if mounted:
        for path in sorted(work.iterdir(), key=lambda path: path.name == DATABASE):
            path.rename(folder / path.name)
        return
    placed = False
    try:
        if folder.is_dir():
            folder.rmdir()  # it is empty
        work.rename(folder)
        placed = True
        sync(folder.parent)
    except OSError:
        if placed:
            folder.rename(work)
        if moved:
            moved.rename(folder)
        raise
