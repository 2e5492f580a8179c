"""Charts are drawn again when code changes, but not when comments or layout change."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nalssi.charts import chart_code


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """A function that appends a text to a module of a copy, and returns the digest of the code."""
    copy = tmp_path / "nalssi"
    for package in ("charts", "locale"):
        shutil.copytree(
            chart_code.NALSSI / package,
            copy / package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    monkeypatch.setattr(chart_code, "NALSSI", copy)
    monkeypatch.setattr(chart_code, "_known", {})
    chart_code.source_digest.cache_clear()

    def edited(text: str) -> str:
        with (copy / "charts" / "theme.py").open("a", encoding="utf-8") as module:
            module.write(text)
        chart_code.source_digest.cache_clear()
        return chart_code.code_digest()

    yield edited
    chart_code.source_digest.cache_clear()


def test_a_comment_changes_no_key_and_a_statement_does(edit: Callable[[str], str]) -> None:
    digest = edit("")
    assert edit("\n# A comment.\n") == digest
    assert edit("\nDEPTH = 1\n") != digest


def test_a_folder_of_charts_keeps_the_digest_of_these_sources_only(
    edit: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = edit("")
    folder = tmp_path / "charts"
    chart_code.write_code_digest(folder)
    assert not folder.exists()
    folder.mkdir()
    chart_code.write_code_digest(folder)

    computed: list[int] = []
    monkeypatch.setattr(chart_code, "_code_digest", lambda: str(computed.append(1)))
    chart_code._known.clear()
    chart_code.read_code_digest(folder)
    assert (chart_code.code_digest(), computed) == (digest, [])
    edit("\nDEPTH = 1\n")
    chart_code.read_code_digest(folder)
    assert len(computed) == 1

    (folder / chart_code.FILE).write_text("[]", encoding="utf-8")
    chart_code.read_code_digest(folder)
