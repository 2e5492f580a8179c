"""docs/quality.md shows the thresholds that the checks use."""

from __future__ import annotations

from pathlib import Path

from nalssi.quality.thresholds import THRESHOLDS
from schemas.vocabulary import QUALITY_TESTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "quality.md"


def table() -> str:
    rows = [
        f"| `{name}` | {t.value:g} | {t.unit} | {t.reason} | {t.study} |"
        for name, t in THRESHOLDS.items()
    ]
    head = [
        "| threshold | value | unit | reason | measured by |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows])


def test_the_page_shows_every_threshold() -> None:
    shown = PAGE.read_text(encoding="utf-8").split("<!-- thresholds -->\n")[1]
    assert shown.split("\n<!-- end -->")[0] == table(), "make docs"


def test_the_page_describes_every_check() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{test}` |" in page for test in QUALITY_TESTS)
