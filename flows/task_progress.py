"""Report the progress of a long task run to Prefect: a progress artifact, and lines in its log.

A task that ends within some seconds reports nothing, so that small runs stay small.
"""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import create_progress_artifact, update_progress_artifact

SECONDS_BETWEEN_UPDATES: Final = 5.0
"""The artifact is created this many seconds after the start; updates are at least as far apart."""
SECONDS_BETWEEN_LINES: Final = 30.0
"""The log has at most one line of progress in this number of seconds."""
MOST_BEFORE_END: Final = 99.0
"""The largest percentage before the task ends. Totals are estimates, and may be exceeded."""


class TaskProgress:
    """Reports the progress of the current task run to Prefect, during a `with` block."""

    def __init__(self, step: str) -> None:
        """Name the step of the task, such as `draw`; the artifact's key is then `progress-draw`."""
        self._key = f"progress-{step}"
        self._artifact: UUID | None = None
        self._updated_at = self._logged_at = time.monotonic()

    def __enter__(self) -> TaskProgress:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self._artifact and error is None:
            update_progress_artifact(self._artifact, 100.0)

    def report(self, done: float, total: float, text: str) -> None:
        """Report that `done` of `total` is done, both in the same unit, such as bytes.

        `text` is shown in the artifact and in the log.
        """
        now = time.monotonic()
        if now - self._updated_at < SECONDS_BETWEEN_UPDATES:
            return
        self._updated_at = now
        percentage = min(MOST_BEFORE_END, 100 * done / total) if total else 0.0
        if self._artifact:
            update_progress_artifact(self._artifact, percentage, text)
        else:
            created = create_progress_artifact(percentage, self._key, text)
            assert isinstance(created, UUID)  # a coroutine only inside an event loop
            self._artifact = created
        if now - self._logged_at >= SECONDS_BETWEEN_LINES:
            self._logged_at = now
            get_run_logger().info("%s", text)
