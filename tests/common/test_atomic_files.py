"""Things in the making: whole or not there, and what the dead leave is told from the living's."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files, temporary_path


def of_a_dead_process(folder: Path) -> Path:
    """A name that a process which has ended chose in `folder`."""
    code = (
        "import sys; from pathlib import Path;"
        "from nalssi.common.atomic_files import temporary_path;"
        "print(temporary_path(Path(sys.argv[1])))"
    )
    said = subprocess.check_output([sys.executable, "-c", code, str(folder)], text=True)
    return Path(said.strip())


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    with atomic_write(place) as partial:
        partial.write_text("new")
        assert not place.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    with pytest.raises(TypeError), atomic_write(place) as partial, partial.open("w") as file:
        file.write("half", "and no more")
    assert place.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_full_disk_names_the_file_and_not_its_passing_name(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match=r"page\.html") as raised,
        atomic_write(tmp_path / "page.html"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert raised.value.errno == errno.ENOSPC
    assert raised.value.filename == str(tmp_path / "page.html")


@pytest.mark.process
def test_what_dead_processes_left_goes_and_what_the_living_make_stays(tmp_path: Path) -> None:
    left_file, left_folder = of_a_dead_process(tmp_path), of_a_dead_process(tmp_path)
    left_file.write_text("half")
    left_folder.mkdir()
    (left_folder / "page.html").write_text("half")
    own, other = temporary_path(tmp_path), tmp_path / "page.html"
    own.write_text("in the making")
    other.write_text("whole")
    remove_stale_temporary_files(tmp_path)
    assert set(tmp_path.iterdir()) == {own, other}


def test_what_another_machine_makes_is_given_a_day(tmp_path: Path) -> None:
    there = tmp_path / ".being-made-another-host-1-0123abcd"
    there.write_text("in the making")
    remove_stale_temporary_files(tmp_path)
    assert there.exists()
    before = time.time() - 25 * 3600
    os.utime(there, (before, before))
    remove_stale_temporary_files(tmp_path)
    assert not there.exists()


def test_a_folder_that_is_not_there_needs_no_sweeping(tmp_path: Path) -> None:
    remove_stale_temporary_files(tmp_path / "nowhere")
