"""The results that the flows of `flows.weather` and `flows.capture` return to their caller."""

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
    """The result of a run for one source of the source list."""

    source: str
    """The name of the source."""
    attempt: Attempt | None = None
    """The last attempt to fetch the source. None if it was not due, or if nalssi itself failed."""
    due_at: datetime | None = None
    """The time at which the source is due. Only set if it was not due in this run."""
    problem: str | None = None
    """The reason why the source was not fetched, in one line."""

    @property
    def outcome(self) -> str:
        """The outcome for the source: `new`, `unchanged`, `failed` or `not due`."""
        if self.problem:
            return "failed"
        return self.attempt.outcome if self.attempt else "not due"


@dataclass(frozen=True)
class FlowResult:
    """The result of a run. A field is empty if the run does not have the step that fills it."""

    flow_run: str
    """The name that Prefect gave to the run."""
    load: LoadReport | None = None
    """The counts of the load. None if the run found nothing to load."""
    charts: list[Path] = field(default_factory=list)
    """The files of all requested charts, including those that were up to date."""
    charts_drawn: int = 0
    """The number of charts that this run drew."""
    omitted_charts: str = ""
    """One line with the number of charts that cannot be drawn and the reasons; empty if there is no
    such chart."""
    nothing_drawn: str = ""
    """The reason why there is no chart, in one line; empty if there is a chart, or if
    `omitted_charts` has the reason."""
    gallery: Path | None = None
    """The path of the gallery's start page. None if the run did not build the gallery."""
    problems: list[str] = field(default_factory=list)
    """One line of text for each part of the input that could not be used."""
    skipped: list[Skipped] = field(default_factory=list)
    """The files in a format that nalssi does not read. `problems` has one line with their number.
    """
    captures: list[CapturedSource] = field(default_factory=list)
    """The result of each selected source of the source list, due or not."""
    alerts_sent: int = 0
    """The number of addresses of the source list's `alert` that accepted an alert."""
    alerts_failed: int = 0
    """The number of addresses that did not accept an alert. The next run sends it again. If the
    health of the sources could not be reported at all, it is 1."""
    unread: str = ""
    """A phrase for the input that could not be used, such as `1 of 2 sources could not be read`."""

    @property
    def found_tickers(self) -> bool:
        """Whether the run found a ticker in the documents that it read."""
        return self.load is not None and self.load.documents_with_ticker > 0


class NothingUsedError(RuntimeError):
    """A run failed because it could use no part of its input. The message gives the cause.

    `result` is the result of the flow, such as a FlowResult, with its problems.
    """

    def __init__(self, message: str, result: Any) -> None:
        super().__init__(message)
        self.result = result
