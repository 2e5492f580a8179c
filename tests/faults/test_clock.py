"""The clock is set back: loads, captures, locks and what is kept go on as before."""

from __future__ import annotations

import json
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nalssi.capture.capture_log import Attempt
from nalssi.capture.capture_source import due_at, source_history
from nalssi.capture.landing import Landing
from nalssi.capture.log_rotation import rotate_log
from nalssi.capture.source_list import Source
from nalssi.common.atomic_files import remove_stale_temporary_files
from nalssi.warehouse import Warehouse, load_parts, writer_lock
from tests.warehouse.make_parts import part
from tests.warehouse.test_concurrent_readers import WHAT_THERE_IS, two_pages

BACK = timedelta(days=400)
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PAPER = Source(name="paper", url="https://paper.example/")


class SetBack(datetime):
    """A clock that was set back."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) - BACK


def test_a_load_after_the_clock_was_set_back_is_added_and_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts.load_parts(warehouse, [part(tmp_path / "first", two_pages(0))])
    monkeypatch.setattr(load_parts, "datetime", SetBack)
    monkeypatch.setattr(writer_lock, "datetime", SetBack)
    second = part(tmp_path / "second", two_pages(1))
    for again in range(2):
        report = load_parts.load_parts(warehouse, [second])
        assert report.documents_new == (0 if again else 2)
        assert report.started_at <= report.finished_at
    with warehouse.reader() as con:
        row = con.execute(WHAT_THERE_IS).fetchone()
    assert row is not None
    assert row[:5] == (3, 4, 4, 4, 4)


def attempt(landing: Landing, at: datetime, outcome: str = "unchanged", **given: Any) -> None:
    landing.log_attempt(Attempt(at, "paper", PAPER.url, 3600, outcome, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", ["unchanged", "failed"])
def test_a_source_that_was_fetched_in_the_future_is_due_now(landing: Landing, outcome: str) -> None:
    attempt(landing, NOW + BACK, outcome, retry_at=NOW + 2 * BACK)
    history = source_history(landing, landing.attempts(), "paper", NOW)
    assert due_at(PAPER, history, NOW) is None


def test_after_the_clock_was_set_back_a_source_waits_for_its_interval_again(
    landing: Landing,
) -> None:
    attempt(landing, NOW + BACK)
    attempt(landing, NOW)
    soon = NOW + timedelta(minutes=5)
    history = source_history(landing, landing.attempts(), "paper", soon)
    assert history is not None
    assert history.last["at"] == NOW
    assert due_at(PAPER, history, soon) == NOW + timedelta(minutes=54)


def test_pages_that_were_stored_before_the_clock_was_set_back_are_loaded_once(
    landing: Landing,
) -> None:
    names = ["future.warc.gz", "now.warc.gz"]
    for name, at in zip(names, (NOW + BACK, NOW), strict=True):
        (landing.folder / name).write_bytes(b"")
        attempt(landing, at, "new", file=name, digest=name)
        files, end = landing.files_to_load()
        assert [file.name for file in files] == [name]
        landing.mark_loaded(end)


def test_rotation_keeps_what_was_logged_after_the_clock_was_set_back(landing: Landing) -> None:
    for hours in range(3):
        attempt(landing, NOW + BACK + timedelta(hours=hours))
    for hours in range(3):
        attempt(landing, NOW + timedelta(hours=hours))
    lines = landing.log.read_bytes().splitlines()
    with landing.locked():
        assert rotate_log(landing, 0, NOW - timedelta(days=62)) == 0
    assert landing.log.read_bytes().splitlines() == lines


def test_a_lock_that_was_taken_in_the_future_is_free_when_its_process_has_ended(
    tmp_path: Path,
) -> None:
    path = tmp_path / ".lock"
    holder = {"pid": 2**22 + 1, "host": "here", "since": (NOW + BACK).isoformat()}
    path.write_text(json.dumps(holder))
    with writer_lock.writer_lock(path):
        assert json.loads(path.read_text())["pid"] == os.getpid()
    assert path.read_text() == ""


def test_files_of_the_future_are_removed_if_their_process_has_ended(tmp_path: Path) -> None:
    left = tmp_path / f".being-made-{socket.gethostname()}-{2**22 + 1}-0123abcd"
    elsewhere = tmp_path / ".being-made-elsewhere-1-0123abcd"
    for path in (left, elsewhere):
        path.write_text("")
        os.utime(path, times=(2e9 + 4e8, 2e9 + 4e8))
    remove_stale_temporary_files(tmp_path)
    assert not left.exists()
    assert elsewhere.exists()  # perhaps its process still runs
