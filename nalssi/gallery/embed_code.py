"""The HTML code with which another site shows a page of `embed_pages` in a frame."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

HEAD_PX: Final = 140
ROW_PX: Final = 28
STATION_PX: Final = 190
"""Heights (CSS pixels) at a width of 300: title, time and source; a row of a table; a station."""


def frame_code(address: str, title: str, rows: int | None = None) -> str:
    """Return the code of a frame that shows the page at `address`.

    `rows` is the number of stations of a table, which decides the height of the frame; None is the
    page of a single station. A table has a row for each station with a reading, so the frame is
    high enough for all.
    """
    height = STATION_PX if rows is None else HEAD_PX + ROW_PX * rows
    code = Markup(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0">'
        "</iframe>"
    )
    return str(code.format(address, title, height))
