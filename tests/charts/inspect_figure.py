"""What a reader would notice in a figure: texts too small, one over another, or cut off."""

from __future__ import annotations

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text

TOUCH = 1.0  # pixels that two extents may share: antialiasing, not ink


def texts(figure: Figure) -> list[Text]:
    """The texts that can be seen."""
    figure.draw_without_rendering()
    return [
        text
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and _shown(text)
    ]


def _shown(text: Text) -> bool:
    axes = text.axes
    return axes is None or axes.axison or text in axes.texts


def words(figure: Figure) -> list[str]:
    """What is written on it."""
    return [text.get_text() for text in texts(figure)]


def too_small(figure: Figure, smallest: float = 9.0) -> list[str]:
    """Texts under that many points at print size."""
    return [text.get_text() for text in texts(figure) if text.get_fontsize() < smallest]


def collisions(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts of which one is printed over the other."""
    extents = [(text.get_text(), Text.get_window_extent(text)) for text in texts(figure)]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(extents, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > TOUCH and min(a.y1, b.y1) - max(a.y0, b.y0) > TOUCH
    ]


def cut_off(figure: Figure) -> list[str]:
    """Texts that leave the page."""
    page = figure.bbox
    return [
        text.get_text()
        for text in texts(figure)
        if (box := Text.get_window_extent(text)).x0 < page.x0
        or box.x1 > page.x1
        or box.y0 < page.y0
        or box.y1 > page.y1
    ]
