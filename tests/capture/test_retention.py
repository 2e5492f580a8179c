"""Old lines of the log move to a file for each month.

Old pages and parts are removed if that is set.
"""

from __future__ import annotations

import gzip
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.capture import log_rotation
from nalssi.capture.capture_log import Attempt, Outcome
from nalssi.capture.capture_source import source_history
from nalssi.capture.landing import Landing
from nalssi.capture.log_rotation import rotate_log
from nalssi.capture.retention import Retention, apply_retention, first_month
from nalssi.capture.source_health import judge_sources
from nalssi.common.atomic_files import temporary_path
from nalssi.warehouse import Warehouse

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CUT = NOW - timedelta(days=62)


def attempt(source: str, days_ago: float, outcome: Outcome, digest: str | None = None) -> Attempt:
    at = NOW - timedelta(days=days_ago)
    file = f"{source}/{at:%Y-%m}/{digest}.warc.gz" if digest else None
    return Attempt(at, source, "https://a.example", 3600, outcome, digest=digest, file=file)


def add(landing: Landing, *attempts: Attempt) -> None:
    """Log attempts, and store the pages of new ones."""
    for each in attempts:
        landing.log_attempt(each)
        if each.outcome == "new" and each.file:
            page = landing.folder / each.file
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_bytes(b"x" * 1_000)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """Two sources: `live` has a new page every ten days, `quiet` prints one page for a year."""
    landing = Landing(Warehouse(tmp_path / "w"))
    with landing.locked():
        add(landing, attempt("quiet", 360, "new", "q"))
        for days in range(350, 0, -10):
            add(landing, attempt("live", days, "new", f"l{days}"))
            unchanged = attempt("quiet", days - 1, "unchanged", "q")
            add(
                landing,
                Attempt(
                    **vars(unchanged)
                    | {"file": f"quiet/{NOW - timedelta(days=360):%Y-%m}/q.warc.gz"}
                ),
            )
            add(landing, attempt("broken", days - 2, "failed"))
    landing.mark_loaded(landing.log.stat().st_size)
    return landing


def all_lines(landing: Landing) -> list[bytes]:
    """The lines of the log and of the files of months, sorted."""
    content = landing.log.read_bytes()
    for path in landing.older_logs.glob("*.gz"):
        content += gzip.decompress(path.read_bytes())
    return sorted(content.splitlines())


def test_old_lines_move_to_files_of_their_months_and_none_is_lost(landing: Landing) -> None:
    before, whole = all_lines(landing), landing.attempts()
    with landing.locked():
        moved = rotate_log(landing, 0, CUT)
    assert moved > 60
    assert all_lines(landing) == before
    kept = landing.attempts()
    assert kept.height + moved == whole.height
    assert kept.filter(kept["at"] >= CUT).equals(whole.filter(whole["at"] >= CUT))
    for path in landing.older_logs.iterdir():
        lines = gzip.decompress(path.read_bytes()).splitlines()
        assert all(f'"at": "{path.name[:7]}-' in line.decode() for line in lines)


def test_a_rotation_does_not_change_what_captures_and_status_conclude(landing: Landing) -> None:
    before = landing.attempts()
    health = judge_sources(before, NOW)
    histories = [source_history(landing, before, name, NOW) for name in ("live", "quiet", "broken")]
    with landing.locked():
        rotate_log(landing, 0, CUT)
    after = landing.attempts()
    assert judge_sources(after, NOW) == health
    for name, history in zip(("live", "quiet", "broken"), histories, strict=True):
        found = source_history(landing, after, name, NOW)
        assert found
        assert history
        assert (found.last, found.validators) == (history.last, history.validators)
    quiet = source_history(landing, after, "quiet", NOW)
    assert quiet
    assert list(quiet.files) == ["q"]  # so the page is not stored again


def test_pages_that_are_not_loaded_are_still_loaded_after_a_rotation(landing: Landing) -> None:
    fresh = [attempt("live", days, "new", f"n{days}") for days in (200, 0.5)]
    with landing.locked():
        add(landing, *fresh)
        assert rotate_log(landing, 0, CUT)
    files, end = landing.files_to_load()
    assert files == [landing.folder / str(each.file) for each in fresh]
    landing.mark_loaded(end)
    assert landing.files_to_load()[0] == []


def test_a_load_that_a_rotation_overtakes_marks_nothing(landing: Landing) -> None:
    with landing.locked():
        add(landing, attempt("live", 0.5, "new", "fresh"))
    other = Landing(Warehouse(landing.folder.parent))
    _, end = other.files_to_load()
    with landing.locked():
        rotate_log(landing, 0, CUT)
        add(landing, *(attempt("live", 0.4, "new", f"later{n}") for n in range(400)))
    other.mark_loaded(end)
    assert len(landing.files_to_load()[0]) == 401


