"""Commands that change captured pages, their log and the reported states, with a fixed clock."""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nalssi.capture.landing import Landing
from nalssi.warehouse import Warehouse

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SOURCES = ("changing", "equal")
OLD_CAPTURES = [timedelta(days=days) for days in (100, 99, 98, 70, 69, 2)]
"""The ages of captures whose log lines and pages are of several months."""


def capture(folder: Path, at: datetime = NOW) -> None:
    """Fetch two pages, of which one has changed, and mark them as loaded, as the flow does."""
    from nalssi.capture.capture_source import capture_source, source_history
    from nalssi.capture.source_list import Source

    landing = Landing(Warehouse(folder / "warehouse"))
    with landing.locked():
        attempts, _ = landing.read_log()
        for name in SOURCES:
            source = Source(name=name, url=f"https://{name}.example/")
            capture_source(
                source,
                landing,
                source_history(landing, attempts, name, at),
                _Fetcher(at),  # type: ignore[arg-type]  # a fetcher of this test
            )
    landing.mark_loaded(landing.files_to_load()[1])


@dataclass
class _Fetcher:
    """A fetcher whose pages and clock are fixed."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def get(self, url: str, *_: object) -> object:
        from nalssi.capture.fetched_response import FetchedResponse

        text = f"서울 {self.at.day}℃" if "changing" in url else "서울 1℃"
        body = f"<p>{text}</p>".encode()
        headers = ((b"content-type", b"text/html"),)
        return FetchedResponse(url, self.at, 200, "OK", "HTTP/1.1", headers, "1.1.1.1", body, body)


def capture_before(folder: Path) -> None:
    """Fetch the pages a day earlier."""
    capture(folder, NOW - timedelta(days=1))


def capture_for_months(folder: Path) -> None:
    """Fetch the pages in several months. The parts were last used long ago."""
    for age in OLD_CAPTURES:
        capture(folder, NOW - age)
    for part in Warehouse(folder / "warehouse").staged.iterdir():
        os.utime(part, times=(0, 0))


def apply_retention(folder: Path) -> None:
    """Rotate the log, and remove old pages and parts, as the flow `capture` does.

    All pages were loaded before, as the flow `hourly` does in every run.
    """
    from nalssi.capture import retention

    assert logging.lastResort
    logging.lastResort.setFormatter(logging.Formatter("nalssi: %(message)s"))  # as commands do
    warehouse = Warehouse(folder / "warehouse")
    kept = retention.Retention(
        landing_months=2, staged_days=1, log_megabytes=0, log_days=retention.LEAST_LOG_DAYS
    )
    landing = Landing(warehouse)
    landing.mark_loaded(landing.files_to_load()[1])
    with landing.locked():
        done = retention.apply_retention(warehouse, kept, NOW)
    if any(line.startswith("cannot ") for line in done):
        sys.exit(1)


def report_sources(folder: Path) -> None:
    """Report that the sources are late, as the flow does after a capture."""
    from nalssi.capture.report_sources import report_sources
    from nalssi.capture.source_list import Source, SourceList

    listed = SourceList(
        source=tuple(Source(name=name, url=f"https://{name}.example/") for name in SOURCES)
    )
    warehouse = Warehouse(folder / "warehouse")
    reported = report_sources(warehouse, listed, lambda _: None, NOW + timedelta(days=9))
    assert [change.state for change in reported.events] in (["late", "late"], [])


def add_files_of_a_service(folder: Path) -> None:
    """Write what else a service keeps in its warehouse: a source list and reported states."""
    listed = (f'[[source]]\nname = "{name}"\nurl = "https://{name}.example/"\n' for name in SOURCES)
    (folder / "warehouse" / "sources.toml").write_text("\n".join(listed), encoding="utf-8")
    report_sources(folder)
    (folder / "warehouse" / "observations").mkdir()
    (folder / "hours.csv").rename(folder / "warehouse" / "observations" / "hours.csv")
