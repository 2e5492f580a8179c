"""Check that this user can read and write the files of a warehouse, and that others cannot harm it.

A run that was once started by another user, such as root, leaves files that later runs cannot
replace.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from nalssi.doctor.findings import Finding
from nalssi.warehouse import Warehouse


def check_permissions(warehouse: Warehouse) -> Iterator[Finding]:
    """Yield a finding if this user cannot read or write a file, or if others can change the folder.

    A published copy that is writable is a finding too, because a program can block all readers by
    opening it.
    """
    blocked = [path for path in _paths(warehouse) if not _usable(path, warehouse)]
    if blocked:
        more = f" and {len(blocked) - 1:,} more" if len(blocked) > 1 else ""
        yield Finding(
            "permissions",
            "error",
            f"this user cannot read or write {blocked[0]}{more}",
            _own_again(warehouse.folder),
        )
    published = warehouse.published
    if published.exists() and published.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP):
        yield Finding(
            "permissions",
            "warning",
            f"{published} is writable: a program that opens it for writing blocks all readers",
            f"chmod a-w {published}",
        )
    if sys.platform != "win32" and warehouse.folder.stat().st_mode & stat.S_IWOTH:
        yield Finding(
            "permissions",
            "warning",
            f"every user of the machine can change {warehouse.folder}",
            f"chmod o-w {warehouse.folder}",
        )


def _paths(warehouse: Warehouse) -> Iterator[Path]:
    """Yield the folder of the warehouse, and all files and folders below it."""
    yield warehouse.folder
    for folder, folders, files in os.walk(warehouse.folder, onerror=None):
        yield from (Path(folder, name) for name in (*folders, *files))


def _usable(path: Path, warehouse: Warehouse) -> bool:
    if path.is_symlink():
        return True
    if path.is_dir():
        return os.access(path, os.R_OK | os.W_OK | os.X_OK)
    # nalssi publishes by renaming, and makes a restored database writable.
    replaced = path in (warehouse.published, warehouse.database)
    return os.access(path, os.R_OK if replaced or not _is_own_file(path) else os.R_OK | os.W_OK)


def _is_own_file(path: Path) -> bool:
    """Return whether runs write into this existing file.

    All other files are replaced by a rename.
    """
    return path.name in ("captures.ndjson", ".lock")


def _own_again(folder: Path) -> str:
    if sys.platform == "win32":
        return f"give this user full access to {folder}"
    return f"sudo chown -R $(id -un) {folder} && chmod -R u+rwX {folder}"
