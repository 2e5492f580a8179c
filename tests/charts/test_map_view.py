"""The map of a region shows its stations and outlines larger than the map of the country."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from nalssi.charts import geography, map_chart, map_view, theme
from nalssi.common.reference import reference
from nalssi.locale.locales import Lang
from schemas.vocabulary import region_ids
from tests.charts import inspect_figure
from tests.charts.example_snapshots import all_stations, snapshot_of
from tests.thorough import thorough

STATIONS = reference("stations")
REGIONS = reference("regions")


def _of_region(number: int) -> dict[int, float]:
    ids = set(STATIONS.filter(region_id=number)["station_id"])
    return {station: value for station, value in all_stations().items() if station in ids}


@pytest.mark.parametrize("number", region_ids())
def test_a_region_is_larger_than_on_the_map_of_the_country_and_complete(number: int) -> None:
    view = map_view.region_view(number)
    assert view.factor > 1.25
    own = STATIONS.filter(region_id=number)
    points = view.to_inches(own["longitude"], own["latitude"])
    assert ((points > 0.2) & (points < np.array([view.width, view.height]) - 0.2)).all()
    near = points[own["longitude"].to_numpy() <= geography.FAR_ISLANDS_LONGITUDE]
    if view.far_islands_box:
        x0, y0, _, _ = view.far_islands_box
        assert not ((near[:, 0] > x0 - 0.1) & (near[:, 1] > y0 - 0.1)).any()
    far_east = own.filter(pl.col("longitude") > geography.FAR_ISLANDS_LONGITUDE)
    assert view.has_far_islands == (not far_east.is_empty())


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(
    "number", [each if each in (1, 7, 10) else thorough(each) for each in region_ids()]
)
def test_the_map_of_a_region_can_be_read(number: int, lang: Lang) -> None:
    temperatures = _of_region(number)
    with theme.theme():
        figure = map_chart.figure(snapshot_of(temperatures), REGIONS, lang)
        assert inspect_figure.unreadable_texts(figure) == []
        labels = inspect_figure.station_labels(figure)
    assert len(labels) == len(temperatures)
    assert {label.get_fontsize() for label in labels} == {13.0}
    assert figure.get_size_inches()[1] <= 11


def test_a_station_alone_is_on_the_map_of_its_region() -> None:
    with theme.theme():
        figure = map_chart.figure(snapshot_of({143: 2.0}), REGIONS, "ko")
        written = inspect_figure.written(figure)
    view = map_view.region_view(8)
    assert figure.axes[0].get_ylim() == (0, view.height)
    assert {"대구", "2.0", "대구 2.0도", "1개 지점"} <= set(written)


def test_readings_of_two_regions_are_on_the_map_of_the_country() -> None:
    assert map_view.view_of({1, 2}) is map_view.COUNTRY
    positions = geography.to_inches([127.0, 130.9], [37.5, 37.48])
    assert np.allclose(map_view.COUNTRY.place(positions), positions)


def test_regions_beside_the_far_islands_do_not_show_them() -> None:
    view = map_view.region_view(3)
    ((x, y),) = view.to_inches([geography.ULLEUNGDO[0]], [geography.ULLEUNGDO[1]])
    assert x < 0
    assert y < 0


def test_outlines_keep_their_shape_in_a_view() -> None:
    view = map_view.region_view(10)
    one, other = view.to_inches([126.5, 126.6], [33.4, 33.5])
    stretched = (other - one) / (
        geography.to_inches([126.6], [33.5])[0] - geography.to_inches([126.5], [33.4])[0]
    )
    assert np.allclose(stretched, view.factor)


def test_a_region_without_a_station_is_an_error() -> None:
    with pytest.raises(ValueError, match="no open station"):
        map_view.region_view(99)
