"""Check the two databases of a warehouse: readable, known to this version, and equal.

After every write, the published copy has the same bytes as the writer's database. If the bytes
differ, the rows of both are counted, to say which of them is older.
"""

from __future__ import annotations

import filecmp
from collections.abc import Iterator
from pathlib import Path

import duckdb

from nalssi.doctor.findings import Finding
from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.database_file import attach, read_every_row, write_ahead_log
from nalssi.warehouse.warehouse_error import as_warehouse_error
from nalssi.warehouse.warehouse_version import (
    TooNewError,
    applied_migrations,
    migration_files,
    refuse_newer,
)
from nalssi.warehouse.writer_lock import shared_lock

PUBLISH = "nalssi gallery, or another run that writes, publishes it"
UPGRADE = "install that nalssi here too; the file is not damaged"


def check_databases(warehouse: Warehouse) -> Iterator[Finding]:
    """Yield a finding if the published copy is missing, damaged, of another version, or differs.

    It should equal the writer's database. Every row of the published copy is read. If it is missing
    or cannot be used, nothing else is compared.
    """
    database, published = warehouse.database, warehouse.published
    if not published.exists():
        if database.exists():
            yield Finding("databases", "error", f"{published} is missing", PUBLISH)
        else:
            message = f"nothing is loaded into {warehouse.folder}"
            yield Finding("databases", "warning", message, "nalssi run loads pages")
        return
    if problem := _problem_of(published, _advice(published, database)):
        yield problem
        return
    version, newest = _version(published), max(migration_files())
    if version < newest:
        yield Finding(
            "databases",
            "ok",
            f"{published} has version {version}; the next run that writes migrates it to {newest}",
        )
    if database.exists() and not _is_equal(database, published):
        yield from _difference(warehouse)


def _problem_of(file: Path, advice: str) -> Finding | None:
    """Return a finding if a database file cannot be used, else None. Every row is read.

    `advice` is the advice of the finding if the file is damaged.
    """
    try:
        with as_warehouse_error(file, "read"), duckdb.connect() as con:
            attach(con, file, "READ_ONLY")
            refuse_newer(con)
            read_every_row(con)
    except WarehouseError as error:
        newer = isinstance(error.__cause__, TooNewError)
        return Finding("databases", "error", str(error), UPGRADE if newer else advice)
    return None


def _advice(published: Path, database: Path) -> str:
    if database.exists():
        return f"mv {published} {published}.damaged, then nalssi gallery publishes {database.name}"
    return "nalssi restore BACKUP"


def _version(file: Path) -> int:
    with duckdb.connect() as con:
        attach(con, file, "READ_ONLY")
        return max(applied_migrations(con))


def _is_equal(database: Path, published: Path) -> bool:
    log = write_ahead_log(database)
    if log.exists() and log.stat().st_size:
        return False
    return filecmp.cmp(database, published, shallow=False)


def _difference(warehouse: Warehouse) -> Iterator[Finding]:
    """Yield a finding if the bytes of the two databases differ.

    It says how many loads one of them lacks, or that the writer's database cannot be used. Yields
    nothing while a run writes, because the databases may differ then.
    """
    database, published = warehouse.database, warehouse.published
    try:
        with shared_lock(warehouse.lock) as free:
            if not free or _is_equal(database, published):
                return
            advice = f"mv {database} {database}.damaged: the next run continues from"
            if problem := _problem_of(database, f"{advice} {published.name}"):
                yield problem
                return
            ours, theirs = _loads(database), _loads(published)
    except FileNotFoundError:  # never written by this version: without a lock, nothing is opened
        yield Finding("databases", "warning", f"{database} and {published.name} differ", PUBLISH)
        return
    if theirs - ours:
        yield Finding(
            "databases",
            "error",
            f"{database} lacks {len(theirs - ours):,} loads that {published.name} has",
            f"mv {database} {database}.old: the next run continues from {published.name}",
        )
    else:
        new = len(ours - theirs)
        what = f"{new:,} loads" if new else "changes"
        message = f"{database} has {what} that {published.name} has not: a run was killed"
        yield Finding("databases", "warning", message, PUBLISH)


def _loads(file: Path) -> set[str]:
    """Return the ids of the loads in a database, as the current version writes them."""
    from nalssi.common.ids import id_of_digest

    with duckdb.connect() as con:
        attach(con, file, "READ_ONLY")
        ids = con.execute("SELECT load_id FROM loads").fetchall()
        return {id_of_digest(each) for (each,) in ids}
