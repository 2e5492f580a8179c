"""The HTML code with which another site shows a page of `embed/` in a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from markupsafe import Markup

Kind = Literal["table", "station", "map"]
HEIGHTS: Final[Mapping[Kind, int]] = {"table": 140, "station": 190, "map": 580}
"""The height in CSS pixels of a frame, by kind: of a table without its rows, of the page of a
station, and of the map. It is enough at a width of 300 (of the map, 380)."""
ROW_PX: Final = 28


def frame_code(address: str, title: str, kind: Kind, rows: int = 0) -> str:
    """Return the HTML code (`<iframe>`) with which a site shows the page at `address`.

    `title` names the frame for screen readers. `kind` and `rows` decide its height: `rows` is the
    largest number of rows of a table, which has a row for each station with a reading.
    """
    code = Markup(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0">'
        "</iframe>"
    )
    return str(code.format(address, title, HEIGHTS[kind] + ROW_PX * rows))
