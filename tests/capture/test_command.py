"""`nalssi capture` before it fetches anything; what it then does, tests/flows tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_commands import imported, nalssi


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "paper"\nurl = "https://paper.example/"\n'
    )
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--sources", "none.toml"], "none.toml: no such file or directory"),
        (["magazine"], "no source is named magazine; there are: paper"),
    ],
)
def test_what_cannot_be_captured_is_one_line(
    warehouse: Path, arguments: list[str], cause: str
) -> None:
    run = nalssi("capture", *arguments, "--warehouse", warehouse)
    assert (run.returncode, run.stdout, run.stderr) == (1, "", f"nalssi: {cause}\n")
    assert [path.name for path in warehouse.iterdir()] == ["sources.toml"]


def test_it_is_said_before_anything_slow_is_imported(warehouse: Path) -> None:
    assert not imported("capture", "magazine", "--warehouse", warehouse) & {"prefect", "matplotlib"}
