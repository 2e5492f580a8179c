"""Which labels of a map need a leader line to their points, and where such lines run.

A label needs a leader line if it is far from its point, or if another point is about as near.
Arrays of points, centers and sizes have the shape (n, 2). All lengths are in inches.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEADER_MIN: Final = 0.08  # inches: a label nearer to its point needs no leader if it is clear
CLEARLY_NEARER: Final = 0.02  # inches by which a label's own point is nearer than any other one
SHORTEST_LEADER: Final = 0.04  # inches: a shorter leader cannot be seen


def gaps_to_points(centers: Array, sizes: Array, points: Array) -> Array:
    """Return the distance of each label's edge from each point, as an array (labels, points).

    `centers` and `sizes` describe the labels. The distance is zero for a point that the label
    covers.
    """
    outside = np.abs(centers[:, None] - points) - np.reshape(sizes, (-1, 1, 2)) / 2
    return np.asarray(np.linalg.norm(np.clip(outside, 0, None), axis=2))


def unclear_labels(points: Array, centers: Array, sizes: Array) -> Flags:
    """Return, for each label, whether another point is about as near to it as its own point.

    Label i, with its center and size, belongs to point i. A label that is not clear needs a leader
    line. It is clear if its own point is nearer than all others by CLEARLY_NEARER.
    """
    gaps = gaps_to_points(centers, sizes, points)
    own = np.diag(gaps).copy()
    np.fill_diagonal(gaps, np.inf)
    return np.asarray(own + CLEARLY_NEARER > gaps.min(axis=1, initial=np.inf))


def leader_lengths(points: Array, centers: Array, sizes: Array, radius: float) -> Array:
    """Return the length of each label's leader line in inches; zero if the label needs none.

    A leader line reaches from the rim of a point (`radius` from its center) to the edge of its
    label. A label needs none if it is near to its point, and clearly nearer to it than to other
    points (`unclear_labels`).
    """
    ends = np.clip(points, centers - sizes / 2, centers + sizes / 2)
    lengths = np.linalg.norm(ends - points, axis=1) - radius
    is_led = (lengths > LEADER_MIN) | unclear_labels(points, centers, sizes)
    return np.asarray(np.where(is_led, np.maximum(lengths, 0.0), 0.0))


def lines_cross(a: Array, b: Array, c: Array, d: Array) -> Flags:
    """Return whether the lines from a to b cross the lines from c to d.

    The arrays have the shape (…, 2) and are broadcast.
    """

    def side(p: Array, q: Array, r: Array) -> Array:
        return np.asarray(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
            - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    return np.asarray((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0))


def line_meets_box(a: Array, b: Array, center: Array, half: Array) -> Flags:
    """Return whether the lines from a to b cross a box (slab method). The arrays are broadcast.

    `center` is the center of the box, `half` is half of its width and height.
    """
    run = np.where(np.abs(b - a) < 1e-9, 1e-9, b - a)
    one, other = (center - half - a) / run, (center + half - a) / run
    enter = np.minimum(one, other).max(axis=-1)
    leave = np.maximum(one, other).min(axis=-1)
    return np.asarray((enter < leave) & (leave > 0) & (enter < 1))
