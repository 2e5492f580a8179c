"""Queries larger than memory: a private folder, to which their threads are confined."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import nalssi
from nalssi.warehouse import Warehouse, landlock
from nalssi.warehouse.query import QueryError, query
from nalssi.warehouse.query_limits import TimeLimit, check_memory
from nalssi.warehouse.spill_folder import spill_folder

LARGE = "SELECT hash(range) AS h, range AS r FROM range(8000000) ORDER BY h"
NEEDS_LANDLOCK = pytest.mark.skipif(not landlock.available(), reason="this kernel has no Landlock")


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    with Warehouse(tmp_path / "warehouse").writer():
        pass
    return Warehouse(tmp_path / "warehouse")


def folders() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("nalssi-spill-*"))


@NEEDS_LANDLOCK
def test_a_sort_larger_than_memory_spills_into_a_private_folder(warehouse: Warehouse) -> None:
    with warehouse.reader(memory="64MB") as con:
        rows = query(con, LARGE).batches()
        first = next(rows)[0]
        (folder,) = folders()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert list(folder.glob("*.tmp"))
        assert first[0] < next(rows)[0][0]
        rows.close()  # type: ignore[attr-defined]
    assert not folders()


def test_where_nothing_can_spill_the_error_names_the_limit(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landlock, "available", lambda: False)
    with (
        warehouse.reader(memory="64MB") as con,
        pytest.raises(QueryError, match=r"needs more than 61.0 MiB .*disk.*--memory") as error,
    ):
        list(query(con, LARGE).batches())
    assert "\n" not in str(error.value)


@NEEDS_LANDLOCK
def test_a_confined_thread_and_its_threads_write_in_one_folder_only(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "there").write_text("as it was")

    def attempt() -> None:
        (inside / "new").write_text("written")
        (inside / "new").rename(inside / "newer")
        for change in (
            lambda: (outside / "new").write_text("written"),
            lambda: (outside / "there").write_text("written"),
            lambda: os.truncate(outside / "there", 0),
            (outside / "there").unlink,
            (outside / "folder").mkdir,
            lambda: (inside / "newer").rename(outside / "newer"),
            lambda: (outside / "there").rename(inside / "there"),
            lambda: (outside / "link").symlink_to(inside),
        ):
            with pytest.raises(OSError, match=r"Permission denied|Invalid cross-device link"):
                change()

    def attempt_in_another_thread() -> None:
        with ThreadPoolExecutor(1) as inner:
            inner.submit(attempt).result()

    with ThreadPoolExecutor(1, initializer=landlock.confine, initargs=(inside,)) as pool:
        pool.submit(attempt).result()
        pool.submit(attempt_in_another_thread).result()
    assert (outside / "there").read_text() == "as it was"
    (outside / "new").write_text("this thread is not confined")


@NEEDS_LANDLOCK
@pytest.mark.process
def test_no_thread_of_a_library_is_confined_by_a_query(warehouse: Warehouse) -> None:
    """Polars and pyarrow start their threads once: they must still write files afterwards."""
    code = (
        "import sys, nalssi\n"
        "from pathlib import Path\n"
        "frame = nalssi.open(sys.argv[1]).query('SELECT range AS a FROM range(300000)')\n"
        "out = Path(sys.argv[1])\n"
        "frame.write_parquet(out / 'a.parquet')\n"
        "frame.lazy().sink_csv(out / 'a.csv')\n"
        "import pyarrow.parquet\n"
        "pyarrow.parquet.write_table(frame.to_arrow(), out / 'b.parquet')\n"
        "import pyarrow.dataset\n"
        "pyarrow.dataset.write_dataset(frame.to_arrow(), out / 'c', format='parquet')\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor() as pool:\n"
        "    list(pool.map(lambda n: (out / f'{n}.txt').write_text('x'), range(9)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(warehouse.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.process
def test_a_folder_left_by_a_killed_process_is_removed_by_the_next(warehouse: Warehouse) -> None:
    code = (
        "import sys\n"
        "from nalssi.warehouse.spill_folder import spill_folder\n"
        "with spill_folder() as folder:\n"
        "    (folder / 'spilled.tmp').write_text('x')\n"
        "    print(folder, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout
        left = Path(one.stdout.readline().strip())
        assert left.parent == Path(tempfile.gettempdir())
        with spill_folder() as other:
            assert other
            assert other != left
        assert (left / "spilled.tmp").exists()  # its process is alive
        one.send_signal(signal.SIGKILL)
        one.wait(60)
    with warehouse.reader():
        assert not left.exists()
    assert not folders()


def test_folders_of_other_users_are_not_removed(warehouse: Warehouse, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "file").write_text("x")
    planted = Path(tempfile.gettempdir(), "nalssi-spill-link")
    planted.symlink_to(mine)
    Path(tempfile.gettempdir(), "nalssi-spill-file").write_text("x")
    with warehouse.reader() as con:
        assert con.execute("SELECT 1").fetchall() == [(1,)]
    assert (mine / "file").exists()
    assert planted.is_symlink()


def test_a_query_needs_no_folder_for_temporary_files(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with warehouse.reader() as con:
        assert list(query(con, "SELECT 42").batches()) == [[(42,)]]


def test_a_query_that_takes_too_long_is_stopped(warehouse: Warehouse) -> None:
    with warehouse.reader() as con:
        for sql in (
            "SELECT sum(hash(range)) FROM range(1000000000000)",
            "EXPLAIN ANALYZE SELECT sum(hash(range)) FROM range(1000000000000)",
        ):
            with pytest.raises(QueryError, match=r"longer than 0.2 seconds.*--timeout"):
                list(query(con, sql, limit=TimeLimit(0.2)).batches())
        assert list(query(con, "SELECT 42", limit=TimeLimit(600)).batches()) == [[(42,)]]


def test_a_query_that_gives_rows_without_end_is_stopped(warehouse: Warehouse) -> None:
    with warehouse.reader() as con:
        endless = query(con, "FROM generate_series(1, 1000000000000)", limit=TimeLimit(0.2))
        with pytest.raises(QueryError, match=r"longer than 0.2 seconds"):
            for _ in endless.batches():
                pass
        assert list(query(con, "SELECT 42").batches()) == [[(42,)]]


def test_the_time_in_which_rows_wait_to_be_read_is_counted(warehouse: Warehouse) -> None:
    limit = TimeLimit(600)
    with warehouse.reader() as con:
        batches = query(con, "FROM generate_series(1, 1000000000000)", limit=limit).batches()
        next(batches)
        limit.ends = time.monotonic()  # the reader has taken his time
        with pytest.raises(QueryError, match=r"longer than 600 seconds"):
            next(batches)


def test_a_query_ends_if_nobody_reads_its_rows(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nalssi.warehouse.query_limits.GRACE_S", -599.9)
    given_up = threading.Event()
    with warehouse.reader() as con:
        limit = TimeLimit(600, given_up.set)
        batches = query(con, "FROM generate_series(1, 1000000000000)", limit=limit).batches()
        next(batches)
        assert given_up.wait(600)
        batches.close()  # type: ignore[attr-defined]
        assert list(query(con, "SELECT 42").batches()) == [[(42,)]]


def test_a_query_that_cannot_be_interrupted_ends_the_process(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nalssi.warehouse.query_limits.GRACE_S", 0.01)
    given_up: list[bool] = []
    limit = TimeLimit(0.1, lambda: given_up.append(True))
    with (
        warehouse.reader() as con,
        pytest.raises(QueryError, match="longer than"),
    ):
        list(query(con, "SELECT length(repeat('a', 300000000::BIGINT))", limit=limit).batches())
    assert given_up


@pytest.mark.parametrize("size", ["64MB", "2GB", "0.5 GiB", "1TB", "512mib"])
def test_a_size_of_memory_is_accepted(size: str, warehouse: Warehouse) -> None:
    check_memory(size)
    with warehouse.reader(memory=size) as con:
        assert list(query(con, "SELECT 42").batches()) == [[(42,)]]


@pytest.mark.parametrize("size", ["", "2", "GB", "-2GB", "1e3MB", "63MB", "0.01GB", "80%", "2GBx"])
def test_what_is_not_a_size_of_memory_is_refused(size: str) -> None:
    with pytest.raises(ValueError, match="not a size of memory"):
        check_memory(size)


def test_the_python_interface_has_both_limits(warehouse: Warehouse) -> None:
    limited = nalssi.open(warehouse.folder, timeout=0.2, memory="64MB")
    with pytest.raises(QueryError, match="longer than"):
        limited.query("SELECT sum(hash(range)) FROM range(1000000000000)")
    with pytest.raises(QueryError, match="needs more than"):
        nalssi.open(warehouse.folder, memory="64MB").query(
            "SELECT list(range) FROM range(100000000)"
        )
    with pytest.raises(ValueError, match="not a size of memory"):
        nalssi.open(warehouse.folder, memory="much")
