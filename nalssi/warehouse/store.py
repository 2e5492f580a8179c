"""The warehouse folder: one database to write, a published copy that everybody reads.

DuckDB lets either one writing process or many readers open a file. So the writer has
`nalssi.duckdb` to itself, and when it has written, a copy is put in place as
`published.duckdb` in one step (a rename). A reader keeps the copy it opened; it never
waits for a writer, nor a writer for it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from nalssi.warehouse.lock import writer_lock

TIME_ZONE = "Asia/Seoul"  # a day in here is a day in Korea
STORAGE_VERSION = "v1.2.0"  # what DuckDB 1.2 and every later tool can open


class WarehouseError(RuntimeError):
    """A warehouse cannot be opened; the message names the file and the cause."""


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
        database is checkpointed and published; when it raises, nothing is published.
        """
        # Migrating needs the contracts, and with them pandera: readers do without.
        from nalssi.warehouse.migrate import TooNewError, migrate

        self.folder.mkdir(parents=True, exist_ok=True)
        with writer_lock(self.lock):
            with duckdb.connect() as con:
                try:
                    attach(con, self.database, f"STORAGE_VERSION '{STORAGE_VERSION}'")
                    _spill_into(con, self.folder / ".spilled")
                    migrate(con)
                except (duckdb.IOException, TooNewError) as error:
                    raise WarehouseError(f"cannot write {self.database}: {error}") from error
                yield con
                con.execute("CHECKPOINT")
            self._publish()

    @contextmanager
    def reader(self, *, shut_off: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection to the published copy, shut off from files and network.

        It goes on seeing the copy it opened, whatever is published meanwhile. Instants are shown
        in Korean time. Only our own code, never a user's SQL, may ask for one that is not
        `shut_off`, to write files. Raises WarehouseError when nothing has been published.
        """
        if not self.published.exists():
            raise WarehouseError(
                f"no warehouse in {self.folder}: `nalssi run` makes one,"
                " --warehouse names another folder"
            )
        # An instance of its own: DuckDB shares instances by path within a process, and a shared
        # one would go on showing the old copy, with its configuration already locked.
        with duckdb.connect() as con:
            try:
                attach(con, self.published, "READ_ONLY")
            except duckdb.IOException as error:
                raise WarehouseError(f"cannot read {self.published}: {error}") from error
            _spill_into(con, Path(tempfile.gettempdir(), f"nalssi-{os.getpid()}"))
            if shut_off:
                con.execute("SET enable_external_access = false")
                con.execute("SET lock_configuration = true")
            yield con

    def _publish(self) -> None:
        """Put a copy of the closed database in place of the published one."""
        partial = self.published.with_suffix(".partial")
        shutil.copyfile(self.database, partial)
        _sync(partial)
        partial.replace(self.published)
        _sync(self.folder)


def attach(con: duckdb.DuckDBPyConnection, path: Path, options: str, name: str = "nalssi") -> None:
    """Attach a database under a name, use it, and show instants in Korean time."""
    quoted = str(path).replace("'", "''")  # ATTACH takes no parameters
    con.execute(f"ATTACH '{quoted}' AS {name} ({options})")
    con.execute(f"USE {name}")
    con.execute(f"SET TimeZone = '{TIME_ZONE}'")


def _spill_into(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Where a query that outgrows memory puts the rest: by default that is the current folder."""
    con.execute("SET temp_directory = $1", [str(folder)])


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
