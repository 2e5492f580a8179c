"""Charts of distinct observations: the course of a day, records and comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.container import BarContainer

from nalssi.charts import comparison_chart, day_chart, records_chart, theme
from nalssi.charts.chart_kinds import KINDS
from nalssi.charts.compared_with import ComparedWith
from nalssi.charts.draw import draw_all
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.nothing_to_draw import why_nothing_to_draw
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.charts.selected_data import SelectedData
from nalssi.common.korea_time import KST
from nalssi.locale.locales import LOCALES, Lang
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from tests.charts import inspect_figure
from tests.charts.example_snapshots import SIXTEEN
from tests.warehouse import make_parts as parts

DAY = date(2026, 1, 10)
CAPTURED = date(2026, 1, 20)
SEOUL, GANGNEUNG = 108, 105


def page(
    day: date, hour: int, shift: float, *, is_feed: bool = True, seoul_c: float | None = None
) -> parts.Page:
    """Return a page with sixteen stations. Without a feed, only its capture time is known."""
    at = datetime(day.year, day.month, day.day, hour, tzinfo=KST)
    temperatures: dict[int, float | None] = {
        station: round(value + shift, 1) for station, value in SIXTEEN.items()
    }
    if seoul_c is not None:
        temperatures[SEOUL] = seoul_c
    ticker = parts.Ticker(day, temperatures, at=at if is_feed else None)
    return parts.Page(f"{at}", [ticker], captured_at=(at + timedelta(minutes=17)).astimezone(UTC))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Days of 2025 and 2026: hours of a feed, captures, and a day with one list only."""
    made = Warehouse(tmp_path_factory.mktemp("hours") / "warehouse")
    pages = [
        *(page(DAY, hour, shift) for hour, shift in ((6, -9.0), (9, -6.0), (15, 1.0))),
        *(page(DAY.replace(year=2025), hour, shift) for hour, shift in ((7, -8.0), (15, 2.5))),
        page(CAPTURED, 9, -3.0, is_feed=False),
        page(CAPTURED, 14, 1.3, is_feed=False, seoul_c=9.6),
        page(date(2026, 2, 1), 12, 0.0),
    ]
    load_parts(made, [parts.part(made.staged / "a", pages)])
    return made


