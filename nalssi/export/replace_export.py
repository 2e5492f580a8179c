"""Move a finished export to its final path atomically, replacing only an earlier export.

An export is written to a temporary path and then renamed. A file is replaced in one step. A folder
needs two renames: the old folder is first renamed to a hidden name. If the process is killed
between the two, the next export to this path puts the old folder back. It also removes what killed
processes have left.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nalssi.common.atomic_files import remove_stale_temporary_files, temporary_path


class ExportError(RuntimeError):
    """An export cannot be written or read; the message names the path and the cause."""


@contextmanager
def replace_export(out: Path, is_export: Callable[[Path], bool]) -> Iterator[Path]:
    """Yield a temporary path. Rename it to `out` if the block succeeds, and remove it otherwise.

    `is_export` tells whether a path is an earlier export. The folder of `out` is created. Raises
    ExportError if `out` exists and is neither an earlier export nor an empty folder.
    """
    remove_stale_temporary_files(out.parent)
    _put_back(out)
    _check_replaceable(out, is_export)
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(out)
    try:
        yield temporary
        _check_replaceable(out, is_export)  # something may have been put there meanwhile
        _rename(temporary, out)
    finally:
        _remove(temporary)


def _temporary(out: Path) -> Path:
    """Return a new temporary path beside `out`, with its suffix: DuckDB compresses by suffix."""
    path = temporary_path(out.parent)
    return path.with_name(path.name + "".join(out.suffixes).replace("-", "_"))


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
    old = _old(out)
    out.rename(old)
    try:
        temporary.rename(out)
    except OSError:
        old.rename(out)
        raise
    _remove(old)


def _old(out: Path) -> Path:
    """Return the path to which the old folder at `out` is renamed while the new one is moved in."""
    return out.with_name(f".{out.name}.replaced")


def _put_back(out: Path) -> None:
    """Rename the old folder (`_old`) back to `out`, if a killed process has left it.

    If `out` exists, the new folder was moved in, and the old folder is removed instead.
    """
    old = _old(out)
    if not old.is_dir():
        return
    if out.exists():
        _remove(old)
    else:
        old.rename(out)


def _remove(path: Path) -> None:
    """Remove a file or folder, without errors.

    If something cannot be removed, the next export tries again.
    """
    if not path.is_dir():
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return
    # A folder that is only half removed must not be taken for the old one.
    going = temporary_path(path.parent)
    with suppress(OSError):
        path.rename(going)
        shutil.rmtree(going, ignore_errors=True)
