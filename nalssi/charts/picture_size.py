"""The size of a picture: the width that a user asks for, in inches and in pixels.

A width in `px` is a number of dots at the resolution of the picture, which is that of web pages
(96 dots an inch) unless another one is asked for. So a PNG that is 600px wide has 600 pixels, and
in a browser an SVG that is 600px wide is as large as this PNG.
"""

from __future__ import annotations

import re
from typing import Final

DPI: Final = 150
"""The resolution of PNG files in dots per inch, if the user sets neither --dpi nor a width in
px."""
WEB_DPI: Final = 96
"""The resolution of web pages: CSS defines a pixel as 1/96 inch."""
MM_PER_INCH: Final = 25.4
INCHES_PER_UNIT: Final = {"mm": 1 / MM_PER_INCH, "cm": 10 / MM_PER_INCH, "in": 1.0}

PAGE_WIDTH: Final = 8.0
"""The width in inches of a wide page, and of a chart if the user sets no width. It fits A4
paper."""
NARROW_PAGE_WIDTH: Final = 4.72
"""The width in inches of a narrow page, which is scaled to the width of the picture. In a picture
of 80 mm, letters of 9 pt become 6 pt."""
LEAST_WIDE: Final = 135 / MM_PER_INCH
"""The smallest width in inches of a picture with a wide page. In a narrower one, its letters would
be smaller than 6 pt, so it has a narrow page."""
NARROWEST: Final = 50 / MM_PER_INCH  # inches
WIDEST: Final = 1000 / MM_PER_INCH  # inches
MOST_PIXELS: Final = 10_000
"""The largest width in pixels. A map of this width takes about half a gigabyte of memory."""

_WIDTH: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) *(mm|cm|in|px)", re.IGNORECASE)


def resolution(width: str | None, dpi: int | None) -> int:
    """Return the dots per inch of a picture, from the options `width` and `dpi`.

    Without `dpi`, it is WEB_DPI for a width in px, else DPI.
    """
    if dpi is not None:
        return dpi
    return WEB_DPI if width is not None and width.lower().endswith("px") else DPI


def width_in_inches(width: str, dpi: int | None = None) -> float:
    """Return a width such as `170mm`, `17cm`, `6.5in` or `600px` in inches.

    `dpi` is the resolution for a width in px (default: WEB_DPI). Raises ValueError if the text is
    not a width, or if the width is below 50 mm or above 1 m.
    """
    found = _WIDTH.fullmatch(width.strip())
    if found is None:
        raise ValueError(f"{width!r} is not a width such as 170mm, 17cm, 6.5in or 600px")
    number, unit = float(found[1]), found[2].lower()
    inches = number * INCHES_PER_UNIT.get(unit, 1 / resolution("px", dpi))
    if not NARROWEST - 1e-9 <= inches <= WIDEST + 1e-9:
        millimetres = f"{inches * MM_PER_INCH:.0f} mm"
        size = width.strip() if unit == "mm" else f"{width.strip()} ({millimetres})"
        raise ValueError(f"a width of {size} is not possible: the limits are 50 mm and 1000 mm")
    return inches


def width_in_pixels(inches: float, dpi: int) -> int:
    """Return the width in pixels of a PNG that is `inches` wide.

    Raises ValueError if the width is above MOST_PIXELS.
    """
    pixels = round(inches * dpi)
    if pixels > MOST_PIXELS:
        raise ValueError(
            f"a picture of {pixels:,} pixels is too large: the limit is {MOST_PIXELS:,};"
            " choose a smaller width or a lower resolution (--dpi)"
        )
    return pixels
