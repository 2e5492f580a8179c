"""Run a command, and turn interrupts and errors of input or output into a line and an exit status.

Other exceptions that reach this module are bugs of nalssi; Python prints them.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from nalssi.cli.app import app
from nalssi.cli.messages import print_message
from nalssi.cli.standard_streams import output_error, prepare_streams
from nalssi.common.process.signals import (
    INTERRUPTED,
    MESSAGES_BY_EXIT_STATUS,
    interrupt_received,
    raise_on_interrupt,
)
from nalssi.common.process.workarounds import exit_without_teardown


def main() -> NoReturn:
    """Run the command that the arguments name, and exit with its status."""
    prepare_streams()
    try:
        with raise_on_interrupt():
            status = _run_command()
    except KeyboardInterrupt:  # it came while the command printed its last message
        print_message("interrupted")
        status = INTERRUPTED
    if "prefect" in sys.modules or "matplotlib" in sys.modules:
        exit_without_teardown(status)
    raise SystemExit(status)


def _run_command() -> int:
    """Run the command that the arguments name, and return its exit status.

    OSError, UnicodeError and KeyboardInterrupt are printed as one line. If the reader of the output
    has closed it, nothing is printed. Raises KeyboardInterrupt if SIGINT was received but a library
    or the command has turned it into another error.
    """
    try:
        try:
            app()
        except Exception as error:
            if interrupt_received():  # a library has turned KeyboardInterrupt into this exception
                raise KeyboardInterrupt from error
            raise
        finally:
            sys.stdout.flush()  # raise the error of output that cannot be written
    except SystemExit as exit_:
        if isinstance(exit_.__context__, BrokenPipeError):  # typer has turned it into status 1
            _discard_output()
            return 0
        if exit_.code in MESSAGES_BY_EXIT_STATUS:  # typer turns KeyboardInterrupt into status 130
            print_message(MESSAGES_BY_EXIT_STATUS[exit_.code])
        elif exit_.code and interrupt_received():  # the command has reported it as an error
            raise KeyboardInterrupt from exit_
        return exit_.code if isinstance(exit_.code, int) else int(bool(exit_.code))
    except KeyboardInterrupt:
        print_message("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()  # the reader, such as `head`, needs no more
    except OSError as error:
        _discard_output()
        print_message(output_error(error))
        return 1
    except UnicodeError as error:  # an argument has characters outside the locale's encoding
        print_message(f"{error} (the encoding of the locale is {sys.getfilesystemencoding()})")
        return 1
    return 0


def _discard_output() -> None:
    """Send the rest of the output to the null device, so that flushing it at exit cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
