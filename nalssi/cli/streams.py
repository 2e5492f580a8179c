"""Standard streams that never end a command with a traceback.

- A character that the encoding of the terminal or locale lacks is written as Python spells it
  (`\\u2022`). Formats that programs read are UTF-8 (`nalssi.common.safe_text.data_stream`).
- A closed standard output is an error when something is written to it, as a full disk is. Its
  descriptor is taken, so that no file that the command opens becomes its output.
- A message that cannot be written is lost and changes neither the work nor the exit status.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO, cast

from nalssi.common.errors import file_and_reason

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def prepare_streams() -> None:
    """Make the standard streams fit to write whatever comes to wherever they lead."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # Opened for the wrong direction: to write to it, or read from it, stays an error.
            os.open(os.devnull, os.O_RDONLY if descriptor else os.O_WRONLY)
    if sys.stdout is None:  # closed when Python started
        sys.stdout = cast(TextIO, open(1, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
    if sys.stderr is None or not sys.stderr.isatty():
        messages = io.BufferedWriter(_Messages(2, "w", closefd=False))
        sys.stderr = io.TextIOWrapper(
            messages, encoding, "backslashreplace", line_buffering=True, write_through=True
        )


class _Messages(io.FileIO):
    """A file that takes what it cannot write: nobody is left to be told."""

    def write(self, message: ReadableBuffer, /) -> int:
        try:
            return super().write(message)
        except OSError:
            return memoryview(message).nbytes


def cause_of(error: OSError) -> str:
    """What could not be written, and why, in one line."""
    if error.filename is None and error.errno == errno.EBADF:
        return "the output is closed"
    return file_and_reason(error, "the output")
