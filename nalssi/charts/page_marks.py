"""Collect the boxes, lines and points of a page, and draw those of a kind as one artist.

matplotlib takes about as long for an artist with one box as for one with a hundred. Positions are
in inches from the left and top edges of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.collections import CircleCollection, LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.image import BboxImage
from matplotlib.transforms import Bbox, TransformedBbox

from nalssi.charts import theme


class PageMarks:
    """The marks of a page: fill it, then call `draw` once. A layer is a zorder of matplotlib."""

    def __init__(self, page: Figure) -> None:
        self._page = page
        self._height = float(page.get_size_inches()[1])
        self._boxes: dict[float, list[tuple[Sequence[tuple[float, float]], Any]]] = {}
        self._lines: dict[tuple[float, float, str], list[Sequence[tuple[float, float]]]] = {}
        self._points: list[tuple[float, float]] = []
        self._point_colors: list[Any] = []

    def box(
        self, x: float, y: float, width: float, height: float, color: Any, *, layer: float
    ) -> None:
        """Add a filled box. `x` and `y` are its upper left corner; lengths are in inches."""
        top, bottom = self._height - y, self._height - y - height
        corners = [(x, bottom), (x + width, bottom), (x + width, top), (x, top)]
        self._boxes.setdefault(layer, []).append((corners, color))

    def vertical_line(
        self, x: float, top: float, bottom: float, *, width: float, color: str, layer: float
    ) -> None:
        """Add a vertical line at `x` from `top` to `bottom` (inches). `width` is in points."""
        ends = ((x, self._height - top), (x, self._height - bottom))
        self._lines.setdefault((layer, width, color), []).append(ends)

    def point(self, x: float, y: float, color: Any) -> None:
        """Add a point at `x` and `y` (inches), filled with a color and with an edge of ink."""
        self._points.append((x, self._height - y))
        self._point_colors.append(color)

    def strip(self, left: float, right: float, top: float, bottom: float, colors: Any) -> None:
        """Add a strip of colors (n, 4) from `left` to `right`. All colors are equally wide."""
        box = Bbox([[left, self._height - bottom], [right, self._height - top]])
        placed = TransformedBbox(box, self._page.dpi_scale_trans)
        image = BboxImage(placed, interpolation="nearest", zorder=1)
        image.set_data(np.asarray(colors)[np.newaxis])
        self._page.add_artist(image)

    def draw(self, *, diameter: float) -> None:
        """Draw the boxes, lines and points that were added.

        `diameter` is the diameter of points in inches.
        """
        inches = self._page.dpi_scale_trans
        for layer, boxes in self._boxes.items():
            filled = PolyCollection(
                [corners for corners, _ in boxes],
                facecolors=[color for _, color in boxes],
                edgecolors="none",
                linewidths=0,
                zorder=layer,
            )
            filled.set_transform(inches)
            self._page.add_artist(filled)
        for (layer, width, color), lines in self._lines.items():
            drawn = LineCollection(
                lines, colors=color, linewidths=width, capstyle="projecting", zorder=layer
            )
            drawn.set_transform(inches)
            self._page.add_artist(drawn)
        if self._points:
            points = CircleCollection(
                (np.pi * (diameter * 72 / 2) ** 2,),
                offsets=self._points,
                offset_transform=inches,
                facecolors=self._point_colors,
                edgecolors=theme.INK,
                linewidths=0.6,
                zorder=4,
            )
            self._page.add_artist(points)
