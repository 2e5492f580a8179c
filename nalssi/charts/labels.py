"""Where the labels of a map go: near their points, over no other label and no other point.

Every label tries places around its point, first those that touch it, then farther ones that
need a leader line. The search moves one label at a time to where it costs least, most crowded
points first, round after round until nothing moves; what is still in conflict then has its
price raised, so that others give way. There is no chance in it: the same points and sizes give
the same places. A crowded map comes out far better by `annealing`, which is slow and done once
for all stations; a search for some of them starts from there, and pulls in what now has room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Labels that touch their point: right and left, slid up and down by quarters of their height,
# and above and below, slid along by eighths of their width.
UPRIGHT: Final = (0, 1, -1, 2, -2)
ALONG: Final = (0, 1, -1, 2, -2, 3, -3, 4, -4)
SIDES: Final = np.array([*[(1, 0)] * 5, *[(-1, 0)] * 5, *[(0, 1)] * 9, *[(0, -1)] * 9], dtype=float)
SLIDES: Final = np.array([*[(0, n / 4) for n in UPRIGHT] * 2, *[(n / 8, 0) for n in ALONG] * 2])
SIDE_COSTS: Final = np.array(
    [*(0.0, 0.1, 0.1, 0.2, 0.2), *(0.15, 0.25, 0.25, 0.3, 0.3),
     *(0.2, 0.25, 0.25, 0.25, 0.25, 0.3, 0.3, 0.3, 0.3) * 2]
)  # fmt: skip
AWAY: Final = 32  # directions of one that stands away from it
RADII: Final = (0.13, 0.22, 0.32, 0.44, 0.58, 0.74, 0.92, 1.12, 1.35, 1.6)  # inches to the label
GAP: Final = 0.02  # inches kept free around a label
TOUCHES: Final = 0.08  # inches from point to label up to which the eye needs no line
ROUNDS: Final = 60
SETTLING: Final = 4  # rounds in which every label moves

# Prices. A conflict costs more than any distance; only conflicts are raised.
OVER_LABEL: Final = 20.0
OVER_POINT: Final = 20.0
MISLEADS: Final = 0.6  # so near to another's point that it might be taken for that one's
CROSSING: Final = 8.0  # a leader over a label, a point or another leader
LED: Final = 0.5  # a leader, however short
INCH: Final = 3.0  # of leader
INCH_SQUARED: Final = 5.0  # two short ones are better than one that is long


@dataclass(frozen=True)
class Places:
    """Centres of labels in inches, how long their leaders are, and how many still clash."""

    centres: Array  # (n, 2)
    leaders: Array  # (n,); zero where a label touches its point
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
        costs.append(np.full(AWAY, leader_cost(away)))
    return np.concatenate(centres), np.concatenate(costs)


def leader_cost(length: float) -> float:
    """What a leader of so many inches costs."""
    return LED + INCH * length + INCH_SQUARED * length**2


def near(centres: Array, size: Array, points: Array, radius: float) -> NDArray[np.intp]:
    """How many of these points a label of that size would seem to belong to, at each centre."""
    reach = size / 2 + radius + TOUCHES
    return np.asarray((np.abs(centres[:, None] - points) < reach).all(axis=2).sum(axis=1))


def leaders(points: Array, centres: Array, sizes: Array, radius: float) -> Array:
    """How far labels stand from the rims of their points; zero if they touch, or nearly."""
    ends = np.clip(points, centres - sizes / 2, centres + sizes / 2)
    lengths = np.linalg.norm(ends - points, axis=1) - radius
    return np.asarray(np.where(lengths > TOUCHES, lengths, 0.0))


def cross(a: Array, b: Array, c: Array, d: Array) -> Flags:
    """Whether the lines a-b and c-d cross, for arrays that broadcast."""

    def side(p: Array, q: Array, r: Array) -> Array:
        return np.asarray(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
            - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    return np.asarray((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0))


def line_meets_box(a: Array, b: Array, centre: Array, half: Array) -> Flags:
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
    *,
    start: Array | None = None,
) -> Places:
    """Find a place for a label of each size (w, h) at its point; all in inches.

    `page` is the width and height that labels must stay in, `blocked` boxes (x0, y0, x1, y1)
    that they must keep off, `radius` that of the points. `start`: centres where the labels stood
    when there were more of them; those with a leader try to come nearer, the others stay.
    """
    return _Search(points, sizes, page, blocked, radius, start).settle(
        ROUNDS if start is None else SETTLING
    )


class _Search:
    """The places that labels can take, and the ones they have."""

    def __init__(
        self,
        points: Array,
        sizes: Array,
        page: Array,
        blocked: Array,
        radius: float,
        start: Array | None,
    ) -> None:
        self.points, self.sizes, self.radius = points, sizes, radius
        self.count = count = len(points)
        self.halves = sizes / 2 + GAP
        self.free = np.arange(count)
        found = [_candidates(points[i], sizes[i], radius + GAP) for i in range(count)]
        options = np.stack([centres for centres, _ in found])  # (n, k, 2)
        own = np.stack([cost for _, cost in found])
        if start is not None:
            lengths = leaders(points, start, sizes, radius)
            stay = np.where(lengths > 0, [leader_cost(length) for length in lengths], 0)
            self.free = np.flatnonzero(lengths > 0)
            options = np.concatenate([start[:, None], options], axis=1)
            own = np.concatenate([stay[:, None], own], axis=1)
        half_sizes = sizes[:, None] / 2
        self.options = options
        self.ends = np.clip(points[:, None], options - half_sizes, options + half_sizes)
        halves = self.halves[:, None]
        inside = ((options - halves >= 0) & (options + halves <= page)).all(axis=2)
        own = own + np.where(inside, 0.0, 1000.0)
        for x0, y0, x1, y1 in blocked:
            centre, half = np.array([x0 + x1, y0 + y1]) / 2, np.array([x1 - x0, y1 - y0]) / 2
            barred = (np.abs(options - centre) < halves + half).all(axis=2)
            own = own + np.where(barred, 1000.0, 0.0)
        # Points neither move nor yield, so what they cost is known beforehand.
        for i in self.free:
            others = np.delete(points, i, axis=0)
            over = (np.abs(options[i][:, None] - others) < self.halves[i] + radius).all(axis=2)
            led = line_meets_box(points[i], self.ends[i][:, None], others, np.full(2, radius))
            own[i] = own[i] + OVER_POINT * over.sum(axis=1) + CROSSING * led.sum(axis=1)
            own[i] = own[i] + MISLEADS * near(options[i], sizes[i], others, radius)
        if start is not None:
            # These places are known to be good: one that grazes a point or a label is no worse
            # for that, or the label would sooner move over another, which costs as much.
            own[:, 0] = stay
        self.given = start is not None
        self.own = own
        self.rows = np.arange(count)
        self.chosen = np.argmin(own, axis=1) if start is None else np.zeros(count, dtype=np.intp)
        self.price = np.ones((count, count))

    def _conflicts(self, i: int, choices: slice | NDArray[np.intp]) -> tuple[Flags, Flags]:
        """Which others label i, in each of these places, lies over, and which leaders cross."""
        here, end = self.options[i, choices][:, None], self.ends[i, choices][:, None]
        there = self.options[self.rows, self.chosen]
        there_ends = self.ends[self.rows, self.chosen]
        over = (np.abs(here - there) < self.halves[i] + self.sizes / 2).all(axis=2)
        led = line_meets_box(self.points[i], end, there, self.sizes / 2)
        led |= line_meets_box(self.points, there_ends, here, self.sizes[i] / 2)
        led |= cross(self.points[i], end, self.points, there_ends)
        over[:, i] = led[:, i] = False
        if self.given:
            stays = np.arange(self.options.shape[1])[choices] == 0
            settled = stays[:, None] & (self.chosen == 0)
            over, led = over & ~settled, led & ~settled
        return over, led

    def _costs(self, i: int, choices: slice | NDArray[np.intp]) -> Array:
        """What label i would cost in each of these places, the others standing where they do."""
        over, led = self._conflicts(i, choices)
        clashes = (OVER_LABEL * over + CROSSING * led) * self.price[i]
        return np.asarray(self.own[i, choices] + clashes.sum(axis=1))

    def settle(self, rounds: int) -> Places:
        """Move every label to where it costs least, until none moves; the best state met."""
        distances = np.linalg.norm(self.points[:, None] - self.points, axis=2)
        nearest = np.sort(distances, axis=1)[:, 1 : min(6, self.count)]
        order = np.argsort(nearest.sum(axis=1), kind="stable")
        order = order[np.isin(order, self.free)]
        best, least = self.chosen.copy(), (self.count**2, np.inf)
        for turn in range(rounds):
            clashes = np.array(
                [
                    np.logical_or(*self._conflicts(i, self.chosen[i : i + 1]))[0]
                    for i in range(self.count)
                ]
            ).reshape(self.count, self.count)
            costs = self.own[self.rows, self.chosen]
            astray = costs >= OVER_POINT
            total = int(clashes.sum()) // 2 + int(astray.sum())
            if (total, costs.sum()) < least:
                best, least = self.chosen.copy(), (total, float(costs.sum()))
            self.price[clashes] += 0.5
            # All settle first; then only those in conflict move, until none are left.
            all_move = turn < SETTLING or turn % 8 == 0 or total == 0
            moving = order if all_move else order[(clashes.any(1) | astray)[order]]
            moved = False
            for i in moving:
                costs = self._costs(i, slice(None))
                choice = int(np.argmin(costs))
                if costs[choice] < costs[self.chosen[i]] - 1e-9:
                    self.chosen[i], moved = choice, True
            if total == 0 and not moved:
                break
        centres = self.options[self.rows, best]
        lengths = leaders(self.points, centres, self.sizes, self.radius)
        return Places(centres, lengths, least[0])
