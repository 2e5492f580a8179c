"""Wrong arguments of `nalssi capture`; tests/flows/test_capture_flow.py tests the capture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.run_nalssi import imported_modules, nalssi


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
def test_a_failed_capture_is_one_line_on_stderr(
    warehouse: Path, arguments: list[str], cause: str
) -> None:
    run = nalssi("capture", *arguments, "--warehouse", warehouse)
    assert (run.exit_code, run.stdout, run.stderr) == (1, "", f"nalssi: {cause}\n")
    assert [path.name for path in warehouse.iterdir()] == ["sources.toml"]


@pytest.mark.process
def test_wrong_arguments_are_reported_before_slow_imports(warehouse: Path) -> None:
    assert not imported_modules("capture", "magazine", "--warehouse", warehouse) & {
        "prefect",
        "matplotlib",
    }