@pytest.mark.parametrize("step", ["archive", "mark", "log", "new mark"])
def test_a_rotation_that_is_killed_loses_nothing(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = set(all_lines(landing))
    with landing.locked():
        add(landing, attempt("live", 0.5, "new", "fresh"))
    before = set(all_lines(landing))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    owner, name = {
        "archive": (log_rotation, "_add_lines"),
        "mark": (Path, "unlink"),
        "log": (Path, "write_bytes"),
        "new mark": (Landing, "write_mark"),
    }[step]
    if step == "log":  # the archives are written, the log is not
        lines = log_rotation._add_lines

        def then_killed(path: Path, of_month: list[bytes]) -> None:
            lines(path, of_month)
            if len(list(landing.older_logs.iterdir())) == 10:
                monkeypatch.setattr(owner, name, killed)

        monkeypatch.setattr(log_rotation, "_add_lines", then_killed)
    else:
        monkeypatch.setattr(owner, name, killed)
    with landing.locked(), pytest.raises(KeyboardInterrupt):
        rotate_log(landing, 0, CUT)
    monkeypatch.undo()
    assert set(all_lines(landing)) == before
    fresh = landing.folder / str(attempt("live", 0.5, "new", "fresh").file)
    assert fresh in landing.files_to_load()[0]
    with landing.locked():
        rotate_log(landing, 0, CUT)
    assert sorted(before) == all_lines(landing)
    assert fresh in landing.files_to_load()[0]


def test_a_small_log_and_damaged_lines_stay(landing: Landing) -> None:
    with landing.log.open("ab") as log:
        log.write(b"{damaged\n")
    with landing.locked():
        assert rotate_log(landing, 1_000_000, CUT) == 0
        assert rotate_log(landing, 0, CUT)
    assert b"{damaged\n" in landing.log.read_bytes()
    assert landing.read_log()[1]


def test_a_damaged_file_of_a_month_stops_the_rotation_and_is_named(landing: Landing) -> None:
    landing.older_logs.mkdir()
    damaged = landing.older_logs / f"{NOW - timedelta(days=340):%Y-%m}.ndjson.gz"
    damaged.write_bytes(b"no gzip")
    before = landing.log.read_bytes()
    with landing.locked():
        (said,) = apply_retention(Warehouse(landing.folder.parent), Retention(log_megabytes=0), NOW)
    assert said.startswith(f"cannot apply the retention: {damaged}: is damaged")
    assert landing.log.read_bytes() == before


def test_nothing_is_deleted_by_default(landing: Landing) -> None:
    pages = sorted(landing.folder.rglob("*.warc.gz"))
    with landing.locked():
        assert apply_retention(Warehouse(landing.folder.parent), Retention(), NOW) == []
    assert sorted(landing.folder.rglob("*.warc.gz")) == pages


def test_old_months_of_pages_are_removed_counted_and_reported(
    landing: Landing, caplog: pytest.LogCaptureFixture
) -> None:
    with landing.locked():
        add(landing, attempt("live", 100, "new", "not-loaded"))
        warehouse = Warehouse(landing.folder.parent)
        said = apply_retention(warehouse, Retention(landing_months=3), NOW)
    left = {page.name for page in landing.folder.rglob("*.warc.gz")}
    fresh = {
        f"l{days}.warc.gz"
        for days in range(10, 351, 10)
        if NOW - timedelta(days) >= datetime(2026, 1, 1, tzinfo=UTC)
    }
    assert left == fresh | {"q.warc.gz", "not-loaded.warc.gz"}
    gone = 35 - len(fresh)
    what = f"removed {gone} old captured pages ({gone / 1000:.1f} MB)"
    assert said == [f"{what}: NALSSI_LANDING_MONTHS"]
    assert said == caplog.messages
    assert not (landing.folder / "live" / "2025-06").exists()


def test_months_are_counted_across_years() -> None:
    assert first_month(NOW, 1) == "2026-03"
    assert first_month(NOW, 3) == "2026-01"
    assert first_month(NOW, 4) == "2025-12"
    assert first_month(NOW, 27) == "2024-01"


def test_parts_that_were_not_used_are_removed(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    being_made = temporary_path(warehouse.staged).name
    for name, days in (("old-v6", 9), ("used-v6", 1), (being_made, 9)):
        part = warehouse.staged / name
        part.mkdir(parents=True)
        (part / "counts.parquet").write_bytes(b"x" * 50_000)
        at = (NOW - timedelta(days=days)).timestamp()
        os.utime(part, (at, at))
    os.utime(warehouse.staged / being_made)  # now: its process writes it
    assert apply_retention(warehouse, Retention(staged_days=7), NOW) == [
        "removed 1 old staged parts (0.1 MB): NALSSI_STAGED_DAYS"
    ]
    assert {path.name for path in warehouse.staged.iterdir()} == {being_made, "used-v6"}


def test_a_page_that_cannot_be_removed_does_not_stop_a_capture(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", refused)
    (said,) = apply_retention(Warehouse(landing.folder.parent), Retention(landing_months=1), NOW)
    assert said.startswith("cannot apply the retention: ")
    assert said.endswith("permission denied")
    assert caplog.messages == [said]


def test_the_settings_come_from_the_environment() -> None:
    given = {"NALSSI_LANDING_MONTHS": "12", "NALSSI_STAGED_DAYS": "7"}
    assert Retention.from_environment(given) == Retention(12, 7)
    assert Retention.from_environment({}) == Retention()
    for name, value in (
        ("NALSSI_LANDING_MONTHS", "0"),
        ("NALSSI_STAGED_DAYS", "a week"),
        ("NALSSI_CAPTURE_LOG_DAYS", "30"),
    ):
        with pytest.raises(ValueError, match=f"{name} '{value}' is not a number from"):
            Retention.from_environment({name: value})


def test_using_a_part_again_resets_its_age(tmp_path: Path) -> None:
    from nalssi.api import load
    from nalssi.common.paths import SAMPLES

    load(SAMPLES / "01-seed-glued-spaced.txt", into=tmp_path)
    (part,) = (path for path in (tmp_path / "staged").iterdir() if path.is_dir())
    os.utime(part, (0, 0))
    shutil.rmtree(tmp_path / "charts", ignore_errors=True)
    load(SAMPLES / "01-seed-glued-spaced.txt", into=tmp_path)
    assert part.stat().st_mtime > NOW.timestamp()
