"""The layout of the plots in pages, and how pages write temperatures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from selectolax.lexbor import LexborHTMLParser

from nalssi.charts.period_data import DAY_COLUMNS
from nalssi.common.korea_time import KST
from nalssi.gallery.daily_plot import DailyPlot
from nalssi.gallery.html_templates import change, degrees, environment
from nalssi.gallery.place_days import NEWEST_DAYS, ROWS, PlottedDays, daily_plot, days_of_places
from nalssi.gallery.place_page import PlacePage, PlaceYearPage, place_tables, year_pages
from nalssi.gallery.plot_marks import ACROSS, BOTTOM_MARGIN, DOWN, HEIGHT
from nalssi.gallery.stylesheet import color_class
from nalssi.locale.locales import LOCALES, Lang, Locale

FIRST = date(2025, 1, 1)
KOREAN = LOCALES["ko"]
MOVE = re.compile(r"M(\d+) (\d+)(?:v(\d+))?")


@dataclass(frozen=True)
class Day:
    """A day. `lists` is None for a representative one."""

    day: date
    mean_c: float
    low_c: float
    high_c: float
    lists: int | None


def day(number: int, mean: float = 5.0, span: float = 2.0, lists: int | None = None) -> Day:
    return Day(FIRST + timedelta(days=number), mean, mean - span, mean + span, lists)


def layout(
    days: Sequence[Day], locale: Locale, ends_c: tuple[float, float] | None = None
) -> DailyPlot:
    plot: DailyPlot = daily_plot(frame(days), locale, ends_c)["plot"]
    return plot


def bars_of(plot: DailyPlot) -> list[tuple[float, float, float, float]]:
    """Return the bars from left to right: middle and width in %, top and height in pixels."""
    return sorted(
        (int(x) / ACROSS, bars.width / ACROSS, int(y) / DOWN, int(height) / DOWN)
        for bars in plot.bars
        for x, y, height in MOVE.findall(bars.path)
    )


def points_of(path: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"(\d+) (\d+)", path)]


def test_positions_are_proportional_to_time() -> None:
    plot = layout([day(0), day(1), day(5), day(6)], KOREAN)
    middles = [middle for middle, *_ in bars_of(plot)]
    width = middles[1] - middles[0]
    assert middles[2] - middles[1] == pytest.approx(4 * width, abs=0.03)
    assert middles[3] - middles[2] == pytest.approx(width, abs=0.03)
    assert plot.breaks == ()


def test_the_line_joins_consecutive_representative_days_only() -> None:
    plot = layout([day(0), day(1), day(2, lists=3), day(3), day(5), day(6)], KOREAN)
    middles = [round(middle * ACROSS) for middle, *_ in bars_of(plot)]
    runs = [[x for x, _ in points_of(run)] for run in plot.line.split("M")[1:]]
    assert runs == [middles[:2], middles[4:]]
    assert [x for x, _ in points_of(plot.open_points)] == [middles[2]]
    assert [x for x, _ in points_of(plot.points)] == [middles[n] for n in (0, 1, 3, 4, 5)]


def test_a_representative_day_that_is_alone_among_many_has_a_point() -> None:
    plot = layout([*(day(n) for n in range(100)), day(101), day(103, lists=1)], KOREAN)
    assert plot.is_dense
    (alone,) = points_of(plot.points)
    (open_point,) = points_of(plot.open_points)
    assert alone[0] < open_point[0]


def test_plots_of_several_regions_can_have_the_same_axis() -> None:
    cold, warm = ([day(0, mean), day(1, mean)] for mean in (-8.0, 21.0))
    ends = (-9.0, 22.0)
    rules = {layout(days, KOREAN, ends).rules for days in (cold, warm)}
    assert len(rules) == 1
    assert [value for _, value in rules.pop()] == [-10, -5, 0, 5, 10, 15, 20, 25]
    assert layout(cold, KOREAN).rules != layout(warm, KOREAN).rules


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_long_time_without_data_is_a_break_with_its_length(lang: Lang) -> None:
    plot = layout([day(0, lists=1), day(1900, lists=1)], LOCALES[lang])
    (cut,) = plot.breaks
    assert cut.words == {"ko": "5년 2개월", "en": "5 yr 2 mo"}[lang]
    (before, *_), (after, *_) = bars_of(plot)
    assert before < cut.left < cut.right < after
    assert [label.year for label in plot.labels] == (
        ["2025년", "2030년"] if lang == "ko" else ["2025", "2030"]
    )


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_years_on_both_sides_of_a_break_have_labels(lang: Lang) -> None:
    days = [day(0, lists=1), day(1400, lists=1), *(day(number, lists=1) for number in
            range(2100, 2800, 25))]  # fmt: skip
    plot = layout(days, LOCALES[lang])
    assert len(plot.breaks) == 2
    labelled = {label.day.year for label in plot.labels if label.year}
    assert labelled == {each.day.year for each in days}


def test_every_year_within_a_piece_has_a_rule() -> None:
    plot = layout([day(number) for number in range(730)], KOREAN)
    (new_year,) = plot.years
    assert new_year == pytest.approx(50.0, abs=0.1)
    assert [label.year for label in plot.labels if label.year] == ["2025년", "2026년"]


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_everything_stays_within_the_plot(count: int) -> None:
    plot = layout([day(3 * n, mean=n % 60 - 20.0) for n in range(count)], KOREAN)
    for middle, width, top, height in bars_of(plot):
        assert -width <= middle <= 100 + width
        assert 0 <= top <= top + height <= HEIGHT - BOTTOM_MARGIN + 2
    positions = [label.at for label in plot.labels]
    assert positions == sorted(positions)
    assert 1 <= len(positions) <= 8
    assert all(0 <= at <= 100 for at in positions)


def test_warmer_is_higher_and_one_value_is_still_a_mark() -> None:
    cold, warm = bars_of(layout([day(0, -5.0, 0.0), day(1, 15.0, 0.0)], KOREAN))
    assert warm[2] < cold[2]
    assert cold[3] > 0


def frame(days: Sequence[Day]) -> pl.DataFrame:
    """Return the frame of days that pages have."""
    at = datetime(2025, 1, 1, tzinfo=KST)
    rows = [
        (each.day, each.mean_c, each.low_c, each.high_c, 24, 24, each.lists or 24, at, at,
         each.lists is None)
        for each in days
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=DAY_COLUMNS, orient="row")


def pages_of(days: Sequence[Day]) -> tuple[PlacePage, Sequence[PlaceYearPage]]:
    """Return the page of a place with these days, and those of its earlier years."""
    station = {"name_ko": "<b>서울</b>", "name_en": "<b>Seoul</b>"}
    of_station = frame(days).with_columns(station_id=108)
    places = days_of_places(of_station, "station_id")
    page = PlacePage(
        path="stations/108.html",
        section="places",
        place=station,
        days=places[108],
        tables=place_tables("stations/108", places[108]),
    )
    rows = [station | {"station_id": 108}]
    return page, [
        each
        for year in places[108].years
        for each in year_pages(of_station, "station_id", rows, "stations", year)
    ]


def rendered(days: Sequence[Day], lang: Lang = "ko") -> str:
    """Return the plot and the table below it, as a page shows them."""
    template = environment().from_string(
        '{% import "macros.html" as macros %}{% include "series.html" %}'
    )
    locale = LOCALES[lang]
    variables = pages_of(days)[0].context(locale)
    return template.render(variables, locale=locale, phrases=locale.gallery, root="", home="")


def attributes(page: LexborHTMLParser, selector: str) -> dict[str, str]:
    """Return the attributes of the only element that a selector selects."""
    (node,) = page.css(selector)
    return {name: value or "" for name, value in node.attributes.items()}


TWO_YEARS = [
    day(n, (n * 37 % 500) / 10 - 20, 5.0, lists=5 if n % 10 == 3 else None) for n in range(730)
]
DAYS = [day(0, 3.25), day(1, -4.05, 3.0), day(2, 7.0, lists=3), day(700, 21.5, lists=2)]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_numbers_of_the_svg_are_those_of_the_table(lang: Lang) -> None:
    page = LexborHTMLParser(rendered(DAYS, lang))
    svg = attributes(page, "figure > svg")
    first = date.fromisoformat(svg["data-first"])
    top, bottom, low, high = (
        float(svg[f"data-{name}"]) for name in ("top", "bottom", "low", "high")
    )
    per_degree = (bottom - top) / (high - low)
    marks = [
        (int(x) / ACROSS, bottom - int(y) / DOWN, int(height) / DOWN)
        for path in page.css("figure > svg path.bar")
        for x, y, height in MOVE.findall(path.attributes["d"] or "")
    ]
    marks.sort()
    shown = []
    for entry, (x, above_bottom, height) in zip(svg["data-days"].split(";"), marks, strict=True):
        offset, at, mean, lowest, highest, lists = entry.split(",")
        assert float(at) == pytest.approx(x, abs=0.2)
        assert above_bottom / per_degree + low == pytest.approx(float(highest), abs=0.06)
        assert height / per_degree == pytest.approx(float(highest) - float(lowest), abs=0.11)
        when = first + timedelta(days=int(offset))
        basis = LOCALES[lang].mean_of_lists((int(lists),) * 2) if lists else "24"
        shown.append((LOCALES[lang].day(when), mean, lowest, highest, basis))
    table = [
        [cell.text().replace("−", "-") for cell in row.css("th, td")]
        for row in page.css("tbody tr")
    ]
    for (name, *values, basis), cells in zip(shown, reversed(table), strict=True):
        assert cells[:4] == [name, *values]
        assert basis in cells[4]


def test_open_points_are_in_the_legend_and_hostile_names_are_escaped() -> None:
    page = LexborHTMLParser(rendered(DAYS))
    (caption,) = page.css("figcaption")
    legend = " ".join(caption.text().split())
    for text in ("일평균", "목록 2~3개 평균", KOREAN.charts.axis_break):
        assert text in legend
    assert not page.css("b")


def test_a_page_has_at_most_a_year_of_days_and_60_kilobytes() -> None:
    text = rendered(TWO_YEARS)
    assert len(text.encode()) <= 60_000
    page = LexborHTMLParser(text)
    assert len(page.css("tbody tr")) == ROWS
    assert len(page.css("figure > svg path")) < 60
    assert attributes(page, "figure > svg")["data-days"].count(";") == NEWEST_DAYS - 1
    assert "730일 가운데 최근 366일" in page.text()


def test_the_pages_of_earlier_years_have_the_days_that_the_page_of_a_place_lacks() -> None:
    page, years = pages_of(TWO_YEARS)
    assert [each.path for each in years] == ["stations/108-2025.html"]
    assert page.context(KOREAN)["years"] == [(2025, "stations/108-2025.html")]
    assert page.context(KOREAN)["first"] == date(2025, 12, 31)
    context = years[0].context(KOREAN)
    assert (context["first"], context["last"].day) == (date(2025, 1, 1), date(2025, 12, 31))
    lines = years[0].tables[0].content().decode().splitlines()  # type: ignore[operator]
    assert len(lines) == 366
    assert lines[1].startswith("2025-01-01,-20.0,-25.0,-15.0,")


def test_a_place_with_few_days_has_one_page_with_all_of_them() -> None:
    page, years = pages_of(DAYS)
    assert years == []
    assert page.context(KOREAN)["days"] == len(DAYS)
    assert "가운데 최근" not in rendered(DAYS)


def test_the_table_of_a_year_has_every_mean_in_its_month() -> None:
    (page,) = pages_of(TWO_YEARS)[1]
    rows = LexborHTMLParser(f"<table>{page.context(KOREAN)['rows']}</table>").css("tr")
    shown = {
        (int(cells[0].text()), month): cell
        for row in rows
        for cells in [row.css("th, td")]
        for month, cell in enumerate(cells[1:], 1)
        if cell.text()
    }
    assert len(rows) == 31
    assert len(shown) == 365
    for each in TWO_YEARS[:365]:
        cell = shown[each.day.day, each.day.month]
        (link,) = cell.css("a")
        assert link.attributes["href"] == f"../dates/{each.day}.html"
        in_brackets = f" ({each.lists})" if each.lists else ""
        assert cell.text() == degrees(each.mean_c) + in_brackets


def test_a_digest_of_days_changes_with_each_value_and_not_with_other_places() -> None:
    days = frame(TWO_YEARS[:10]).with_columns(station_id=108)
    other = days.with_columns(pl.col("mean_c") + 1, station_id=159)
    digest = days_of_places(days, "station_id")[108].newest.digest
    assert days_of_places(pl.concat([other, days]), "station_id")[108].newest.digest == digest
    for column in DAY_COLUMNS:
        value = pl.col(column)
        changed = days.with_columns(
            ~value if column == "representative" else
            value.dt.offset_by("1d") if "_on" in column or "_at" in column else value + 1
        )  # fmt: skip
        assert days_of_places(changed, "station_id")[108].newest.digest != digest


def test_many_plots_together_are_as_each_alone() -> None:
    several = [DAYS, TWO_YEARS[:90], [day(3, -2.25, 0.0)], [day(n, lists=n + 1) for n in (0, 900)]]
    frames = [frame(days) for days in several]
    named = [each.with_columns(plot=number) for number, each in enumerate(frames)]
    together = PlottedDays(pl.concat(named))
    for number, days in enumerate(frames):
        assert together.plot(number, KOREAN) == daily_plot(days, KOREAN)
        alone = PlottedDays(days.with_columns(plot=number))
        assert together.day_rows(number, KOREAN, "") == alone.day_rows(number, KOREAN, "")


@pytest.mark.parametrize(
    ("value", "written"), [(14.1, "14.1"), (-0.04, "0.0"), (-5.25, "−5.2"), (0.0, "0.0")]
)
def test_temperatures_have_a_true_minus_and_no_negative_zero(value: float, written: str) -> None:
    assert degrees(value) == written


@pytest.mark.parametrize(("value", "written"), [(2.0, "+2.0"), (-2.0, "−2.0"), (0.01, "0.0")])
def test_a_change_has_its_sign(value: float, written: str) -> None:
    assert change(value) == written


@pytest.mark.parametrize(
    ("value", "name"), [(-0.1, "tm1"), (0.0, "t0"), (0.9, "t0"), (-99, "tm30"), (99, "t39")]
)
def test_a_temperature_has_the_colour_of_its_degree(value: float, name: str) -> None:
    assert color_class(value) == name
