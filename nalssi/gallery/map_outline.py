"""The outline of South Korea as SVG paths, simple enough to stand in every page of a day.

The coast and the borders of provinces are two paths. A border of two provinces is drawn once, and
the simplification keeps the same points of it for both, so that no gaps appear. Positions in paths
are whole numbers of map units, relative to the point before. A map unit is 1/100 inch of the map
chart (UNITS_PER_INCH); a page draws it at another size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from nalssi.charts import geography

UNITS_PER_INCH: Final = 100
TOLERANCE: Final = 0.9
"""A point is omitted if it is nearer than this to the line between its neighbours, in map units."""

Point = tuple[float, float]
Line = tuple[Point, ...]


class MapOutline(NamedTuple):
    """The outline as data of two SVG paths: the land, and the borders between provinces."""

    land: str
    borders: str


@cache
def map_outline() -> MapOutline:
    """Return the outline of all provinces, in map units from the upper left corner of the map."""
    rings = [_points(ring) for province in geography.province_rings() for ring in province]
    lines = list(_lines(rings))
    uses = Counter(_undirected(line) for line in lines)
    coast = [line for line in lines if uses[_undirected(line)] == 1]
    borders = sorted(line for line, count in uses.items() if count > 1)
    return MapOutline(
        "".join(_path(ring, closed=True) for ring in _closed_rings(coast)),
        "".join(_path(line, closed=line[0] == line[-1]) for line in borders),
    )


def map_units(positions: geography.Array) -> list[Point]:
    """Convert positions (n, 2) in inches from the lower left corner to map units."""
    x, y = positions[:, 0], geography.HEIGHT - positions[:, 1]
    return list(zip((x * UNITS_PER_INCH).tolist(), (y * UNITS_PER_INCH).tolist(), strict=True))


def _points(ring: geography.Array) -> Line:
    return tuple((round(x, 2), round(y, 2)) for x, y in map_units(ring))


def _undirected(line: Line) -> Line:
    return min(line, line[::-1])


def _lines(rings: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of rings, cut where three or more lines meet.

    So a border is the same line, perhaps reversed, in the rings of both provinces.
    """
    rings = list(rings)
    neighbours: dict[Point, set[Point]] = {}
    for ring in rings:
        for one, other in pairwise(ring):
            neighbours.setdefault(one, set()).add(other)
            neighbours.setdefault(other, set()).add(one)
    for ring in rings:
        cuts = [index for index, point in enumerate(ring[:-1]) if len(neighbours[point]) > 2]
        if not cuts:
            start = ring.index(min(ring))  # the same in a province and in the hole around it
            yield ring[start:-1] + ring[: start + 1]
            continue
        turned = ring[cuts[0] : -1] + ring[: cuts[0] + 1]
        ends = [cut - cuts[0] for cut in cuts] + [len(turned) - 1]
        for start, end in pairwise(ends):
            yield turned[start : end + 1]


def _closed_rings(lines: Iterable[Line]) -> Iterator[Line]:
    """Join lines to closed rings, and yield the rings. Each line begins where another one ends."""
    starting: dict[Point, list[Line]] = {}
    for line in lines:
        starting.setdefault(line[0], []).append(line)
    for start, own in starting.items():
        while own:
            ring = own.pop()
            while ring[-1] != start:
                ring += starting[ring[-1]].pop()[1:]
            yield ring


def _simplified(line: Sequence[Point]) -> list[Point]:
    """Return a line without the points that hardly change it (Douglas and Peucker).

    Both ends stay. TOLERANCE says how far the line may move.
    """
    points = np.array(line)
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        start, run = points[first], points[last] - points[first]
        inner = points[first + 1 : last] - start
        length = float(np.hypot(*run))
        if length:
            distances = np.abs(inner[:, 0] * run[1] - inner[:, 1] * run[0]) / length
        else:
            distances = np.hypot(inner[:, 0], inner[:, 1])
        farthest = int(distances.argmax())
        if distances[farthest] > TOLERANCE:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]


def _path(line: Line, *, closed: bool) -> str:
    return relative_path(_simplified(line), closed=closed)


def relative_path(points: Sequence[Point], *, closed: bool) -> str:
    """Return a line as the data of an SVG path: a move, then relative lines in whole numbers.

    The last point of a closed line is the first one again. Return an empty text for an area with
    fewer than three sides after rounding.
    """
    at = [(round(x), round(y)) for x, y in points]
    steps = [
        (x - before_x, y - before_y)
        for (before_x, before_y), (x, y) in pairwise(at)
        if (x, y) != (before_x, before_y)
    ]
    if closed and len(steps) < 3:
        return ""
    if closed:
        steps.pop()  # back to the start
    numbers = "".join(_number(value) for step in steps for value in step)
    return f"M{at[0][0]} {at[0][1]}l{numbers.strip()}" + ("z" if closed else "")


def _number(value: int) -> str:
    """Return a number in the data of an SVG path, with a separator before it.

    The separator is a space, or the minus sign of the number itself.
    """
    return f"{value}" if value < 0 else f" {value}"
