"""Convert exceptions to one-line error messages.

Messages of libraries have several lines, or none. Users get one line that names the cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def first_line(error: BaseException) -> str:
    """Return the first line of an exception's message, or the name of its class if it has none."""
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__


def class_and_first_line(error: BaseException) -> str:
    """Return the class and the first line of the message, such as `ValueError: …`.

    Use it for exceptions whose message was not written for users.
    """
    name = type(error).__name__
    line = first_line(error)
    return name if line == name else f"{name}: {line}"


def reason_without_number(error: BaseException) -> str:
    """Return the first line of the message in lower case, without the `[Errno N]` before it.

    Use it for errors of the network, which quote the operating system's message.
    """
    return re.sub(r"^\[Errno -?\d+\] ", "", first_line(error)).lower()


def system_reason(error: OSError) -> str:
    """Return the operating system's reason in lower case, such as `no space left on device`.

    If the exception has none, its message is returned, also in lower case.
    """
    return (error.strerror or str(error)).lower()


def file_and_reason(error: OSError, file: str | Path) -> str:
    """Return `FILE: reason`. `file` is used if the exception itself does not name a file."""
    return f"{error.filename or file}: {system_reason(error)}"


def cause_without_file(error: BaseException) -> str:
    """Return the cause of an error in one line, without a file name.

    Use it where the surrounding message already names the file.
    """
    if isinstance(error, OSError) and error.strerror:
        return system_reason(error)
    return first_line(error)


@contextmanager
def naming_file(file: Path) -> Iterator[None]:
    """Add the name of `file` to an OSError of the block that names no file.

    The system names no file if a write to an open file fails, as on a full disk.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror, str(file)) from error
