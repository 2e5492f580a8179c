"""Charts of a period leave gaps, hatch missing values and mark frozen feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.lines import Line2D

from nalssi.charts import (
    heatmap_chart,
    period_data,
    quality_chart,
    series_chart,
    theme,
)
from nalssi.charts.day_axis import GUTTER, DayAxis
from nalssi.common.reference import reference
from nalssi.locale.locales import Lang
from tests.charts import inspect_figure
from tests.charts.example_snapshots import SIXTEEN, all_stations, readings_of

REGIONS = reference("regions")
START = date(2025, 12, 19)


def period(
    days: Mapping[date, Mapping[int, float | None]], frozen: frozenset[date] = frozenset()
) -> pl.DataFrame:
    """Return all readings of a period, with the columns that `period_data` needs."""
    parts = []
    for number, (day, temperatures) in enumerate(days.items()):
        flags = dict.fromkeys(temperatures, 3) if day in frozen else None
        failed = pl.Series([["frozen_feed"] if day in frozen else []], dtype=pl.List(pl.String))
        parts.append(
            readings_of(temperatures, flags).with_columns(
                pl.lit(f"{number:016x}").alias("snapshot_id"),
                pl.lit(day, dtype=pl.Date).alias("observed_on"),
                pl.lit(failed).first().alias("failed"),
            )
        )
    return pl.concat(parts)


def daily(count: int, temperatures: Mapping[int, float]) -> dict[date, dict[int, float | None]]:
    """Return temperatures of consecutive days, each 0.1 °C warmer than the one before."""
    return {
        START + timedelta(days=day): {key: value + day / 10 for key, value in temperatures.items()}
        for day in range(count)
    }


SPANS = {
    "one day": daily(1, SIXTEEN),
    "a month of 16": daily(31, SIXTEEN),
    "a year of 97": daily(365, all_stations()),
    "days apart": {START + timedelta(days=40 * n): dict(SIXTEEN) for n in range(12)},
}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("span", list(SPANS))
def test_every_text_can_be_read(span: str, lang: Lang) -> None:
    readings = period(SPANS[span])
    with theme.theme():
        for figure in (
            series_chart.figure(period_data.region_days(readings), REGIONS, lang),
            heatmap_chart.figure(period_data.station_days(readings), REGIONS, lang),
            quality_chart.figure(
                period_data.flag_days(readings), period_data.failed_tests(readings), lang
            ),
        ):
            assert inspect_figure.unreadable_texts(figure) == []


def test_a_gap_in_the_days_is_a_gutter_on_the_axis() -> None:
    days = DayAxis.from_days([START, START + timedelta(days=1), START + timedelta(days=9)])
    assert days.edges == (0.0, 1.0, 2.0 + GUTTER)
    assert days.consecutive_runs() == [(0, 2), (2, 3)]


def test_no_line_of_the_series_crosses_a_gap() -> None:
    days = daily(6, SIXTEEN)
    del days[START + timedelta(days=3)]
    figure_days = period_data.region_days(period(days))
    with theme.theme():
        figure = series_chart.figure(figure_days, REGIONS, "ko")
        gap = DayAxis.from_days(list(days)).edges[3] - GUTTER
        lines = [
            line
            for line in figure.axes[0].findobj(Line2D)
            if len(line.get_xdata()) > 1 and line.get_color() == theme.INK
        ]
    assert lines
    for line in lines:
        across = list(line.get_xdata())
        assert max(across) <= gap or min(across) >= gap


def test_a_missing_cell_of_the_heatmap_has_no_colour() -> None:
    days = daily(3, SIXTEEN)
    days[START + timedelta(days=1)][108] = None  # 서울
    with theme.theme():
        figure = heatmap_chart.figure(period_data.station_days(period(days)), REGIONS, "ko")
    cells = [np.asarray(mesh.get_array()).reshape(-1, 4) for mesh in figure.findobj(QuadMesh)]
    assert sum(len(colours) for colours in cells) == 3 * len(SIXTEEN)
    assert sum((colours[:, 3] == 0).sum() for colours in cells) == 1


def test_stations_of_the_heatmap_stand_from_north_to_south() -> None:
    stations = period_data.station_days(period(daily(1, SIXTEEN)))["station_id"].to_list()
    assert stations[:3] == [98, 201, 108]  # 동두천, 강화, 서울
    assert stations[-1] == 184  # 제주


def test_frozen_days_are_excluded_from_means_and_marked() -> None:
    days = daily(4, SIXTEEN)
    frozen = frozenset(list(days)[2:])
    readings = period(days, frozen)
    assert period_data.region_days(readings)["observed_on"].n_unique() == 2
    flags = period_data.flag_days(readings)
    assert set(flags.filter("frozen")["observed_on"]) == frozen
    with theme.theme():
        figure = quality_chart.figure(flags, period_data.failed_tests(readings), "ko")
        lane = next(axes for axes in figure.axes if axes.get_facecolor() != (1, 1, 1, 1)
                    and axes.get_ylim() == (0, 1) and axes.patches)  # fmt: skip
        spans = [(bar.get_x(), bar.get_width()) for bar in lane.patches]
        written = inspect_figure.written(figure)
    assert (2.0, 2.0) in spans
    assert "관측값 64개 중 정상 50.0%" in written


def test_the_quality_chart_counts_undated_readings() -> None:
    dated, undated = period(daily(2, SIXTEEN)), period(daily(1, SIXTEEN))
    undated = undated.with_columns(observed_on=pl.lit(None, dtype=pl.Date))
    both = pl.concat([dated, undated])
    with theme.theme():
        figure = quality_chart.figure(
            period_data.flag_days(both), period_data.failed_tests(both), "en"
        )
        written = inspect_figure.written(figure)
    assert "100.0% of 48 readings are good · 16 undated ones are not on the time axis" in written


def test_a_station_counts_once_a_day_however_often_it_was_read() -> None:
    hours = {108: 10.0}, {108: 20.0}, {108: 30.0}, {108: 20.0, 112: 10.0}
    parts = [period({START: temperatures}) for temperatures in hours]
    (day,) = period_data.region_days(pl.concat(parts)).to_dicts()
    assert (day["mean_c"], day["low_c"], day["high_c"]) == (15.0, 10.0, 30.0)


def test_undated_readings_are_on_no_time_axis() -> None:
    readings = period(daily(1, SIXTEEN)).with_columns(observed_on=pl.lit(None, dtype=pl.Date))
    assert period_data.region_days(readings).is_empty()
    with pytest.raises(ValueError, match="no day"):
        series_chart.figure(period_data.region_days(readings), REGIONS, "ko")


def test_a_period_of_one_day_is_named_by_that_day() -> None:
    one = period_data.region_days(period(daily(1, SIXTEEN)))
    with theme.theme():
        written = inspect_figure.written(series_chart.figure(one, REGIONS, "ko"))
    assert "2025년 12월 19일(금)" in written
