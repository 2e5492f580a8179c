"""The doctor finds each broken state, says what to do, and changes nothing in the warehouse."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from nalssi.api import load
from nalssi.capture.capture_log import Attempt
from nalssi.capture.landing import Landing
from nalssi.common.paths import CHECKOUT, SAMPLES
from nalssi.doctor import Finding, disk_space, examine, fonts, permissions
from nalssi.doctor.clock import check_clock
from nalssi.doctor.databases import check_databases
from nalssi.doctor.disk_space import check_disk_space
from nalssi.doctor.examine import CHECKS
from nalssi.doctor.findings import results
from nalssi.doctor.fonts import check_fonts
from nalssi.doctor.leftovers import check_leftovers
from nalssi.doctor.locks import check_locks
from nalssi.doctor.permissions import check_permissions
from nalssi.doctor.staged_parts import check_staged_parts
from nalssi.doctor.versions import check_versions
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.published_copy import publish
from nalssi.warehouse.writer_lock import writer_lock
from tests.cli.run_nalssi import nalssi
from tests.warehouse.make_parts import Page, Ticker, part

ENDED_PID = 2**22 + 1
"""A process id above Linux's largest, so that no process has it."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doctor") / "warehouse"
    load(SAMPLES / "01-seed-glued-spaced.txt", into=folder)
    return folder


@pytest.fixture
def warehouse(loaded: Path, tmp_path: Path) -> Warehouse:
    return Warehouse(Path(shutil.copytree(loaded, tmp_path / "warehouse")))


def to_do(findings: list[Finding]) -> list[str]:
    """Return the messages of findings that need action. Each must have one line of advice."""
    needed = [each for each in findings if each.severity != "ok"]
    assert all(each.advice and "\n" not in each.advice + each.message for each in needed)
    return [each.message for each in needed]


def state_of(folder: Path) -> dict[str, tuple[int, int, int]]:
    found = {path: path.stat() for path in [folder, *folder.rglob("*")]}
    return {str(path): (s.st_size, s.st_mtime_ns, s.st_mode) for path, s in found.items()}


def test_a_healthy_warehouse_has_nothing_to_do_and_a_finding_for_each_check(
    warehouse: Warehouse,
) -> None:
    before = state_of(warehouse.folder)
    examined = examine(warehouse)
    assert to_do(examined.findings) == []
    assert examined.healthy
    assert {each.check for each in examined.findings} == CHECKS.keys()
    assert state_of(warehouse.folder) == before


def test_a_folder_without_a_warehouse_is_not_made(tmp_path: Path) -> None:
    examined = examine(Warehouse(tmp_path / "none"))
    assert to_do(examined.findings) == [f"no warehouse in {tmp_path / 'none'}"]
    assert not (tmp_path / "none").exists()


def test_an_empty_folder_is_examined(tmp_path: Path) -> None:
    assert to_do(examine(Warehouse(tmp_path)).findings) == [f"nothing is loaded into {tmp_path}"]
    assert list(tmp_path.iterdir()) == []


