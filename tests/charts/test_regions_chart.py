"""The regions chart shows every station readably, every region, and what it excludes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from matplotlib.text import Text

from nalssi.charts import map_chart, region_row, region_rows, regions_chart, theme, value_axis
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.picture_size import DPI
from nalssi.common.reference import reference
from nalssi.locale.locales import Lang
from tests.charts import inspect_figure
from tests.charts.example_snapshots import SIXTEEN, all_stations, snapshot_of

REGIONS = reference("regions")
SNAPSHOTS = {
    "16": SIXTEEN,
    "97": all_stations(),
    "97 in frost": all_stations(-25.0),
    "97 all alike": dict.fromkeys(all_stations(), 0.0),
    "1": {184: 41.2},
}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("stations", list(SNAPSHOTS))
def test_every_label_can_be_read(stations: str, lang: Lang) -> None:
    temperatures = SNAPSHOTS[stations]
    with theme.theme():
        figure = regions_chart.figure(snapshot_of(temperatures), REGIONS, lang)
        assert inspect_figure.unreadable_texts(figure) == []
        labels = inspect_figure.station_labels(figure)
        assert [text for text in figure.findobj(Text) if _leaves_its_column(text)] == []
    assert len(labels) == len(temperatures)


def _leaves_its_column(text: Text) -> bool:
    """Whether a text of the left column reaches into the plot, which would cover it."""
    if text.get_gid() != region_rows.HEADING:
        return False
    return bool(text.get_window_extent().x1 / DPI > region_row.HEADINGS_WIDTH)


def test_all_regions_stand_from_north_to_south_even_without_a_reading() -> None:
    with theme.theme():
        written = inspect_figure.written(regions_chart.figure(snapshot_of(SIXTEEN), REGIONS, "ko"))
    names = REGIONS["name_ko"].to_list()
    assert [text for text in written if text in names] == names
    assert written.count("자료 없음") == 1  # 강원영서: the list has no station there


def test_a_single_region_has_no_empty_rows() -> None:
    with theme.theme():
        written = inspect_figure.written(
            regions_chart.figure(snapshot_of({105: 3.0}), REGIONS, "en")
        )
    assert written.count("1 station") == 2  # of the page and of the region
    assert "no reading" not in written


def test_a_regions_chart_has_date_hour_counts_and_source() -> None:
    drawn = snapshot_of(SIXTEEN | {90: None, 93: 40.0}, clock="15:00", flags={93: 3})
    with theme.theme():
        korean = " ".join(inspect_figure.written(regions_chart.figure(drawn, REGIONS, "ko")))
        english = " ".join(inspect_figure.written(regions_chart.figure(drawn, REGIONS, "en")))
    assert "2025년 12월 19일(금) · 15:00 관측" in korean
    assert "16개 지점 · 제외: 의심 1, 결측 1" in korean
    assert "자료: 기상청(KMA)" in korean
    assert "Fri, 19 December 2025 · observed at 15:00 KST" in english
    assert "16 stations · excluded: 1 suspect, 1 missing" in english


@pytest.mark.parametrize(
    ("lang", "subtitle"),
    [
        ("ko", "2025년 12월 20일(토) · 00:15 수집"),
        ("en", "Sat, 20 December 2025 · captured at 00:15 KST"),
    ],
)
def test_a_capture_time_is_shown_as_a_capture_time(lang: Lang, subtitle: str) -> None:
    drawn = snapshot_of(SIXTEEN, date(2025, 12, 20), "00:15", "capture")
    with theme.theme():
        for chart in (regions_chart, map_chart):
            written = inspect_figure.written(chart.figure(drawn, REGIONS, lang))
            assert subtitle in written
            assert not [text for text in written if "관측" in text or "observed" in text]


def test_a_chart_says_that_its_day_is_unknown() -> None:
    with theme.theme():
        written = inspect_figure.written(
            regions_chart.figure(snapshot_of(SIXTEEN, day=None), REGIONS, "ko")
        )
    assert "날짜 미상 · 관측 시각 미상" in written


def test_the_mean_is_that_of_the_drawn_readings() -> None:
    drawn = snapshot_of({105: 10.0, 90: 12.0, 100: 55.0}, flags={100: 4})
    with theme.theme():
        written = inspect_figure.written(regions_chart.figure(drawn, REGIONS, "ko"))
    assert "11.0" in written
    assert "10.0 ~ 12.0 · 2개 지점" in written


def test_a_good_reading_of_a_closed_station_is_counted_not_drawn() -> None:
    with theme.theme():
        written = inspect_figure.written(
            regions_chart.figure(snapshot_of({**SIXTEEN, 175: 9.0}), REGIONS, "ko")
        )
    assert "16개 지점 · 제외: 폐지 지점 1" in written


def test_a_snapshot_without_readings_is_an_error() -> None:
    with theme.theme(), pytest.raises(ValueError, match="no reading"):
        regions_chart.figure(snapshot_of({98: None}), REGIONS, "ko")


@pytest.mark.parametrize(
    ("readings", "limits"),
    [([5.0, 19.2], (5, 20)), ([3.0, 4.0], (-5, 10)), ([-22.4, 9.1], (-25, 10)), ([0.0], (-5, 10))],
)
def test_the_axis_ends_at_multiples_of_five_around_the_readings(
    readings: list[float], limits: tuple[int, int]
) -> None:
    low, high = value_axis.temperature_limits(readings)
    assert low <= min(readings)
    assert max(readings) <= high
    assert high - low == limits[1] - limits[0]
    assert low % 5 == high % 5 == 0


def test_the_scale_of_a_day_colors_the_regions() -> None:
    drawn = snapshot_of(SIXTEEN)
    with theme.theme(DrawOptions(scale="day")):
        figure = regions_chart.figure(drawn, REGIONS, "ko")
        assert inspect_figure.unreadable_texts(figure) == []
        day = theme.pixels(figure)
        assert "색: 이 그림에만 쓴 5~20°C 눈금" in inspect_figure.written(figure)
    with theme.theme():
        fixed = theme.pixels(regions_chart.figure(drawn, REGIONS, "ko"))
    assert not np.array_equal(day, fixed)
