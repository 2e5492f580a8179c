"""The map is readable with few and with many stations; a reused figure gives the same bytes."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from nalssi.charts import geography, map_chart, map_labels, theme
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.leader_lines import leader_lengths
from nalssi.charts.symbol_shapes import SYMBOLS, symbol_name
from nalssi.charts.weather_symbols import SYMBOL_RADIUS, SymbolLegend
from nalssi.common.reference import reference
from nalssi.locale.locales import LOCALES, Lang
from tests.charts import inspect_figure
from tests.charts.example_snapshots import SIXTEEN, all_stations, snapshot_of

REGIONS = reference("regions")
SNAPSHOTS = {
    "16": SIXTEEN,
    "33": dict(list(all_stations().items())[:33]),
    "all but one": {key: value for key, value in all_stations().items() if key != 105},
    "97": all_stations(),
    "97 in frost": all_stations(-25.0),
    "Ulleungdo alone": {115: 5.0},
}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("stations", list(SNAPSHOTS))
def test_every_label_can_be_read(stations: str, lang: Lang) -> None:
    with theme.theme():
        figure = map_chart.figure(snapshot_of(SNAPSHOTS[stations]), REGIONS, lang)
        assert inspect_figure.unreadable_texts(figure) == []
    assert len(inspect_figure.station_labels(figure)) == len(SNAPSHOTS[stations])


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_no_label_of_the_97_covers_a_point(lang: Lang) -> None:
    stations = reference("stations")
    near = stations.filter(stations["longitude"] < geography.FAR_ISLANDS_LONGITUDE)
    points = geography.to_inches(near["longitude"], near["latitude"])
    kept = map_labels.stored_positions()[lang]
    centers = np.array([kept[str(station_id)] for station_id in near["station_id"]])
    halves = map_labels.label_sizes(map_labels.map_names(near, lang), theme.SMALL) / 2
    apart = np.abs(centers[:, None] - points[None]) - halves[:, None]
    covers = (apart < 0.4 * SYMBOL_RADIUS).all(axis=2)  # a label may touch its own point
    assert not covers.any()


@pytest.mark.parametrize(("lang", "most"), [("ko", 2.5), ("en", 5.0)])
def test_labels_of_the_97_stand_at_their_points_or_close_by(lang: Lang, most: float) -> None:
    lengths = _leaders(reference("stations"), lang)
    assert lengths.sum() < most  # inches of line on the whole page
    assert lengths.max() < 1.0


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_without_a_third_of_the_stations_leaders_are_half_as_long(lang: Lang) -> None:
    stations = reference("stations")
    fewer = stations.filter(pl.int_range(pl.len()) % 3 > 0)
    assert _leaders(fewer, lang).sum() < _leaders(stations, lang).sum() / 2


def _leaders(stations: pl.DataFrame, lang: Lang) -> NDArray[np.float64]:
    """Return the lengths of the leaders of these stations, in inches."""
    near = stations.filter(pl.col("longitude") < geography.FAR_ISLANDS_LONGITUDE)
    with theme.theme():
        points = geography.to_inches(near["longitude"], near["latitude"])
        sizes = map_labels.label_sizes(map_labels.map_names(near, lang), theme.SMALL)
        centers = map_labels.label_centers(near, lang, theme.SMALL)
        return leader_lengths(points, centers, sizes, SYMBOL_RADIUS)


def test_a_reused_figure_gives_the_bytes_of_a_new_one() -> None:
    monday = snapshot_of(SIXTEEN, date(2025, 12, 22))
    tuesday = snapshot_of({key: value - 9 for key, value in SIXTEEN.items()}, date(2025, 12, 23))
    with theme.theme():
        fresh = theme.encode(map_chart.figure(tuesday, REGIONS, "ko"), "png", "map")
        map_chart.cached_map.cache_clear()
        theme.encode(map_chart.figure(monday, REGIONS, "ko"), "png", "map")
        reused = map_chart.figure(tuesday, REGIONS, "ko")
        assert theme.encode(reused, "png", "map") == fresh
        vector = theme.encode(reused, "svg", "map")
        map_chart.cached_map.cache_clear()
        assert theme.encode(map_chart.figure(tuesday, REGIONS, "ko"), "svg", "map") == vector


def test_a_figure_is_not_reused_with_other_options() -> None:
    figures = []
    for width in ("200mm", "150mm", "200mm"):
        with theme.theme(DrawOptions(width=width)):
            figures.append(map_chart.figure(snapshot_of(SIXTEEN), REGIONS, "ko"))
    assert figures[0] is figures[2]
    assert figures[0] is not figures[1]


def test_a_background_kept_as_pixels_does_not_change_the_picture() -> None:
    with theme.theme():
        figure = map_chart.figure(snapshot_of(all_stations()), REGIONS, "ko")
        layered = theme.pixels(figure)
        whole = theme.pixels(figure, layered=False)
        map_chart.cached_map.cache_clear()
    assert np.array_equal(layered, whole)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_no_stored_label_overlaps_the_legend(lang: Lang) -> None:
    stations = reference("stations")
    near = stations.filter(pl.col("longitude") < geography.FAR_ISLANDS_LONGITUDE)
    sizes = map_labels.label_sizes(map_labels.map_names(near, lang), theme.SMALL)
    centers = map_labels.label_centers(near, lang, theme.SMALL)
    left, bottom = (centers - sizes / 2).T
    _, _, right, top = map_labels.LEGEND_BOX
    overlapping = near.filter(pl.Series((left < right) & (bottom < top)))
    assert overlapping.is_empty(), "run `python -m tools.label_layout`"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_legend_names_only_the_weather_on_the_map(lang: Lang) -> None:
    weather = {105: "맑음", 108: "비 끝남", 133: "용오름", 143: "-", 156: "박무"}
    with theme.theme():
        drawn = snapshot_of(SIXTEEN, weather=weather)
        written = inspect_figure.written(map_chart.figure(drawn, REGIONS, lang))
    shown = {symbol for symbol in SYMBOLS if symbol_name(symbol, LOCALES[lang]) in written}
    assert shown == {"rain", "clear", "fog", "none"}
    other = {"ko": "비 끝남, 용오름", "en": "rain ended and 1 more"}
    assert other[lang] in written


def test_a_symbol_without_room_for_its_words_has_a_common_name() -> None:
    words = {"rain ended", "a word that is longer than any line of a legend can be"}
    with theme.theme():
        figure = theme.new_figure(8, 8)
        legend = SymbolLegend(figure.add_axes((0, 0, 1, 1)), LOCALES["en"], 1, 1)
        legend.show(["other", "rain"], sorted(words))
        written = inspect_figure.written(figure)
    assert {"other weather", "rain"} <= set(written)


def test_dokdo_is_on_the_map_and_outlines_name_their_source() -> None:
    with theme.theme():
        written = inspect_figure.written(map_chart.figure(snapshot_of(SIXTEEN), REGIONS, "ko"))
    assert "독도" in written
    assert "· 지도: 국토지리정보원" in written


def test_no_station_lies_in_the_sea() -> None:
    """Outlines and stations agree: no station is more than 3 km from land."""
    stations = reference("stations")
    points = geography.to_inches(stations["longitude"], stations["latitude"])
    reach = 3 / 111 * geography.INCHES_PER_LATITUDE
    for point, name in zip(points, stations["name_en"], strict=True):
        near = any(
            outline.contains_point(point, radius=sign * reach)
            for outline in geography.province_outlines()
            for sign in (-1, 1)
        )
        assert near, name


def test_short_english_names_are_unique() -> None:
    names = map_labels.map_names(reference("stations"), "en")
    assert len(set(names)) == len(names) == reference("stations").height
    assert {"Gochang", "Gochang-gun", "Cheongsong"} <= set(names)


def test_the_legend_says_which_scale_the_colors_are_of() -> None:
    summer, frost = snapshot_of(all_stations(18.0)), snapshot_of(all_stations(-25.0))
    with theme.theme():
        written = inspect_figure.written(map_chart.figure(frost, REGIONS, "ko"))
    assert "색: 모든 그림에 같은 -30~40°C 고정 눈금" in written
    assert {"-30", "40°C"} <= set(written)
    with theme.theme(DrawOptions(scale="day")):
        for drawn, ends in ((summer, ("19", "29")), (frost, ("-24", "-14"))):
            figure = map_chart.figure(drawn, REGIONS, "en")
            assert inspect_figure.unreadable_texts(figure) == []
            written = inspect_figure.written(figure)
            assert f"Colours: scale of this chart only, {ends[0]} to {ends[1]}°C" in written
            assert {ends[0], f"{ends[1]}°C"} <= set(written)


def test_a_scale_of_the_day_does_not_stay_for_the_next_list() -> None:
    summer, frost = snapshot_of(all_stations(18.0)), snapshot_of(all_stations(-25.0))
    with theme.theme(DrawOptions(scale="day")):
        map_chart.cached_map.cache_clear()
        fresh = theme.pixels(map_chart.figure(frost, REGIONS, "en")).copy()
        map_chart.cached_map.cache_clear()
        theme.pixels(map_chart.figure(summer, REGIONS, "en"))
        reused = map_chart.figure(frost, REGIONS, "en")
        assert np.array_equal(theme.pixels(reused), fresh)
        assert np.array_equal(theme.pixels(reused, layered=False), fresh)
    with theme.theme():
        fixed = theme.pixels(map_chart.figure(frost, REGIONS, "en"))
    assert not np.array_equal(fixed, fresh)


def test_an_unknown_scale_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown scale 'week': choose from fixed, day"):
        DrawOptions(scale="week")
