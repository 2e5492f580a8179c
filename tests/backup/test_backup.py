"""A backup holds what cannot be made again, is verified, and is restored whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import threading
import zipfile
from datetime import UTC, date, datetime, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from nalssi.api import load
from nalssi.backup import BackupError, make_backup, restore_backup, verify_backup
from nalssi.backup.manifest import NAME, parse_manifest
from nalssi.capture.capture_log import Attempt
from nalssi.capture.landing import Landing
from nalssi.common.paths import SAMPLES
from nalssi.doctor import examine
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from tests.cli.run_nalssi import nalssi
from tests.warehouse.make_parts import Page, Ticker, part

PAGE = "landing/front/2025-12/20251219T001500Z-0123456789abcdef.warc.gz"
FILES = {
    "published.duckdb",
    "landing/.loaded",
    "captures.ndjson",
    "sources.toml",
    "alerts.json",
    PAGE,
    "observations/OBS_ASOS.csv",
}
FORMS = pytest.mark.parametrize("form", ["backup.zip", "backup"])


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse of a service: it has captured and loaded pages, charts and leftovers."""
    folder = tmp_path_factory.mktemp("backup") / "weather"
    load(SAMPLES / "01-seed-glued-spaced.txt", into=folder)
    warehouse = Warehouse(folder)
    landing = Landing(warehouse)
    with landing.locked():
        at = datetime(2025, 12, 19, 0, 15, tzinfo=UTC)
        landing.log_attempt(Attempt(at, "front", "https://a.example", 3600, "new", file=PAGE[8:]))
    landing.mark_loaded(landing.log.stat().st_size)
    for path, content in (
        (PAGE, "captured"),
        ("sources.toml", ""),
        ("alerts.json", "{}"),
        ("observations/OBS_ASOS.csv", "hours"),
        ("charts/map/a.png", "made again"),
        ("landing/.being-made-a-1-b", "incomplete"),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    with landing.log.open("ab") as log:
        log.write(b'{"at": "half a line')
    return warehouse


@pytest.fixture(scope="module")
def archive(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("archive") / "weather.zip"
    make_backup(warehouse, target)
    return target


def tables(folder: Path) -> dict[str, object]:
    with Warehouse(folder).reader() as con:
        names = ("documents", "readings", "loads", "newest_snapshot")
        return {name: con.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in names}


@FORMS
def test_a_restored_warehouse_has_the_same_rows_and_files(
    warehouse: Warehouse, tmp_path: Path, form: str
) -> None:
    made = make_backup(warehouse, tmp_path / form)
    assert {file.path for file in made.files} == FILES
    assert verify_backup(tmp_path / form) == made
    restored, moved = restore_backup(tmp_path / form, Warehouse(tmp_path / "new" / "weather"))
    folder = tmp_path / "new" / "weather"
    assert (restored, moved) == (made, None)
    assert tables(folder) == tables(warehouse.folder)
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == FILES
    assert Landing(Warehouse(folder)).files_to_load()[0] == []
    assert [path.name for path in tmp_path.iterdir()].count(form) == len(
        list(tmp_path.iterdir())
    ) - 1
    assert examine(Warehouse(folder)).healthy
    load_parts(
        Warehouse(folder), [part(tmp_path / "p", [Page("a", [Ticker(date(2025, 1, 1), {90: 1})])])]
    )


def test_a_backup_is_consistent_while_a_run_writes(warehouse: Warehouse, tmp_path: Path) -> None:
    busy = Warehouse(Path(shutil.copytree(warehouse.folder, tmp_path / "busy")))
    begun, stop = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            page = Page(f"https://a.example/{number}", [Ticker(date(2025, 1, number), {90: 1.0})])
            load_parts(busy, [part(tmp_path / f"part{number}", [page])])
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        begun.wait()
        made = [make_backup(busy, tmp_path / f"{number}.zip") for number in range(3)]
    finally:
        stop.set()
        writer.join()
    counts = [each.database.rows["loads"] for each in made if each.database]
    assert counts == sorted(counts)
    for number, each in enumerate(made):
        restore_backup(tmp_path / f"{number}.zip", Warehouse(tmp_path / f"restored{number}"))
        assert each.database
        assert tables(tmp_path / f"restored{number}")


def test_a_backup_waits_for_nobody(warehouse: Warehouse, tmp_path: Path) -> None:
    with warehouse.writer() as con:
        con.execute("CREATE OR REPLACE TEMP TABLE unused AS SELECT 1")
        make_backup(warehouse, tmp_path / "b.zip")


@FORMS
@pytest.mark.parametrize("damage", ["a byte", "missing", "rows", "manifest", "truncated"])
def test_damage_of_a_backup_is_found_and_nothing_is_restored(
    warehouse: Warehouse, tmp_path: Path, form: str, damage: str
) -> None:
    folder = tmp_path / "backup"
    make_backup(warehouse, folder)
    if damage == "a byte":
        content = bytearray((folder / "published.duckdb").read_bytes())
        content[-5000] ^= 1
        (folder / "published.duckdb").chmod(0o644)
        (folder / "published.duckdb").write_bytes(content)
    elif damage == "missing":
        (folder / PAGE).unlink()
    elif damage == "rows":
        values = json.loads((folder / NAME).read_text())
        values["database"]["rows"]["readings"] += 1
        (folder / NAME).write_text(json.dumps(values))
    elif damage == "manifest":
        (folder / NAME).write_text('{"format": 1}')
    backup = folder
    if form.endswith(".zip"):
        backup = tmp_path / form
        with zipfile.ZipFile(backup, "w") as written:
            for path in sorted(folder.rglob("*")):
                written.write(path, path.relative_to(folder).as_posix())
    if damage == "truncated":
        file = backup if backup.is_file() else backup / PAGE
        os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(BackupError) as verified:
        verify_backup(backup)
    with pytest.raises(BackupError) as restored:
        restore_backup(backup, Warehouse(tmp_path / "new"))
    assert str(verified.value) == str(restored.value)
    assert "\n" not in str(verified.value)
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".being-made*"))


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "a/../../evil", "C:\\evil", "a//b", ""])
def test_a_path_outside_the_warehouse_is_refused(path: str) -> None:
    values = {
        "format": 1,
        "made_at": "2026-01-01T00:00:00+00:00",
        "nalssi": "1",
        "database": None,
        "files": [{"path": path, "bytes": 0, "sha256": ""}],
    }
    with pytest.raises(BackupError, match="outside the warehouse"):
        parse_manifest(json.dumps(values).encode())


