"""What is known of the time of a snapshot: its day, and the clock time that may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class SnapshotTime:
    """The day and the clock time of a snapshot, as the view `timed_snapshots` has them.

    `day` is the KST day, or None if it is unknown or proven false. `clock_at` is the proven hour of
    observation if `clock_source` is `feed` or `official`. If it is `capture`, `clock_at` is when a
    page with the snapshot was first captured, which is not an hour of observation. Both are None
    if neither is known.
    """

    day: date | None
    clock_at: datetime | None = None
    clock_source: str | None = None

    @property
    def is_captured(self) -> bool:
        """Whether `clock_at` is a capture time, and not a proven hour of observation."""
        return self.clock_source == "capture"
