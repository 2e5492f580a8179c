"""The command line: one verb a command.

Exit status 0: done. 1: something asked for could not be used; the rest was done. 2: wrong usage.
An error is one line on stderr. What a command needs is imported inside it: Prefect, matplotlib and
the dataframe libraries take longer to import than most commands take to run.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from nalssi import __version__
from nalssi.cli import flows, moving, parsing, querying, stations  # noqa: F401  # they add their commands
from nalssi.cli.app import app, say


def main() -> NoReturn:
    """Run the command that the arguments name, and exit with its status."""
    try:
        app()
    except KeyboardInterrupt:
        say("interrupted")
        raise SystemExit(130) from None
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing more can be said on it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    raise SystemExit(0)


def _version(asked: bool) -> None:
    if asked:
        print(f"nalssi {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass
