"""The part of the map that a chart shows: the whole country, or a region and its neighbours.

A view of a region is as large as the page allows. It depends on the region's open stations and not
on the readings, so it is the same every day. Positions are those of `geography`, moved and
enlarged. Ulleungdo and Dokdo are in a box in the upper right corner, at the scale of the map of the
country.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nalssi.charts import geography
from nalssi.charts.picture_size import NARROW_PAGE_WIDTH
from schemas.vocabulary import reference_rows

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]

LARGEST_FACTOR: Final = 3.6
MARGINS: Final = (1.2, 0.8)  # inches in sum: left and right of the region, above and below it
LABEL_MARGINS: Final = (2.3, 1.1)  # the same around the stations: room for their labels
FAR_ISLANDS_HEIGHT: Final = 0.95  # inches: the room for the box of the far islands above the region
LEAST_HEIGHT: Final = 4.0
MOST_HEIGHT: Final = 7.6
OUTSIDE: Final = -100.0

NARROW_WIDTH: Final = NARROW_PAGE_WIDTH - 0.2
NARROW_FACTOR: Final = 0.635
NARROW_CORNER: Final = (0.35, 0.1)  # the sea in the west and south of it is not shown
NARROW_HEIGHT: Final = 6.24  # the box of the far islands is above the mainland
NARROW_BOX: Final = (1.3, 0.56)  # inches: the box of the far islands
NARROW_MARGINS: Final = (0.5, 0.8)
NARROW_LABEL_MARGINS: Final = (1.7, 0.9)
NARROW_MOST_HEIGHT: Final = 5.5


@dataclass(frozen=True)
class MapView:
    """A part of the map. Lengths are in inches.

    `left` and `bottom` are its lower left corner on the map of the country. `factor` says how many
    times larger it is drawn. `width` and `height` are the size of the drawing. `has_far_islands`
    says whether the view has the box of Ulleungdo and Dokdo. `provinces` are the Korean names of
    the region's provinces; the view of the country has none.
    """

    left: float
    bottom: float
    factor: float
    width: float
    height: float
    has_far_islands: bool
    provinces: frozenset[str] = frozenset()
    is_narrow: bool = False
    """Whether the view is for a narrow page, on which the box of the far islands is smaller."""

    @property
    def is_country(self) -> bool:
        """Whether this is the view of the whole country."""
        return not self.provinces

    @property
    def far_islands_box(self) -> Box | None:
        """The box (x0, y0, x1, y1) of the far islands in inches; None if the view has no box."""
        if not self.has_far_islands:
            return None
        x0, y0, x1, y1 = geography.FAR_ISLANDS_BOX
        right, up = self.width - geography.WIDTH, self.height - geography.HEIGHT
        if self.is_narrow:
            x0, y0 = x1 - NARROW_BOX[0], y1 - NARROW_BOX[1]
        return x0 + right, y0 + up, x1 + right, y1 + up

    def place(self, positions: Array) -> Array:
        """Convert positions (n, 2) on the map of the country to positions in this view, in inches.

        The far islands are in their box. If the view has no such box, they lie outside of the view.
        """
        moved = (positions - (self.left, self.bottom)) * self.factor
        x0, y0, _, _ = geography.FAR_ISLANDS_BOX
        is_far = ((positions[:, 0] > x0) & (positions[:, 1] > y0))[:, None]
        box = self.far_islands_box
        corner = np.array(box[:2] if box else (OUTSIDE, OUTSIDE))
        in_box = (positions - (x0, y0)) * (NARROW_FACTOR if self.is_narrow else 1) + corner
        return np.where(is_far, in_box, moved)

    def to_inches(self, longitude: ArrayLike, latitude: ArrayLike) -> Array:
        """Project degrees to positions (n, 2) in this view, in inches."""
        return self.place(geography.to_inches(longitude, latitude))


COUNTRY: Final = MapView(0, 0, 1, geography.WIDTH, geography.HEIGHT, has_far_islands=True)


NARROW_COUNTRY: Final = MapView(
    *NARROW_CORNER,
    NARROW_FACTOR,
    NARROW_WIDTH,
    NARROW_HEIGHT,
    has_far_islands=True,
    is_narrow=True,
)


@cache
def region_view(region_id: int, *, is_narrow: bool = False) -> MapView:
    """Return the view of a region, with its neighbours around it, for a wide or a narrow page.

    Raises ValueError for a region without an open station.
    """
    rows = [row for row in reference_rows("stations") if int(row["region_id"]) == region_id]
    if not rows:
        raise ValueError(f"region {region_id} has no open station")
    degrees = np.array([(float(row["longitude"]), float(row["latitude"])) for row in rows])
    near = degrees[degrees[:, 0] <= geography.FAR_ISLANDS_LONGITUDE]
    has_far_islands = len(near) < len(degrees)
    provinces = frozenset(row["province"] for row in rows)
    points = geography.to_inches(*near.T)
    shape = np.concatenate([points, *_rings_of_no_other_region(region_id, provinces)])
    low, high = shape.min(axis=0), shape.max(axis=0)
    above = FAR_ISLANDS_HEIGHT if has_far_islands else 0.0
    width, most, margins, label_margins = geography.WIDTH, MOST_HEIGHT, MARGINS, LABEL_MARGINS
    if is_narrow:
        width, most = NARROW_WIDTH, NARROW_MOST_HEIGHT
        margins, label_margins = NARROW_MARGINS, NARROW_LABEL_MARGINS
        above = NARROW_BOX[1] + 0.1 if has_far_islands else 0.0
    size = np.array([width, most - above])
    factor = min(
        LARGEST_FACTOR,
        *((size - margins) / (high - low)).tolist(),
        *((size - label_margins) / np.ptp(points, axis=0)).tolist(),
    )
    least = LEAST_HEIGHT * width / geography.WIDTH - above
    height = max(least, float(high[1] - low[1]) * factor + margins[1])
    corner = (low + high) / 2 - np.array([width, height]) / (2 * factor)
    return MapView(
        float(corner[0]),
        float(corner[1]),
        factor,
        width,
        height + above,
        has_far_islands,
        provinces,
        is_narrow,
    )


def _rings_of_no_other_region(region_id: int, provinces: frozenset[str]) -> list[Array]:
    """Return the outlines of the provinces that lie in this region alone.

    Gangwon-do is in two regions, and each of them is smaller than its outline, so it is left out.
    `provinces` are the names of the region's provinces. The outlines are positions (n, 2) in
    inches, without the far islands.
    """
    others = {
        row["province"] for row in reference_rows("stations") if int(row["region_id"]) != region_id
    }
    x0, y0, _, _ = geography.FAR_ISLANDS_BOX
    named = zip(geography.province_names(), geography.province_rings(), strict=True)
    return [
        ring
        for name, rings in named
        if name in provinces - others
        for ring in rings
        if not (ring[0, 0] > x0 and ring[0, 1] > y0)
    ]


def view_of(region_ids: set[int], *, is_narrow: bool = False) -> MapView:
    """Return the view of the only region in `region_ids`, or of the country if there are more."""
    if len(region_ids) == 1:
        return region_view(next(iter(region_ids)), is_narrow=is_narrow)
    return NARROW_COUNTRY if is_narrow else COUNTRY
