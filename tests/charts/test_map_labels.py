"""Every label of the map belongs visibly to its point, on real station lists and on regions."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from nalssi.charts import map_chart, map_labels, theme
from nalssi.charts.map_view import COUNTRY, MapView, region_view
from nalssi.common.reference import reference
from nalssi.locale.locales import Lang
from schemas.vocabulary import region_ids
from tests.charts.example_snapshots import STATION_LISTS, snapshot_of

Array = NDArray[np.float64]
STATIONS = reference("stations").sort("station_id")
REGIONS = reference("regions")
SEEN = 0.03  # inches of a leader that can be seen between a point and its label

LISTS: dict[str, tuple[pl.DataFrame, MapView]] = {
    name: (STATIONS.filter(pl.col("station_id").is_in(ids)), COUNTRY)
    for name, ids in STATION_LISTS.items()
} | {
    f"region {number}": (STATIONS.filter(region_id=number), region_view(number))
    for number in region_ids()
}


class Drawn:
    """The points, labels and leaders of a drawn map, in inches."""

    def __init__(self, stations: pl.DataFrame, view: MapView, lang: Lang) -> None:
        temperatures = dict.fromkeys(stations["station_id"].to_list(), 1.0)
        with theme.theme():
            figure = map_chart.figure(snapshot_of(temperatures), REGIONS, lang)
            size = map_labels.letter_size(stations.height, view)
            self.points = view.to_inches(stations["longitude"], stations["latitude"])
            self.sizes = map_labels.label_sizes(map_labels.map_names(stations, lang), size)
            self.centers = map_labels.label_centers(stations, lang, size, view)
        self.radius = map_labels.symbol_radius(view)
        (lines,) = figure.findobj(LineCollection)
        assert isinstance(lines, LineCollection)
        self.leaders = np.array(lines.get_segments()).reshape(-1, 2, 2)

    def gaps(self) -> Array:
        """Return how far each label (row) is from each point (column)."""
        beside = np.abs(self.centers[:, None] - self.points) - self.sizes[:, None] / 2
        return np.asarray(np.linalg.norm(np.maximum(beside, 0), axis=2))


@pytest.fixture(
    scope="module",
    params=[(name, lang) for name in LISTS for lang in ("ko", "en")],
    ids=" ".join,
)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    name, lang = request.param
    return Drawn(*LISTS[name], lang)


def test_a_label_is_nearer_to_its_point_than_to_any_other_or_has_a_leader(drawn: Drawn) -> None:
    gaps = drawn.gaps()
    own = np.diag(gaps).copy()
    np.fill_diagonal(gaps, np.inf)
    nearest_other = gaps.min(axis=1)
    led = {tuple(np.round(start, 6)) for start in drawn.leaders[:, 0]}
    for point, own_gap, other_gap in zip(drawn.points, own, nearest_other, strict=True):
        if tuple(np.round(point, 6)) not in led:
            assert own_gap < other_gap
            assert own_gap - drawn.radius <= 0.09


def test_a_leader_can_be_seen_and_ends_at_its_label(drawn: Drawn) -> None:
    for start, end in drawn.leaders:
        index = int(np.argmin(np.linalg.norm(drawn.points - start, axis=1)))
        assert np.allclose(drawn.points[index], start)
        on_edge = np.abs(np.abs(end - drawn.centers[index]) - drawn.sizes[index] / 2)
        inside = np.abs(end - drawn.centers[index]) <= drawn.sizes[index] / 2 + 1e-9
        assert inside.all()
        assert on_edge.min() < 1e-9
        assert np.linalg.norm(end - start) - drawn.radius >= SEEN


def test_no_leader_ends_nearer_to_another_point_on_its_way(drawn: Drawn) -> None:
    """A leader line does not run over the symbol of another station."""
    for start, end in drawn.leaders:
        others = drawn.points[np.linalg.norm(drawn.points - start, axis=1) > 1e-9]
        run = end - start
        share = np.clip(((others - start) @ run) / (run @ run), 0, 1)
        apart = np.linalg.norm(others - (start + share[:, None] * run), axis=1)
        assert (apart > 0.5 * drawn.radius).all()


def test_no_label_covers_another_label_or_a_point(drawn: Drawn) -> None:
    apart = np.abs(drawn.centers[:, None] - drawn.centers)
    reach = (drawn.sizes[:, None] + drawn.sizes) / 2 - 0.005
    overlaps = (apart < reach).all(axis=2)
    np.fill_diagonal(overlaps, False)
    assert not overlaps.any()
    over = np.abs(drawn.centers[:, None] - drawn.points) - drawn.sizes[:, None] / 2
    assert not (over < 0.4 * drawn.radius).all(axis=2).any()
