"""What a flow leaves, for whoever asked for it."""

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
    """What became of a source in a run."""

    source: str
    attempt: Attempt | None = None
    """The last try to fetch it; None if it was not due, or something of ours went wrong."""
    due_at: datetime | None = None
    """When it is due, if it is not yet."""
    problem: str | None = None
    """Why there is no page, in one line."""

    @property
    def outcome(self) -> str:
        """In a word or two: `new`, `unchanged`, `failed` or `not due`."""
        if self.problem:
            return "failed"
        return self.attempt.outcome if self.attempt else "not due"


@dataclass(frozen=True)
class FlowResult:
    """What a run did. Parts that it was not asked for, or that there was nothing for, are empty."""

    flow_run: str
    """Prefect's name of the run."""
    load: LoadReport | None = None
    """None when no document could be read."""
    charts: list[Path] = field(default_factory=list)
    """Every chart asked for, drawn now or standing from before."""
    charts_drawn: int = 0
    gallery: Path | None = None
    """The page to open of the static site, if one was built."""
    problems: list[str] = field(default_factory=list)
    """A line for each thing asked for that could not be used; the rest was done."""
    skipped: list[Skipped] = field(default_factory=list)
    """Files in a format that is not read; `problems` counts them in one line."""
    captures: list[CapturedSource] = field(default_factory=list)
    """What became of each source that was to be fetched."""
    unread: str = ""
    """How much of the input could not be used, such as `1 of 2 sources could not be read`."""

    @property
    def loaded(self) -> bool:
        """Whether a ticker was found in what was read."""
        return self.load is not None and self.load.documents_with_ticker > 0


class NothingUsedError(RuntimeError):
    """A run could use nothing of its input; the message says why.

    `result` is what the run returns otherwise: its problems, and what it did all the same.
    """

    def __init__(self, message: str, result: Any) -> None:
        super().__init__(message)
        self.result = result
