"""The program `nalssi`, also as `python -m nalssi`."""

from __future__ import annotations

import signal
from typing import NoReturn

from nalssi.common.process import exit_on_signals


def main() -> NoReturn:
    """Run the command line. A signal while it is being imported ends the process with one line."""
    exit_on_signals()
    from nalssi.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)  # which commands handle themselves
    run()


if __name__ == "__main__":
    main()
