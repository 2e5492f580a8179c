"""The examples in docs/export.md run, and the page describes every format and flag."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nalssi
from nalssi.common.paths import CHECKOUT, SAMPLES
from nalssi.export import FORMATS, export
from nalssi.export.selection import FLAGS

DOCS = (CHECKOUT / "docs" / "export.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCS, flags=re.DOTALL)


def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    weather = nalssi.load(SAMPLES / "0*.txt", into=tmp_path / "warehouse")
    export(weather.warehouse, tmp_path / "export", "parquet")
    monkeypatch.chdir(tmp_path)
    for example in EXAMPLES:
        exec(example, {})  # noqa: S102  # the project's own words
    shown = capsys.readouterr().out
    assert "대관령" in shown
    assert shown.splitlines()[-1] == "4"


def test_every_format_and_flag_is_described() -> None:
    assert len(EXAMPLES) == 2
    for form in FORMATS:
        assert f"| `{form}` |" in DOCS
    for flag in FLAGS:
        assert re.search(rf"\b{flag}\s+(good|not evaluated|suspect|fail|missing)", DOCS), flag
