"""Show which chart is being drawn to the user of a command.

Nothing is shown if no user watches the run (`extraction_progress.current` is None).
"""

from __future__ import annotations

from rich.progress import MofNCompleteColumn, TextColumn

from flows import extraction_progress
from flows.progress_display import ProgressDisplay


class DrawingProgress:
    """Shows the progress of drawing on standard error during the `with` block; call `report`."""

    def __init__(self) -> None:
        watched = extraction_progress.current
        if watched:
            watched.stop_bar()  # a terminal has one bar at a time
        columns = MofNCompleteColumn(), TextColumn("{task.description}", markup=False)
        self._display = ProgressDisplay(*columns, shown=watched is not None)

    def __enter__(self) -> DrawingProgress:
        self._display.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._display.stop()

    def report(self, drawn: int, total: int, what: str) -> None:
        """Show that `drawn` of `total` charts are drawn, and that `what` is drawn next.

        `what` names a chart; it is empty at the end. The method is a
        `nalssi.charts.draw_processes.Progress`.
        """
        description = f"drawing {what}" if what else "drawn"
        self._display.set_total(total)
        line = f"charts: {drawn:,} of {total:,}, {description}"
        self._display.update(drawn, description, lambda: line)
