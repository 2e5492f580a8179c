"""Failpoints: the places where nalssi changes files, found while it runs, and faults at them.

Nothing in nalssi knows of them. CPython's audit events report every opening, renaming and removal
of a file, whoever does it. Writes, `fsync`, and what DuckDB and polars write, have no audit event,
so the functions are wrapped. A failpoint is an operation and the functions of nalssi that led to
it. `watch` must be called in a process of its own, since audit hooks stay until it ends.

A killed write, or file of polars, is torn: only half of its bytes are written.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import polars as pl

from nalssi.common.paths import CHECKOUT

KILL, FULL, READ_ONLY = "kill", "full", "read-only"
ERRORS = {FULL: errno.ENOSPC, READ_ONLY: errno.EROFS}

_CODE = tuple(f"{CHECKOUT / package}{os.sep}" for package in ("nalssi", "flows", "schemas"))
_CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_EVENTS = {
    "os.rename": 2,
    "os.remove": 1,
    "os.mkdir": 1,
    "os.rmdir": 1,
    "os.link": 2,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.chmod": 1,
    "os.utime": 1,
}
"""Audit events of changes, and the number of their paths."""
_STATEMENTS = ("COMMIT", "CHECKPOINT", "ATTACH", "DETACH", "COPY", "EXPORT")
"""Statements after which DuckDB writes to files."""
_POLARS = {
    pl.DataFrame: ("write_parquet", "write_csv", "write_ipc", "write_ndjson", "write_json"),
    pl.LazyFrame: ("sink_parquet", "sink_csv", "sink_ipc", "sink_ndjson"),
}
_DUCKDB_WRITERS = ("write_parquet", "to_parquet", "write_csv", "to_csv")


@dataclass(frozen=True)
class Failpoint:
    """An operation that changes files, at a place of the code."""

    operation: str
    place: str
    """The functions of nalssi that led to it, the innermost first: `file.py:12 function < …`."""

    def __str__(self) -> str:
        inner, *outer = self.place.split(" < ")
        return f"{self.operation} in {inner}" + (f", from {outer[0]}" if outer else "")


@dataclass(frozen=True)
class Fault:
    """What happens at the n-th visit of a failpoint."""

    kind: str
    point: Failpoint
    visit: int = 1


class _Watch:
    """The folders that are watched in this process, and the fault that one failpoint raises."""

    def __init__(
        self,
        roots: Iterable[Path],
        trace: Path,
        fault: Fault | None,
        reached: Callable[[Failpoint], None] | None,
    ) -> None:
        self.reached = reached
        self.roots = tuple(os.fspath(root) for root in roots)
        self.trace = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.fault = fault
        self.visits: Counter[Failpoint] = Counter()
        self.in_library = False
        """True while polars or DuckDB writes a file. Calls that they make are then no failpoints of
        their own."""

    def inside(self, path: object) -> bool:
        """Whether a path, or an open file, is in one of the watched folders."""
        if isinstance(path, int):
            try:
                path = Path(f"/proc/self/fd/{path}").readlink()
            except OSError:
                return False
        try:
            # `resolve` would open the path, and so come here again.
            text = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]  # noqa: PTH100
        except TypeError:
            return False
        return any(text == root or text.startswith(root + os.sep) for root in self.roots)

    def reach(
        self,
        operation: str,
        *paths: object,
        error: Callable[[int], Exception] | None = None,
        tear: Callable[[], object] | None = None,
    ) -> None:
        """Record a visit of a failpoint. Kill this process or raise if it is to fail here.

        `tear` does half of the operation before the process is killed.
        """
        place = None if self.in_library else _place(sys._getframe(1))
        if place is None:
            return
        point = Failpoint(operation, place)
        self.visits[point] += 1
        names = [os.fsdecode(path) for path in paths if isinstance(path, str | bytes | os.PathLike)]
        line = json.dumps([operation, place, names]) + "\n"
        _real_write(self.trace, line.encode())
        if self.reached:
            self.reached(point)
        fault = self.fault
        if fault is None or fault.point != point or fault.visit != self.visits[point]:
            return
        if fault.kind == KILL:
            if tear:
                self.fault = None
                tear()
            os.kill(os.getpid(), signal.SIGKILL)
        number = ERRORS[fault.kind]
        if error:
            raise error(number)
        other = (None, names[1]) if names[1:] else ()  # the argument between is for Windows
        raise OSError(number, os.strerror(number), *names[:1], *other)


_real_write = os.write


def _place(frame: FrameType | None) -> str | None:
    """Return the functions of nalssi on the stack; None if there is none."""
    found = []
    while frame:
        code = frame.f_code
        if code.co_filename.startswith(_CODE):
            name = Path(code.co_filename).relative_to(CHECKOUT)
            found.append(f"{name}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return " < ".join(found) or None


def watch(
    roots: Iterable[Path],
    trace: Path,
    fault: Fault | None = None,
    reached: Callable[[Failpoint], None] | None = None,
) -> None:
    """Watch the changes of files in these folders from now on, and let one of them fail.

    Each visit of a failpoint is a line of the file `trace`, and a call of `reached`.
    """
    watched = _Watch(roots, trace, fault, reached)
    _watch_events(watched)
    _watch_writes(watched)
    _watch_system_calls(watched)
    _watch_duckdb(watched)
    _watch_polars(watched)


def _watch_events(watched: _Watch) -> None:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if flags & _CHANGING and watched.inside(path):
                watched.reach("open", path)
        elif event in _EVENTS:
            paths = list(arguments[: _EVENTS[event]])
            if event in ("os.remove", "os.rmdir") and arguments[1] >= 0:  # relative to a folder
                folder = Path(f"/proc/self/fd/{arguments[1]}").readlink()
                paths[0] = folder / os.fsdecode(paths[0])
            # An existing folder is reported as such, also on a full or read-only disk.
            exists = event == "os.mkdir" and os.path.isdir(paths[0])  # noqa: PTH112
            if not exists and any(watched.inside(path) for path in paths):
                watched.reach(event.removeprefix("os."), *paths)

    sys.addaudithook(hook)


def _watch_writes(watched: _Watch) -> None:
    """Let `open` return files whose bytes go through a failpoint when they are written."""
    opened = io.open

    class Raw(io.FileIO):
        def write(self, content: Any) -> int:  # type: ignore[override]
            def tear() -> None:
                _real_write(self.fileno(), memoryview(content)[: len(content) // 2])

            watched.reach("write", error=_of_system, tear=tear)
            return super().write(content)

        def truncate(self, size: int | None = None) -> int:
            watched.reach("truncate", error=_of_system)
            return super().truncate(size)

    def watching(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        # A file of an open descriptor has no path to watch.
        if not set(mode) & set("wax+") or isinstance(file, int) or not watched.inside(file):
            return opened(file, mode, buffering, encoding, errors, newline, closefd, opener)
        raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        if buffering == 0:
            return raw
        buffered = (io.BufferedRandom if "+" in mode else io.BufferedWriter)(raw)
        if "b" in mode:
            return buffered
        text = io.TextIOWrapper(buffered, encoding, errors, newline)
        text.mode = mode  # type: ignore[misc]
        if "a" in mode:
            text.seek(0, os.SEEK_END)
        return text

    io.open = builtins.open = watching  # type: ignore[assignment]


def _watch_system_calls(watched: _Watch) -> None:
    fsync, write, sendfile = os.fsync, os.write, getattr(os, "sendfile", None)

    def watching_fsync(file: Any) -> None:
        if watched.inside(file if isinstance(file, int) else file.fileno()):
            watched.reach("fsync", error=_of_system)
        fsync(file)

    def watching_write(file: int, content: Any) -> int:
        if watched.inside(file):
            watched.reach("write", error=_of_system)
        return write(file, content)

    def watching_sendfile(out: int, source: int, offset: int, count: int) -> int:
        assert sendfile

        def tear() -> None:
            sendfile(out, source, offset, max(1, os.fstat(source).st_size // 2))

        if watched.inside(out):
            watched.reach("copy", error=_of_system, tear=tear)
        return int(sendfile(out, source, offset, count))

    os.fsync, os.write = watching_fsync, watching_write
    if sendfile:
        os.sendfile = watching_sendfile


def _of_system(number: int) -> OSError:
    """Return the error with this number (errno), as a call raises it that knows no path."""
    return OSError(number, os.strerror(number))


def _of_duckdb(number: int) -> Exception:
    text = f"IO Error: Could not write file: {os.strerror(number)}"
    return duckdb.IOException(text)


def _of_polars(number: int) -> OSError:
    return OSError(f"{os.strerror(number)} (os error {number})")


def _watch_duckdb(watched: _Watch) -> None:
    connection: Any = duckdb.DuckDBPyConnection
    commit, execute = connection.commit, connection.execute

    def watching_commit(con: Any) -> Any:
        watched.reach("COMMIT", error=_of_duckdb)
        return commit(con)

    def watching_execute(con: Any, query: Any, *arguments: Any, **named: Any) -> Any:
        words = query.split(None, 1) if isinstance(query, str) else ()
        if words and words[0].upper() in _STATEMENTS and "READ_ONLY" not in query:
            # The path in a statement is between quotes.
            watched.reach(words[0].upper(), *query.split("'")[1:2], error=_of_duckdb)
        return execute(con, query, *arguments, **named)

    connection.commit, connection.execute = watching_commit, watching_execute
    for name in _DUCKDB_WRITERS:
        _watch_writer(watched, duckdb.DuckDBPyRelation, name, f"DuckDB {name}", _of_duckdb)


def _watch_polars(watched: _Watch) -> None:
    for frame, names in _POLARS.items():
        for name in names:
            _watch_writer(watched, frame, name, f"polars {name}", _of_polars)


def _watch_writer(
    watched: _Watch, owner: Any, name: str, operation: str, error: Callable[[int], Exception]
) -> None:
    """Let a method that writes the file of its first argument reach a failpoint."""
    method = getattr(owner, name)

    def watching(own: Any, file: Any = None, *arguments: Any, **named: Any) -> Any:
        if watched.in_library or not isinstance(file, str | Path) or not watched.inside(file):
            return method(own, file, *arguments, **named)

        def tear() -> None:
            method(own, file, *arguments, **named)
            if Path(file).is_file():
                os.truncate(file, Path(file).stat().st_size // 2)

        watched.reach(operation, file, error=error, tear=tear)
        watched.in_library = True
        try:
            return method(own, file, *arguments, **named)
        finally:
            watched.in_library = False

    setattr(owner, name, watching)
