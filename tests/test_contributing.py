"""The documentation for contributors names files, make targets and pages that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nalssi.common.paths import CHECKOUT
from tests.slow_files import SLOW_FILES

PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", ".github/**/*.md", "schemas/**/*.md", "notebooks/*.md")
    for path in CHECKOUT.glob(pattern)
)
FOLDERS = "nalssi|schemas|flows|tests|tools|studies|benchmarks|docs|notebooks|data/samples"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "name", ["CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/glossary.md"]
)
def test_every_file_that_a_page_names_exists(name: str) -> None:
    text = (CHECKOUT / name).read_text("utf-8")
    named = set(re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text))
    assert named
    assert [path for path in sorted(named) if not (CHECKOUT / path).exists()] == []


def test_every_name_that_contributing_gives_a_file_is_in_that_file() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`(\w+)` in\s+`([\w/]+\.\w+)`", text)
    assert len(named) > 10
    assert [
        (name, file)
        for name, file in named
        if not re.search(rf"\b{name}\b", (CHECKOUT / file).read_text("utf-8"))
    ] == []


def test_every_make_target_that_contributing_names_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"`make ([a-z-]+)", (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8"))
    assert named
    assert set(named) <= set(targets)


def test_every_page_is_in_the_index() -> None:
    index = (CHECKOUT / "docs" / "index.md").read_text("utf-8")
    pages = {path.name for path in (CHECKOUT / "docs").glob("*.md")} - {"index.md"}
    assert [page for page in sorted(pages) if f"({page})" not in index] == []


def test_every_slow_file_exists() -> None:
    tests = CHECKOUT / "tests"
    files = [
        tests / folder / f"test_{name}.py" for folder, names in SLOW_FILES.items() for name in names
    ]
    assert [file for file in files if not file.exists()] == []