def test_broken_states_are_all_found_and_nothing_is_written(warehouse: Warehouse) -> None:
    """One warehouse with every kind of damage: no check hides another."""
    folder = warehouse.folder
    (broken,) = (path for path in warehouse.staged.iterdir() if path.is_dir())
    (broken / "readings.parquet").write_bytes(b"PAR1")
    warehouse.lock.write_text(json.dumps({"pid": 5, "host": "h", "since": "2026"}))
    (folder / f".being-made-{socket.gethostname()}-{ENDED_PID}-abcd").write_bytes(b"x" * 9)
    (warehouse.staged / f".being-made-{socket.gethostname()}-{ENDED_PID}-abcd").mkdir()
    (folder / ".spilled").mkdir()
    warehouse.published.chmod(0o666)
    content = bytearray(warehouse.published.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    warehouse.published.write_bytes(content)
    before = state_of(folder)
    examined = examine(warehouse)
    assert not examined.healthy
    found = {each.check for each in examined.findings if each.severity != "ok"}
    assert found == {"parts", "locks", "leftovers", "permissions", "databases"}
    assert len(to_do(examined.findings)) == 7
    assert state_of(folder) == before


@pytest.mark.process
def test_a_process_that_writes_is_no_problem_but_one_that_was_killed_is(
    warehouse: Warehouse,
) -> None:
    with writer_lock(warehouse.lock):
        (held,) = check_locks(warehouse)
        assert (held.severity, f"process {os.getpid()}" in held.message) == ("ok", True)
    assert list(check_locks(warehouse)) == []  # it ended properly
    killed = (
        "import os, sys; from pathlib import Path\n"
        "from nalssi.warehouse.writer_lock import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])): os._exit(9)"
    )
    command = [sys.executable, "-c", killed, str(warehouse.lock)]
    assert subprocess.run(command, check=False).returncode == 9
    (message,) = to_do(list(check_locks(warehouse)))
    assert message.startswith("the last run to write never ended: process ")
    with warehouse.writer():
        pass
    assert list(check_locks(warehouse)) == []


def test_changes_that_were_not_published_are_found_and_published(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    older = tmp_path / "older.duckdb"
    shutil.copyfile(warehouse.published, older)
    load_parts(
        warehouse, [part(tmp_path / "part", [Page("a", [Ticker(date(2025, 1, 1), {90: 1})])])]
    )
    warehouse.published.chmod(0o644)
    shutil.copyfile(older, warehouse.published)
    (message,) = to_do(list(check_databases(warehouse)))
    assert message.endswith("has 1 loads that published.duckdb has not: a run was killed")
    publish(warehouse.database, warehouse.published)
    assert list(check_databases(warehouse)) == []


def test_an_old_copy_of_the_database_is_found(warehouse: Warehouse, tmp_path: Path) -> None:
    older = tmp_path / "older.duckdb"
    shutil.copyfile(warehouse.database, older)
    load_parts(
        warehouse, [part(tmp_path / "part", [Page("a", [Ticker(date(2025, 1, 1), {90: 1})])])]
    )
    shutil.copyfile(older, warehouse.database)
    (message,) = to_do(list(check_databases(warehouse)))
    assert message == f"{warehouse.database} lacks 1 loads that published.duckdb has"


def test_databases_are_not_compared_while_a_run_writes(warehouse: Warehouse) -> None:
    with warehouse.writer() as con:
        con.execute("DELETE FROM quality")
        con.execute("CHECKPOINT")
        assert list(check_databases(warehouse)) == []


def test_a_damaged_writers_database_is_found(warehouse: Warehouse) -> None:
    warehouse.database.write_bytes(b"\0" * 20_000)
    (message,) = to_do(list(check_databases(warehouse)))
    assert message.startswith(f"cannot read {warehouse.database}: ")


@pytest.mark.parametrize("name", ["published", "database"])
def test_a_database_of_a_newer_nalssi_is_not_moved_away(warehouse: Warehouse, name: str) -> None:
    file: Path = getattr(warehouse, name)
    file.chmod(0o644)
    with duckdb.connect(str(file)) as con:
        con.execute("INSERT INTO meta.migrations VALUES (99, 'later', now())")
    (finding,) = check_databases(warehouse)
    assert finding.message.startswith(f"cannot read {file}: ")
    assert "use a newer nalssi" in finding.message
    assert finding.advice == "install that nalssi here too; the file is not damaged"


@pytest.mark.parametrize("damage", ["missing", "truncated", "readings", "counts", "problems"])
def test_a_damaged_part_is_named(warehouse: Warehouse, damage: str) -> None:
    (staged,) = (path for path in warehouse.staged.iterdir() if path.is_dir())
    if damage == "missing":
        (staged / "snapshots.parquet").unlink()
    elif damage == "truncated":
        file = staged / "readings.parquet"
        os.truncate(file, file.stat().st_size // 2)
    elif damage in ("counts", "problems"):
        (staged / f"{damage}.parquet").write_bytes(b"")
    else:  # another part's file, which does not fit
        shutil.copyfile(staged / "rejects.parquet", staged / "readings.parquet")
    (message,) = to_do(list(check_staged_parts(warehouse)))
    assert staged.name in message


def test_a_full_disk_is_found(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(warehouse.folder)
    size = warehouse.database.stat().st_size
    for free, severity in ((size - 1, "error"), (size + 1, "warning"), (10**12, "ok")):
        found = type(usage)(10**13, 10**13 - free, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, found=found: found)
        assert next(iter(check_disk_space(warehouse))).severity == severity


def test_a_lack_of_inodes_is_found(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    system = os.statvfs(warehouse.folder)
    values = [*system]
    values[5], values[7] = 10_000, 50  # f_files, f_favail
    monkeypatch.setattr(disk_space.os, "statvfs", lambda _: os.statvfs_result(values))
    (message,) = to_do([f for f in check_disk_space(warehouse) if "files" in f.message])
    assert message == "the file system has room for 50 more files"


def test_files_of_another_user_are_found(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other user is simulated, because root may write everywhere."""
    writable = os.access

    def refused(path: Path, mode: int) -> bool:
        return path != warehouse.staged and writable(path, mode)

    monkeypatch.setattr(permissions.os, "access", refused)
    (message,) = to_do(list(check_permissions(warehouse)))
    assert message == f"this user cannot read or write {warehouse.staged}"


def test_a_clock_that_was_set_back_is_found(warehouse: Warehouse) -> None:
    (message,) = to_do(list(check_clock(warehouse, datetime(2020, 1, 1, tzinfo=UTC))))
    assert "hours behind the newest load" in message


def test_a_capture_in_the_future_is_found(warehouse: Warehouse, tmp_path: Path) -> None:
    captured = Page(
        "a", [Ticker(date(2030, 1, 1), {90: 1})], captured_at=NOW + timedelta(days=1500)
    )
    load_parts(warehouse, [part(tmp_path / "part", [captured])])
    landing = Landing(warehouse)
    at = datetime.now(UTC) + timedelta(hours=3)
    with landing.locked():
        landing.log_attempt(Attempt(at, "front", "https://a.example", 3600, "failed"))
    documents, attempt = to_do(list(check_clock(warehouse, datetime.now(UTC))))
    assert documents.startswith("1 documents have a capture time in the future, up to 2030-02-09")
    assert "3.0 hours behind the newest capture" in attempt


def test_a_missing_package_and_another_version_than_locked_are_named(tmp_path: Path) -> None:
    assert list(check_versions()) == []
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "duckdb==1.0.0 \\\n    --hash=sha256:00\n"
        "nosuchpackage==1 ; sys_platform == 'nosuchsystem' \\\n"
    )
    (message,) = to_do(list(check_versions(lock)))
    installed = duckdb.__version__
    assert message == f"requirements.lock has duckdb==1.0.0 (installed: {installed})"


def test_a_font_without_hangul_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    damaged = tmp_path / "damaged.ttf"
    damaged.write_bytes(b"no font")
    monkeypatch.setattr("nalssi.charts.theme.font_files", lambda: {1: latin, 2: damaged})
    lacking, unreadable = to_do(list(check_fonts()))
    assert lacking == f"{latin}: lacks {len(fonts.HANGUL_SYLLABLES):,} Hangul syllables"
    assert unreadable.startswith(f"{damaged}: cannot be read")


def test_a_check_that_fails_is_a_finding() -> None:
    def broken() -> list[Finding]:
        raise KeyError("x")

    (finding,) = results("clock", broken, "ok")
    assert (finding.severity, finding.check) == ("warning", "clock")
    assert finding.message == "could not be checked: KeyError: 'x'"


def test_the_command_prints_what_to_do_and_exits_with_1(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    healthy = nalssi("doctor", "--warehouse", warehouse.folder)
    assert (healthy.exit_code, healthy.stdout.splitlines()[-1]) == (0, "nothing to do")
    assert not (tmp_path / "prefect").exists()
    (warehouse.folder / "published.duckdb.wal").write_bytes(b"x")
    ill = nalssi("doctor", "--json", "--warehouse", warehouse.folder)
    assert ill.exit_code == 1
    printed = json.loads(ill.stdout)
    assert printed["healthy"] is False
    (finding,) = (each for each in printed["findings"] if each["severity"] != "ok")
    assert finding["advice"] == f"rm {warehouse.folder / 'published.duckdb.wal'}"
    assert next(iter(check_leftovers(warehouse))).severity == "error"


POSIX_ONLY = {"fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog"}


def test_the_doctor_and_backups_import_no_module_that_only_posix_has() -> None:
    """Only POSIX has modules such as `fcntl`. `make lint` checks the attributes of `os`."""
    modules = [
        *(CHECKOUT / "nalssi" / "doctor").glob("*.py"),
        *(CHECKOUT / "nalssi" / "backup").glob("*.py"),
        *(CHECKOUT / "flows").glob("prefect_[ch]*s*.py"),
        CHECKOUT / "nalssi" / "warehouse" / "writer_lock.py",
    ]
    assert len(modules) > 20
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert not POSIX_ONLY & set(names), module
