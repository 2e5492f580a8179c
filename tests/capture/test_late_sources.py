"""The sources that the Atom feed reports: not fetched for a long time, although runs still try."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from nalssi.capture.capture_log import Attempt
from nalssi.capture.landing import Landing
from nalssi.capture.late_sources import late_sources
from nalssi.capture.source_health import LATE_INTERVALS
from nalssi.gallery.late_source import LateSource
from nalssi.warehouse import Warehouse

URL = "https://paper.example/"
AT = datetime(2026, 11, 28, 3, tzinfo=UTC)


def attempt(landing: Landing, source: str, hour: int, *, failed: bool = False) -> None:
    outcome = "failed" if failed else "new"
    content = {"error": "timeout"} if failed else {"digest": f"{hour}", "uri": URL, "file": "f"}
    at = AT + timedelta(hours=hour)
    landing.log_attempt(Attempt(at, source, URL, 3600, outcome, **content))  # type: ignore[arg-type]


def test_sources_that_runs_cannot_fetch_are_reported_since_their_last_capture(
    tmp_path: Path,
) -> None:
    warehouse = Warehouse(tmp_path)
    landing = Landing(warehouse)
    with landing.locked():
        last = 2 + LATE_INTERVALS
        for hour in range(last + 1):
            attempt(landing, "fine", hour)
            attempt(landing, "broken", hour, failed=hour > 1)
            attempt(landing, "shaky", hour, failed=hour == last)
            attempt(landing, "never", hour, failed=True)
    expected = [
        LateSource("broken", AT + timedelta(hours=1)),
        LateSource("never", AT, ever_fetched=False),
    ]
    assert late_sources(warehouse) == expected
    with landing.locked():
        attempt(landing, "fine", 40)
    assert late_sources(warehouse) == [], "sources that nobody tries are no longer in the list"


def test_a_warehouse_without_captures_has_no_late_sources(tmp_path: Path) -> None:
    assert late_sources(Warehouse(tmp_path)) == []