def test_a_folder_that_is_not_empty_is_kept_unless_asked(archive: Path, tmp_path: Path) -> None:
    target = Warehouse(tmp_path / "weather")
    target.folder.mkdir()
    (target.folder / "note.txt").write_text("mine")
    with pytest.raises(BackupError, match="is not empty: --replace"):
        restore_backup(archive, target)
    assert [path.name for path in target.folder.iterdir()] == ["note.txt"]
    _, moved = restore_backup(archive, target, replace=True)
    assert moved
    assert (moved / "note.txt").read_text() == "mine"
    assert tables(target.folder)


def test_former_warehouses_of_one_second_are_both_kept(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OneSecond(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> OneSecond:
            return cls(2026, 1, 6, 13, tzinfo=tz)

    module = import_module("nalssi.backup.restore_backup")  # the package has its function
    monkeypatch.setattr(module, "datetime", OneSecond)
    target = Warehouse(tmp_path / "weather")
    for name in ("first", "second"):
        target.folder.mkdir(exist_ok=True)
        (target.folder / name).write_text(name)
        restore_backup(archive, target, replace=True)
    moved = tmp_path / "weather.before-restore-20260106T130000"
    assert (moved / "first").read_text() == "first"
    assert (moved.with_name(f"{moved.name}-2") / "second").read_text() == "second"


def test_a_warehouse_in_use_is_not_replaced(archive: Path, tmp_path: Path) -> None:
    target = Warehouse(tmp_path / "weather")
    with (
        target.writer(),
        pytest.raises(BackupError, match=rf"in use by process {os.getpid()} on .*: stop it first"),
    ):
        restore_backup(archive, target, replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["weather"]


def test_a_failed_exchange_leaves_the_former_warehouse(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Warehouse(tmp_path / "weather")
    target.folder.mkdir()
    (target.folder / "note.txt").write_text("mine")
    rename = Path.rename

    def refused(path: Path, to: Path) -> Path:
        if path.name.startswith(".being-made"):
            raise OSError(28, "No space left on device", str(to))
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(BackupError, match="no space left on device"):
        restore_backup(archive, target, replace=True)
    assert (target.folder / "note.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["weather"]


def test_an_empty_mount_point_is_filled(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Warehouse(tmp_path / "volume")
    target.folder.mkdir()
    inode = target.folder.stat().st_ino
    monkeypatch.setattr("os.path.ismount", lambda path: path == target.folder)
    restore_backup(archive, target)
    assert target.folder.stat().st_ino == inode
    assert tables(target.folder)
    with pytest.raises(BackupError, match="is a mount point: empty it"):
        restore_backup(archive, target, replace=True)


def test_a_backup_never_replaces_a_file_and_is_not_made_in_the_warehouse(
    warehouse: Warehouse, archive: Path, tmp_path: Path
) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupError, match="exists: choose another name"):
        make_backup(warehouse, archive)
    assert archive.read_bytes() == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    with pytest.raises(BackupError, match="exists: choose another name"):
        make_backup(warehouse, tmp_path / "full")
    with pytest.raises(BackupError, match="is in the warehouse"):
        make_backup(warehouse, warehouse.folder / "b.zip")
    with pytest.raises(BackupError, match="no warehouse in"):
        make_backup(Warehouse(tmp_path / "none"), tmp_path / "b.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


def test_captured_pages_are_backed_up_before_the_first_load(tmp_path: Path) -> None:
    landing = Landing(Warehouse(tmp_path / "w"))
    with landing.locked():
        landing.log_attempt(Attempt(datetime.now(UTC), "a", "https://a.example", 60, "failed"))
    assert make_backup(Warehouse(tmp_path / "w"), tmp_path / "b.zip").database is None
    restore_backup(tmp_path / "b.zip", Warehouse(tmp_path / "r"))
    assert Landing(Warehouse(tmp_path / "r")).attempts().height == 1


def test_the_commands_print_what_they_verified(warehouse: Warehouse, tmp_path: Path) -> None:
    target = tmp_path / "weather.zip"
    made = nalssi("backup", target, "--warehouse", warehouse.folder)
    assert (made.exit_code, made.stdout.splitlines()[-1]) == (0, f"verified: {target}")
    assert "readings   16" in made.stdout
    assert nalssi("backup", target, "--verify").stdout == made.stdout
    restored = nalssi("restore", target, "--warehouse", tmp_path / "r")
    assert restored.exit_code == 0
    again = nalssi("restore", target, "--warehouse", tmp_path / "r")
    assert again.exit_code == 1
    assert (
        again.stderr == f"nalssi: {tmp_path / 'r'} is not empty: --replace moves its content away\n"
    )
    none = nalssi("restore", tmp_path / "none.zip", "--warehouse", tmp_path / "x")
    assert (
        none.stderr == f"nalssi: cannot read {tmp_path / 'none.zip'}: no such file or directory\n"
    )


def test_an_error_names_the_file_that_cannot_be_read_or_written(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, source = tmp_path / "b.zip", warehouse.folder / "sources.toml"
    opened = Path.open

    def refused(path: Path, *mode: Any, **options: Any) -> object:
        if path == source:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *mode, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refused)
        with pytest.raises(BackupError, match=rf"^cannot read {source}: permission denied$"):
            make_backup(warehouse, target)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(BackupError, match=rf"^cannot write {target}: no space left on device$"):
        make_backup(warehouse, target)
    assert list(tmp_path.iterdir()) == []
