"""Make a small copy of a picture, for places that store the picture itself, such as a message."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

WIDTH: Final = 640
"""The largest width of a small picture in pixels."""
COLOURS: Final = 64
"""The number of colors of a small picture."""


def small_picture(path: Path) -> bytes:
    """Return a PNG file of a picture, WIDTH pixels wide, with COLOURS colors: some 40 kB for a map.

    A narrower picture keeps its width. Raises OSError if the file is not a picture.
    """
    from PIL import Image

    with Image.open(path) as picture:
        height = round(picture.height * WIDTH / picture.width)
        plain = picture.convert("RGB")
        if picture.width > WIDTH:
            plain = plain.resize((WIDTH, height), Image.Resampling.LANCZOS)
        output = io.BytesIO()
        plain.quantize(COLOURS, dither=Image.Dither.NONE).save(output, "PNG", optimize=True)
        return output.getvalue()
