"""Move a finished export to its final path atomically, replacing only an earlier export.

An export is written to a temporary path and then renamed. A file is replaced in one step. A folder
needs two renames: the old folder is first renamed to a hidden name. If the process is killed
between the two, the old folder stays under that name.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class ExportError(RuntimeError):
    """An export cannot be written or read; the message names the path and the cause."""


@contextmanager
def replace_export(out: Path, is_export: Callable[[Path], bool]) -> Iterator[Path]:
    """Yield a temporary path. Rename it to `out` if the block succeeds, and remove it otherwise.

    `is_export` tells whether a path is an earlier export. Raises ExportError if `out` exists and is
    not an earlier export.
    """
    _check_replaceable(out, is_export)
    out.parent.mkdir(parents=True, exist_ok=True)
    # The name keeps its ending, by which DuckDB chooses the compression.
    temporary = out.with_name(f".{os.getpid()}-{secrets.token_hex(4)}.partial.{out.name}")
    try:
        yield temporary
        _check_replaceable(out, is_export)  # something may have been put there meanwhile
        _rename(temporary, out)
    finally:
        _remove(temporary)


def _check_replaceable(out: Path, is_export: Callable[[Path], bool]) -> None:
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists() and not is_export(out):
        raise ExportError(
            f"{out} exists and is no earlier export of this format: move it away or choose"
            " another path"
        )


def _rename(temporary: Path, out: Path) -> None:
    if not out.is_dir():
        temporary.replace(out)
        return
    old = temporary.with_name(f"{temporary.name}.old")
    out.rename(old)
    temporary.rename(out)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
