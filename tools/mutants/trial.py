"""Run tests against a mutant, in a process that is forked after the slow imports.

The forking process imports what a mutant cannot change. It never uses polars, whose threads do not
survive a fork: so mutmut, which runs the tests before it forks, waits forever here.
"""

from __future__ import annotations

import ast
import ctypes
import importlib
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from nalssi.common.paths import CHECKOUT
from tools.mutants.mutations import Mutant

KILLED, SURVIVED = "killed", "survived"
SECONDS_OF_TEST = 20
"""The largest CPU time of a test in seconds. The slowest test takes 4 s."""
SECONDS_OF_MUTANT = 1200
"""The largest elapsed time of all tests of a mutant in seconds, for a mutant that only waits."""
_PRELOADED = (
    "duckdb",
    "hypothesis.strategies",
    "nalssi.sources.readers.read_partition",
    "numpy",
    "pandera.backends.polars.builtin_checks",
    "pandera.polars",
    "portalocker",
    "pyarrow",
    "pytz",
    "schemas.contracts",
    "selectolax.lexbor",
)
_MOST_MEMORY = 6 << 30  # a mutant may try to allocate without end


def preload() -> None:
    """Import the modules that all tests import and no mutant changes, without polars' threads."""
    import polars as pl

    threads = pl.thread_pool_size
    pl.thread_pool_size = lambda: 1  # asking for the number starts the threads
    for module in _PRELOADED:
        importlib.import_module(module)
    pl.thread_pool_size = threads


class _Loader(SourceFileLoader):
    """A module loader that compiles the syntax tree of a mutant instead of the file."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return compile(self._tree, self.path, "exec", dont_inherit=True)


class _Finder:
    """An import hook that finds the changed module in place of the module on the disk."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        parts = path.relative_to(CHECKOUT).with_suffix("").parts
        self._name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self._path, self._tree = path, tree

    def find_spec(
        self,
        name: str,
        path: object = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if name != self._name:
            return None
        folders = [str(self._path.parent)] if self._path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            name,
            self._path,
            loader=_Loader(name, str(self._path), self._tree),
            submodule_search_locations=folders,
        )


class _Selected:
    """A plugin of pytest that runs only the given tests (pytest ids), in the given order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._order = {test: place for place, test in enumerate(tests)}

    def pytest_runtest_setup(self) -> None:
        """Let the system end this process if a test takes much CPU time, as in an endless loop."""
        signal.setitimer(signal.ITIMER_PROF, SECONDS_OF_TEST)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])


def try_mutant(mutant: Mutant, tests: Sequence[str], output: Path) -> str:
    """Run tests against a mutant in a forked process, until one fails.

    `tests` are pytest ids; their output is written to the file `output`. Returns KILLED or
    SURVIVED. A mutant whose tests take too long counts as killed.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = _run(mutant, tests, output)
        finally:
            os._exit(status)
    deadline = time.monotonic() + SECONDS_OF_MUTANT
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return SURVIVED if status == 0 else KILLED
        if time.monotonic() > deadline:  # it waits, and uses no CPU time
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return KILLED
        time.sleep(0.02)


def _run(mutant: Mutant, tests: Sequence[str], output: Path) -> int:
    """Run the tests against the mutant in this process; return 0 if all of them pass."""
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    log = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    path = CHECKOUT / mutant.path
    made = mutant.make()
    if isinstance(made, ast.Module):
        sys.meta_path.insert(0, _Finder(path, made))
    else:
        _read_instead(path, made)
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    arguments = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb=line", "--maxfail=1"]
    status = pytest.main([*arguments, *files], plugins=[_Selected(tests)])
    sys.stdout.flush()
    # If the mutant changes the ids of all tests, none of them runs, and none notices it.
    return 0 if status == pytest.ExitCode.NO_TESTS_COLLECTED else int(status)


def _end_with_parent() -> None:
    """Let Linux kill this process when the one that forked it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _read_instead(path: Path, text: str) -> None:
    """Let `Path.read_text` return this text for the file, in this process."""
    read_text = Path.read_text

    def reading(file: Path, *arguments: str | None, **named: str | None) -> str:
        return text if file == path else read_text(file, *arguments, **named)

    Path.read_text = reading  # type: ignore[method-assign]