@pytest.fixture
def con(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.reader() as reading:
        yield reading


NO_FILTER = ReadingFilter()


def chart_inputs(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    selected: ReadingFilter = NO_FILTER,
    **compared: Any,
) -> list[Any]:
    data = SelectedData(con, selected, ComparedWith(**compared))
    return list(KINDS[kind].inputs(data))


def points(figure: Any, gid: str) -> list[PathCollection]:
    return [each for each in figure.findobj(PathCollection) if each.get_gid() == gid]


def test_only_days_with_several_times_have_a_day_chart(con: duckdb.DuckDBPyConnection) -> None:
    stems = [each.file_stem for each in chart_inputs(con, "day")]
    assert stems == ["2026-01-20", "2026-01-10", "2025-01-10"]


def test_lists_of_one_hour_count_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    twice = Warehouse(tmp_path_factory.mktemp("twice") / "warehouse")
    fewer = page(DAY, 9, -6.0)
    ticker = fewer.tickers[0]
    shorter = parts.Ticker(DAY, dict(list(ticker.temperatures.items())[:8]), at=ticker.at)
    pages = [fewer, parts.Page("other", [shorter], captured_at=fewer.captured_at)]
    load_parts(twice, [parts.part(twice.staged / "a", pages)])
    with twice.reader() as con:
        assert chart_inputs(con, "day") == []
        (records,) = chart_inputs(con, "records")
        assert set(records.arguments[0]["observations"]) == {1}


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_day_chart_has_points_at_hours_and_at_captures(
    con: duckdb.DuckDBPyConnection, lang: Lang
) -> None:
    captured, known, _ = chart_inputs(con, "day", ReadingFilter(station=SEOUL))
    times = LOCALES[lang].times
    with theme.theme():
        figure = day_chart.figure(*known.arguments, lang)
        (drawn,) = points(figure.axes[0], "known")
        assert np.asarray(drawn.get_offsets()).tolist() == [[6, -0.4], [9, 2.6], [15, 9.6]]
        written = inspect_figure.written(figure)
        assert times.day_known in written
        assert times.day_captured not in written
        assert times.day_long_line.format(hours=3) in written
        assert inspect_figure.unreadable_texts(figure) == []
        figure = day_chart.figure(*captured.arguments, lang)
        (drawn,) = points(figure.axes[0], "captured")
        assert np.allclose(np.asarray(drawn.get_offsets())[:, 0], [9 + 17 / 60, 14 + 17 / 60])
        written = inspect_figure.written(figure)
        assert times.day_captured in written
        assert times.day_known not in written


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("width", [None, "80mm"])
def test_every_text_of_these_charts_can_be_read(
    con: duckdb.DuckDBPyConnection, width: str | None, lang: Lang
) -> None:
    with theme.theme(DrawOptions(width=width)):
        charts = (
            day_chart.figure(*chart_inputs(con, "day")[0].arguments, lang),
            records_chart.figure(*chart_inputs(con, "records")[0].arguments, lang),
            comparison_chart.figure(
                *chart_inputs(
                    con, "comparison", ReadingFilter(station=SEOUL), with_station=GANGNEUNG
                )[0].arguments,
                lang,
            ),
            comparison_chart.figure(
                *chart_inputs(con, "comparison", ReadingFilter(DAY, DAY), with_year=2025)[
                    0
                ].arguments,
                lang,
            ),
        )
        for figure in charts:
            assert inspect_figure.unreadable_texts(figure) == []
            assert figure.get_label()


def test_records_name_the_first_day_its_hour_and_ties(con: duckdb.DuckDBPyConnection) -> None:
    (chart,) = chart_inputs(con, "records", ReadingFilter(station=SEOUL))
    records = chart.arguments[0]
    (row,) = records.to_dicts()
    assert (row["low_c"], row["high_c"], row["observations"]) == (-0.4, 11.1, 8)
    assert records_chart.end_text(LOCALES["ko"], row, "low") == "-0.4°C 2026.01.10. 06:00"
    assert records_chart.end_text(LOCALES["en"], row, "high") == "11.1°C 2025-01-10 15:00"
    (chart,) = chart_inputs(
        con, "records", ReadingFilter(date(2026, 1, 1), date(2026, 1, 31), station=SEOUL)
    )
    (row,) = chart.arguments[0].to_dicts()
    assert records_chart.end_text(LOCALES["ko"], row, "high") == "9.6°C 2026.01.10. 15:00 외 1일"
    captured = row | {"high_on": CAPTURED, "high_source": "capture", "high_days": 1}
    text = records_chart.end_text(LOCALES["en"], captured, "high")
    assert text == "9.6°C 2026-01-20 captured 15:00"
    with theme.theme():
        figure = records_chart.figure(*chart.arguments, "ko")
    (ends,) = points(figure, f"record-{SEOUL}")
    assert np.asarray(ends.get_offsets())[:, 0].tolist() == [-0.4, 9.6]


def test_two_stations_are_compared_in_the_same_lists(con: duckdb.DuckDBPyConnection) -> None:
    (chart,) = chart_inputs(con, "comparison", ReadingFilter(station=GANGNEUNG), with_station=SEOUL)
    days = chart.arguments[0]
    assert days["pairs"].to_list() == [2, 3, 2, 1]
    assert days["difference_c"].to_list() == [5.5, 5.5, 5.65, 5.5]
    with theme.theme():
        figure = comparison_chart.figure(*chart.arguments, "ko")
        assert figure.get_label() == "강릉, 서울보다 평균 5.5도 높아"
        assert "같은 목록에 함께 실린 관측 8건 · 4일" in inspect_figure.written(figure)
        for name in ("mean_c", "other_c"):
            (drawn,) = points(figure, name)
            assert np.allclose(np.asarray(drawn.get_offsets())[:, 1], days[name].to_numpy())
            assert (np.asarray(drawn.get_facecolor()) == to_rgba(theme.PAPER)).all()
        (bars,) = (each for axes in figure.axes for each in axes.containers)
        assert isinstance(bars, BarContainer)
        assert [bar.get_height() for bar in bars] == days["difference_c"].to_list()


def test_periods_are_compared_at_like_hours_only(con: duckdb.DuckDBPyConnection) -> None:
    selected = ReadingFilter(DAY, DAY + timedelta(days=20))
    (chart,) = chart_inputs(con, "comparison", selected, with_year=2025)
    (row,) = chart.arguments[0].to_dicts()
    # 06:00 with 07:00 (-1.0) and 15:00 with 15:00 (-1.5); 09:00 has no like hour.
    assert (row["pairs"], row["stations"], row["difference_c"]) == (32, 16, -1.25)
    with theme.theme():
        figure = comparison_chart.figure(*chart.arguments, "en")
    expected = "16 stations 1.2°C colder on average than the same days of 2025"
    assert figure.get_label() == expected
    same = chart_inputs(
        con,
        "comparison",
        selected,
        with_since=date(2025, 1, 10),
        with_until=date(2025, 1, 30),
    )
    assert same[0].arguments[0].equals(chart.arguments[0])


@pytest.mark.parametrize(
    ("selected", "compared", "complaint"),
    [
        (ReadingFilter(), {}, "needs --with, --with-year, or"),
        (ReadingFilter(), {"with_station": 105}, "needs --station and --with"),
        (ReadingFilter(station=105), {"with_station": 105}, "with itself"),
        (ReadingFilter(), {"with_year": 2025}, "needs --since and --until"),
        (ReadingFilter(), {"with_since": DAY}, "need each other"),
        (ReadingFilter(), {"with_station": 105, "with_year": 2025}, "one of --with"),
    ],
)
def test_a_comparison_must_say_what_to_compare(
    selected: ReadingFilter, compared: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        DrawOptions(
            kinds=("comparison",), reading_filter=selected, compared_with=ComparedWith(**compared)
        )


def test_a_day_of_another_year_may_not_exist() -> None:
    leap_day = date(2024, 2, 29)
    assert ComparedWith(with_year=2025).other_day(leap_day, None) is None
    assert ComparedWith(with_year=2020).other_day(leap_day, None) == date(2020, 2, 29)


@pytest.mark.parametrize(
    ("kind", "selected", "compared", "reason"),
    [
        (
            "map",
            ReadingFilter(date(2026, 1, 12), date(2026, 1, 12)),
            {},
            "no list of 2026-01-12; the nearest days are 2026-01-10 and 2026-01-20",
        ),
        ("series", ReadingFilter(station=9), {}, "there is no station 9"),
        ("series", ReadingFilter(station=116), {}, "station 116 (관악산) is closed"),
        ("series", ReadingFilter(station=105, region=1), {}, "station 105 (강릉) is in region 3"),
        ("heatmap", ReadingFilter(station=102), {}, "no list has station 102"),
        (
            "regions",
            ReadingFilter(DAY, DAY, region=2),
            {},
            "no list of 2026-01-10 has a station of region 2",
        ),
        (
            "day",
            ReadingFilter(date(2026, 2, 1), date(2026, 2, 1)),
            {},
            "no day of 2026-02-01 has two lists of different hours or capture times",
        ),
        (
            "comparison",
            ReadingFilter(station=105),
            {"with_station": 102},
            "no list has usable readings of both station 105 and station 102",
        ),
        (
            "comparison",
            ReadingFilter(CAPTURED, CAPTURED),
            {"with_year": 2025},
            "no station has readings of like hours of 2026-01-20 and of the days to compare with",
        ),
    ],
)
def test_a_selection_with_nothing_to_draw_states_the_reason(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    selected: ReadingFilter,
    compared: dict[str, Any],
    reason: str,
) -> None:
    assert chart_inputs(con, kind, selected, **compared) == []
    why = why_nothing_to_draw(con, (kind,), selected, ComparedWith(**compared))
    assert why.startswith(f"there is nothing to draw: {reason}")
    assert "\n" not in why


def test_readings_that_are_not_usable_are_counted_by_cause(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = Warehouse(tmp_path_factory.mktemp("unusable") / "warehouse")
    values: dict[int, float | None] = dict(SIXTEEN)
    pages = [
        parts.Page(
            "a",
            [parts.Ticker(DAY, values | {SEOUL: None})],
            captured_at=datetime(2026, 1, 10, 3, tzinfo=UTC),
        )
    ]
    load_parts(made, [parts.part(made.staged / "a", pages)])
    with made.reader() as con:
        why = why_nothing_to_draw(con, ("series",), ReadingFilter(station=SEOUL), ComparedWith())
        assert why == (
            "there is nothing to draw: the only reading of station 108 is not usable:"
            " 1 without a temperature (missing)"
        )


def test_lists_without_a_day_are_the_reason(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = Warehouse(tmp_path_factory.mktemp("undated") / "warehouse")
    pages = [parts.Page("a", [parts.Ticker(None, dict(SIXTEEN))], captured_at=None)]
    load_parts(made, [parts.part(made.staged / "a", pages)])
    with made.reader() as con:
        why = why_nothing_to_draw(con, ("series",), ReadingFilter(), ComparedWith())
    assert why == "there is nothing to draw: the day of the only list in the warehouse is unknown"


def test_the_chart_of_a_day_without_several_times_is_removed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    drawing = DrawOptions(
        formats=("png",), kinds=("day",), reading_filter=ReadingFilter(date(2026, 1, 15))
    )
    stale = [tmp_path / "day" / f"{name}.ko.png" for name in ("2026-01-30", "2026-01-31")]
    kept = [tmp_path / "day" / f"{name}.ko.png" for name in ("2026-01-01", "2026-01-30.region-3")]
    (tmp_path / "day").mkdir()
    for path in (*stale, *kept):
        path.write_bytes(b"")
    drawn = draw_all(con, tmp_path, drawing)
    assert (len(drawn.paths), drawn.drawn, drawn.removed) == (1, 1, 2)
    assert sorted((tmp_path / "day").iterdir()) == sorted([*kept, *drawn.paths])
    again = draw_all(con, tmp_path, drawing)
    assert (again.drawn, again.removed, again.nothing) == (0, 0, "")


def test_a_run_that_draws_nothing_says_why(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    selected = ReadingFilter(date(2026, 1, 12), date(2026, 1, 12))
    drawn = draw_all(con, tmp_path, DrawOptions(reading_filter=selected))
    assert drawn.paths == []
    assert drawn.nothing.startswith("there is nothing to draw: no list of 2026-01-12; the nearest")
