"""The health of captured sources, and how `nalssi status` reports it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nalssi.capture.capture_log import Attempt
from nalssi.capture.landing import Landing
from nalssi.capture.source_health import SourceHealth
from nalssi.capture.source_list import Source, SourceList
from nalssi.common.korea_time import KST
from nalssi.status import Status, status
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from schemas.vocabulary import station_ids
from tests.cli.run_nalssi import nalssi
from tests.warehouse.make_parts import Page, Ticker, part

NOW = datetime.now(UTC)
URL = "https://paper.example/"
STATIONS = sorted(station_ids())


def ticker(seed: int, stations: int = 16) -> Ticker:
    """Return a ticker under the date of `NOW`; each seed gives another list."""
    return Ticker(
        NOW.astimezone(KST).date(), {number: float(seed) for number in STATIONS[:stations]}
    )


Capture = tuple[float, str, Ticker | None]
"""Hours before `NOW`; `failed` or a name of the content; the ticker in the content."""


def history(folder: Path, captures: Sequence[Capture], source: str = "paper") -> Warehouse:
    """Return a warehouse into which these captures of a source are loaded."""
    warehouse = Warehouse(folder / "warehouse")
    landing = Landing(warehouse)
    pages = []
    with landing.locked():
        known = set()
        for hours_ago, content, found in sorted(captures, key=lambda capture: -capture[0]):
            at = NOW - timedelta(hours=hours_ago)
            failed = content == "failed"
            new = not failed and content not in known
            given: dict[str, Any] = (
                {"outcome": "failed", "error": "the server answered 503", "passing": True}
                if failed
                else {
                    "outcome": "new" if new else "unchanged",
                    "digest": content,
                    "uri": URL,
                    "file": content,
                }
            )
            landing.log_attempt(Attempt(at, source, URL, 3600, **given))
            if new:
                known.add(content)
                pages.append(Page(URL, [found] if found else [], captured_at=at))
    load_parts(warehouse, [part(folder / "part", pages)])
    return warehouse


def one(found: Status) -> SourceHealth:
    (source,) = found.sources
    return source


def test_a_source_whose_list_changes_is_ok(tmp_path: Path) -> None:
    captures = [(hour, f"page {hour}", ticker(hour)) for hour in range(30)]
    found = status(history(tmp_path, captures), now=NOW)
    assert (one(found).state, one(found).why) == ("ok", None)
    assert (one(found).stations, one(found).usual_stations) == (16, 16)
    assert one(found).got_at == NOW
    assert one(found).same_since == NOW
    assert found.stale == []


def test_one_list_for_a_day_on_changing_pages_is_a_frozen_source(tmp_path: Path) -> None:
    fed = [(hour, f"page {hour}", ticker(hour)) for hour in (27, 26)]
    frozen = [(hour, f"page {hour}", ticker(1)) for hour in range(26)]
    found = status(history(tmp_path, [*fed, *frozen]), now=NOW)
    assert one(found).state == "frozen"
    assert one(found).same_since == NOW - timedelta(hours=25)
    assert len(found.stale) == 1
    assert found.stale[0].startswith("paper: frozen: the same list since 20")


def test_an_unchanged_page_for_a_day_is_a_frozen_source(tmp_path: Path) -> None:
    captures = [(hour, "one page", ticker(1)) for hour in range(25)]
    assert one(status(history(tmp_path, captures), now=NOW)).state == "frozen"


@pytest.mark.parametrize("same_hours", [23])
def test_one_list_for_less_than_a_day_is_not_frozen(tmp_path: Path, same_hours: int) -> None:
    captures = [(hour, f"page {hour}", ticker(1)) for hour in range(same_hours + 1)]
    assert one(status(history(tmp_path, captures), now=NOW)).state == "ok"


@pytest.mark.parametrize(
    ("now_printed", "state", "why"),
    [
        (15, "ok", None),
        (14, "degraded", "14 stations, usually 16"),
        (0, "degraded", "no ticker on the page, usually 16"),
    ],
)
def test_a_source_that_loses_stations_is_degraded(
    tmp_path: Path, now_printed: int, state: str, why: str | None
) -> None:
    before = [(hour, f"page {hour}", ticker(hour)) for hour in (4, 3, 2, 1)]
    newest = ticker(0, now_printed) if now_printed else None
    found = status(history(tmp_path, [*before, (0, "page 0", newest)]), now=NOW)
    assert (one(found).state, one(found).why) == (state, why)


def test_a_source_that_never_had_a_ticker_is_degraded(tmp_path: Path) -> None:
    found = status(history(tmp_path, [(0, "page", None)]), now=NOW)
    assert (one(found).state, one(found).why) == ("degraded", "no ticker on the page")


def test_stations_are_compared_with_the_last_month_only(tmp_path: Path) -> None:
    old = [(hour + 24 * 40, f"old {hour}", ticker(hour, 97)) for hour in range(5)]
    new = [(hour, f"new {hour}", ticker(hour, 60)) for hour in range(3)]
    found = status(history(tmp_path, [*old, *new]), now=NOW)
    assert (one(found).state, one(found).usual_stations) == ("ok", 60)


def test_captures_are_judged_only_after_their_load(tmp_path: Path) -> None:
    warehouse = history(tmp_path, [(2, "page 2", ticker(2)), (1, "page 1", ticker(1))])
    landing = Landing(warehouse)
    at = datetime.now(UTC)
    landing.log_attempt(Attempt(at, "paper", URL, 3600, "new", digest="page 0", uri=URL, file="f"))
    found = status(warehouse)
    assert (one(found).state, one(found).stations, one(found).got_at) == ("ok", 16, at)


def test_a_failing_source_is_late_after_three_intervals(tmp_path: Path) -> None:
    captures: list[Capture] = [(2.9, "page", ticker(1)), (0, "failed", None)]
    warehouse = history(tmp_path, captures)
    failing = one(status(warehouse, now=NOW))
    assert (failing.state, failing.why) == ("failing", "the server answered 503")
    assert failing.tried_at == NOW
    found = status(warehouse, now=NOW + timedelta(minutes=10))
    assert one(found).state == "late"
    (line,) = found.stale
    assert line.startswith("paper: late: not fetched since ")
    assert line.endswith("(the server answered 503)")


def test_a_source_without_recent_attempts_is_late(tmp_path: Path) -> None:
    found = status(history(tmp_path, [(4, "page", ticker(1))]), now=NOW)
    assert one(found).state == "late"


def test_a_source_that_was_never_fetched_becomes_late(tmp_path: Path) -> None:
    warehouse = history(tmp_path, [(2, "failed", None)])
    assert one(status(warehouse, now=NOW)).state == "failing"
    found = status(warehouse, now=NOW + timedelta(hours=2))
    assert found.stale == ["paper: late: never fetched (the server answered 503)"]


def test_a_source_removed_from_the_list_has_no_status(tmp_path: Path) -> None:
    warehouse = history(tmp_path, [(400, "page", ticker(1))])
    other = SourceList(source=(Source(name="other", url="https://b.example/"),))
    found = status(warehouse, sources=other, now=NOW)
    assert [(source.source, source.state) for source in found.sources] == [("other", "untried")]
    assert found.stale == []


def test_the_age_of_the_newest_snapshot_is_stale_only_when_asked(tmp_path: Path) -> None:
    warehouse = history(tmp_path, [(0, "page", ticker(1))])
    later = NOW + timedelta(days=3)
    found = status(warehouse, now=later, sources=SourceList(source=(Source(name="n", url=URL),)))
    assert found.newest_age_hours
    assert 48 <= found.newest_age_hours <= 72  # since that day's end
    assert found.stale == []
    asked = status(warehouse, now=later, stale_after=timedelta(hours=24))
    assert any("hours old, more than 24" in line for line in asked.stale)


def test_a_warehouse_without_captures_is_never_stale(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", [Page("a", [ticker(1)])])])
    found = status(warehouse, now=NOW + timedelta(days=1000))
    assert (found.sources, found.stale) == ([], [])


def test_captures_that_were_never_loaded_have_a_status(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    landing = Landing(warehouse)
    with landing.locked():
        (landing.folder / "f").write_bytes(b"")
        landing.log_attempt(Attempt(NOW, "paper", URL, 3600, "new", digest="d", uri=URL, file="f"))
    found = status(warehouse, now=NOW)
    assert (found.rows, found.not_loaded, one(found).state) == ({}, 1, "ok")


def test_the_command_shows_sources_and_exits_for_monitors(tmp_path: Path) -> None:
    captures = [(hour, "one page", ticker(1)) for hour in range(25)]
    warehouse = history(tmp_path, captures)
    run = nalssi("status", "--warehouse", warehouse.folder)
    assert run.exit_code == 1
    assert run.stderr.startswith("nalssi: paper: frozen: the same list since ")
    assert run.stderr.count("\n") == 1
    (row,) = (line for line in run.stdout.splitlines() if line.startswith("paper"))
    assert row.split()[:2] == ["paper", "frozen"]
    run = nalssi("status", "--warehouse", warehouse.folder, "--json")
    told = json.loads(run.stdout)
    assert run.exit_code == 1
    assert told["stale"]
    assert told["sources"][0]["state"] == "frozen"
    assert told["bytes_free"] > 0


def test_the_command_names_the_fault_in_the_source_list(tmp_path: Path) -> None:
    warehouse = history(tmp_path, [(0, "page", ticker(1))])
    assert nalssi("status", "--warehouse", warehouse.folder).exit_code == 0
    (warehouse.folder / "sources.toml").write_text("source = 1")
    run = nalssi("status", "--warehouse", warehouse.folder)
    assert (run.exit_code, run.stdout) == (1, "")
    assert "sources.toml: source: " in run.stderr


def test_a_damaged_line_of_the_log_is_reported_with_exit_status_1(tmp_path: Path) -> None:
    warehouse = history(tmp_path, [(0, "page", ticker(1))])
    log = warehouse.folder / "captures.ndjson"
    with log.open("a") as file:
        file.write("{\n")
    run = nalssi("status", "--warehouse", warehouse.folder, "--json")
    assert run.exit_code == 1
    assert run.stderr == f"nalssi: {log}: damaged: line 2 is not JSON\n"
    assert json.loads(run.stdout)["sources"][0]["state"] == "ok"
