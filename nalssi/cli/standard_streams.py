"""Prepare the standard streams, so that writing to them never ends a command with a traceback.

- A character that the terminal's or locale's encoding lacks is written as an escape sequence
  (`\u2022`). Formats for programs are UTF-8 (`nalssi.common.safe_text.data_stream`).
- Writing to a closed standard output is an error, like writing to a full disk. The closed stream's
  descriptor is occupied, so that no file that the command opens becomes its output.
- A message that cannot be written is lost. The work and the exit status stay the same.
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
    """Set up the standard streams of this process so that no output raises an unexpected error.

    Characters that an encoding lacks are escaped. If standard output was closed at the start,
    writing to it is an error. Errors of writing to standard error are ignored, unless it is a
    terminal.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # Opened for the wrong direction, so that using the stream stays an error.
            os.open(os.devnull, os.O_RDONLY if descriptor else os.O_WRONLY)
    if sys.stdout is None:  # closed when Python started
        sys.stdout = cast(TextIO, open(1, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
    if sys.stderr is None or not sys.stderr.isatty():
        messages = io.BufferedWriter(_LossyFile(2, "w", closefd=False))
        sys.stderr = io.TextIOWrapper(
            messages, encoding, "backslashreplace", line_buffering=True, write_through=True
        )


class _LossyFile(io.FileIO):
    """A file that ignores write errors, because no stream is left to report them on."""

    def write(self, message: ReadableBuffer, /) -> int:
        try:
            return super().write(message)
        except OSError:
            return memoryview(message).nbytes


def output_error(error: OSError) -> str:
    """Return a one-line message: the file or output that could not be written, and the cause."""
    if error.filename is None and error.errno == errno.EBADF:
        return "the output is closed"
    return file_and_reason(error, "the output")
