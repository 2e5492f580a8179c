"""Messages and errors of commands: one line each on standard error, `nalssi: …`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NoReturn

import typer

from nalssi.common.safe_text import safe_text


def print_message(message: str) -> None:
    """Print one line to standard error; control characters in it are escaped."""
    print(f"nalssi: {safe_text(message)}", file=sys.stderr)


def fail(problems: Iterable[str], status: int = 1) -> NoReturn:
    """Print each of `problems` as a line on standard error, and exit with `status`."""
    for problem in problems:
        print_message(problem)
    raise typer.Exit(status)
