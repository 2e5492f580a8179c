"""The charts look like the golden pictures in `golden/`, which have half the resolution.

After an intended change, run `make golden`, look at each picture, and commit them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images

from nalssi.charts import (
    change_chart,
    heatmap_chart,
    map_chart,
    period_data,
    quality_chart,
    regions_chart,
    series_chart,
    theme,
)
from nalssi.common.reference import reference
from tests.charts.example_snapshots import SIXTEEN, all_stations, snapshot_of
from tests.charts.test_period_charts import START, daily, period, region_days, station_days

GOLDEN = Path(__file__).with_name("golden")
GOLDEN_DPI = 75
TOLERANCE = 2.0  # root mean square of the differences of pixels (0 to 255)
REGIONS = reference("regions")
MONTH = daily(31, SIXTEEN)
READINGS = period(MONTH, frozenset({START, date(2025, 12, 28)}))
DAYS = station_days(MONTH, {day: 1 + number % 3 for number, day in enumerate(list(MONTH)[12:20])})

CHARTS: dict[str, Callable[[], Figure]] = {
    "regions-16": lambda: regions_chart.figure(snapshot_of(SIXTEEN), REGIONS, "ko"),
    "regions-97": lambda: regions_chart.figure(snapshot_of(all_stations(-12.0)), REGIONS, "en"),
    "map-16": lambda: map_chart.figure(snapshot_of(SIXTEEN), REGIONS, "ko"),
    "map-97": lambda: map_chart.figure(snapshot_of(all_stations(-12.0)), REGIONS, "ko"),
    "change": lambda: change_chart.figure(
        snapshot_of(SIXTEEN, clock="14:00"),
        snapshot_of(all_stations(), date(2025, 12, 18), "14:15", "capture"),
        REGIONS,
        "ko",
    ),
    "series": lambda: series_chart.figure(region_days(DAYS), REGIONS, "ko"),
    "heatmap": lambda: heatmap_chart.figure(DAYS, REGIONS, "en"),
    "quality": lambda: quality_chart.figure(
        period_data.flag_days(READINGS), period_data.failed_tests(READINGS), "ko"
    ),
}


@pytest.mark.parametrize("name", list(CHARTS))
def test_a_chart_looks_like_its_golden_picture(name: str, tmp_path: Path) -> None:
    drawn = tmp_path / f"{name}.png"
    with theme.theme():
        CHARTS[name]().savefig(drawn, dpi=GOLDEN_DPI, metadata={"Software": None})
    golden = GOLDEN / drawn.name
    if os.environ.get("NALSSI_RENEW_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_bytes(drawn.read_bytes())
    assert compare_images(str(golden), str(drawn), TOLERANCE) is None, "make golden"
