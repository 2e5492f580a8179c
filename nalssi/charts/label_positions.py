"""Find positions for the labels of a map, so that no label covers another label or a point.

Every label tries positions around its point: first those that touch the point, then farther ones,
which need a leader line. The search moves one label at a time to its cheapest position, in the
most crowded part of the map first, until no label moves. Then it raises the cost of the conflicts
that are left, so that other labels give way. The search uses no random numbers: the same points
and sizes give the same positions.

For all stations, `tools.label_layout` finds far better positions, but slowly; they are stored in
`map_label_positions.json`. For some of the stations, the search starts from the stored positions
and moves labels to their points where there is room now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from nalssi.charts.leader_lines import (
    CLEARLY_NEARER,
    LEADER_MIN,
    SHORTEST_LEADER,
    gaps_to_points,
    leader_lengths,
    line_meets_box,
    lines_cross,
)

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Positions that touch the point: to the right and to the left of it, shifted by quarters of the
# label's height; then above and below it, shifted by eighths of the label's width.
VERTICAL_SHIFTS: Final = (0, 1, -1, 2, -2)
HORIZONTAL_SHIFTS: Final = (0, 1, -1, 2, -2, 3, -3, 4, -4)
SIDES: Final = np.array([*[(1, 0)] * 5, *[(-1, 0)] * 5, *[(0, 1)] * 9, *[(0, -1)] * 9], dtype=float)
SHIFTS: Final = np.array(
    [*[(0, n / 4) for n in VERTICAL_SHIFTS] * 2, *[(n / 8, 0) for n in HORIZONTAL_SHIFTS] * 2]
)
SIDE_COSTS: Final = np.array(
    [*(0.0, 0.1, 0.1, 0.2, 0.2), *(0.15, 0.25, 0.25, 0.3, 0.3),
     *(0.2, 0.25, 0.25, 0.25, 0.25, 0.3, 0.3, 0.3, 0.3) * 2]
)  # fmt: skip
DIRECTIONS: Final = 32  # of positions with a leader
DISTANCES: Final = (
    0.13,
    0.22,
    0.32,
    0.44,
    0.58,
    0.74,
    0.92,
    1.12,
    1.35,
    1.6,
)  # inches from point to label
GAP: Final = 0.02  # inches kept free around a label
ROUNDS: Final = 60
ALL_MOVE_ROUNDS: Final = 4  # first rounds, in which every label moves

# Costs. A conflict costs more than any distance. The search raises only the costs of conflicts.
OVER_LABEL_COST: Final = 20.0
OVER_POINT_COST: Final = 20.0
AMBIGUOUS_COST: Final = 0.6  # for each other point to which the label could seem to belong
UNCLEAR_COST: Final = 20.0  # another point is as near as the label's own, without room for a leader
CROSSING_COST: Final = 8.0  # a leader over a label, a point or another leader
LEADER_COST: Final = 0.5  # a leader of any length
LEADER_INCH_COST: Final = 3.0
LEADER_SQUARE_INCH_COST: Final = 5.0  # two short leaders are better than a long one
OUTSIDE_COST: Final = 1000.0  # outside the map, or over a blocked box


@dataclass(frozen=True)
class LabelPositions:
    """The positions of labels in inches, and the number of conflicts that remain."""

    centers: Array  # (n, 2)
    leaders: Array  # (n,): lengths of leader lines; zero without one
    conflicts: int


def _candidates(point: Array, size: Array, radius: float) -> tuple[Array, Array]:
    """Return the possible centers (k, 2) of a point's label, and the cost (k,) of each.

    All lengths are in inches: `size` is the width and height of the label, `radius` that of the
    point.
    """
    half = size / 2
    centers = [point + SIDES * (half + radius) + SHIFTS * size]
    costs = [SIDE_COSTS]
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for distance in DISTANCES:
        # This is the distance of the label's edge, not of its center.
        centers.append(point + directions * (distance + half))
        costs.append(np.full(DIRECTIONS, leader_cost(distance)))
    return np.concatenate(centers), np.concatenate(costs)


@overload
def leader_cost(length: float) -> float: ...
@overload
def leader_cost(length: Array) -> Array: ...
def leader_cost(length: float | Array) -> float | Array:
    """Return the cost of a position whose leader line is `length` inches long.

    Costs have no unit: the search for positions compares them with each other.
    """
    return LEADER_COST + LEADER_INCH_COST * length + LEADER_SQUARE_INCH_COST * length**2


def count_near_points(
    centers: Array, size: Array, points: Array, radius: float
) -> NDArray[np.intp]:
    """Return, for each center, the number of points to which a label there could seem to belong.

    `centers` (k, 2) are positions of one label, `size` is its width and height, `points` are the
    points of other labels, `radius` is the radius of points, all in inches.
    """
    reach = size / 2 + radius + LEADER_MIN
    return np.asarray((np.abs(centers[:, None] - points) < reach).all(axis=2).sum(axis=1))


def clearness_costs(lengths: Array, own_gaps: Array, other_gaps: Array) -> Array:
    """Return the extra costs of positions at which a label could seem to belong to another point.

    That is the case if another point is about as near as the label's own point; otherwise the cost
    is zero. All arguments have a value for each position, in inches. `lengths` are the distances
    from the edge of the label to the rim of its point, `own_gaps` the distances to the center of
    its point, and `other_gaps` the distances to the nearest other point.
    """
    unclear = own_gaps + CLEARLY_NEARER > other_gaps
    short = np.where(lengths < SHORTEST_LEADER, UNCLEAR_COST, leader_cost(lengths))
    return np.asarray(np.where(unclear & (lengths <= LEADER_MIN), short, 0.0))


def find_label_positions(
    points: Array,
    sizes: Array,
    area: Array,
    blocked: Array,
    radius: float,
    *,
    start: Array | None = None,
) -> LabelPositions:
    """Find a position for the label of each point. All lengths are in inches.

    `sizes` are the widths and heights of labels, `area` is the width and height of the map,
    `blocked` are boxes (x0, y0, x1, y1) in which no label may be, and `radius` is the radius of
    points. `start` are the centers of the labels on a map that has more labels than this one:
    labels with a leader line then try to move nearer to their points, and all other labels keep
    their positions.
    """
    search = _Search(points, sizes, area, blocked, radius, start)
    return search.run(ROUNDS if start is None else ALL_MOVE_ROUNDS)


class _Search:
    """The state of a search for the cheapest positions of n labels, each with k possible positions.

    `options` (n, k, 2) are the possible centers of each label. `own` (n, k) is the cost of each
    possible center when other labels are ignored. `chosen` (n,) is the index of the center that
    each label has now. The cost of a conflict between two labels is multiplied by `price` (n, n),
    which grows while the conflict lasts.
    """

    def __init__(
        self,
        points: Array,
        sizes: Array,
        area: Array,
        blocked: Array,
        radius: float,
        start: Array | None,
    ) -> None:
        self.points, self.sizes, self.radius = points, sizes, radius
        self.count = count = len(points)
        self.halves = sizes / 2 + GAP
        self.movable = np.arange(count)
        candidates = [_candidates(points[i], sizes[i], radius + GAP) for i in range(count)]
        options = np.stack([centers for centers, _ in candidates])  # (n, k, 2)
        own = np.stack([cost for _, cost in candidates])
        if start is not None:
            lengths = leader_lengths(points, start, sizes, radius)
            stay = np.where(lengths > 0, [leader_cost(length) for length in lengths], 0)
            self.movable = np.flatnonzero(lengths > 0)
            options = np.concatenate([start[:, None], options], axis=1)
            own = np.concatenate([stay[:, None], own], axis=1)
        half_sizes = sizes[:, None] / 2
        self.options = options
        self.ends = np.clip(points[:, None], options - half_sizes, options + half_sizes)
        halves = self.halves[:, None]
        inside = ((options - halves >= 0) & (options + halves <= area)).all(axis=2)
        own = own + np.where(inside, 0.0, OUTSIDE_COST)
        for x0, y0, x1, y1 in blocked:
            center, half = np.array([x0 + x1, y0 + y1]) / 2, np.array([x1 - x0, y1 - y0]) / 2
            barred = (np.abs(options - center) < halves + half).all(axis=2)
            own = own + np.where(barred, 1000.0, 0.0)
        # Points do not move, so their costs are known beforehand.
        for i in self.movable:
            others = np.delete(points, i, axis=0)
            over = (np.abs(options[i][:, None] - others) < self.halves[i] + radius).all(axis=2)
            led = line_meets_box(points[i], self.ends[i][:, None], others, np.full(2, radius))
            own[i] = own[i] + OVER_POINT_COST * over.sum(axis=1) + CROSSING_COST * led.sum(axis=1)
            own[i] = own[i] + AMBIGUOUS_COST * count_near_points(
                options[i], sizes[i], others, radius
            )
            own_gaps = np.linalg.norm(self.ends[i] - points[i], axis=1)
            gaps = gaps_to_points(options[i], sizes[i], others).min(axis=1, initial=np.inf)
            own[i] = own[i] + clearness_costs(own_gaps - radius, own_gaps, gaps)
        if start is not None:
            # The start positions are good even where a label touches a point or another label.
            # With the full cost, such a label would move over another label, which costs as much.
            own[:, 0] = stay
        self.has_start = start is not None
        self.own = own
        self.rows = np.arange(count)
        self.chosen = np.argmin(own, axis=1) if start is None else np.zeros(count, dtype=np.intp)
        self.price = np.ones((count, count))

    def _conflicts(self, i: int, choices: slice | NDArray[np.intp]) -> tuple[Flags, Flags]:
        """Return the conflicts of some positions of label i with all other labels, as two tables.

        `choices` selects the positions: they are indices of `options[i]`. Both tables have a row
        for each position and a column for each other label. The first table says whether the labels
        overlap. The second says whether the leader line of one crosses the other label or its
        leader line.
        """
        here, end = self.options[i, choices][:, None], self.ends[i, choices][:, None]
        there = self.options[self.rows, self.chosen]
        there_ends = self.ends[self.rows, self.chosen]
        over = (np.abs(here - there) < self.halves[i] + self.sizes / 2).all(axis=2)
        led = line_meets_box(self.points[i], end, there, self.sizes / 2)
        led |= line_meets_box(self.points, there_ends, here, self.sizes[i] / 2)
        led |= lines_cross(self.points[i], end, self.points, there_ends)
        over[:, i] = led[:, i] = False
        if self.has_start:
            stays = np.arange(self.options.shape[1])[choices] == 0
            settled = stays[:, None] & (self.chosen == 0)
            over, led = over & ~settled, led & ~settled
        return over, led

    def _costs(self, i: int, choices: slice | NDArray[np.intp]) -> Array:
        """Return the cost of each choice of label i, if all other labels keep their positions.

        `choices` are indices of `options[i]`.
        """
        over, led = self._conflicts(i, choices)
        clashes = (OVER_LABEL_COST * over + CROSSING_COST * led) * self.price[i]
        return np.asarray(self.own[i, choices] + clashes.sum(axis=1))

    def _move(self, i: int) -> bool:
        """Move label i to its cheapest position. Return False if it is there already.

        Conflicts only add to the cost of a position. So only positions whose own cost, without
        conflicts, is below the whole cost of the current position can be cheaper. They are few.
        """
        current = self._costs(i, self.chosen[i : i + 1])[0] - 1e-9
        cheaper = np.flatnonzero(self.own[i] < current)
        if not len(cheaper):
            return False
        costs = self._costs(i, cheaper)
        best = np.argmin(costs)
        if costs[best] >= current:
            return False
        self.chosen[i] = cheaper[best]
        return True

    def run(self, rounds: int) -> LabelPositions:
        """Move labels to cheaper positions until no label moves. Return the best positions.

        `rounds` is the largest number of rounds; a round tries every label once.
        """
        distances = np.linalg.norm(self.points[:, None] - self.points, axis=2)
        nearest = np.sort(distances, axis=1)[:, 1 : min(6, self.count)]
        order = np.argsort(nearest.sum(axis=1), kind="stable")
        order = order[np.isin(order, self.movable)]
        best, lowest = self.chosen.copy(), (self.count**2, np.inf)
        for turn in range(rounds):
            clashes = np.array(
                [
                    np.logical_or(*self._conflicts(i, self.chosen[i : i + 1]))[0]
                    for i in range(self.count)
                ]
            ).reshape(self.count, self.count)
            costs = self.own[self.rows, self.chosen]
            misplaced = costs >= OVER_POINT_COST
            total = int(clashes.sum()) // 2 + int(misplaced.sum())
            if (total, costs.sum()) < lowest:
                best, lowest = self.chosen.copy(), (total, float(costs.sum()))
            self.price[clashes] += 0.5
            # First all labels move, then only those in conflict, until there are no conflicts.
            all_move = turn < ALL_MOVE_ROUNDS or turn % 8 == 0 or total == 0
            moving = order if all_move else order[(clashes.any(1) | misplaced)[order]]
            moved = False
            for i in moving:
                moved |= self._move(i)
            if total == 0 and not moved:
                break
        centers = self.options[self.rows, best]
        lengths = leader_lengths(self.points, centers, self.sizes, self.radius)
        return LabelPositions(centers, lengths, lowest[0])
