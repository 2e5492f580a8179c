"""Conclusions: when each snapshot was observed, and which of its readings are usable.

Evidence is stored apart from conclusions: `snapshots.observed_at` (the feed's hour),
`reconciliations` (official hours), `sightings` (printed dates), `documents` (capture times),
`repeated_lists` (frozen feeds) and `quality` (flags). `draw_conclusions.sql` is the only place that
draws conclusions from it. They are the table `conclusions`, one row per snapshot, which views,
checks and timing read.
"""

from nalssi.conclusions.draw_conclusions import (
    conclude,
    conclude_times,
    conclude_usable,
    neighbouring_snapshots,
)

__all__ = ["conclude", "conclude_times", "conclude_usable", "neighbouring_snapshots"]
