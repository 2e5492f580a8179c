"""Where the labels of a map go: near their points, over no other label and no other point.

Every label tries places around its point, first those that touch it, then farther ones that
need a leader line. The search moves one label at a time to where it costs least, most crowded
points first, round after round until nothing moves; what is still in conflict then has its
price raised, so that others give way. There is no chance in it: the same points and sizes
give the same places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Labels that touch their point: right, left, and above and below, slid along by quarters.
SIDES: Final = np.array([(1, 0), (-1, 0), *[(0, 1)] * 5, *[(0, -1)] * 5], dtype=float)
SLIDES: Final = np.array([(0, 0), (0, 0), *[(n / 4, 0) for n in (0, 1, -1, 2, -2)] * 2])
SIDE_COSTS: Final = np.array([0.0, 0.15, *(0.2, 0.25, 0.25, 0.3, 0.3) * 2])
TOUCHING: Final = len(SIDES)
AWAY: Final = 32  # directions of one that stands away from it
RADII: Final = (0.22, 0.32, 0.44, 0.58, 0.74, 0.92, 1.12, 1.35, 1.6)  # inches from point to label
GAP: Final = 0.02  # inches kept free around a label
ROUNDS: Final = 60
SETTLING: Final = 4  # rounds in which every label moves

# Prices. A conflict costs more than any distance; only conflicts are raised.
OVER_LABEL: Final = 20.0
OVER_POINT: Final = 20.0
CROSSING: Final = 8.0  # a leader over a label, a point or another leader
INCH: Final = 3.0  # of leader


@dataclass(frozen=True)
class Places:
    """Centres of labels in inches, the ends of their leaders, and which labels need one."""

    centres: Array  # (n, 2)
    ends: Array  # (n, 2): the point of the label nearest its station
    led: Flags
    conflicts: int


def _candidates(point: Array, size: Array, radius: float) -> tuple[Array, Array]:
    """Centres of the places around a point, and what each costs by itself."""
    half = size / 2
    centres = [point + SIDES * (half + radius) + SLIDES * size]
    costs = [SIDE_COSTS]
    angles = np.arange(AWAY) * 2 * np.pi / AWAY
    toward = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for away in RADII:
        # The label's edge, not its centre, stands that far from the point.
        centres.append(point + toward * (away + half))
        costs.append(np.full(AWAY, 0.5 + INCH * away))
    return np.concatenate(centres), np.concatenate(costs)


def _nearest(centre: Array, size: Array, point: Array) -> Array:
    """The point of a label's box that is nearest to a point."""
    return np.clip(point, centre - size / 2, centre + size / 2)


def _cross(a: Array, b: Array, c: Array, d: Array) -> Flags:
    """Whether the lines a-b and c-d cross, for arrays that broadcast."""

    def side(p: Array, q: Array, r: Array) -> Array:
        return np.asarray(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
            - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    return np.asarray((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0))


def _line_meets_box(a: Array, b: Array, centre: Array, half: Array) -> Flags:
    """Whether the lines a-b pass through boxes (the slab method), for arrays that broadcast."""
    run = np.where(np.abs(b - a) < 1e-9, 1e-9, b - a)
    one, other = (centre - half - a) / run, (centre + half - a) / run
    enter = np.minimum(one, other).max(axis=-1)
    leave = np.maximum(one, other).min(axis=-1)
    return np.asarray((enter < leave) & (leave > 0) & (enter < 1))


def place(
    points: Array,
    sizes: Array,
    page: Array,
    blocked: Array,
    radius: float,
    rounds: int = ROUNDS,
    attempt: int = 0,
) -> Places:
    """Find a place for a label of each size (w, h) at its point; all in inches.

    `page` is the width and height that labels must stay in, `blocked` boxes (x0, y0, x1, y1)
    that they must keep off, `radius` that of the points. What one `attempt` (a number) leaves in
    conflict, another may not.
    """
    count = len(points)
    found = [_candidates(points[i], sizes[i], radius + GAP) for i in range(count)]
    options = np.stack([centres for centres, _ in found])  # (n, k, 2)
    own = np.stack([cost for _, cost in found])
    halves = sizes / 2 + GAP
    ends = np.clip(points[:, None], options - sizes[:, None] / 2, options + sizes[:, None] / 2)
    inside = ((options - halves[:, None] >= 0) & (options + halves[:, None] <= page)).all(axis=2)
    own = own + np.where(inside, 0.0, 1000.0)
    for x0, y0, x1, y1 in blocked:
        centre, half = np.array([x0 + x1, y0 + y1]) / 2, np.array([x1 - x0, y1 - y0]) / 2
        barred = (np.abs(options - centre) < halves[:, None] + half).all(axis=2)
        own = own + np.where(barred, 1000.0, 0.0)
    # Points neither move nor yield, so what they cost is known beforehand.
    for i in range(count):
        others = np.delete(points, i, axis=0)
        over = (np.abs(options[i][:, None] - others) < halves[i] + radius).all(axis=2)
        led = _line_meets_box(points[i], ends[i][:, None], others, np.full(2, radius))
        own[i] = own[i] + OVER_POINT * over.sum(axis=1) + CROSSING * led.sum(axis=1)

    distances = np.linalg.norm(points[:, None] - points, axis=2)
    order = np.argsort(np.sort(distances, axis=1)[:, 1 : min(6, count)].sum(axis=1), kind="stable")
    # Another attempt values conflicts a little differently, and so ends elsewhere.
    price = 1 + min(attempt, 1) * np.random.default_rng(attempt).random((count, count))
    chosen = np.argmin(own, axis=1)
    best, fewest, cheapest = chosen.copy(), count * count, np.inf

    def conflicts(i: int, choices: slice | NDArray[np.int64]) -> tuple[Flags, Flags]:
        """Which others label i, in each of these places, lies over, and which leaders cross."""
        here, end = options[i, choices][:, None], ends[i, choices][:, None]
        there, there_ends = options[rows, chosen], ends[rows, chosen]
        over = (np.abs(here - there) < halves[i] + sizes / 2).all(axis=2)
        led = _line_meets_box(points[i], end, there, sizes / 2)
        led |= _line_meets_box(points, there_ends, here, sizes[i] / 2)
        led |= _cross(points[i], end, points, there_ends)
        over[:, i] = led[:, i] = False
        return over, led

    rows = np.arange(count)
    everything = slice(None)
    for turn in range(rounds):
        clashes = np.array(
            [np.logical_or(*conflicts(i, chosen[i : i + 1]))[0] for i in range(count)]
        ).reshape(count, count)
        astray = own[rows, chosen] >= OVER_POINT
        total, cost = int(clashes.sum()) // 2 + int(astray.sum()), own[rows, chosen].sum()
        if (total, cost) < (fewest, cheapest):
            best, fewest, cheapest = chosen.copy(), total, cost
        price[clashes] += 0.5
        # All settle first; then only those in conflict move, until none are left.
        moving = (
            order
            if turn < SETTLING or turn % 8 == 0 or total == 0
            else order[(clashes.any(1) | astray)[order]]
        )
        moved = False
        for i in moving:
            over, led = conflicts(i, everything)
            costs = own[i] + ((OVER_LABEL * over + CROSSING * led) * price[i]).sum(axis=1)
            choice = int(np.argmin(costs))
            if costs[choice] < costs[chosen[i]] - 1e-9:
                chosen[i], moved = choice, True
        if total == 0 and not moved:
            break
    return Places(options[rows, best], ends[rows, best], best >= TOUCHING, fewest)
