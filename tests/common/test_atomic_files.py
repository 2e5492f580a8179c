"""Files appear complete or not at all, and files that killed processes leave are removed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files, temporary_path


def path_of_an_ended_process(folder: Path) -> Path:
    """Return a temporary path that a process which has ended chose in `folder`."""
    code = (
        "import sys; from pathlib import Path;"
        "from nalssi.common.atomic_files import temporary_path;"
        "print(temporary_path(Path(sys.argv[1])))"
    )
    said = subprocess.check_output([sys.executable, "-c", code, str(folder)], text=True)
    return Path(said.strip())


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    with atomic_write(place) as partial:
        partial.write_text("new")
        assert not place.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    with pytest.raises(TypeError), atomic_write(place) as partial, partial.open("w") as file:
        file.write("half", "and no more")
    assert place.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_full_disk_error_names_the_file_and_not_its_temporary_name(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match=r"page\.html") as raised,
        atomic_write(tmp_path / "page.html"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert raised.value.errno == errno.ENOSPC
    assert raised.value.filename == str(tmp_path / "page.html")


@pytest.mark.process
def test_files_of_ended_processes_are_removed_and_those_of_running_ones_stay(
    tmp_path: Path,
) -> None:
    left_file, left_folder = path_of_an_ended_process(tmp_path), path_of_an_ended_process(tmp_path)
    left_file.write_text("half")
    left_folder.mkdir()
    (left_folder / "page.html").write_text("half")
    own, other = temporary_path(tmp_path), tmp_path / "page.html"
    own.write_text("unfinished")
    other.write_text("whole")
    remove_stale_temporary_files(tmp_path)
    assert set(tmp_path.iterdir()) == {own, other}


def test_files_of_another_host_are_removed_after_a_day(tmp_path: Path) -> None:
    there = tmp_path / ".being-made-another-host-1-0123abcd"
    there.write_text("unfinished")
    remove_stale_temporary_files(tmp_path)
    assert there.exists()
    before = time.time() - 25 * 3600
    os.utime(there, (before, before))
    remove_stale_temporary_files(tmp_path)
    assert not there.exists()


def test_a_missing_folder_has_no_stale_files(tmp_path: Path) -> None:
    remove_stale_temporary_files(tmp_path / "nowhere")
