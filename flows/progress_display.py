"""Show progress to the user of a command: a bar on a terminal, elsewhere a line every ten seconds.

A line of text between JSON lines could not be parsed, so there are no lines with NALSSI_LOG=json.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TimeRemainingColumn

from flows.logs import json_requested

SECONDS_BETWEEN_LINES = 10.0


class ProgressDisplay:
    """Shows progress on standard error between `start` and `stop`.

    If `shown` is False, nothing is shown. `columns` are columns of rich's progress bar, such as a
    text. They stand between the bar and the remaining time.
    """

    def __init__(self, *columns: ProgressColumn, shown: bool = True) -> None:
        self._on_terminal = shown and sys.stderr.isatty()
        self._print_lines = shown and not (self._on_terminal or json_requested())
        self._printed_at = time.monotonic()
        self._bar = Progress(
            BarColumn(bar_width=20),
            *columns,
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, visible=False)

    def start(self) -> None:
        """Show the bar, if there is a terminal."""
        if self._on_terminal:
            self._bar.start()

    def stop(self) -> None:
        """Remove the bar, if it is shown."""
        if self._bar.live.is_started:
            self._bar.stop()

    def set_total(self, total: int) -> None:
        """Set the total amount of work, in the same unit as `completed` in `update`."""
        self._bar.update(self._task, total=total, visible=True)

    def update(self, completed: int, description: str, line: Callable[[], str]) -> None:
        """Update the bar; without a terminal, print the text of `line()` every ten seconds.

        `completed` is the amount of work that is done, `description` is the text beside the bar.
        """
        self._bar.update(self._task, completed=completed, description=description)
        now = time.monotonic()
        if self._print_lines and now - self._printed_at >= SECONDS_BETWEEN_LINES:
            self._printed_at = now
            print(line(), file=sys.stderr)
