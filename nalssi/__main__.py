"""The program `nalssi`, also started by `python -m nalssi`."""

from __future__ import annotations

from typing import NoReturn

from nalssi.common.process.signals import exit_on_signals


def main() -> NoReturn:
    """Run the command line. A signal during the imports ends the process with one line of text."""
    exit_on_signals()
    from nalssi.cli import main as run_program

    run_program()


if __name__ == "__main__":
    main()
