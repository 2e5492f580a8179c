"""Compiled templates are kept, and used only for the same source."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from nalssi.gallery.compiled_templates import CompiledTemplates


def rendered(folder: Path) -> str:
    """Render a template in a new environment, as a new process does."""
    kept = CompiledTemplates(folder / "kept")
    made = Environment(loader=FileSystemLoader(folder), bytecode_cache=kept, autoescape=True)
    return made.get_template("page.html").render(name="서울")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text("{{ name }}: 3", encoding="utf-8")
    assert rendered(tmp_path) == "서울: 3"
    return tmp_path


def test_a_template_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Environment, "compile")
    assert rendered(folder) == "서울: 3"


def test_a_changed_template_is_compiled_again(folder: Path) -> None:
    (folder / "page.html").write_text("{{ name }}: 4", encoding="utf-8")
    assert rendered(folder) == "서울: 4"


@pytest.mark.parametrize("damage", ["cut", "other", "folder"])
def test_a_damaged_file_is_not_used(folder: Path, damage: str) -> None:
    (file,) = (folder / "kept").iterdir()
    content = file.read_bytes()
    file.unlink()
    if damage == "folder":
        file.mkdir()
    else:
        file.write_bytes(content[:-5] if damage == "cut" else b"other")
    assert rendered(folder) == "서울: 3"
