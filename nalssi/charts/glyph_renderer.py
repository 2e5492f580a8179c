"""Draw texts on pictures of pixels from glyphs that are drawn once and stored.

matplotlib takes 0.8 ms to draw a label: it lays out the text and draws each glyph again. Texts took
more than half of the time in which charts were drawn. A stored glyph is drawn at one of a few
positions within a pixel. So a glyph is at most 1/4 of a pixel to the left or right of its exact
position, and a line of text at most 1/4 of a pixel above or below.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags
from numpy.typing import NDArray

from nalssi.charts.text_measure import UNITS, TextMeasure

Coverage = NDArray[np.uint8]

ACROSS: Final = 4
"""The number of horizontal positions within a pixel at which glyphs are drawn."""
DOWN: Final = 2
"""The number of vertical positions within a pixel at which glyphs are drawn."""


class Glyph(NamedTuple):
    """The pixels of a character, each with the share that the character covers, from 0 to 255.

    The first row is `top` pixels below the baseline (a negative number is above it). The first
    column is `left` pixels to the right of the beginning of the character.
    """

    left: int
    top: int
    coverage: Coverage


class GlyphSheet:
    """The glyphs of a font at a size in points and a resolution. `file` is the file of the font."""

    def __init__(self, file: str, font: FontProperties, dpi: float) -> None:
        self._font = font
        size = font.get_size_in_points()
        # Without hinting, as `theme.STYLE` says.
        self.measure = TextMeasure(get_font(file), size, dpi, LoadFlags.NO_HINTING)
        em = math.ceil(size * dpi / 72)
        self._origin = 2 * em
        renderer: Any = RendererAgg  # Any: its types are incomplete
        self._scratch: Any = renderer(5 * em, 4 * em, dpi)
        self._glyphs: dict[tuple[str, int, int], Glyph | None] = {}

    def glyph(self, character: str, across: int, down: int) -> Glyph | None:
        """Return the glyph of a character, or None if it has no ink.

        The character begins `across` / ACROSS of a pixel to the right and `down` / DOWN of a pixel
        below the corner of a pixel.
        """
        key = character, across, down
        if key not in self._glyphs:
            self._glyphs[key] = self._draw(character, across / ACROSS, down / DOWN)
        return self._glyphs[key]

    def _draw(self, character: str, x: float, y: float) -> Glyph | None:
        scratch = self._scratch
        scratch.clear()
        context = scratch.new_gc()
        origin = self._origin
        scratch.draw_text(context, origin + x, origin + y, character, self._font, 0)
        covered = np.asarray(scratch.buffer_rgba())[:, :, 3]
        rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
        if not len(rows):
            return None
        part = covered[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
        return Glyph(int(columns[0]) - origin, int(rows[0]) - origin, part)


@cache
def _sheet(font: FontProperties, dpi: float) -> GlyphSheet:
    """Return the glyphs of a font at a resolution.

    `font` is a key of the cache: do not change it later.
    """
    return GlyphSheet(fontManager.findfont(font), font, dpi)


def sheet(font: FontProperties, dpi: float) -> GlyphSheet:
    """Return the glyphs of a font at a resolution. A repeated call returns the same object."""
    return _sheet(font.copy(), dpi)


def clear_glyphs() -> None:
    """Forget all stored glyphs."""
    _sheet.cache_clear()


class GlyphRenderer(RendererAgg):
    """A renderer of matplotlib that draws horizontal lines of text from stored glyphs."""

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw a line of text that begins at `x` on the baseline `y`, in pixels from the top.

        matplotlib calls this method. `s` is the text, `prop` its font, `angle` its rotation in
        degrees, and `gc` the graphics context. Text that is rotated or is a formula is drawn as
        matplotlib does it.
        """
        opaque = gc.get_alpha() == gc.get_rgb()[3] == 1
        if ismath or angle or not opaque or not gc.get_antialiased():
            other: Any = super()  # Any: its types are incomplete
            other.draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        glyphs = sheet(prop, self.dpi)
        left = round(x * ACROSS)
        line, down = divmod(round(y * DOWN), DOWN)
        parts = []
        for character, position in zip(s, glyphs.measure.positions(s), strict=False):
            column, across = divmod(left + round(position * ACROSS / UNITS), ACROSS)
            if glyph := glyphs.glyph(character, across, down):
                parts.append((column + glyph.left, line + glyph.top, glyph.coverage))
        if parts:
            self._draw_coverage(gc, parts)

    def _draw_coverage(self, gc: Any, parts: Sequence[tuple[int, int, Coverage]]) -> None:
        """Draw glyphs in the color of `gc`, matplotlib's graphics context.

        `parts` has for each glyph its left column and top row in the picture, and its pixels.
        """
        left = min(column for column, _, _ in parts)
        top = min(row for _, row, _ in parts)
        right = max(column + pixels.shape[1] for column, _, pixels in parts)
        bottom = max(row + pixels.shape[0] for _, row, pixels in parts)
        image = np.empty((bottom - top, right - left, 4), np.uint8)
        image[:] = [round(255 * part) for part in gc.get_rgb()[:3]] + [0]
        covered = image[::-1, :, 3]  # the first row of an image is at the bottom
        for column, row, pixels in parts:
            height, width = pixels.shape
            place = covered[row - top : row - top + height, column - left : column - left + width]
            np.maximum(place, pixels, out=place)
        self.draw_image(gc, left, self.height - bottom, image)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return the width, the height and the descent of a line of text in pixels."""
        if ismath or not s:
            other: Any = super()
            width, height, descent = other.get_text_width_height_descent(s, prop, ismath)
            return width, height, descent
        measure = sheet(prop, self.dpi).measure
        below = measure.height_and_descent(s)
        return measure.width(s) / UNITS, below[0] / UNITS, below[1] / UNITS


class GlyphCanvas(FigureCanvasAgg):
    """A canvas of matplotlib whose pixels a `GlyphRenderer` draws."""

    renderer: GlyphRenderer
    _lastKey: tuple[int, int, float]  # noqa: N815  # matplotlib's size of the kept renderer

    def get_renderer(self) -> GlyphRenderer:
        """Return a renderer for the figure's size and resolution."""
        width, height = self.get_width_height(physical=True)
        size = width, height, self.figure.dpi
        if self._lastKey != size:
            renderer: Any = GlyphRenderer
            self.renderer = renderer(*size)
            self._lastKey = size
        return self.renderer
