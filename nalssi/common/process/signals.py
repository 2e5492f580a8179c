"""SIGINT and SIGTERM end a command with one line and with exit status 130 or 143.

A command is in one of three states:

- `exit_on_signals`: a signal ends the process at once. Nothing needs cleaning up: the command
  imports modules, starts Prefect's server, or has finished its work.
- `raise_on_interrupt`: SIGINT raises KeyboardInterrupt, as in any Python program. Commands without
  a flow run in this state. A library can turn the exception into another one (DuckDB and failing
  imports do) or a destructor can drop it, so `interrupt_received` remembers the signal.
- `clean_up_on_signal`: a flow is running. Both signals raise KeyboardInterrupt in the main thread,
  so that temporary files are removed and Prefect's server learns that the run has stopped. The
  exception can get lost here too (pydantic turns it into PydanticSerializationError), and cleaning
  up can wait for a thread or for a server that does not answer. So a thread reads the signals as
  well, and ends the process if the main thread has not done so within GRACE_S.

A process that ends at once leaves the warehouse intact: all writes are atomic.

Windows has no signal masks and no wake-up pipe for signals, so `clean_up_on_signal` does nothing
there.
"""

from __future__ import annotations

import _thread
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

MESSAGES = {signal.SIGINT.value: "interrupted", signal.SIGTERM.value: "terminated"}
"""By signal number, the message that a command prints when the signal ends it."""
MESSAGES_BY_EXIT_STATUS = {128 + number: message for number, message in MESSAGES.items()}
"""The messages by exit status, which shells define as 128 + the number of the signal."""
INTERRUPTED = 128 + signal.SIGINT
"""The exit status after SIGINT."""

GRACE_S = 8.0
"""Seconds for cleaning up. Docker kills a container ten seconds after SIGTERM."""

_RAISE_AGAIN_S = 0.1
"""Seconds after which an exception that a destructor dropped is raised again."""
_BLOCK_ENDED = 0
"""The byte that `_SignalReader.stop` writes into the pipe of signal numbers to end the thread."""


def exit_on_signals() -> None:
    """Make SIGINT and SIGTERM end this process at once.

    `raise_on_interrupt` and `clean_up_on_signal` change this while their block runs.
    """
    for number in MESSAGES:
        signal.signal(number, _exit_handler)


@contextmanager
def raise_on_interrupt() -> Iterator[None]:
    """While the block runs, SIGINT raises KeyboardInterrupt. Afterwards SIGINT ends the process.

    Does nothing unless `exit_on_signals` was called: other programs keep their own signal handling.
    """
    if signal.getsignal(signal.SIGINT) is not _exit_handler:
        yield
        return
    hook = sys.unraisablehook
    sys.unraisablehook = _raise_dropped_interrupt_again
    signal.signal(signal.SIGINT, _raise_handler)
    try:
        yield
    finally:
        # A flow command has called `exit_on_signals` in the block; its handler stays.
        if signal.getsignal(signal.SIGINT) is _raise_handler:
            signal.signal(signal.SIGINT, _exit_handler)
        if sys.unraisablehook is _raise_dropped_interrupt_again:
            sys.unraisablehook = hook


def interrupt_received() -> bool:
    """Whether SIGINT came while `raise_on_interrupt` was active."""
    return _interrupt_received


@contextmanager
def clean_up_on_signal() -> Iterator[None]:
    """While the block runs, SIGINT and SIGTERM raise KeyboardInterrupt, so that it can clean up.

    After a signal, the end of the block raises SystemExit. The process ends at once if the block
    does not end within GRACE_S, or at a second SIGINT. Does nothing in a program that has not
    called `exit_on_signals` and handles signals itself.
    """
    global _reader  # noqa: PLW0603  # a process has one set of signal handlers
    if sys.platform == "win32" or signal.getsignal(signal.SIGTERM) is not _exit_handler:
        yield
        return
    reader = _reader = _SignalReader()
    try:
        yield
    finally:
        number = reader.stop()
        _reader = None
        signal.pthread_sigmask(signal.SIG_UNBLOCK, MESSAGES)
        if number:
            raise SystemExit(128 + number) from None


