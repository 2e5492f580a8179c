"""The error that users see when a warehouse cannot be opened, read or written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from nalssi.common.errors import file_and_reason, first_line
from nalssi.warehouse.warehouse_version import NotAWarehouseError, TooNewError

ERROR_CLASS = re.compile(r"^[\w ]+ Error: ")
"""Matches the class of the error, with which DuckDB's messages begin."""

FILE_ERRORS = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,  # a commit that could not be written
)
"""The errors of DuckDB for a file that is damaged, not writable or open in another program."""


class WarehouseError(RuntimeError):
    """A warehouse cannot be opened, read or written; the message names the file and the cause."""


@contextmanager
def as_warehouse_error(
    file: Path, verb: str, *, except_for: type[Exception] | tuple[()] = (), advice: str = ""
) -> Iterator[None]:
    """Turn errors of the disk, the file or its version into a WarehouseError of one line.

    The message is `cannot VERB FILE: CAUSE`. Errors of the class `except_for` pass unchanged.
    `advice` is added to the message if the file may be damaged.
    """
    try:
        yield
    except except_for:
        raise
    except OSError as error:
        raise WarehouseError(f"cannot {verb} {file_and_reason(error, file)}") from error
    except (TooNewError, NotAWarehouseError) as error:
        raise WarehouseError(f"cannot {verb} {file}: {error}") from error
    except duckdb.Error as error:
        # DuckDB has no class of its own for a damaged file: such an error is of the base class.
        if not (isinstance(error, FILE_ERRORS) or type(error) is duckdb.Error):
            raise
        if is_locked(error):
            raise WarehouseError(f"cannot {verb} {file}: {_lock_holder(error)}") from error
        raise WarehouseError(f"cannot {verb} {file}: {_cause(error)}{advice}") from error


def is_locked(error: duckdb.Error) -> bool:
    """Return whether DuckDB could not open the file because another program has it open."""
    return "Could not set lock on file" in str(error)


def _lock_holder(error: duckdb.Error) -> str:
    """Return text for users: which program has the file open, and how to open it without a lock."""
    held = re.search(r"held in (.+? \(PID \d+\))", str(error))
    return (
        f"{held[1] if held else 'another program'} has it open for writing; close it there, and"
        " open it read-only (duckdb -readonly)"
    )


def _cause(error: duckdb.Error) -> str:
    """Return the first line of DuckDB's message, without the class of the error.

    If the message contains several errors, the innermost error counts.
    """
    return ERROR_CLASS.sub("", first_line(error).rpartition("Original error: ")[2])
