"""Place labels around the points of a page's map, without matplotlib and in a few milliseconds.

The labels of all stations on the wide map have stored positions (`map_label_positions.json`). This
search is for all other labels: the larger labels of a map with few stations, and the few labels of
the map on a phone. Labels are placed one after the other, the most important first, each at its
best free position.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Point = tuple[float, float]

GAP: Final = 2.0
"""The space that is kept free between labels, in map units (`map_outline`)."""
OVER_LABEL_COST: Final = 100
OVER_POINT_COST: Final = 1

DISTANCES: Final = (24.0, 40.0, 60.0, 85.0)
"""The distances from a point at which its label may be, in map units. Such a label has a line to
its point."""
DIRECTIONS: Final = 24
ANGLES: Final = np.arange(DIRECTIONS) * math.tau / DIRECTIONS
AROUND: Final = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)

# Candidates: the side of the point, and how far along that side, in halves of the label's size.
SIDES: Final = (
    *((1, shift) for shift in (0, -0.5, 0.5, -1, 1)),
    *((-1, shift) for shift in (0, -0.5, 0.5, -1, 1)),
)
ENDS: Final = tuple((end, shift) for shift in (0, 0.5, -0.5, 1, -1) for end in (-1, 1))


class Box(NamedTuple):
    """A box on the map: its left and upper edge, width and height, in map units."""

    x: float
    y: float
    width: float
    height: float


def place_labels(
    points: Sequence[Point],
    sizes: Sequence[tuple[float, float]],
    order: Iterable[int],
    *,
    radius: float,
    area: tuple[float, float],
    blocked: Sequence[Box] = (),
    most: int | None = None,
) -> dict[int, Box]:
    """Return the boxes of labels, by index of their point. All lengths are in map units.

    - `sizes` are the widths and heights of labels, `order` are the indices of points from the most
      important label to the least.
    - `radius` is the radius of points, `area` the width and height of the map. Boxes of `blocked`
      are kept free like other labels, except by the label of a point in the box.
    - With `most`, there are at most this number of labels, and none lies over another label or over
      a point. Without `most`, every point has a label, at the position where it covers least.
    """
    dots = np.array(points)
    barred = np.array([_edges(box) for box in blocked]).reshape(-1, 4)
    boxes = np.empty((0, 4))  # the edges of the labels that are placed
    points_as_boxes = np.concatenate([dots - radius, dots + radius], axis=1)
    placed: dict[int, Box] = {}
    for index in order:
        if most is not None and len(placed) == most:
            break
        # The label of a point in a blocked box may lie there.
        is_in = ((barred[:, :2] < dots[index]) & (dots[index] < barred[:, 2:])).all(axis=1)
        taken = np.concatenate([boxes, barred[~is_in]])
        others = np.delete(points_as_boxes, index, axis=0)
        for offsets in (_near(sizes[index], radius + GAP), _far(sizes[index])):
            own = _within(_boxes(points[index], offsets, sizes[index]), area)
            around = own + np.array([-GAP, -GAP, GAP, GAP])
            over = _overlaps(around, taken).sum(axis=1)
            covered = _overlaps(around, others).sum(axis=1)
            cost = OVER_LABEL_COST * over + OVER_POINT_COST * covered
            best = int(cost.argmin())  # of equal ones, the first, which is the easiest to read
            if not cost[best]:
                break
        if cost[best] and most is not None:
            continue
        left, top, right, bottom = own[best].tolist()
        boxes = np.vstack([boxes, own[best]])
        placed[index] = Box(left, top, right - left, bottom - top)
    return placed


def _edges(box: Box) -> tuple[float, float, float, float]:
    """Return the positions of the left, upper, right and lower edge of a box."""
    return box.x, box.y, box.x + box.width, box.y + box.height


def _overlaps(some: Array, others: Array) -> NDArray[np.bool_]:
    """Return whether each of the boxes `some` (n, 4) overlaps each of `others` (m, 4), as (n, m).

    A box is given by its edges: left, upper, right, lower.
    """
    left, top, right, bottom = (edges[:, None] for edges in some.T)
    other_left, other_top, other_right, other_bottom = others.T
    across = (left < other_right) & (right > other_left)
    return np.asarray(across & (top < other_bottom) & (bottom > other_top))


def _near(size: tuple[float, float], radius: float) -> Array:
    """Return the positions (n, 2) of a label that touches its point, the best first.

    `size` is the width and height of the label, `radius` that of the point. A position is the
    offset of the label's center from the point, in map units.
    """
    across, down = size[0] / 2, size[1] / 2
    sides = [(side * (across + radius), shift * down) for side, shift in SIDES]
    ends = [(shift * across, end * (down + radius)) for end, shift in ENDS]
    return np.array(sides + ends)


def _far(size: tuple[float, float]) -> Array:
    """Return the positions (n, 2) of a label with a line to its point, the nearest first.

    `size` is the width and height of the label. A position is the offset of the label's center from
    the point, in map units.
    """
    return np.concatenate([AROUND * (np.array(size) / 2 + distance) for distance in DISTANCES])


def _boxes(point: Point, offsets: Array, size: tuple[float, float]) -> Array:
    """Return the edges (n, 4) of a label of this size at each of `offsets` (n, 2) from its point.

    The edges are left, upper, right and lower.
    """
    centers, reach = np.array(point) + offsets, np.array(size) / 2
    return np.concatenate([centers - reach, centers + reach], axis=1)


def _within(boxes: Array, area: tuple[float, float]) -> Array:
    """Return the boxes (n, 4) that lie within the map, or all boxes if none does.

    `area` is the width and height of the map.
    """
    inside = (boxes[:, :2] >= 0).all(axis=1) & (boxes[:, 2:] <= area).all(axis=1)
    return boxes[inside] if inside.any() else boxes
