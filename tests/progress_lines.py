"""The lines of progress that commands print on standard error after some seconds.

On a busy machine they come between the messages that a test expects.
"""

from __future__ import annotations

PROGRESS = ("extracting: ", "charts: ")
"""The beginnings of the lines; `tests/flows` compares them with the lines that are printed."""


def without_progress(error: str) -> str:
    """Return what a command has printed on standard error, without the lines of progress."""
    lines = error.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(PROGRESS))
