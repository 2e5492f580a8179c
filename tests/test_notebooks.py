"""The notebooks run, have the committed outputs, and answer their questions."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nalssi.common.paths import CHECKOUT
from notebooks.execution import METADATA, NOTEBOOKS, PICTURE, execute, text_outputs, write

BY_NAME = {path.stem: path for path in NOTEBOOKS}


@pytest.fixture(params=BY_NAME)
def path(request: pytest.FixtureRequest) -> Path:
    return BY_NAME[request.param]


@pytest.fixture
def committed(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def pictures(notebook: Any) -> list[str]:
    """Return the ids of cells that show a picture."""
    return [
        cell.id
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if PICTURE in output.get("data", {})
    ]


def test_there_are_three_notebooks() -> None:
    assert len(NOTEBOOKS) == 3


@pytest.mark.process
def test_a_notebook_has_the_committed_outputs(path: Path, committed: Any) -> None:
    executed = execute(path)
    assert text_outputs(executed) == text_outputs(committed), "run `make notebooks`"
    assert pictures(executed) == pictures(committed) != []


def test_a_notebook_begins_with_a_question_and_ends_with_its_answer(committed: Any) -> None:
    first, *_, heading, last = committed.cells
    assert first.source.startswith("# ")
    assert "**Question: " in first.source
    assert heading.source == "## Answer"
    (answer,) = last.outputs
    assert len(answer.data["text/markdown"]) > 200


def test_a_notebook_uses_only_the_python_interface(committed: Any) -> None:
    code = "\n".join(cell.source for cell in committed.cells if cell.cell_type == "code")
    nodes = list(ast.walk(ast.parse(code)))
    imported = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    imported += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert "nalssi" in imported
    assert not [each for each in imported if each.startswith(("nalssi.", "flows", "schemas"))]
    assert not [node for node in nodes if getattr(node, "attr", "") == "warehouse"]


def test_a_notebook_contains_no_data_of_the_run_or_the_machine(path: Path, committed: Any) -> None:
    assert committed.metadata == METADATA
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert all(cell.metadata == {} for cell in committed.cells)
    outputs = "\n".join(text_outputs(committed))
    for path_part in (str(CHECKOUT), "file://", "/home/", "/root/", "/tmp/"):
        assert path_part not in outputs
    assert not write(committed, path)
