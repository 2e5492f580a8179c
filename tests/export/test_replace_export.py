"""An export takes the place of an earlier one in whole, whatever happened before."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nalssi.export.replace_export import replace_export

NO_PROCESS = 2**22 + 1
"""Larger than the id of any process of Linux."""


def is_export(path: Path) -> bool:
    return path.is_file() or (path / "about").exists()


def export(out: Path, content: str) -> None:
    with replace_export(out, is_export) as temporary:
        temporary.mkdir()
        (temporary / "about").write_text(content)


def listed(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_an_export_that_cannot_get_its_name_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    export(out, "earlier")
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if target == out and path.name.startswith(".being-made"):
            raise OSError(28, os.strerror(28), str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="No space"):
        export(out, "later")
    assert listed(tmp_path) == ["out", "out/about"]
    assert (out / "about").read_text() == "earlier"


def test_the_earlier_folder_comes_back_if_a_killed_export_had_moved_it_away(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(out, "earlier")
    out.rename(tmp_path / ".out.replaced")
    with replace_export(out, is_export) as temporary:
        assert (out / "about").read_text() == "earlier"
        temporary.mkdir()
    assert listed(tmp_path) == ["out"]


def test_an_export_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    left = tmp_path / f".being-made-{socket.gethostname()}-{NO_PROCESS}-0123abcd.a_b.csv.gz"
    left.write_text("half of an export")
    running = tmp_path / f".being-made-{socket.gethostname()}-{os.getpid()}-0123abcd.csv"
    running.write_text("an export that is being made")
    with replace_export(tmp_path / "a-b.csv.gz", is_export) as temporary:
        temporary.write_text("whole")
        assert temporary.name.endswith(".csv.gz")
    assert listed(tmp_path) == [running.name, "a-b.csv.gz"]
