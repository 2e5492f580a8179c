"""Behaviour of Python and of libraries that commands work around for the whole process.

The docstring of every function states the reason and the gain. The times are CPU seconds of one
core, measured in November 2026 with Python 3.11, Prefect 3.9.1, polars 2.1 and DuckDB 2.0.1. Remove
a function when its reason is gone.

Garbage collection is turned off only while Prefect is imported. Elsewhere it gains too little:
`nalssi parse FILE` takes 0.74 s instead of 0.83 s, and `nalssi sql QUERY` takes 0.32 s in both
cases.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn


@contextmanager
def import_without_collection() -> Iterator[None]:
    """Import modules in this block without garbage collection, and exclude them from it later.

    Reason: Prefect's modules are 150,000 objects that live as long as the process. Gain: the server
    imports its modules in 2.3 s instead of 3.1 s. Later, a full collection takes 2 ms instead of
    100 ms; loading and drawing the samples spends 1.6 s instead of 2.2 s in collections, of 22 s in
    all. The objects are unfrozen at exit, because DuckDB reports frozen objects as leaked.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        atexit.register(gc.unfreeze)
        gc.enable()


@contextmanager
def without_module(name: str) -> Iterator[None]:
    """Let imports of the module `name` fail in this block. Does nothing if it is loaded already.

    Reason: portalocker imports redis if it is installed, because it also offers locks in a Redis
    server. Prefect's server needs redis, so it is installed. Gain: commands that write to a
    warehouse start 0.3 s earlier.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # Python's own mark of such a module
    try:
        yield
    finally:
        del sys.modules[name]


def exit_without_teardown(status: int) -> NoReturn:
    """Run the exit functions, flush the output, and end the process with this exit status.

    Reason: Prefect's threads still run when a command ends. When Python destroys its modules while
    these threads run, extension modules print long messages about objects that were not freed.
    Gain: no such output, and a command that ran a flow ends 0.45 s earlier. A command that drew a
    picture has no such threads; it ends 0.2 s earlier.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def exit_at_once() -> NoReturn:
    """End the process with exit status 1, without exit functions.

    Reason: DuckDB cannot be interrupted in some operations, and Python would wait for its thread.
    Gain: `nalssi sql --timeout` ends a query at the limit in all cases.
    """
    os._exit(1)


def exit_with_parent() -> None:
    """End this child process, with exit status 1, when its parent ends, for whatever reason.

    Does nothing in a process that `multiprocessing` has not started.

    Reason: a process pool's workers wait for work forever if the parent is killed. Gain: a killed
    run leaves no processes behind.
    """
    import multiprocessing  # here, as most commands start no other process

    parent = multiprocessing.parent_process()

    def wait_for_parent() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait_for_parent, daemon=True).start()


def let_signals_interrupt_reads() -> None:
    """Let SIGINT interrupt a system call that waits, such as a read from standard input.

    Reason: polars installs its SIGINT handler with SA_RESTART when it is imported, and the system
    then repeats the call. Gain: Ctrl-C ends a command that waits for standard input. Windows has no
    such flag, and nothing is changed there.
    """
    if sys.platform != "win32":
        signal.siginterrupt(signal.SIGINT, True)


def silence_logging_errors() -> None:
    """Drop log records that cannot be written, without a traceback.

    Reason: Prefect sends log records to its server, and `logging` prints a traceback for every
    batch that cannot be sent. Gain: a server that stops gives one error line.
    """
    logging.raiseExceptions = False
