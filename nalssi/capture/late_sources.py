"""Find the late sources that runs still try to fetch, for the Atom feed of the gallery.

"Now" is the time of the newest attempt to fetch any source, not the time of the clock, so that the
result changes only with new captures.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from nalssi.capture.landing import Landing
from nalssi.capture.source_health import judge_sources
from nalssi.gallery.late_source import LateSource
from nalssi.warehouse import Warehouse

STILL_TRIED: Final = timedelta(days=1)
"""A source whose last attempt is this much older than the newest attempt of any source is not
reported: it was probably removed from the source list."""


def late_sources(warehouse: Warehouse) -> list[LateSource]:
    """Return the sources that are late (`source_health`) although runs still try to fetch them."""
    attempts = Landing(warehouse).attempts()
    if attempts.is_empty():
        return []
    now = attempts["at"][-1]
    found = []
    for health in judge_sources(attempts, now):
        tried = health.tried_at is not None and now - health.tried_at <= STILL_TRIED
        if health.state != "late" or not tried:
            continue
        first = attempts.filter(pl.col("source") == health.source)["at"][0]
        since = health.got_at or first
        found.append(LateSource(health.source, since, ever_fetched=health.got_at is not None))
    return found
