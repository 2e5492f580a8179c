"""What the flows of `flows.weather` and `flows.capture` return to their caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nalssi.capture.capture_log import Attempt
from nalssi.sources import Skipped
from nalssi.warehouse.load_parts import LoadReport


@dataclass(frozen=True)
class CapturedSource:
    """The result of one source of the source list in a run."""

    source: str
    """Name of the source."""
    attempt: Attempt | None = None
    """The last attempt to fetch the source. None if it was not due, or if nalssi itself failed."""
    due_at: datetime | None = None
    """When the source is due, if it was not due in this run."""
    problem: str | None = None
    """Why there is no page, in one line."""

    @property
    def outcome(self) -> str:
        """`new`, `unchanged`, `failed` or `not due`."""
        if self.problem:
            return "failed"
        return self.attempt.outcome if self.attempt else "not due"


@dataclass(frozen=True)
class FlowResult:
    """The result of a run. Fields of steps that the run does not have are empty."""

    flow_run: str
    """Prefect's name of the run."""
    load: LoadReport | None = None
    """Counts of the load. None if no document could be read."""
    charts: list[Path] = field(default_factory=list)
    """Files of all requested charts, including those that were up to date."""
    charts_drawn: int = 0
    """Number of charts that this run drew."""
    gallery: Path | None = None
    """Start page of the gallery, if the run built one."""
    problems: list[str] = field(default_factory=list)
    """One line for each part of the input that could not be used."""
    skipped: list[Skipped] = field(default_factory=list)
    """Files in a format that nalssi does not read. `problems` counts them in one line."""
    captures: list[CapturedSource] = field(default_factory=list)
    """The result of each source that the run was asked to fetch."""
    unread: str = ""
    """How much of the input could not be used, such as `1 of 2 sources could not be read`."""

    @property
    def found_tickers(self) -> bool:
        """Whether the documents that were read have a ticker."""
        return self.load is not None and self.load.documents_with_ticker > 0


class NothingUsedError(RuntimeError):
    """A run failed because it could use no part of its input. The message gives the cause.

    `result` is what the flow would have returned, with its problems.
    """

    def __init__(self, message: str, result: Any) -> None:
        super().__init__(message)
        self.result = result
