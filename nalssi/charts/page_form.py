"""The two forms of a page: wide, and narrow for a column of a newspaper.

A narrow page is laid out differently, not only with smaller letters: titles and lines are wrapped,
legends and headings stand above plots, and maps label fewer stations. Lengths are in inches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nalssi.charts.picture_size import LEAST_WIDE, NARROW_PAGE_WIDTH, PAGE_WIDTH


@dataclass(frozen=True)
class PageForm:
    """The width of a page, and the width of its left and its right margin, in inches."""

    width: float
    margin: float

    @property
    def right(self) -> float:
        """The position of the right margin, in inches from the left edge of the page."""
        return self.width - self.margin

    @property
    def room(self) -> float:
        """The width between the margins in inches."""
        return self.width - 2 * self.margin

    @property
    def is_narrow(self) -> bool:
        """Whether this is the form of a narrow page."""
        return self is NARROW


WIDE: Final = PageForm(PAGE_WIDTH, 0.4)
NARROW: Final = PageForm(NARROW_PAGE_WIDTH, 0.2)


def page_form(width: float | None) -> PageForm:
    """Return the form of the page for a picture of a width in inches.

    It is narrow if the width is below LEAST_WIDE. It is wide for None, that is, if the user asks
    for no width.
    """
    return WIDE if width is None or width >= LEAST_WIDE - 1e-6 else NARROW
