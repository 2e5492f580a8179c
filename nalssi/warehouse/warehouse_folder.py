"""The warehouse folder: one database to write, a published copy that everybody reads.

DuckDB lets either one writing process or many readers open a file. So the writer has
`nalssi.duckdb` to itself, and when it has written, a copy is put in place as
`published.duckdb` in one step (a rename). A reader keeps the copy it opened; it never
waits for a writer, nor a writer for it.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files
from nalssi.common.korea_time import KST_ZONE_NAME
from nalssi.warehouse import landlock
from nalssi.warehouse.views import use_current_views
from nalssi.warehouse.warehouse_error import WarehouseError, faults_of
from nalssi.warehouse.warehouse_version import applied, migrations, refuse_newer
from nalssi.warehouse.writer_lock import writer_lock

STORAGE_VERSION = "v1.2.0"  # what DuckDB 1.2 and every later tool can open

WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH

TABLES = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"


@dataclass(frozen=True)
class Warehouse:
    """A folder that holds a warehouse, or will once something is written."""

    folder: Path

    @property
    def database(self) -> Path:
        """The writer's database."""
        return self.folder / "nalssi.duckdb"

    @property
    def published(self) -> Path:
        """What everybody reads: a copy of the database after the last write."""
        return self.folder / "published.duckdb"

    @property
    def staged(self) -> Path:
        """Extracted partitions, one folder each, from which loads are made."""
        return self.folder / "staged"

    @property
    def charts(self) -> Path:
        """Drawn charts."""
        return self.folder / "charts"

    @property
    def gallery(self) -> Path:
        """The static site of charts."""
        return self.folder / "gallery"

    @property
    def landing(self) -> Path:
        """Captured pages, as they came."""
        return self.folder / "landing"

    @property
    def lock(self) -> Path:
        """The writer's lock file."""
        return self.folder / ".lock"

    @contextmanager
    def writer(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that may write, alone, to an up-to-date database; then publish.

        Waits for another writer. Tables are named without prefix. When the block ends well the
        database is checkpointed and published; when it raises, nothing is published. Raises
        WarehouseError where a newer nalssi wrote it, where the files are damaged or the disk
        refuses to take more; what was committed before stands in any case.

        Where only the published copy is there, as after restoring a backup, its data are kept: the
        database begins as a copy of it. A database older than the published copy is refused.
        """
        # Migrating needs the contracts, and with them pandera: readers do without.
        from nalssi.warehouse.migrate import migrate
        from nalssi.warehouse.published_copy import adopt, refuse_older

        with ExitStack() as stack:
            with faults_of(self.database, "write"):
                self.folder.mkdir(parents=True, exist_ok=True)
                stack.enter_context(writer_lock(self.lock))
                self._tidy()
            with faults_of(self.published, "go on from"):
                adopt(self)
            with faults_of(self.database, "write", advice=self._advice()):
                con = stack.enter_context(duckdb.connect())
                attach(con, self.database, f"STORAGE_VERSION '{STORAGE_VERSION}'")
                _spill_into(con, self._spilled)
                migrate(con)
            with faults_of(self.published, "replace"):
                refuse_older(con, self)
            with faults_of(self.database, "write", but=OSError):
                yield con
            with faults_of(self.database, "write"):
                con.execute("CHECKPOINT")
                con.close()
            with faults_of(self.published, "write"):
                self._publish()

    @contextmanager
    def reader(
        self, *, shut_off: bool = True, memory: str | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection to the published copy, shut off from files and network.

        It goes on seeing the copy it opened, whatever is published meanwhile. Instants are shown
        in Korean time. `memory` limits what DuckDB may take, such as `2GB`; by default that is
        80 % of the memory. Only our own code, never a user's SQL, may ask for a connection that is
        not `shut_off`, to write files. Raises WarehouseError when nothing has been published, or by
        a newer nalssi, or when the file is damaged.

        Queries larger than memory spill into a private folder. A connection that is shut off does
        that only where Landlock lets its threads write to this folder and nowhere else. On other
        systems it has no access to files at all, and such a query fails.
        """
        with faults_of(self.published, "read"):
            there = self.published.exists()
        if not there:
            raise WarehouseError(
                f"no warehouse in {self.folder}: `nalssi run` makes one,"
                " --warehouse names another folder"
            )
        if self._changes_of_others.exists():
            raise WarehouseError(
                f"cannot read {self.published}: {self._changes_of_others.name} beside it has"
                " changes that no load has made; remove it, or load again"
            )
        with _spill_folder() as folder:
            spill = folder if landlock.available() or not shut_off else None
            # An instance of its own: DuckDB shares instances by path within a process, and a shared
            # one would go on showing the old copy, with its configuration already locked.
            with (
                _connection(spill, confined=shut_off) as con,
                faults_of(self.published, "read", but=OSError),
            ):
                attach(con, self.published, "READ_ONLY")
                refuse_newer(con)
                if applied(con) == migrations().keys():
                    use_current_views(con)
                _spill_into(con, spill)
                if memory:
                    con.execute("SET memory_limit = $1", [memory])
                if shut_off:
                    _shut_off(con, files=spill is None)
                yield con

    def _publish(self) -> None:
        """Put a copy of the closed database in place of the published one.

        It is read first, every row: what is damaged on the disk must not take the place of what
        may be the last good copy.
        """
        self._changes_of_others.unlink(missing_ok=True)
        with atomic_write(self.published) as partial:
            shutil.copyfile(self.database, partial)
            with faults_of(self.database, "publish"):
                check_file(partial)
            # A client that opens it for writing, as DuckDB's does by default, would lock it.
            partial.chmod(stat.S_IMODE(partial.stat().st_mode) & ~WRITABLE)
        _sync(self.folder)

    def _advice(self) -> str:
        """What to do about a damaged database."""
        if not self.published.exists():
            return ""
        return f"; if it is damaged, move it away to go on from {self.published.name}"

    @property
    def _changes_of_others(self) -> Path:
        """What DuckDB would apply to the published copy, which is closed and never changed."""
        return self.published.with_name(f"{self.published.name}.wal")

    @property
    def _spilled(self) -> Path:
        return self.folder / ".spilled"

    def _tidy(self) -> None:
        """Remove what a killed writer has left. Only under the lock: nobody is at work here."""
        remove_stale_temporary_files(self.folder)
        shutil.rmtree(self._spilled, ignore_errors=True)


def attach(con: duckdb.DuckDBPyConnection, path: Path, options: str, name: str = "nalssi") -> None:
    """Attach a database under a name, use it, and show instants in Korean time."""
    quoted = str(path).replace("'", "''")  # ATTACH takes no parameters
    try:
        con.execute(f"ATTACH '{quoted}' AS {name} ({options})")
    except duckdb.InvalidInputException as error:  # a format that is too new
        raise duckdb.IOException(str(error)) from error
    con.execute(f"USE {name}")
    con.execute(f"SET TimeZone = '{KST_ZONE_NAME}'")


def check_file(path: Path) -> None:
    """Bring a database file to the disk and read every row; raise duckdb.Error if it is damaged."""
    _sync(path)
    with duckdb.connect() as con:
        attach(con, path, "READ_ONLY")
        for (table,) in con.execute(TABLES).fetchall():
            con.table(table).aggregate("first(COLUMNS(*))").fetchall()


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or, when it raises, nothing of it."""
    con.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # a broken database is no longer in a transaction
            con.rollback()
        raise
    con.commit()


def _connection(spill: Path | None, *, confined: bool) -> duckdb.DuckDBPyConnection:
    """A connection to a database in memory; if confined, its threads write to `spill` only.

    DuckDB's threads are started by the thread that connects, and inherit its confinement.
    """
    if not confined:
        return duckdb.connect()
    with ThreadPoolExecutor(1, initializer=landlock.confine, initargs=(spill,)) as pool:
        return pool.submit(duckdb.connect).result()


def _spill_folder() -> AbstractContextManager[Path | None]:
    """See the module `spill_folder`. None on Windows, where queries larger than memory fail."""
    if sys.platform == "win32":
        return nullcontext()
    else:  # noqa: RET505  # or mypy reads the import for Windows too
        from nalssi.warehouse.spill_folder import spill_folder

        return spill_folder()


def _spill_into(con: duckdb.DuckDBPyConnection, folder: Path | None) -> None:
    """Set where queries larger than memory spill; by default that is the current folder."""
    con.execute("SET temp_directory = $1", [str(folder or "")])


def _shut_off(con: duckdb.DuckDBPyConnection, *, files: bool) -> None:
    """Refuse access to other files and the network, or to all `files`, for good."""
    con.execute("SET enable_external_access = false")
    if files:
        con.execute("SET disabled_filesystems = 'LocalFileSystem'")
    con.execute("SET show_behavior = 'table'")  # SHOW must not show settings
    con.execute("SET lock_configuration = true")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
