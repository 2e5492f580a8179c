"""`make docs` on a clean clone changes nothing: what the docs show is what the code makes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from nalssi.charts.picture_days import PICTURE_DAYS
from nalssi.common.paths import CHECKOUT
from tools import (
    cli_reference,
    doctor_table,
    generate_docs,
    licences,
    module_map,
    source_formats,
    stated_values,
    thresholds_table,
)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the docs, into which they are made."""
    copy = Path(shutil.copytree(CHECKOUT / "docs", tmp_path / "docs"))
    monkeypatch.setattr(cli_reference, "PAGE", copy / cli_reference.PAGE.name)
    monkeypatch.setattr(module_map, "PAGE", copy / module_map.PAGE.name)
    monkeypatch.setattr(source_formats, "PAGE", copy / source_formats.PAGE.name)
    monkeypatch.setattr(thresholds_table, "PAGE", copy / thresholds_table.PAGE.name)
    monkeypatch.setattr(doctor_table, "PAGE", copy / doctor_table.PAGE.name)
    shutil.copy(CHECKOUT / "SECURITY.md", tmp_path)
    monkeypatch.setattr(stated_values, "ROOT", tmp_path)
    monkeypatch.setattr(generate_docs, "PAGE", copy / generate_docs.PAGE.name)
    monkeypatch.setattr(generate_docs, "IMAGES", copy / "images")
    return copy


def test_make_docs_changes_nothing(docs: Path) -> None:
    pages, images = contents(docs), contents(docs / "images")
    generate_docs.main()
    assert contents(docs) == pages, "make docs"
    assert (docs.parent / "SECURITY.md").read_bytes() == (CHECKOUT / "SECURITY.md").read_bytes()
    assert contents(docs / "images") == images, "make docs"


def test_a_stated_value_follows_its_constant() -> None:
    mark = "<!-- value: nalssi.charts.picture_days:PICTURE_DAYS -->"
    stated = f"of {mark}%s<!-- end --> days, or {mark}%s<!-- end -->"
    assert stated_values.updated_page(stated % (1, 2)) == stated % (PICTURE_DAYS, PICTURE_DAYS)


def test_the_page_of_licences_is_the_one_that_is_made_here() -> None:
    """Only the oldest supported Python is compared, because other versions need other packages."""
    text = licences.PAGE.read_text(encoding="utf-8")
    if sys.version_info[:2] == (3, 11):
        assert licences.page() == text, "make docs"
    else:
        assert licences.page().count("\n") == text.count("\n"), "make docs"
