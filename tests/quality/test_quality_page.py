"""docs/quality.md shows the thresholds that the checks use."""

from __future__ import annotations

from pathlib import Path

from nalssi.quality.thresholds import THRESHOLDS
from schemas.vocabulary import QUALITY_TESTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "quality.md"


def table() -> str:
    rows = [f"| `{name}` | {t.value:g} | {t.unit} | {t.source} |" for name, t in THRESHOLDS.items()]
    return "\n".join(["| threshold | value | unit | source |", "| --- | --- | --- | --- |", *rows])


def test_the_page_shows_every_threshold_as_it_is() -> None:
    shown = PAGE.read_text(encoding="utf-8").split("<!-- thresholds -->\n")[1]
    assert shown.split("\n<!-- end -->")[0] == table()


def test_the_page_names_every_test() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{test}` |" in page for test in QUALITY_TESTS)
