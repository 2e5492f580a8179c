"""Compute the positions of the labels of all 97 stations on the map, by simulated annealing.

Run `python -m tools.label_layout`, which takes some minutes for each language and writes
`nalssi/charts/map_label_positions.json`. It uses random numbers and is slow, unlike
`nalssi.charts.label_positions`, which charts use at run time. Its result needs only a third of the
leader lines between points and labels.

The search moves one label at a time, or swaps two. It accepts changes for the worse with a
probability that falls with the temperature of the annealing (Metropolis).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Final, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from nalssi.charts import geography, label_positions, leader_lines, theme
from nalssi.charts.map_labels import STORED_POSITIONS, label_geometry
from nalssi.charts.weather_symbols import SYMBOL_RADIUS
from nalssi.common.reference import reference
from nalssi.locale.locales import Lang, NameLanguage

Array = NDArray[np.float64]

MOVES: Final = 300_000
SEEDS: Final[dict[Lang, int]] = {"ko": 1, "en": 0}
"""For each language, the first seed of the random numbers whose result passes
`tests/charts/test_map_labels.py`."""
START_TEMPERATURE: Final = 5.0  # in units of cost
END_TEMPERATURE: Final = 0.03
NEIGHBORS: Final = 5  # with which a label may change places

# Costs, beside those of `label_positions`. The cost of an overlap grows with its depth, so that
# the search can get out of it.
OVERLAP_COST: Final = 15.0
OVERLAP_INCH_COST: Final = 100.0
OUTSIDE_INCH_COST: Final = 200.0
POINT_MARGIN: Final = 1.15  # labels keep off a circle that is larger than the point by this factor


@dataclass
class Annealing:
    """The search for the centers of labels. All lengths are in inches.

    `points` (n, 2) are the stations, `sizes` (n, 2) the widths and heights of their labels, `area`
    is the width and height of the map, `blocked` are boxes (x0, y0, x1, y1) without labels, and
    `radius` is the radius of points.
    """

    points: Array
    sizes: Array
    area: Array
    blocked: Array
    radius: float

    def run(self, moves: int, seed: int = 0) -> Array:
        """Return the best centers (n, 2) after `moves` random moves.

        Equal seeds give equal results.
        """
        random = np.random.default_rng(seed)
        count = len(self.points)
        centers = self.points + (self.sizes / 2 + self.radius + label_positions.GAP) * (1, 0)
        distances = np.abs(self.points[:, None] - self.points).sum(axis=2)
        neighbors = np.argsort(distances, axis=1)[:, 1 : NEIGHBORS + 1]
        best, lowest = centers.copy(), math.inf
        for step in range(moves):
            remaining = 1 - step / moves
            temperature = END_TEMPERATURE * (START_TEMPERATURE / END_TEMPERATURE) ** remaining
            moved = centers.copy()
            i = int(random.integers(count))
            changed = [i]
            kind = random.random()
            if kind < 0.15:
                changed.append(int(random.choice(neighbors[i])))
                moved[changed] = moved[changed[::-1]]
            elif kind < 0.5:
                moved[i] += random.normal(0, 0.03 + 0.25 * remaining, 2)
            else:
                moved[i] = self._random_center(i, random)
            increase = self._total_cost(changed, moved) - self._total_cost(changed, centers)
            if increase < -temperature * math.log(random.random()):
                centers = moved
            if step % 1000 == 0 or step == moves - 1:
                total = self._total_cost(range(count), centers)
                if total < lowest:
                    best, lowest = centers.copy(), total
        return best

    def _random_center(self, i: int, random: np.random.Generator) -> Array:
        """Return a random center (x, y) of label `i` beside its point.

        In seven of ten cases the label touches the point.
        """
        distance = self.radius + label_positions.GAP
        if random.random() < 0.3:
            distance += abs(random.normal(0, 0.3))
        shift = random.uniform(-1, 1) * self.sizes[i] / 2
        side = random.choice((-1, 1))
        away = side * (self.sizes[i] / 2 + distance)
        is_horizontal = random.random() < 0.5
        offset = (away[0], shift[1]) if is_horizontal else (shift[0], away[1])
        return np.asarray(self.points[i] + offset)

    def _total_cost(self, labels: range | list[int], centers: Array) -> float:
        """Return the total cost of the labels with these indexes. `centers` are for all labels.

        An overlap of two labels counts for each of them.
        """
        return math.fsum(self._cost(i, centers) for i in labels)

    def _cost(self, i: int, centers: Array) -> float:
        center, half, point = centers[i], self.sizes[i] / 2, self.points[i]
        cost = self._cost_alone(i, center)
        # Overlaps with other labels and with points.
        cost += _overlap_cost(
            half + label_positions.GAP, self.sizes / 2, center - centers, exclude=i
        )
        circles = np.full(2, self.radius * POINT_MARGIN)
        cost += _overlap_cost(half, circles, center - self.points, exclude=i)
        others = np.delete(self.points, i, axis=0)
        near = label_positions.count_near_points(center[None], self.sizes[i], others, self.radius)
        cost += label_positions.AMBIGUOUS_COST * float(near[0])
        own_gap = math.dist(np.clip(point, center - half, center + half), point)
        other_gap = leader_lines.gaps_to_points(center[None], self.sizes[i], others).min()
        length = own_gap - self.radius
        cost += float(
            label_positions.clearness_costs(
                np.array(length), np.array(own_gap), np.array(other_gap)
            )
        )
        # The label's leader over labels, points and leaders, and other leaders over the label.
        ends = np.clip(self.points, centers - self.sizes / 2, centers + self.sizes / 2)
        lengths = np.linalg.norm(ends - self.points, axis=1) - self.radius
        has_leader = lengths > leader_lines.SHORTEST_LEADER
        meets_box = leader_lines.line_meets_box
        crossings = meets_box(self.points, ends, center, half + label_positions.GAP) & has_leader
        if has_leader[i]:
            end, halves = ends[i], self.sizes / 2 + label_positions.GAP
            crossings = crossings + 1 * meets_box(point, end, centers, halves)
            crossings += meets_box(point, end, self.points, circles)
            crossings += leader_lines.lines_cross(point, end, self.points, ends) & has_leader
        return cost + label_positions.CROSSING_COST * float(crossings.sum() - crossings[i])

    def _cost_alone(self, i: int, center: Array) -> float:
        """Return the cost of label `i` at `center`, without overlaps with other labels.

        Long leader lines, positions on the left of or above the point, and positions outside the
        map have a cost.
        """
        half, point = self.sizes[i] / 2, self.points[i]
        length = math.dist(np.clip(point, center - half, center + half), point) - self.radius
        if length > leader_lines.LEADER_MIN:
            cost = label_positions.leader_cost(length)
        else:
            x_offset = (center - point)[0] / (half[0] + self.radius)
            cost = 0.1 if x_offset > 0.9 else 0.2 if x_offset < -0.9 else 0.3
            cost += OVERLAP_COST + OVERLAP_INCH_COST * -length if length < 0 else 0.0
        needed = half + label_positions.GAP
        outside = np.maximum(0, needed - center) + np.maximum(0, center + needed - self.area)
        cost += OUTSIDE_INCH_COST * float(outside.sum())
        for x0, y0, x1, y1 in self.blocked:
            middle, reach = np.array([x0 + x1, y0 + y1]) / 2, np.array([x1 - x0, y1 - y0]) / 2
            depth = float((reach + needed - np.abs(center - middle)).min())
            cost += OVERLAP_COST + OUTSIDE_INCH_COST * depth if depth > 0 else 0.0
        return cost


def _overlap_cost(half: Array, other_halves: Array, offsets: Array, exclude: int) -> float:
    """Return the cost of a box's overlaps with other boxes.

    `half` and `other_halves` are half the sizes of the boxes; `offsets` are the distances of the
    other centers from the center of the box. The box with the index `exclude` does not count.
    """
    depths = (half + other_halves - np.abs(offsets)).min(axis=1)
    depths[exclude] = 0
    depths = depths[depths > 0]
    return float(OVERLAP_COST * len(depths) + OVERLAP_INCH_COST * depths.sum())


def main() -> None:
    """Compute the label positions of all stations and write them to a file."""
    stations = reference("stations").filter(pl.col("longitude") <= geography.FAR_ISLANDS_LONGITUDE)
    positions = {}
    langs: tuple[Lang, ...] = get_args(NameLanguage)
    with theme.theme():
        for lang in langs:
            geometry = label_geometry(stations, lang, theme.SMALL)
            centers = Annealing(*geometry, SYMBOL_RADIUS).run(MOVES, SEEDS[lang])
            leaders = leader_lines.leader_lengths(
                geometry.points, centers, geometry.sizes, SYMBOL_RADIUS
            )
            print(f"{lang}: {(leaders > 0).sum()} leaders, {leaders.sum():.1f} inches in total")
            rounded = [[round(x, 3), round(y, 3)] for x, y in centers.tolist()]
            positions[lang] = dict(zip(map(str, stations["station_id"]), rounded, strict=True))
    text = json.dumps(positions, indent=0).replace(",\n", ", ") + "\n"
    STORED_POSITIONS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
