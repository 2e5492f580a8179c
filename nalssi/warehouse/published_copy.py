"""The last good copy: a published copy is never replaced by a database that holds less.

`nalssi.duckdb` may be missing, because only `published.duckdb` was in the backup, or it may be
older than the published copy, because an old one was restored. Both functions are called by a
writer, under its lock.
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
from nalssi.warehouse.warehouse_error import WarehouseError, is_locked
from nalssi.warehouse.warehouse_folder import Warehouse, attach, check_file
from nalssi.warehouse.warehouse_version import NotOursError, refuse_newer

log = logging.getLogger(__name__)

LACKING = """
    SELECT count(*) FROM (SELECT unnest($1::VARCHAR[]) AS load_id) ANTI JOIN loads USING (load_id)
"""


def adopt(warehouse: Warehouse) -> None:
    """Copy the published copy to the writer's database, where that is missing.

    Raises duckdb.Error when the copy is damaged, TooNewError or NotOursError when it is of a newer
    nalssi or of none.
    """
    database, published = warehouse.database, warehouse.published
    if database.exists():
        _make_writable(database)
        return
    if not published.exists():
        return
    # It belonged to the database that is missing; DuckDB would apply it to the copy.
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    with atomic_write(database) as partial:
        shutil.copyfile(published, partial)
        check_file(partial)
        with duckdb.connect() as con:
            attach(con, partial, "READ_ONLY")
            refuse_newer(con)
    log.warning("%s is missing: going on from %s", database, published.name)


def _make_writable(database: Path) -> None:
    """Published copies are read-only, and so is a database that was copied from one by hand."""
    if not os.access(database, os.W_OK):
        with suppress(PermissionError):
            database.chmod(stat.S_IMODE(database.stat().st_mode) | stat.S_IWUSR)


def refuse_older(con: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
    """Raise WarehouseError when the open database lacks loads that the published copy has.

    Raises TooNewError when the copy is of a newer nalssi. A copy that is damaged is passed over:
    the database is good, and will replace it.
    """
    database, published = warehouse.database, warehouse.published
    if not published.exists():
        return
    (lacking,) = con.execute(LACKING, [_loads_of(published)]).fetchall()[0]
    if lacking:
        loads = "1 load" if lacking == 1 else f"{lacking:,} loads"
        raise WarehouseError(
            f"{database} lacks {loads} that {published.name} has, so it is an old copy:"
            f" move it away to go on from {published.name}, or move {published.name} away to go on"
            f" from {database.name}"
        )


def _loads_of(published: Path) -> list[str]:
    """The ids of the loads in the published copy; none if it is damaged or not ours."""
    # A connection of its own: a damaged file may end the one that reads it.
    with duckdb.connect() as con, _passing_copy(published) as copied:
        try:
            try:
                attach(con, published, "READ_ONLY")
            except duckdb.IOException as error:
                if not is_locked(error):
                    raise
                shutil.copyfile(published, copied)  # another program keeps the other one locked
                attach(con, copied, "READ_ONLY")
            refuse_newer(con)
            return [load_id for (load_id,) in con.execute("SELECT load_id FROM loads").fetchall()]
        except (NotOursError, duckdb.Error):
            return []


@contextmanager
def _passing_copy(path: Path) -> Iterator[Path]:
    """A name beside `path` for a copy that is removed at the end."""
    copied = temporary_path(path.parent)
    try:
        yield copied
    finally:
        copied.unlink(missing_ok=True)
