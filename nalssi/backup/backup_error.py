"""The error that users see when a backup cannot be made, verified or restored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nalssi.common.errors import file_and_reason


class BackupError(RuntimeError):
    """A backup cannot be made, verified or restored. The message is one line."""


@contextmanager
def as_backup_error(verb: str, path: Path) -> Iterator[None]:
    """Turn an error of the operating system into a BackupError: `cannot VERB FILE: CAUSE`.

    FILE is the file that the error names, or else `path`.
    """
    try:
        yield
    except OSError as error:
        raise BackupError(f"cannot {verb} {file_and_reason(error, path)}") from error
