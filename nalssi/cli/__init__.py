"""The command line: one verb a command.

Exit status 0: done. 1: something asked for could not be used; the rest was done. 2: wrong usage.
130: interrupted, 143: terminated. An error is one line on stderr. What a command needs is imported
inside it: Prefect, matplotlib and the dataframe libraries take longer to import than most commands
to run.
"""

from __future__ import annotations

import atexit
import os
import sys
from typing import Annotated, NoReturn

import typer

from nalssi.cli import (  # noqa: F401  # they add their commands
    capture_command,
    flow_commands,
    parse_command,
    query_commands,
    station_commands,
    transfer_commands,
)
from nalssi.cli.app import app, say
from nalssi.cli.streams import cause_of, prepare_streams
from nalssi.common.process import STATUS

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""


def main() -> NoReturn:
    """Run the command that the arguments name, and exit with its status."""
    prepare_streams()
    status = _status()
    if "prefect" in sys.modules:
        _leave(status)
    raise SystemExit(status)


def _status() -> int:
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # what cannot be written is said now or never
    except SystemExit as exit_:
        if isinstance(exit_.__context__, BrokenPipeError):  # that typer has made a failure of
            _give_up_output()
            return 0
        if exit_.code in STATUS:  # 130 is all that typer makes of Ctrl-C
            say(STATUS[exit_.code])
        return exit_.code if isinstance(exit_.code, int) else int(bool(exit_.code))
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _give_up_output()  # whoever read it has had enough
    except OSError as error:
        _give_up_output()
        say(cause_of(error))
        return 1
    except UnicodeError as error:  # an argument that the locale cannot spell, for one
        say(f"{error} (the encoding of the locale is {sys.getfilesystemencoding()})")
        return 1
    return 0


def _give_up_output() -> None:
    """Have the rest of what was to be printed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _leave(status: int) -> NoReturn:
    """End without taking the interpreter apart.

    With Prefect's threads still about, extension modules complain there, in pages of text, of
    objects that were not freed.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _version(asked: bool) -> None:
    if asked:
        from nalssi.common.version import __version__

        print(f"nalssi {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass
