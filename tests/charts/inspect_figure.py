"""Inspect the texts of a figure: too small, over one another, or cut off by the page."""

from __future__ import annotations

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SMALLEST_PT = 9.0
TOLERANCE_PX = 1.0  # antialiasing may touch, ink may not


def _visible_texts(figure: Figure) -> list[Text]:
    figure.draw_without_rendering()  # some texts get their position only then
    return [
        text
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and _is_shown(text)
    ]


def _is_shown(text: Text) -> bool:
    axes = text.axes
    return axes is None or axes.axison or text in axes.texts


def written(figure: Figure) -> list[str]:
    """Return what is written on a figure."""
    return [text.get_text() for text in _visible_texts(figure)]


def station_labels(figure: Figure) -> list[Text]:
    """Return the labels of stations."""
    return [text for text in figure.findobj(Text) if (text.get_gid() or "").startswith("station")]


def unreadable_texts(figure: Figure) -> list[str]:
    """Return a line for each text that is too small, cut off, or printed over another text."""
    shown = _visible_texts(figure)
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in shown]
    small = [
        f"{text.get_text()}: {text.get_fontsize()} pt"
        for text in shown
        if text.get_fontsize() < SMALLEST_PT
    ]
    cut_off = [f"{text}: cut off" for text, box in boxes if not _contains(figure.bbox, box)]
    overlapping = [
        f"{one}: over {other}"
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > TOLERANCE_PX
        and min(a.y1, b.y1) - max(a.y0, b.y0) > TOLERANCE_PX
    ]
    return small + cut_off + overlapping


def _contains(page: Bbox, box: Bbox) -> bool:
    return bool(box.x0 >= page.x0 and box.x1 <= page.x1 and box.y0 >= page.y0 and box.y1 <= page.y1)
