"""Stored glyphs give the widths of matplotlib, and its pixels to a fraction of a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from numpy.typing import NDArray

from nalssi.charts import glyph_renderer, theme
from nalssi.charts.glyph_renderer import GlyphCanvas
from nalssi.charts.text_measure import TextMeasure
from nalssi.common.reference import reference

STATIONS = reference("stations")
TEXTS = [
    *STATIONS["name_ko"],
    *STATIONS["name_en"],
    "AVATAR To. office ffi",
    "-3.2 ~ 1.4 · 8 stations",
    " 자료: 기상청(KMA) ",
    "·",
]


@pytest.mark.parametrize("weight", [theme.NORMAL, theme.BOLD])
def test_a_text_has_the_measures_of_matplotlib(weight: int) -> None:
    face = FT2Font(str(theme.font_files()[weight]))
    flags = LoadFlags.NO_HINTING
    measure = TextMeasure(face, 11, 150, flags)
    for text in TEXTS:
        measured = (measure.width(text), *measure.height_and_descent(text))
        face.set_size(11, 150)
        face.set_text(text, 0.0, flags=flags)
        assert measured == (*face.get_width_height(), face.get_descent()), text


def test_an_empty_text_has_no_width() -> None:
    assert theme.text_width("", theme.SMALL) == 0.0


def page(canvas: type[FigureCanvasAgg]) -> NDArray[np.int64]:
    """Draw texts and return the pixels of their page as integers."""
    figure = Figure(figsize=(4, 4))
    drawn: Any = canvas(figure)  # Any: its types are incomplete
    for number, text in enumerate(TEXTS[::7]):
        x, y = divmod(number, 15)
        figure.text(0.02 + x / 2.1, 0.02 + y / 15.3, text, color=theme.SOFT_INK)
    figure.text(0.97, 0.5, "세로 upright", rotation=90, weight=theme.BOLD, alpha=0.5)
    drawn.draw()
    return np.asarray(drawn.buffer_rgba()).astype(np.int64)


def test_glyphs_at_the_exact_positions_give_the_pixels_of_matplotlib(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(glyph_renderer, "ACROSS", 64)
    monkeypatch.setattr(glyph_renderer, "DOWN", 64)
    glyph_renderer.clear_glyphs()
    try:
        with theme.theme():
            difference = np.abs(page(GlyphCanvas) - page(FigureCanvasAgg))
    finally:
        glyph_renderer.clear_glyphs()
    assert (difference.max(axis=2) > 2).mean() < 0.001


def test_glyphs_at_stored_positions_look_the_same() -> None:
    with theme.theme():
        ours, theirs = page(GlyphCanvas), page(FigureCanvasAgg)
    assert np.sqrt(((ours - theirs) ** 2).mean()) < 12
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.001)  # as much ink


def test_a_second_drawing_gives_the_same_pixels() -> None:
    with theme.theme():
        first = page(GlyphCanvas)
        assert np.array_equal(page(GlyphCanvas), first)
        glyph_renderer.clear_glyphs()
        assert np.array_equal(page(GlyphCanvas), first)
