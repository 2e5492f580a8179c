"""The file formats of pictures. The command line imports this module, so it imports no library."""

from __future__ import annotations

from typing import Final

IMAGE_FORMATS: Final = ("png", "svg", "pdf")
"""All formats. `theme.encode` writes them; `picture_files` puts the key of a chart into a file."""

DEFAULT_FORMATS: Final = ("png", "svg")
"""The formats of `nalssi charts` if the user names none."""

GALLERY_FORMATS: Final = ("png",)
"""The formats of a run that also builds the gallery, if the user names none. Pages of the gallery
draw their own SVG pictures, and link to PNG files."""
