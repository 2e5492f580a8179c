"""The progress of drawing names the chart, and stays silent where no user watches."""

from __future__ import annotations

import pytest

from flows import extraction_progress, progress_display
from flows.drawing_progress import DrawingProgress
from flows.extraction_progress import ExtractionProgress
from tests.progress_lines import without_progress


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_display, "SECONDS_BETWEEN_LINES", 0.0)


def report() -> None:
    with DrawingProgress() as progress:
        progress.report(2, 12, "map 2025-12-19 (ko)")
        progress.report(12, 12, "")


def test_lines_say_what_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with ExtractionProgress():
        report()
    printed = capsys.readouterr().err
    assert printed.splitlines() == [
        "charts: 2 of 12, drawing map 2025-12-19 (ko)",
        "charts: 12 of 12, drawn",
    ]
    assert without_progress(printed) == ""


def test_a_run_that_no_user_watches_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert extraction_progress.current is None
    report()
    assert capsys.readouterr().err == ""
