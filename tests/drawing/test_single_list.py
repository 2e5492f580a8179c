"""A page with one list gives the readings that a warehouse with only this page gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from nalssi.charts.chart_readings import selected_readings
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.paths import CHECKOUT
from nalssi.drawing.source_lists import read_sources
from nalssi.sources.partition import Options
from nalssi.warehouse.temporary_database import sources_in_memory

SAMPLES = CHECKOUT / "data" / "samples"
LIST = (
    "• 맑음강릉 14.1℃\n• 비서울 8.6℃\n• 눈대전 12.2℃\n• -제주 19.2℃\n• 흐림부산 99.0℃\n"
    "• 맑음대구 ℃\n기상청 제공\n"
)
PAGES = {
    "glued": "01-seed-glued-spaced.txt",
    "closed station": "05-full-closed-station.txt",
    "feed": "19-kma-feed.xml",
}


def compare_with_warehouse(source: Path, options: Options = Options()) -> None:  # noqa: B008
    lists = read_sources([str(source)], options=options)
    assert lists.single is not None
    with sources_in_memory(lists.partitions) as (con, problems):
        loaded = selected_readings(con, ReadingFilter())
    assert problems == lists.problems == []
    assert_frame_equal(lists.single, loaded.select(lists.single.columns))


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_is_judged_as_in_a_warehouse(name: str) -> None:
    compare_with_warehouse(SAMPLES / PAGES[name])


@pytest.mark.parametrize(
    ("printed", "captured"),
    [
        ("2025.12.19 (금)\n", "2025-12-19T03:00:00Z"),
        ("2025.12.19 (금)\n", "2025-12-18T13:59:59Z"),  # before 23:00 of the evening before
        ("2025.12.19 (금)\n", "2025-12-18T14:00:00Z"),
        ("", "2025-12-19T03:00:00Z"),
        ("최종편집: 2025-12-20 00:04\n", "2025-12-19T03:00:00Z"),
    ],
)
def test_a_capture_dates_a_page_as_in_a_warehouse(
    printed: str, captured: str, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus.ndjson"
    row = {"text": printed + LIST, "url": "https://news.example.com/1", "date": captured}
    corpus.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    compare_with_warehouse(corpus)
