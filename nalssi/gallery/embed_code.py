"""The HTML code with which another site shows a page of `embed/` in a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from markupsafe import Markup

Kind = Literal["table", "station", "map"]
HEIGHTS: Final[Mapping[Kind, int]] = {"table": 140, "station": 190, "map": 580}
"""The height of a frame in CSS pixels, by kind of page. For a table, ROW_PX are added for each row.
The heights are enough for frames that are at least 300 pixels wide, or 380 for the map."""
ROW_PX: Final = 28


def frame_code(address: str, title: str, kind: Kind, rows: int = 0) -> str:
    """Return the HTML code (`<iframe>`) with which a site shows the page at `address`.

    `title` names the frame for screen readers. `kind` and `rows` decide the height of the frame.
    `rows` is the largest number of rows that a table can have: one for each station.
    """
    code = Markup(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0">'
        "</iframe>"
    )
    return str(code.format(address, title, HEIGHTS[kind] + ROW_PX * rows))
