"""Pictures for a narrow column: no text is below 6 pt at 80 mm, covered or cut off."""

from __future__ import annotations

from datetime import date

import pytest
from matplotlib.figure import Figure

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
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.map_view import view_of
from nalssi.charts.narrow_map_stations import MOST_STATIONS, narrow_map_stations
from nalssi.charts.page_form import NARROW, WIDE, page_form
from nalssi.charts.picture_size import MM_PER_INCH
from nalssi.common.reference import reference
from nalssi.drawing.descriptions import header_lines
from nalssi.locale.locales import LOCALES, Lang
from tests.charts import inspect_figure
from tests.charts.example_snapshots import SIXTEEN, STATION_LISTS, all_stations, snapshot_of
from tests.charts.test_period_charts import daily, period, region_days, station_days
from tests.thorough import thorough

REGIONS = reference("regions").sort("region_id")
COLUMN = DrawOptions(width="80mm")
SMALLEST_PT = 6.0
LANGS = pytest.mark.parametrize("lang", ["ko", "en"])


def check(figure: Figure) -> None:
    """Check the texts of a figure on the narrow page, and their size in a picture of 80 mm."""
    width, _ = figure.get_size_inches()
    scale = 80 / MM_PER_INCH / width
    assert inspect_figure.SMALLEST_PT * scale >= SMALLEST_PT
    assert inspect_figure.unreadable_texts(figure) == []


def test_a_picture_is_narrow_if_letters_would_be_too_small() -> None:
    assert page_form(None) is WIDE
    assert page_form(135 / MM_PER_INCH) is WIDE
    assert page_form(134 / MM_PER_INCH) is NARROW


@LANGS
@pytest.mark.parametrize("count", ["16", "97", *map(thorough, ("29", "61", "79"))])
def test_a_map_labels_the_stations_that_have_room(count: str, lang: Lang) -> None:
    temperatures = {each: all_stations()[each] for each in STATION_LISTS[count]}
    snapshot = snapshot_of(temperatures)
    with theme.theme(COLUMN):
        figure = map_chart.figure(snapshot, REGIONS, lang)
        check(figure)
        view = view_of(set(snapshot.readings["region_id"]), is_narrow=True)
        shown = narrow_map_stations(snapshot.readings, lang, view)
    labels = {text.get_gid() for text in inspect_figure.station_labels(figure)}
    assert labels == {f"station-{each}" for each in shown}
    assert 14 <= len(shown) <= MOST_STATIONS
    assert {max(temperatures, key=temperatures.__getitem__)} <= set(shown)
    assert {min(temperatures, key=temperatures.__getitem__)} <= set(shown)
    line = LOCALES[lang].charts.map_shown.format(count=len(shown))
    assert (line in header_lines(figure)) == (len(shown) < len(temperatures))


@LANGS
@pytest.mark.parametrize("region", [1, 3, 9, *map(thorough, (2, 4, 5, 6, 7, 8, 10))])
def test_a_map_of_a_region_can_be_read(region: int, lang: Lang) -> None:
    stations = reference("stations").filter(region_id=region)["station_id"]
    snapshot = snapshot_of({each: all_stations()[each] for each in stations})
    with theme.theme(COLUMN):
        figure = map_chart.figure(snapshot, REGIONS, lang)
        check(figure)
    assert len(inspect_figure.station_labels(figure)) >= min(len(stations), 3)


@LANGS
@pytest.mark.parametrize("temperatures", [SIXTEEN, all_stations(-20.0), {108: 3.0}])
def test_values_by_region_can_be_read(temperatures: dict[int, float], lang: Lang) -> None:
    after = snapshot_of(temperatures, date(2025, 12, 19), "12:00")
    colder = {key: value - 2.5 for key, value in temperatures.items()}
    before = snapshot_of(colder, date(2025, 12, 18), "12:00")
    with theme.theme(COLUMN):
        check(regions_chart.figure(after, REGIONS, lang))
        figure = change_chart.figure(after, before, REGIONS, lang)
        check(figure)
    shown = {text.get_gid() for text in inspect_figure.station_labels(figure)}
    assert shown == {f"station-{each}" for each in temperatures}


@LANGS
def test_a_period_can_be_read(lang: Lang) -> None:
    days = daily(31, all_stations())
    stations = station_days(days, {next(iter(days)): 3})
    readings = period(days, frozenset(list(days)[3:5]))
    with theme.theme(COLUMN):
        check(series_chart.figure(region_days(stations), REGIONS, lang))
        check(heatmap_chart.figure(stations, REGIONS, lang))
        flags = period_data.flag_days(readings)
        figure = quality_chart.figure(flags, period_data.failed_tests(readings), lang)
        check(figure)


def test_wrapped_lines_are_whole_in_the_description() -> None:
    days = daily(31, SIXTEEN)
    with theme.theme(COLUMN):
        figure = heatmap_chart.figure(station_days(days), REGIONS, "en")
    with theme.theme():
        wide = heatmap_chart.figure(station_days(days), REGIONS, "en")
    lines = header_lines(figure)
    assert len(lines) == 3
    assert set(header_lines(wide)) <= set(lines)
    assert len([text for text in figure.texts if text.get_text() in lines]) < 3


def test_long_titles_have_three_lines_and_then_an_ellipsis() -> None:
    options = DrawOptions(width="80mm", title="A title that goes on and on " * 20)
    with theme.theme(options):
        figure = regions_chart.figure(snapshot_of(SIXTEEN), REGIONS, "en")
        check(figure)
    (title,) = [text for text in figure.texts if text.get_text().endswith("…")]
    assert title.get_text().count("\n") == 2


def test_the_wide_page_keeps_its_labels() -> None:
    with theme.theme(DrawOptions(width="135mm")):
        figure = map_chart.figure(snapshot_of(all_stations()), REGIONS, "ko")
    assert len(inspect_figure.station_labels(figure)) == len(all_stations())
