"""Places of labels on a crowded map, found by simulated annealing: slowly, once, and well.

A label tries random places near its point and near where it stands, or changes places with a
neighbour; what is worse is taken ever less often, until nothing is (Metropolis). Unlike
`labels.place`, which chooses among set places in the blink of an eye, it needs a minute for the
97 stations, and leaves a third of the leaders. `python -m tools.label_layout` runs it and writes
the positions to `nalssi/charts/map_label_positions.json`, so nothing at run time depends on chance.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from nalssi.charts import geography, labels, theme
from nalssi.charts.map_chart import LABEL_POSITIONS, POINT, label_geometry
from nalssi.common.reference import reference
from nalssi.locale.locales import Lang

Array = NDArray[np.float64]

CHANCES: Final = 100_000  # random moves in the search
HOTTEST: Final = 5.0  # what a worse place may cost in the beginning, and in the end
COLDEST: Final = 0.03
NEIGHBOURS: Final = 5  # with which a label may change places

# Prices beside those of `labels`; overlaps cost more the deeper they are, which leads out of them.
CLASH: Final = 15.0
DEEP: Final = 100.0  # an inch of overlap
OUTSIDE: Final = 200.0  # an inch beyond the page
GRAZE: Final = 1.15  # how much larger than it is a point is kept free


@dataclass
class Annealing:
    """Labels of sizes (w, h) at points, on a page, off blocked boxes, all in inches."""

    points: Array
    sizes: Array
    page: Array
    blocked: Array
    radius: float

    def run(self, chances: int, seed: int = 0) -> Array:
        """Centres of the labels after so many random moves."""
        chance = np.random.default_rng(seed)
        count = len(self.points)
        centres = self.points + (self.sizes / 2 + self.radius + labels.GAP) * (1, 0)
        apart = np.abs(self.points[:, None] - self.points).sum(axis=2)
        neighbours = np.argsort(apart, axis=1)[:, 1 : NEIGHBOURS + 1]
        best, least = centres.copy(), math.inf
        for step in range(chances):
            left = 1 - step / chances
            heat = COLDEST * (HOTTEST / COLDEST) ** left
            moved = centres.copy()
            i = int(chance.integers(count))
            touched = [i]
            kind = chance.random()
            if kind < 0.15:
                touched.append(int(chance.choice(neighbours[i])))
                moved[touched] = moved[touched[::-1]]
            elif kind < 0.5:
                moved[i] += chance.normal(0, 0.03 + 0.25 * left, 2)
            else:
                moved[i] = self._beside(i, chance)
            worse = self._sum(touched, moved) - self._sum(touched, centres)
            if worse < -heat * math.log(chance.random()):
                centres = moved
            if step % 1000 == 0 or step == chances - 1:
                total = self._sum(range(count), centres)
                if total < least:
                    best, least = centres.copy(), total
        return best

    def _beside(self, i: int, chance: np.random.Generator) -> Array:
        """A place at one side of a label's point, mostly one that touches it."""
        away = self.radius + labels.GAP
        if chance.random() < 0.3:
            away += abs(chance.normal(0, 0.3))
        slide = chance.uniform(-1, 1) * self.sizes[i] / 2
        side = chance.choice((-1, 1))
        reach = side * (self.sizes[i] / 2 + away)
        across = chance.random() < 0.5
        shift = (reach[0], slide[1]) if across else (slide[0], reach[1])
        return np.asarray(self.points[i] + shift)

    def _sum(self, which: range | list[int], centres: Array) -> float:
        """What these labels cost where all stand; a clash of two counts half for each."""
        return math.fsum(self._cost(i, centres) for i in which)

    def _cost(self, i: int, centres: Array) -> float:
        here, half, point = centres[i], self.sizes[i] / 2, self.points[i]
        cost = self._own(i, here)
        # Over other labels, and over points.
        cost += _overlap(half + labels.GAP, self.sizes / 2, here - centres, i)
        rims = np.full(2, self.radius * GRAZE)
        cost += _overlap(half, rims, here - self.points, i)
        others = np.delete(self.points, i, axis=0)
        near = labels.near(here[None], self.sizes[i], others, self.radius)
        cost += labels.MISLEADS * float(near[0])
        # Its leader over labels, points and leaders, and other leaders over it.
        ends = np.clip(self.points, centres - self.sizes / 2, centres + self.sizes / 2)
        led = np.linalg.norm(ends - self.points, axis=1) - self.radius > labels.TOUCHES
        crossed = labels.line_meets_box(self.points, ends, here, half + labels.GAP) & led
        if led[i]:
            end, room = ends[i], self.sizes / 2 + labels.GAP
            crossed = crossed + 1 * labels.line_meets_box(point, end, centres, room)
            crossed += labels.line_meets_box(point, end, self.points, rims)
            crossed += labels.cross(point, end, self.points, ends) & led
        return cost + labels.CROSSING * float(crossed.sum() - crossed[i])

    def _own(self, i: int, here: Array) -> float:
        """What a place costs whatever the others do: its leader or side, and leaving the page."""
        half, point = self.sizes[i] / 2, self.points[i]
        length = math.dist(np.clip(point, here - half, here + half), point) - self.radius
        if length > labels.TOUCHES:
            cost = labels.leader_cost(length)
        else:
            across = (here - point)[0] / (half[0] + self.radius)
            cost = 0.1 if across > 0.9 else 0.2 if across < -0.9 else 0.3
            cost += CLASH + DEEP * -length if length < 0 else 0.0  # over its own point
        room = half + labels.GAP
        outside = np.maximum(0, room - here) + np.maximum(0, here + room - self.page)
        cost += OUTSIDE * float(outside.sum())
        for x0, y0, x1, y1 in self.blocked:
            centre, reach = np.array([x0 + x1, y0 + y1]) / 2, np.array([x1 - x0, y1 - y0]) / 2
            depth = float((reach + room - np.abs(here - centre)).min())
            cost += CLASH + OUTSIDE * depth if depth > 0 else 0.0
        return cost


def _overlap(half: Array, halves: Array, apart: Array, i: int) -> float:
    depths = (half + halves - np.abs(apart)).min(axis=1)
    depths[i] = 0
    deep = depths[depths > 0]
    return float(CLASH * len(deep) + DEEP * deep.sum())


def main() -> None:
    """Compute the label positions of all stations, and write them down."""
    near = reference("stations").filter(pl.col("longitude") <= geography.FAR_EAST)
    kept = {}
    langs: tuple[Lang, ...] = ("ko", "en")
    with theme.theme():
        for lang in langs:
            geometry = label_geometry(near, lang, theme.SMALL)
            found = Annealing(*geometry, POINT).run(CHANCES)
            leaders = labels.leaders(geometry[0], found, geometry[1], POINT)
            print(f"{lang}: {(leaders > 0).sum()} leaders, {leaders.sum():.1f} inches in all")
            centres = [[round(x, 3), round(y, 3)] for x, y in found.tolist()]
            kept[lang] = dict(zip(map(str, near["station_id"]), centres, strict=True))
    text = json.dumps(kept, indent=0).replace(",\n", ", ") + "\n"
    LABEL_POSITIONS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
