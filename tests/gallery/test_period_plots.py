"""The plots of stations and of flags over a whole period: their numbers are those of the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from selectolax.lexbor import LexborHTMLParser

from nalssi.charts.color_scale import temperature_color, to_hex
from nalssi.common.mean_basis import MeanBasis
from nalssi.common.reference import reference
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.heatmap_plot import DIGITS, OFFSET, HeatmapPlot, heatmap_plot
from nalssi.gallery.html_templates import environment
from nalssi.gallery.period_columns import MOST_COLUMNS, PeriodColumns
from nalssi.gallery.quality_plot import HEIGHT, flags_plot
from nalssi.gallery.stylesheet import color_class, stylesheet
from nalssi.locale.locales import LOCALES, Lang

FIRST = date(2025, 1, 1)
REGIONS = reference("regions").to_dicts()
STATIONS = (
    reference("stations")
    .filter(pl.col("station_id").is_in([108, 112, 105, 184]))
    .sort("latitude", descending=True)
    .to_dicts()
)
HOSTILE = "<script>alert(1)</script>"


def station_days(days: int, every: int = 1) -> pl.DataFrame:
    """The days of four stations. 강릉 lacks every third day, and 제주 has daily means."""
    rows = []
    for number in range(0, days * every, every):
        day = FIRST + timedelta(days=number)
        for index, station in enumerate(STATIONS):
            number_of_station = station["station_id"]
            if number_of_station == 105 and number % 3 == 0:
                continue
            mean = -10.0 + index * 7.3 + number % 230 / 10
            rows.append((day, number_of_station, mean, number_of_station == 184))
    schema = ["observed_on", "station_id", "mean_c", "representative"]
    return pl.DataFrame(rows, schema, orient="row")


def rendered(macro: str, *arguments: Any, lang: Lang = "ko") -> LexborHTMLParser:
    locale = LOCALES[lang]
    macros: Any = environment().get_template("grids.html").module
    return LexborHTMLParser(str(getattr(macros, macro)(*arguments, locale, locale.gallery)))


def attributes(page: LexborHTMLParser) -> dict[str, str]:
    node = page.css_first("figure > svg")
    assert node is not None
    return {name: value or "" for name, value in node.attributes.items()}


def values_for_scripts(text: str) -> Iterator[tuple[float, int] | None]:
    for cell in re.findall(r"\.|[^.]{3}", text):
        if cell == ".":
            yield None
        else:
            high, low, days = map(DIGITS.index, cell)
            yield (64 * high + low - OFFSET) / 10, days


def drawn_cells(page: LexborHTMLParser) -> dict[tuple[int, int], str]:
    """Return the colour of each drawn cell of the heatmap, by position.

    A position is (x in tenths of % of the width, y of the row's middle in half pixels).
    """
    cells = {}
    for path in page.css(".cells g path"):
        x = y = 0
        for move, a, b, width in re.findall(
            r"([Mm])(-?\d+) (\d+)h(\d+)", path.attributes["d"] or ""
        ):
            x, y = (int(a), int(b)) if move == "M" else (x + int(a), y + int(b))
            for _ in range(int(width)):
                cells[x, y] = str(path.attributes["class"])
                x += 1
    return cells


def heatmap(
    frame: pl.DataFrame,
    stations: Sequence[Row],
    regions: Sequence[Row] = REGIONS,
    lang: Lang = "ko",
) -> HeatmapPlot | None:
    plot = heatmap_plot(frame, stations, regions)
    return plot and plot.in_language(LOCALES[lang])


@pytest.mark.parametrize(
    ("days", "every", "unit"),
    [(40, 1, "day"), (20, 200, "day"), (300, 1, "week"), (800, 1, "month")],
)
def test_the_colours_and_numbers_of_cells_are_those_of_the_days(
    days: int, every: int, unit: str
) -> None:
    frame = station_days(days, every)
    plot = heatmap(frame, STATIONS)
    assert plot
    page = rendered("heatmap", plot, "alt", MeanBasis.of([(False, 1)]))
    assert attributes(page)["data-grid"] == unit
    columns = [entry.split(",") for entry in attributes(page)["data-columns"].split(";")]
    means: dict[tuple[int, int], list[float]] = defaultdict(list)
    firsts = [date.fromisoformat(first) for first, *_ in columns]
    for day, station, mean, _ in frame.iter_rows():
        column = max(index for index, first in enumerate(firsts) if first <= day)
        assert (day - firsts[column]).days < int(columns[column][1])
        means[station, column].append(mean)
    drawn = drawn_cells(page)
    seen = 0
    for row in page.css("[data-cells]"):
        station = int(row.attributes["data-station"] or 0)
        for column, value in enumerate(values_for_scripts(row.attributes["data-cells"] or "")):
            own = means.get((station, column))
            _, _, left, right = map(str, columns[column])
            at = ((int(left) + int(right)) // 2, round(2 * float(row.attributes["y"] or 0)))
            assert (value is None) == (own is None) == (at not in drawn)
            if value and own:
                mean = sum(own) / len(own)
                assert value == (pytest.approx(mean, abs=0.0501), min(len(own), 63))
                assert drawn[at] == color_class(value[0])
                seen += 1
    assert seen == len(means)


def test_the_colour_classes_are_those_of_the_charts() -> None:
    style = stylesheet().decode()
    assert f".{color_class(-3.2)}{{--t:{to_hex(temperature_color(-3.5))}" in style


def test_a_heatmap_of_years_stays_small() -> None:
    stations = reference("stations").to_dicts()
    rows = [
        (FIRST + timedelta(days=number), each["station_id"], (number * 7 + index) % 60 - 20.0, True)
        for number in range(731)
        for index, each in enumerate(stations)
    ]
    frame = pl.DataFrame(
        rows, ["observed_on", "station_id", "mean_c", "representative"], orient="row"
    )
    plot = heatmap(frame, stations, lang="en")
    html = rendered("heatmap", plot, "alt", MeanBasis.of([(True, 1)]), lang="en").html or ""
    assert len(html.encode()) < 60_000
    assert plot
    assert len(plot.rows) == len(stations)


def test_columns_are_days_then_weeks_then_months() -> None:
    def unit(count: int) -> tuple[str, int]:
        columns = PeriodColumns.of(FIRST + timedelta(days=number) for number in range(count))
        return columns.unit, len(columns.columns)

    assert unit(1) == ("day", 1)
    assert unit(MOST_COLUMNS) == ("day", MOST_COLUMNS)
    assert unit(MOST_COLUMNS + 1) == ("week", 12)
    assert unit(7 * MOST_COLUMNS - 7)[0] == "week"
    assert unit(365 * 3) == ("month", 36)


def test_hostile_names_stay_text_in_a_heatmap() -> None:
    stations = [each | {"name_ko": HOSTILE} for each in STATIONS]
    regions = [each | {"name_ko": HOSTILE} for each in REGIONS]
    plot = heatmap(station_days(3), stations, regions)
    page = rendered("heatmap", plot, HOSTILE, MeanBasis.of([(False, 1)]))
    assert not page.css("script")
    assert {node.text() for node in page.css("text[data-cells], text.region")} == {HOSTILE}


def flag_days(days: int) -> pl.DataFrame:
    rows: list[tuple[date | None, int, bool, int]] = [(None, 1, False, 9)]
    for number in range(days):
        day = FIRST + timedelta(days=number)
        rows += [(day, 1, False, 90 - number % 50), (day, 3, number % 40 == 0, number % 50 + 1)]
    return pl.DataFrame(rows, ["day", "flag", "frozen", "count"], orient="row")


def heights(page: LexborHTMLParser, flag: int) -> Sequence[float]:
    """The heights in pixels of the columns of a flag, from left to right."""
    path = page.css_first(f"figure .cells path.f{flag}")
    assert path is not None
    found = re.findall(r"M\d+ (\d+)H\d+V(\d+)H", path.attributes["d"] or "")
    return [(int(bottom) - int(top)) / 10 for top, bottom in found]


@pytest.mark.parametrize("days", [1, 60, 800])
def test_the_shares_of_flags_are_those_of_the_counts(days: int) -> None:
    frame = flag_days(days)
    page = rendered("flags", flags_plot(frame, LOCALES["ko"]), "alt")
    svg = attributes(page)
    assert svg["data-flags"] == "정상|의심"
    counts = [list(map(int, entry.split(","))) for entry in svg["data-counts"].split(";")]
    assert sum(map(sum, counts)) == frame.drop_nulls("day")["count"].sum()
    for index, flag in enumerate((1, 3)):
        drawn = heights(page, flag)
        expected = [HEIGHT * own[index] / sum(own) for own in counts]
        assert drawn == pytest.approx(expected, abs=0.15)
    firsts = [entry.split(",")[0] for entry in svg["data-columns"].split(";")]
    frozen = page.css_first("figure .cells path.frozen")
    assert frozen is not None
    marked = (frozen.attributes["d"] or "").count("M")
    if days == 60:
        assert marked == 2
        assert firsts[1] == "2025-01-02"


def test_without_a_day_there_is_no_plot() -> None:
    assert flags_plot(flag_days(0), LOCALES["ko"]) is None
    assert heatmap(station_days(1).clear(), STATIONS) is None
