"""Charts of a period leave gaps, hatch missing values and mark frozen feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from matplotlib.collections import PathCollection, PolyCollection, QuadMesh
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nalssi.charts import (
    color_scale,
    heatmap_chart,
    period_data,
    quality_chart,
    series_chart,
    theme,
)
from nalssi.charts.day_axis_drawing import new_axis
from nalssi.charts.page_form import WIDE
from nalssi.common.reference import reference
from nalssi.locale.locales import LOCALES, Lang
from tests.charts import inspect_figure
from tests.charts.example_snapshots import SIXTEEN, all_stations, readings_of
from tests.thorough import thorough

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
                pl.lit(None, dtype=pl.Date).alias("printed_on"),
                pl.lit(failed).first().alias("failed"),
            )
        )
    return pl.concat(parts)


def station_days(
    days: Mapping[date, Mapping[int, float | None]], lists: Mapping[date, int] | None = None
) -> pl.DataFrame:
    """Return the frame of `period_data.station_days` for these temperatures.

    `lists` is the number of lists of the days that are not representative.
    """
    lists = lists or {}
    observed_on = pl.col("observed_on")
    return (
        period(days)
        .filter("usable", pl.col("temperature_c").is_not_null())
        .sort(
            "region_id",
            "latitude",
            "station_id",
            "observed_on",
            descending=[False, True, False, False],
        )
        .with_columns(
            *(pl.col("temperature_c").alias(name) for name in ("mean_c", "low_c", "high_c")),
            lists=observed_on.replace_strict(lists, default=24, return_dtype=pl.Int64),
            representative=~observed_on.is_in(list(lists)),
        )
    )


def region_days(stations: pl.DataFrame) -> pl.DataFrame:
    """Return the frame of `period_data.region_days` for the frame of `station_days`."""
    return (
        stations.group_by("region_id", "observed_on")
        .agg(
            pl.col("mean_c").mean().round(2),
            pl.col("low_c").min(),
            pl.col("high_c").max(),
            pl.col("lists").max(),
            pl.col("representative").all(),
        )
        .sort("region_id", "observed_on")
    )


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


@pytest.mark.parametrize(
    ("span", "lang"),
    [
        ("one day", "ko"),
        ("a month of 16", "en"),
        ("days apart", "en"),
        ("a year of 97", "ko"),
        thorough("one day", "en"),
        thorough("a month of 16", "ko"),
        thorough("days apart", "ko"),
        thorough("a year of 97", "en"),
    ],
)
def test_every_text_can_be_read(span: str, lang: Lang) -> None:
    readings = period(SPANS[span])
    some = dict(zip(SPANS[span], [1, 3, 12], strict=False))
    partly = station_days(SPANS[span], some)
    with theme.theme():
        for figure in (
            series_chart.figure(region_days(partly), REGIONS, lang),
            heatmap_chart.figure(partly, REGIONS, lang),
            quality_chart.figure(
                period_data.flag_days(readings), period_data.failed_tests(readings), lang
            ),
        ):
            assert inspect_figure.unreadable_texts(figure) == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_texts_of_daily_means_can_be_read(lang: Lang) -> None:
    """The texts of daily means differ from those of means of lists in title and legend."""
    days = station_days(SPANS["a month of 16"])
    with theme.theme():
        for figure in (
            series_chart.figure(region_days(days), REGIONS, lang),
            heatmap_chart.figure(days, REGIONS, lang),
        ):
            assert inspect_figure.unreadable_texts(figure) == []


def mean_line(figure: Figure) -> Line2D:
    """Return the line of daily means of the first panel of a series chart."""
    (line,) = (each for each in figure.axes[0].findobj(Line2D) if each.get_gid() == "means")
    return line


def test_no_line_of_the_series_crosses_a_day_without_data() -> None:
    days = daily(6, SIXTEEN)
    del days[START + timedelta(days=3)]
    with theme.theme():
        figure = series_chart.figure(region_days(station_days(days)), REGIONS, "ko")
        axis = new_axis(list(days), series_chart.PANEL[0])
    xs = np.asarray(mean_line(figure).get_xdata(), float)
    runs = [[axis.middle(day) for day in list(days)[part]] for part in (slice(3), slice(3, 5))]
    assert np.allclose(xs, [*runs[0], np.nan, *runs[1], np.nan], equal_nan=True)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_long_time_without_data_is_a_break_with_its_length(lang: Lang) -> None:
    days = {day: dict(SIXTEEN) for day in (date(2020, 10, 5), START)}
    words = {"ko": "5년 2개월", "en": "5 yr 2 mo"}[lang]
    readings = period(days)
    with theme.theme():
        figures = (
            series_chart.figure(region_days(station_days(days)), REGIONS, lang),
            heatmap_chart.figure(station_days(days), REGIONS, lang),
            heatmap_chart.figure(station_days(days).filter(station_id=108), REGIONS, lang),
            quality_chart.figure(
                period_data.flag_days(readings), period_data.failed_tests(readings), lang
            ),
        )
        for figure in figures:
            assert words in inspect_figure.written(figure)
            assert inspect_figure.unreadable_texts(figure) == []
            assert [
                text for text in inspect_figure.written(figure) if text.startswith(("2020", "2025"))
            ]
        assert locale_break(lang) in inspect_figure.written(figures[0])


def locale_break(lang: Lang) -> str:
    return LOCALES[lang].charts.axis_break


def test_the_days_of_dense_years_have_open_points_only_if_they_are_not_representative() -> None:
    days = daily(120, {108: -5.0})
    lists = {START + timedelta(days=number): 2 for number in (7, 50, 51)}
    stations = station_days(days, lists)
    with theme.theme():
        figure = series_chart.figure(region_days(stations), REGIONS, "en")
        (points,) = figure.axes[0].findobj(PathCollection)
        axis = new_axis(list(days), WIDE.right - series_chart.LEFT)
    expected = [(axis.middle(day), days[day][108]) for day in lists]
    assert np.allclose(np.asarray(points.get_offsets()), expected)
    assert (np.asarray(points.get_facecolor()) == to_rgba(theme.PAPER)).all()


def test_a_missing_cell_of_the_heatmap_has_no_colour() -> None:
    days = daily(3, SIXTEEN)
    days[START + timedelta(days=1)][108] = None  # 서울
    with theme.theme():
        figure = heatmap_chart.figure(station_days(days), REGIONS, "ko")
    cells = [np.asarray(mesh.get_array()).reshape(-1, 4) for mesh in figure.findobj(QuadMesh)]
    assert sum(len(colours) for colours in cells) == 3 * len(SIXTEEN)
    assert sum((colours[:, 3] == 0).sum() for colours in cells) == 1


def test_the_line_of_the_series_joins_representative_days_only() -> None:
    days = daily(6, SIXTEEN)
    lists = {START + timedelta(days=number): number for number in (1, 3)}
    with theme.theme():
        figure = series_chart.figure(region_days(station_days(days, lists)), REGIONS, "ko")
        written = inspect_figure.written(figure)
        (points,) = figure.axes[0].findobj(PathCollection)
        axis = new_axis(list(days), series_chart.PANEL[0])
    on_line = np.asarray(mean_line(figure).get_xdata(), float)
    joined = np.array([np.isclose(on_line, axis.middle(day)).any() for day in days])
    assert joined.tolist() == [True, False, True, False, True, True]
    assert np.isnan(on_line).tolist() == [False, True, False, True, False, False, True]
    is_open = (np.asarray(points.get_facecolor()) == to_rgba(theme.PAPER)).all(axis=1)
    assert is_open.tolist() == (~joined).tolist()
    assert "지역별 기온 추이" in written
    assert "일평균" in written
    assert any("목록 1~3개 평균" in text for text in written)


def test_the_bars_of_the_series_are_those_of_the_table() -> None:
    days = daily(4, SIXTEEN)
    frame = region_days(station_days(days, {START: 1})).filter(region_id=1)
    with theme.theme():
        figure = series_chart.figure(frame, REGIONS, "ko")
        axis = new_axis(list(days), WIDE.right - series_chart.LEFT)
    (bars,) = figure.axes[0].findobj(PolyCollection)
    corners = np.array([path.vertices for path in bars.get_paths()])
    assert np.allclose(corners[:, :, 1].min(axis=1), frame["low_c"].to_numpy())
    assert np.allclose(corners[:, :, 1].max(axis=1), frame["high_c"].to_numpy())
    middles = (corners[:, :, 0].min(axis=1) + corners[:, :, 0].max(axis=1)) / 2
    assert np.allclose(middles, [axis.middle(day) for day in days])
    expected = color_scale.temperature_color(frame["mean_c"].to_numpy())
    assert np.allclose(np.asarray(bars.get_facecolor()), expected)


def test_only_representative_days_have_daily_means_in_text() -> None:
    days = daily(2, SIXTEEN)
    frames = {lists: station_days(days, dict.fromkeys(days, lists)) for lists in (1, 2)}
    with theme.theme():
        for lists, text in {1: "목록 1개 평균", 2: "목록 2개 평균"}.items():
            for figure in (
                series_chart.figure(region_days(frames[lists]), REGIONS, "ko"),
                heatmap_chart.figure(frames[lists], REGIONS, "ko"),
            ):
                written = " ".join(inspect_figure.written(figure))
                assert text in written
                assert "일평균" not in written
        daily_means = station_days(days)
        for figure in (
            series_chart.figure(region_days(daily_means), REGIONS, "en"),
            heatmap_chart.figure(daily_means, REGIONS, "en"),
        ):
            written = " ".join(inspect_figure.written(figure))
            assert "daily mean" in written.lower()
            assert "list" not in written


def test_a_strip_of_the_heatmap_marks_representative_days() -> None:
    days = daily(4, SIXTEEN)
    lists = {START + timedelta(days=number): 2 for number in (0, 3)}
    with theme.theme():
        figure = heatmap_chart.figure(station_days(days, lists), REGIONS, "ko")
        strips = [
            list(line.get_xdata())
            for line in figure.findobj(Line2D)
            if list(line.get_ydata()) == [-heatmap_chart.STRIP] * 2
        ]
        axis = new_axis(list(days), strips[-1][1] / 3 * 4)
    assert np.allclose(strips, axis.columns(axis.days, 0)[1:3])


def test_frozen_days_are_marked() -> None:
    days = daily(4, SIXTEEN)
    frozen = frozenset(list(days)[2:])
    readings = period(days, frozen)
    flags = period_data.flag_days(readings)
    assert set(flags.filter("frozen")["day"]) == frozen
    with theme.theme():
        figure = quality_chart.figure(flags, period_data.failed_tests(readings), "ko")
        lane = next(axes for axes in figure.axes if axes.get_facecolor() != (1, 1, 1, 1)
                    and axes.get_ylim() == (0, 1) and axes.patches)  # fmt: skip
        spans = [(bar.get_x(), bar.get_width()) for bar in lane.patches]
        written = inspect_figure.written(figure)
    axis = new_axis(list(days), WIDE.right - quality_chart.LEFT)
    assert [axis.left_edge(list(days)[2]), 2 * axis.day_width] in np.round(spans, 9).tolist()
    assert "관측값 64개 중 정상 50.0%" in written


def test_a_list_with_a_false_date_is_counted_on_its_printed_date() -> None:
    days = daily(2, SIXTEEN)
    frozen = period(days, frozenset(days)).with_columns(
        observed_on=pl.lit(None, dtype=pl.Date), printed_on="observed_on"
    )
    flags = period_data.flag_days(frozen)
    assert flags.select("day", "frozen", "count").rows() == [(day, True, 16) for day in days]


def test_the_quality_chart_counts_undated_readings() -> None:
    dated, undated = period(daily(2, SIXTEEN)), period(daily(1, SIXTEEN))
    undated = undated.with_columns(observed_on=pl.lit(None, dtype=pl.Date))
    both = pl.concat([dated, undated])
    with theme.theme():
        figure = quality_chart.figure(
            period_data.flag_days(both), period_data.failed_tests(both), "en"
        )
        written = inspect_figure.written(figure)
    assert "100.0% of 48 readings are good · 16 undated readings not shown" in written


def test_a_period_without_days_is_an_error() -> None:
    empty = region_days(station_days(daily(1, SIXTEEN))).clear()
    with pytest.raises(ValueError, match="no day"):
        series_chart.figure(empty, REGIONS, "ko")


def test_a_period_of_one_day_is_named_by_that_day() -> None:
    one = region_days(station_days(daily(1, SIXTEEN)))
    with theme.theme():
        written = inspect_figure.written(series_chart.figure(one, REGIONS, "ko"))
    assert "2025년 12월 19일(금)" in written
