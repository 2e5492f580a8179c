"""A database in memory, for sources that are not loaded into a warehouse.

It has the tables and views of a warehouse, and its readings get flags in the same way. It has no
file, lock, published copy or comments, because no other process reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from nalssi.sources.partition import Partition
from nalssi.staging import stage_all
from nalssi.warehouse.database_file import attach, transaction
from nalssi.warehouse.load_parts import load_into
from nalssi.warehouse.migrate import create_tables


@contextmanager
def sources_in_memory(
    partitions: Sequence[Partition],
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Sequence[str]]]:
    """Load sources into a database in memory. Yield a connection to it, and a list of problems.

    Each problem is a line of text about a source that could not be used.
    """
    with TemporaryDirectory(prefix="nalssi-") as name:
        parts = stage_all(partitions, Path(name) / "staged", version="temporary")
        problems = [str(problem) for part in parts for problem in part.problems]
        with temporary_database([part.folder for part in parts], Path(name) / "spilled") as con:
            yield con, problems


@contextmanager
def temporary_database(
    parts: Sequence[Path], spill_folder: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Load staged parts into a database in memory, and yield a connection to it.

    Data larger than memory spill into `spill_folder`. Raises what `load_parts` raises.
    """
    with duckdb.connect() as con:
        attach(con, Path(":memory:"), "TYPE duckdb")
        con.execute("SET temp_directory = $1", [str(spill_folder)])
        with transaction(con):
            create_tables(con)
            load_into(con, parts)
        yield con
