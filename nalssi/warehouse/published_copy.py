"""The published copy of the database: write it, restore the database from it, protect it.

A published copy is never replaced by a database that is damaged or lacks loads of the copy. The
functions are called by a writer that holds the writer's lock. `Warehouse.reader` opens the copy.
"""

from __future__ import annotations

import logging
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from nalssi.common.atomic_files import atomic_write, temporary_path
from nalssi.warehouse.database_file import attach, check_file, sync, write_ahead_log
from nalssi.warehouse.warehouse_error import WarehouseError, as_warehouse_error, is_locked
from nalssi.warehouse.warehouse_version import NotAWarehouseError, refuse_newer

log = logging.getLogger(__name__)

_WRITE_PERMISSIONS = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_COUNT_MISSING_LOADS = """
    SELECT count(*) FROM (SELECT unnest($1::VARCHAR[]) AS load_id) ANTI JOIN loads USING (load_id)
"""


def publish(database: Path, published: Path) -> None:
    """Replace the published copy by a copy of the closed database, in one step.

    Every row of the new copy is read first. So a database that is damaged on the disk cannot
    replace the published copy, which may be the last good copy.
    """
    write_ahead_log(published).unlink(missing_ok=True)
    with atomic_write(published) as partial:
        shutil.copyfile(database, partial)
        with as_warehouse_error(database, "publish"):
            check_file(partial)
        # DuckDB's client opens a file for writing by default, and would lock it.
        partial.chmod(stat.S_IMODE(partial.stat().st_mode) & ~_WRITE_PERMISSIONS)
    sync(published.parent)


def restore_database(database: Path, published: Path) -> None:
    """Create the writer's database from the published copy if the database is missing.

    The database is missing if a backup held only the published copy. Raises duckdb.Error if the
    copy is damaged, TooNewError if a newer nalssi wrote the copy, and NotAWarehouseError if nalssi
    did not write it.
    """
    if database.exists():
        _make_writable(database)
        return
    if not published.exists():
        return
    # The log belongs to the missing database. DuckDB would apply it to the copy.
    write_ahead_log(database).unlink(missing_ok=True)
    with atomic_write(database) as partial:
        shutil.copyfile(published, partial)
        check_file(partial)
        with duckdb.connect() as con:
            attach(con, partial, "READ_ONLY")
            refuse_newer(con)
    log.warning("%s is missing: continuing from %s", database, published.name)


def _make_writable(database: Path) -> None:
    """Make a database file writable. It may be a copy of the published copy, which is read-only."""
    if not os.access(database, os.W_OK):
        with suppress(PermissionError):
            database.chmod(stat.S_IMODE(database.stat().st_mode) | stat.S_IWUSR)


def refuse_older_database(con: duckdb.DuckDBPyConnection, database: Path, published: Path) -> None:
    """Raise WarehouseError if the open database lacks loads that the published copy has.

    It lacks them if an old copy of the database was restored. Raises TooNewError if a newer nalssi
    wrote the published copy. A damaged published copy is ignored, because the good database is
    about to replace it.
    """
    if not published.exists():
        return
    with as_warehouse_error(published, "replace"):
        loads_of_copy = _loads_of(published)
    (missing,) = con.execute(_COUNT_MISSING_LOADS, [loads_of_copy]).fetchall()[0]
    if missing:
        loads = "1 load" if missing == 1 else f"{missing:,} loads"
        raise WarehouseError(
            f"{database} lacks {loads} that {published.name} has, so it is an old copy:"
            f" move it away to continue from {published.name}, or move {published.name} away to"
            f" continue from {database.name}"
        )


def _loads_of(published: Path) -> list[str]:
    """Return the ids of the loads in the published copy; an empty list if it cannot be read.

    Ids of older versions are returned as the migrated database has them.
    """
    from nalssi.common.ids import id_of_digest  # imports polars, which readers do not need

    # Use a connection of its own: a damaged file can make its connection unusable.
    with duckdb.connect() as con, _temporary_copy(published) as copied:
        try:
            try:
                attach(con, published, "READ_ONLY")
            except duckdb.IOException as error:
                if not is_locked(error):
                    raise
                # Another program has locked the published copy. A copy of it can be read.
                shutil.copyfile(published, copied)
                attach(con, copied, "READ_ONLY")
            refuse_newer(con)
            rows = con.execute("SELECT load_id FROM loads").fetchall()
            return [id_of_digest(load_id) for (load_id,) in rows]
        except (NotAWarehouseError, duckdb.Error):
            return []


@contextmanager
def _temporary_copy(path: Path) -> Iterator[Path]:
    """Yield the path of a temporary file in the folder of `path`; remove the file at the end."""
    copied = temporary_path(path.parent)
    try:
        yield copied
    finally:
        copied.unlink(missing_ok=True)
