"""How an export comes into place: at once, and never over something that isn't an export.

What is written goes under another name first and is then renamed. A file is replaced in one
step; of a folder the old one is put aside just before, so that a kill between the two renames
leaves the old under a hidden name beside it.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class ExportError(RuntimeError):
    """An export cannot be made or read; the message names the place and the cause."""


@contextmanager
def placing(out: Path, is_ours: Callable[[Path], bool]) -> Iterator[Path]:
    """A path to write to, renamed to `out` when the block ends well, removed when it doesn't.

    Raises ExportError when at `out` there is something that `is_ours` doesn't know as ours.
    """
    _refuse_foreign(out, is_ours)
    out.parent.mkdir(parents=True, exist_ok=True)
    # The name's end stays: it tells a compression.
    partial = out.with_name(f".{os.getpid()}-{secrets.token_hex(4)}.partial.{out.name}")
    try:
        yield partial
        _refuse_foreign(out, is_ours)  # somebody may have been faster
        _swap(partial, out)
    finally:
        _remove(partial)


def _refuse_foreign(out: Path, is_ours: Callable[[Path], bool]) -> None:
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists() and not is_ours(out):
        raise ExportError(f"{out} exists and is no such export: move it away or name another place")


def _swap(partial: Path, out: Path) -> None:
    if not out.is_dir():
        partial.replace(out)
        return
    aside = partial.with_name(f"{partial.name}.old")
    out.rename(aside)
    partial.rename(out)
    _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
