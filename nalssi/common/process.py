"""SIGINT and SIGTERM end a command that runs a flow with one line and with status 130 or 143.

Before a flow has begun and after it has ended there is nothing to undo, so a signal ends the
process at once. During a flow, a signal raises KeyboardInterrupt in the main thread, so that
temporary files are removed and Prefect's server learns that the run has stopped. That alone is
not enough: an exception that a signal raises can get lost on its way (pydantic turns it into
PydanticSerializationError, a destructor drops it), and clean-up can wait for a thread or for a
server that does not answer. So a thread reads signals too, and ends the process when the main
thread has not done so within GRACE_S. A killed run leaves the warehouse whole.
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

WORDS = {signal.SIGINT.value: "interrupted", signal.SIGTERM.value: "terminated"}
STATUS = {128 + number: word for number, word in WORDS.items()}
"""Exit status after a signal, as shells have it, and what the command says."""

GRACE_S = 8.0
"""Seconds for clean-up. Docker kills a container ten seconds after SIGTERM."""

LEFT = 0
"""What `_Unwinding.leave` writes where signals write their numbers."""


def exit_on_signals() -> None:
    """From now on SIGINT and SIGTERM end this process at once, except in `clean_up_on_signal`."""
    for number in WORDS:
        signal.signal(number, _handle)


@contextmanager
def clean_up_on_signal() -> Iterator[None]:
    """While the block lasts, a signal raises KeyboardInterrupt; afterwards, SystemExit.

    The process ends after GRACE_S, or at a second SIGINT, if the block has not ended by then.
    Without `exit_on_signals`, in a program that has its own use of signals, nothing is changed.
    """
    global _current  # noqa: PLW0603  # a process has one set of signal handlers
    if signal.getsignal(signal.SIGTERM) is not _handle:
        yield
        return
    current = _current = _Unwinding()
    try:
        yield
    finally:
        number = current.leave()
        _current = None
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WORDS)
        if number:
            raise SystemExit(128 + number) from None


@contextmanager
def sigint_blocked() -> Iterator[None]:
    """Processes started meanwhile never see the SIGINT that a terminal sends to all of them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Unwinding:
    """Notices signals, whatever becomes of the exceptions that they raise."""

    def __init__(self) -> None:
        self.received: int | None = None
        self._left = threading.Event()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        # Python writes a signal's number there, even if a library replaces the handler.
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        self._hooks = sys.unraisablehook, threading.excepthook
        sys.unraisablehook = self._lost
        threading.excepthook = self._thread_failed
        threading.Thread(target=self._read, daemon=True).start()

    def leave(self) -> int | None:
        """The block has ended: the first signal that came, if any. Signals stay blocked."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WORDS)
        os.write(self._writer, bytes([LEFT]))
        self._left.wait()
        signal.set_wakeup_fd(-1)
        if self.received:  # the command is about to say so and to exit
            for number in WORDS:
                signal.signal(number, signal.SIG_IGN)
        else:
            sys.unraisablehook, threading.excepthook = self._hooks
        return self.received

    def _lost(self, failed: sys.UnraisableHookArgs) -> None:
        """An exception that cannot be raised, as in a destructor: raise a signal's again, later."""
        if issubclass(failed.exc_type, Exception):
            if not self.received:
                self._hooks[0](failed)
        else:  # KeyboardInterrupt, or what Prefect raises at SIGTERM
            threading.Timer(0.1, _thread.interrupt_main, [signal.SIGTERM]).start()

    def _thread_failed(self, failed: threading.ExceptHookArgs) -> None:
        """A thread has failed: after a signal, that is no news."""
        if not self.received:
            self._hooks[1](failed)

    def _read(self) -> None:
        deadline: float | None = None
        while True:
            seconds = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([self._reader], [], [], seconds)[0]:
                self._end()
            for number in os.read(self._reader, 64):
                if number == LEFT:
                    self._left.set()
                elif number == signal.SIGINT and self.received:
                    self._end()  # the user does not want to wait
                elif number in WORDS and not self.received:
                    self.received = number
                    deadline = time.monotonic() + GRACE_S
            if self._left.is_set() and not self.received:
                return

    def _end(self) -> NoReturn:
        assert self.received
        _end(self.received, said=self._left.is_set())


_current: _Unwinding | None = None


def _handle(number: int, _: object) -> None:
    if _current is None:
        _end(number)
    raise KeyboardInterrupt


def _end(number: int, *, said: bool = False) -> NoReturn:
    """End the process without taking the interpreter apart."""
    if not said:
        with suppress(OSError):  # standard error is closed: nobody is left to be told
            os.write(2, f"nalssi: {WORDS[number]}\n".encode())
    os._exit(128 + number)