@contextmanager
def sigint_blocked() -> Iterator[None]:
    """Block SIGINT, so that child processes started here ignore the Ctrl-C of a terminal.

    A terminal sends SIGINT to all processes of its group. Windows has no signal masks, and nothing
    is changed there.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _SignalReader:
    """A thread that reads signal numbers, so that a signal counts even if its exception is lost.

    `received` is the number of the first signal, or None.
    """

    def __init__(self) -> None:
        self.received: int | None = None
        self._stopped = threading.Event()
        self._pipe, self._pipe_end = os.pipe()
        if sys.platform != "win32":  # nothing uses this class there
            os.set_blocking(self._pipe_end, False)
        # Python writes a signal's number there, even if a library replaces the handler.
        signal.set_wakeup_fd(self._pipe_end, warn_on_full_buffer=False)
        self._hooks = sys.unraisablehook, threading.excepthook
        sys.unraisablehook = self._dropped_exception
        threading.excepthook = self._failed_thread
        threading.Thread(target=self._read, daemon=True).start()

    def stop(self) -> int | None:
        """Stop the thread and return the first signal received, or None. Signals stay blocked."""
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_BLOCK, MESSAGES)
        os.write(self._pipe_end, bytes([_BLOCK_ENDED]))
        self._stopped.wait()
        signal.set_wakeup_fd(-1)
        if self.received:  # the command is about to print the message and to exit
            for number in MESSAGES:
                signal.signal(number, signal.SIG_IGN)
        else:
            sys.unraisablehook, threading.excepthook = self._hooks
        return self.received

    def _dropped_exception(self, dropped: sys.UnraisableHookArgs) -> None:
        """A hook (`sys.unraisablehook`): raise the exception of a signal again.

        A destructor has dropped the exception. Other dropped exceptions are reported as before.
        """
        if issubclass(dropped.exc_type, Exception):
            if not self.received:
                self._hooks[0](dropped)
        else:  # KeyboardInterrupt, or what Prefect raises at SIGTERM
            timer = threading.Timer(_RAISE_AGAIN_S, _thread.interrupt_main, [signal.SIGTERM])
            timer.start()

    def _failed_thread(self, failed: threading.ExceptHookArgs) -> None:
        """A hook (`threading.excepthook`): report a failed thread as Python does.

        A thread that fails after a signal was received is not reported.
        """
        if not self.received:
            self._hooks[1](failed)

    def _read(self) -> None:
        deadline: float | None = None
        while True:
            seconds = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([self._pipe], [], [], seconds)[0]:
                self._end_process()
            for number in os.read(self._pipe, 64):
                if number == _BLOCK_ENDED:
                    self._stopped.set()
                elif number == signal.SIGINT and self.received:
                    self._end_process()  # the user does not want to wait
                elif number in MESSAGES and not self.received:
                    self.received = number
                    deadline = time.monotonic() + GRACE_S
            if self._stopped.is_set() and not self.received:
                return

    def _end_process(self) -> NoReturn:
        assert self.received
        _end_process(self.received, silent=self._stopped.is_set())


_reader: _SignalReader | None = None
_interrupt_received = False


def _exit_handler(number: int, _: object) -> None:
    if _reader is None:
        _end_process(number)
    raise KeyboardInterrupt


def _raise_handler(_: int, __: object) -> None:
    global _interrupt_received  # noqa: PLW0603  # a process has one set of signal handlers
    _interrupt_received = True
    raise KeyboardInterrupt


def _raise_dropped_interrupt_again(dropped: sys.UnraisableHookArgs) -> None:
    """A hook (`sys.unraisablehook`): send SIGINT again after its exception was dropped.

    A destructor has dropped the KeyboardInterrupt. Other dropped exceptions are reported as usual.
    """
    if not issubclass(dropped.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(dropped)
        return
    timer = threading.Timer(_RAISE_AGAIN_S, _interrupt_main_thread)
    timer.daemon = True
    timer.start()


def _interrupt_main_thread() -> None:
    """Send SIGINT to the main thread. This interrupts a system call too (not on Windows)."""
    main = threading.main_thread().ident
    if sys.platform == "win32" or main is None:
        _thread.interrupt_main()
    else:
        signal.pthread_kill(main, signal.SIGINT)


def _end_process(number: int, *, silent: bool = False) -> NoReturn:
    """End the process at once with the exit status of a signal.

    Prints the message of the signal first, unless `silent` is set.
    """
    if not silent:
        with suppress(OSError):  # standard error is closed, and nobody reads the message
            os.write(2, f"nalssi: {MESSAGES[number]}\n".encode())
    os._exit(128 + number)
