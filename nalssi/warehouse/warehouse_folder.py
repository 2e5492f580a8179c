"""The warehouse folder: its files, and connections to write and to read the database.

DuckDB lets one process write to a file, or many processes read it, but not both. So the writer
has `nalssi.duckdb` for itself. After it has written, it replaces `published.duckdb` by a copy, in
one step (a rename). All readers open the published copy. A reader keeps the copy that it opened.
Readers and writers never wait for each other.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb

from nalssi.common.atomic_files import remove_stale_temporary_files
from nalssi.warehouse import landlock
from nalssi.warehouse.database_file import STORAGE_VERSION, attach, write_ahead_log
from nalssi.warehouse.older_copies import read_older_copy
from nalssi.warehouse.published_copy import publish, refuse_older_database, restore_database
from nalssi.warehouse.views import use_current_views
from nalssi.warehouse.warehouse_error import WarehouseError, as_warehouse_error
from nalssi.warehouse.warehouse_version import refuse_newer
from nalssi.warehouse.writer_lock import writer_lock


@dataclass(frozen=True)
class Warehouse:
    """A folder that holds a warehouse, or that will hold one after the first write."""

    folder: Path

    @property
    def database(self) -> Path:
        """The database, which only the writer opens."""
        return self.folder / "nalssi.duckdb"

    @property
    def published(self) -> Path:
        """The published copy of the database, which all readers open."""
        return self.folder / "published.duckdb"

    @property
    def staged(self) -> Path:
        """The folder of staged parts. Each part is a folder of extracted tables to load."""
        return self.folder / "staged"

    @property
    def charts(self) -> Path:
        """The folder into which charts are drawn."""
        return self.folder / "charts"

    @property
    def gallery(self) -> Path:
        """The folder of the gallery, a static web site."""
        return self.folder / "gallery"

    @property
    def landing(self) -> Path:
        """The folder of captured pages, as WARC files."""
        return self.folder / "landing"

    @property
    def lock(self) -> Path:
        """The lock file that the writer holds (`writer_lock`)."""
        return self.folder / ".lock"

    @contextmanager
    def writer(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield the only connection that may write; publish the database when the block ends.

        Waits while another process writes. The database is migrated first. If the block raises an
        exception, nothing is published, but the transactions that it has committed stay.

        If only the published copy exists, as after a backup was restored, the database is created
        from it. Raises WarehouseError if the database is older than the published copy, if a newer
        nalssi wrote either of them, if a file is damaged, or if the disk is full.
        """
        from nalssi.warehouse.migrate import migrate  # imports pandera, which readers do not need

        database, published = self.database, self.published
        with ExitStack() as stack:
            with as_warehouse_error(database, "write"):
                self.folder.mkdir(parents=True, exist_ok=True)
                stack.enter_context(writer_lock(self.lock))
                self._remove_leftovers()
            with as_warehouse_error(published, "continue from"):
                restore_database(database, published)
            with as_warehouse_error(database, "write", advice=self._advice()):
                con = stack.enter_context(duckdb.connect())
                attach(con, database, f"STORAGE_VERSION '{STORAGE_VERSION}'")
                _spill_into(con, self._spill_folder)
                migrate(con)
                refuse_older_database(con, database, published)
            with as_warehouse_error(database, "write", except_for=OSError):
                yield con
            with as_warehouse_error(database, "write"):
                con.execute("CHECKPOINT")
                con.close()
            with as_warehouse_error(published, "write"):
                publish(database, published)

    @contextmanager
    def reader(
        self, *, shut_off: bool = True, memory: str | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a read-only connection to the published copy.

        The connection keeps the copy that it opened, whatever is published later. It shows instants
        in Korean time. A connection that is `shut_off` cannot reach files or the network; every
        connection that runs a user's SQL must be. `memory` limits DuckDB's memory, such as `2GB`
        (default: 80 % of the machine's).

        Queries larger than memory spill into a private folder. If the connection is shut off, they
        can do so only where Landlock restricts its threads to that folder; elsewhere they fail.

        Raises WarehouseError if nothing has been published, if a newer nalssi published it, if
        another program has changed it, or if the file is damaged.
        """
        self._check_published()
        with _private_spill_folder() as folder:
            spill = folder if landlock.available() or not shut_off else None
            # Within a process, DuckDB shares a database opened twice by its path. A database in
            # memory is not shared, so each reader attaches the copy that is current.
            with (
                _connection(spill, confined=shut_off) as con,
                as_warehouse_error(self.published, "read", except_for=OSError),
            ):
                attach(con, self.published, "READ_ONLY")
                refuse_newer(con)
                read_older_copy(con)
                use_current_views(con)
                _spill_into(con, spill)
                if memory:
                    con.execute("SET memory_limit = $1", [memory])
                if shut_off:
                    _shut_off(con, files=spill is None)
                yield con

    def _check_published(self) -> None:
        """Raise WarehouseError if there is no published copy, or if others have changed it."""
        with as_warehouse_error(self.published, "read"):
            exists = self.published.exists()
        if not exists:
            raise WarehouseError(
                f"no warehouse in {self.folder}: `nalssi run` makes one,"
                " --warehouse names another folder"
            )
        # nalssi closes the copy before it publishes it, so the copy never has a log of its own.
        log = write_ahead_log(self.published)
        if log.exists():
            raise WarehouseError(
                f"cannot read {self.published}: {log.name} beside it has"
                " changes that no load has made; remove it, or load again"
            )

    def _advice(self) -> str:
        """Return the end of an error message for users: how to go on if the database is damaged.

        It is empty if there is no published copy to continue from.
        """
        if not self.published.exists():
            return ""
        return f"; if it is damaged, move it away to continue from {self.published.name}"

    @property
    def _spill_folder(self) -> Path:
        return self.folder / ".spilled"

    def _remove_leftovers(self) -> None:
        """Remove files of a writer that was killed. Call this only under the writer's lock."""
        remove_stale_temporary_files(self.folder)
        shutil.rmtree(self._spill_folder, ignore_errors=True)


def _connection(spill: Path | None, *, confined: bool) -> duckdb.DuckDBPyConnection:
    """Open a database in memory. If `confined`, DuckDB's threads can write only to `spill`.

    The thread that connects starts DuckDB's threads, and they inherit its restrictions.
    """
    if not confined:
        return duckdb.connect()
    with ThreadPoolExecutor(1, initializer=landlock.confine, initargs=(spill,)) as pool:
        return pool.submit(duckdb.connect).result()


def _private_spill_folder() -> AbstractContextManager[Path | None]:
    """Return a context manager that yields a new spill folder (`spill_folder`).

    On Windows it yields None, and queries larger than memory fail.
    """
    if sys.platform == "win32":
        return nullcontext()
    else:  # noqa: RET505  # or mypy reads the import for Windows too
        from nalssi.warehouse.spill_folder import spill_folder

        return spill_folder()


def _spill_into(con: duckdb.DuckDBPyConnection, folder: Path | None) -> None:
    """Set the folder for queries larger than memory. DuckDB's default is the current folder."""
    con.execute("SET temp_directory = $1", [str(folder or "")])


def _shut_off(con: duckdb.DuckDBPyConnection, *, files: bool) -> None:
    """Cut a connection off from the network and from files, and lock its settings.

    It can still read the databases that it has attached, and spill into its folder. With `files`
    it cannot use that folder either, so queries larger than memory fail.
    """
    con.execute("SET enable_external_access = false")
    if files:
        con.execute("SET disabled_filesystems = 'LocalFileSystem'")
    con.execute("SET show_behavior = 'table'")  # SHOW must not show settings
    con.execute("SET lock_configuration = true")
