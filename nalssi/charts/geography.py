"""The map of South Korea: projection from degrees to inches, province outlines, far islands.

Longitude and latitude are drawn as straight lines, with longitude shortened by the cosine of
36° N; over five degrees this differs little from a conic projection. Ulleungdo and Dokdo are so
far from the coast that they would cost a fifth of the page. As on most Korean maps they stand in
a box in the corner, at the same scale and in their true position to each other.

Outlines: `schemas/reference/provinces.geojson` (National Geographic Information Institute).
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from schemas.vocabulary import REFERENCE

if TYPE_CHECKING:
    from matplotlib.path import Path as Outline

Array = NDArray[np.float64]

INCHES_PER_LATITUDE: Final = 1.6
INCHES_PER_LONGITUDE: Final = INCHES_PER_LATITUDE * math.cos(math.radians(36))
WEST: Final = 124.15  # degrees: the left and the lower edge of the map
SOUTH: Final = 33.0
WIDTH: Final = 7.7  # inches
HEIGHT: Final = 9.12

FAR_ISLANDS_LONGITUDE: Final = 130.3
"""East of this longitude there are only Ulleungdo and Dokdo."""
ULLEUNGDO: Final = (130.86, 37.50)
DOKDO: Final = (131.8669, 37.2417)
FAR_ISLANDS_BOX: Final = (6.0, 8.2, 7.65, 9.07)  # x0, y0, x1, y1 in inches
ULLEUNGDO_IN_BOX: Final = (FAR_ISLANDS_BOX[0] + 0.2, FAR_ISLANDS_BOX[1] + 0.58)


def to_inches(longitude: ArrayLike, latitude: ArrayLike) -> Array:
    """Project degrees to positions (n, 2) in inches from the lower left corner of the map.

    Ulleungdo and Dokdo are placed in their box.
    """
    x = (np.asarray(longitude, dtype=float) - WEST) * INCHES_PER_LONGITUDE
    y = (np.asarray(latitude, dtype=float) - SOUTH) * INCHES_PER_LATITUDE
    shift_x = ULLEUNGDO_IN_BOX[0] - (ULLEUNGDO[0] - WEST) * INCHES_PER_LONGITUDE
    shift_y = ULLEUNGDO_IN_BOX[1] - (ULLEUNGDO[1] - SOUTH) * INCHES_PER_LATITUDE
    is_far = np.asarray(longitude, dtype=float) > FAR_ISLANDS_LONGITUDE
    return np.stack([x + is_far * shift_x, y + is_far * shift_y], axis=-1)


@cache
def _features() -> list[Any]:
    features: list[Any] = json.loads((REFERENCE / "provinces.geojson").read_text("utf-8"))[
        "features"
    ]
    return features


@cache
def province_names() -> tuple[str, ...]:
    """Return the Korean name of each province, in the order of `province_rings`."""
    return tuple(feature["properties"]["province"] for feature in _features())


@cache
def province_rings() -> tuple[tuple[Array, ...], ...]:
    """Return the rings of each province: positions (n, 2) in inches.

    Islands and holes are rings of their own. The last position of a ring is the first one again.
    """
    return tuple(
        tuple(
            to_inches(*np.array(ring).T)
            for polygon in feature["geometry"]["coordinates"]
            for ring in polygon
        )
        for feature in _features()
    )


@cache
def province_outlines() -> tuple[Outline, ...]:
    """Return the outline of each province, a matplotlib path in inches, with islands and holes."""
    # Imported here because the map of a page needs no matplotlib, which is slow to import.
    from matplotlib.path import Path as Outline

    return tuple(
        Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings))
        for rings in province_rings()
    )
