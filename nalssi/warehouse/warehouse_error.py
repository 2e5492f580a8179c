"""Faults of disk, file or version, as one line that names the file and the cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from nalssi.common.errors import file_and_reason, first_line
from nalssi.warehouse.warehouse_version import NotOursError, TooNewError

KIND = re.compile(r"^[\w ]+ Error: ")  # what part of DuckDB complains
FAULTS = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,  # a commit that could not be written
)
"""What DuckDB raises when a file is damaged, cannot be written or is in use elsewhere."""


class WarehouseError(RuntimeError):
    """A warehouse cannot be opened, read or written; the message names the file and the cause."""


@contextmanager
def faults_of(
    file: Path, verb: str, *, but: type[Exception] | tuple[()] = (), advice: str = ""
) -> Iterator[None]:
    """Make of a fault of disk, file or version one line that names the file and the cause."""
    try:
        yield
    except but:
        raise
    except OSError as error:
        raise WarehouseError(f"cannot {verb} {file_and_reason(error, file)}") from error
    except (TooNewError, NotOursError) as error:
        raise WarehouseError(f"cannot {verb} {file}: {error}") from error
    except duckdb.Error as error:
        # DuckDB has no class of its own for a damaged file: such an error is of the base class.
        if not (isinstance(error, FAULTS) or type(error) is duckdb.Error):
            raise
        if is_locked(error):
            raise WarehouseError(f"cannot {verb} {file}: {_holder(error)}") from error
        raise WarehouseError(f"cannot {verb} {file}: {_cause(error)}{advice}") from error


def is_locked(error: duckdb.Error) -> bool:
    """Whether another program has the file open, so that DuckDB cannot."""
    return "Could not set lock on file" in str(error)


def _holder(error: duckdb.Error) -> str:
    """Who has the file open for writing, and how it can be opened without locking others out."""
    held = re.search(r"held in (.+? \(PID \d+\))", str(error))
    return (
        f"{held[1] if held else 'another program'} has it open for writing; close it there, and"
        " open it read-only (duckdb -readonly)"
    )


def _cause(error: duckdb.Error) -> str:
    """DuckDB's first line without what surrounds the cause."""
    return KIND.sub("", first_line(error).rpartition("Original error: ")[2])
