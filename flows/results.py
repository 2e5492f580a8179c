"""What a flow leaves, for whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from nalssi.warehouse.load import LoadReport


@dataclass(frozen=True)
class Result:
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
