"""South Korea on a page: from degrees to inches, province outlines, and the far islands' box.

Longitude and latitude are drawn straight, longitude shortened by the cosine of 36° N: over five
degrees no eye tells that from a conic projection. Ulleungdo and Dokdo lie so far out that true to
place they would cost a fifth of the page; as on most Korean maps they have a box in the corner,
at the same scale and in their true position to one another.

Outlines: `schemas/reference/provinces.geojson` (National Geographic Information Institute).
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Final

import numpy as np
from matplotlib.path import Path as Outline
from numpy.typing import ArrayLike, NDArray

from schemas.vocabulary import REFERENCE

Array = NDArray[np.float64]

INCHES_PER_LATITUDE: Final = 1.6
INCHES_PER_LONGITUDE: Final = INCHES_PER_LATITUDE * math.cos(math.radians(36))
WEST: Final = 124.15
SOUTH: Final = 33.0
WIDTH: Final = 7.7  # inches
HEIGHT: Final = 9.12

FAR_EAST: Final = 130.3  # beyond: Ulleungdo and Dokdo
ULLEUNGDO: Final = (130.86, 37.50)
DOKDO: Final = (131.8669, 37.2417)
BOX: Final = (6.0, 8.2, 7.65, 9.07)  # x0, y0, x1, y1 in inches
ULLEUNGDO_IN_BOX: Final = (BOX[0] + 0.2, BOX[1] + 0.58)


def inches(longitude: ArrayLike, latitude: ArrayLike) -> Array:
    """Positions (n, 2) on the map, inches from its lower left corner."""
    x = (np.asarray(longitude, dtype=float) - WEST) * INCHES_PER_LONGITUDE
    y = (np.asarray(latitude, dtype=float) - SOUTH) * INCHES_PER_LATITUDE
    shift_x = ULLEUNGDO_IN_BOX[0] - (ULLEUNGDO[0] - WEST) * INCHES_PER_LONGITUDE
    shift_y = ULLEUNGDO_IN_BOX[1] - (ULLEUNGDO[1] - SOUTH) * INCHES_PER_LATITUDE
    far = np.asarray(longitude, dtype=float) > FAR_EAST
    return np.stack([x + far * shift_x, y + far * shift_y], axis=-1)


@cache
def provinces() -> tuple[Outline, ...]:
    """The outline of each province, islands and holes included, in inches."""
    text = (REFERENCE / "provinces.geojson").read_text(encoding="utf-8")
    outlines = []
    for feature in json.loads(text)["features"]:
        rings = [
            Outline(inches(*np.array(ring).T), closed=True)
            for polygon in feature["geometry"]["coordinates"]
            for ring in polygon
        ]
        outlines.append(Outline.make_compound_path(*rings))
    return tuple(outlines)
