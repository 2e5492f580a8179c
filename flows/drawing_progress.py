"""Show which chart is being drawn to the user of a command.

On a terminal it is a bar, elsewhere a line every ten seconds. Nothing is shown if no user watches
the run, which `extraction_progress.current` tells.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows import extraction_progress
from flows.extraction_progress import SECONDS_BETWEEN_LINES
from flows.logs import json_requested


class DrawingProgress:
    """Shows on standard error, during the `with` block, what `report` is told."""

    def __init__(self) -> None:
        watched = extraction_progress.current
        if watched:
            watched.stop_bar()  # a terminal has one bar at a time
        self._on_terminal = bool(watched) and sys.stderr.isatty()
        # A line of text between JSON lines could not be parsed.
        self._print_lines = bool(watched) and not (self._on_terminal or json_requested())
        self._printed_at = time.monotonic()
        self._bar = Progress(
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, visible=False)

    def __enter__(self) -> DrawingProgress:
        if self._on_terminal:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._on_terminal:
            self._bar.stop()

    def report(self, drawn: int, total: int, what: str) -> None:
        """Show how many charts are drawn, of how many, and what is drawn next.

        This is a `nalssi.charts.draw_processes.Progress`.
        """
        description = f"drawing {what}" if what else "drawn"
        self._bar.update(
            self._task, completed=drawn, total=total, description=description, visible=True
        )
        now = time.monotonic()
        if self._print_lines and now - self._printed_at >= SECONDS_BETWEEN_LINES:
            self._printed_at = now
            print(f"charts: {drawn:,} of {total:,}, {description}", file=sys.stderr)
