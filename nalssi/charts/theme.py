"""How every chart looks and how it becomes bytes: fonts, ink, page, PNG and SVG.

Figures are made with `Figure`, never pyplot: no global state, no backend, safe in workers.
The font is NanumGothic (SIL Open Font License) from koreanize-matplotlib, taken by its path:
importing that package would import pyplot and change global settings. Its glyphs end up as
outlines in the SVG, so that the picture is the same on a machine without Hangul fonts.

A page is measured in inches and printed at that size, 8 inches wide to fit an A4 sheet; no
text is smaller than 9 pt. All drawing happens within `theme()`.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

FONT: Final = "NanumGothic"
NORMAL: Final = 400
BOLD: Final = 600  # what matplotlib reads out of NanumGothicBold
DPI: Final = 150
PNG_LEVEL: Final = 6  # of zlib
PAGE_WIDTH: Final = 8.0  # inches
MARGIN: Final = 0.4  # inches

INK: Final = "#1a1a1a"
SOFT_INK: Final = "#595959"  # 7:1 on white
RULE: Final = "#d0d0d0"
PAPER: Final = "#ffffff"
GROUND: Final = "#f4f4f2"

TITLE: Final = 17.0  # pt
HEADING: Final = 11.0
BODY: Final = 10.0
SMALL: Final = 9.0  # the smallest there is

STYLE: Final[Any] = {  # matplotlib types every key of its settings apart
    "font.family": FONT,
    "font.size": SMALL,
    "axes.unicode_minus": False,  # NanumGothic has no U+2212
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": SOFT_INK,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.labelsize": SMALL,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": SOFT_INK,
    "ytick.labelcolor": SOFT_INK,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "hatch.color": "#b5b5b5",
    "hatch.linewidth": 0.6,
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "svg.hashsalt": "nalssi",  # ids in the SVG, the same on every run
    "text.hinting": "none",
    "path.simplify": True,
}


class MissingGlyphError(ValueError):
    """A text has a character that the font cannot draw; it would be printed as a box."""


@cache
def font_files() -> dict[int, Path]:
    """NanumGothic's files by weight, from the installed koreanize-matplotlib."""
    package = find_spec("koreanize_matplotlib")
    if package is None or package.origin is None:
        raise FileNotFoundError("koreanize-matplotlib, which carries NanumGothic, is not installed")
    folder = Path(package.origin).parent / "fonts"
    return {NORMAL: folder / f"{FONT}.ttf", BOLD: folder / f"{FONT}Bold.ttf"}


@cache
def _register_fonts() -> None:
    for file in font_files().values():
        font_manager.fontManager.addfont(str(file))


@contextmanager
def theme() -> Iterator[None]:
    """Matplotlib with the charts' style; a character without a glyph is an error in here."""
    _register_fonts()
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()  # whatever a user's matplotlibrc says, the bytes are the same
        mpl.rcParams.update(STYLE)
        warnings.filterwarnings("error", message="Glyph .* missing from", category=UserWarning)
        try:
            yield
        except UserWarning as warning:
            raise MissingGlyphError(str(warning)) from warning


def new_figure(width: float, height: float) -> Figure:
    """An empty page of that size in inches, with a canvas that can measure text."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


@cache
def _face(weight: int) -> FT2Font:
    return FT2Font(str(font_files()[weight]))


@cache
def text_width(text: str, size: float, weight: int = NORMAL) -> float:
    """Width in inches of a line of text at `size` points; layouts are made before drawing."""
    face = _face(weight)
    face.set_size(size, 720)  # tenths of a point: fine enough to add up
    face.set_text(text, 0.0)
    width, _ = face.get_width_height()
    return float(width) / 64 / 720


class LayeredFigure(Figure):
    """A figure filled again and again: what stays is drawn once and kept as pixels.

    `live` are the artists that change. They must lie above all others (zorder), so that the
    outcome is the same, pixel for pixel, as that of drawing everything.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._agg: Any = FigureCanvasAgg(self)  # typed in part only
        self._ground: Any = None
        self.live: list[Artist] = []

    def pixels(self) -> NDArray[np.uint8]:
        """The page as RGBA."""
        if self._ground is None:
            for artist in self.live:
                artist.set_animated(True)  # left out by draw()
            self._agg.draw()
            for artist in self.live:
                artist.set_animated(False)  # or they would be missing from an SVG
            self._ground = self._agg.copy_from_bbox(self.bbox)
        self._agg.restore_region(self._ground)
        renderer = self._agg.get_renderer()
        for artist in sorted(self.live, key=Artist.get_zorder):
            artist.draw(renderer)
        return np.asarray(self._agg.buffer_rgba())


def pixels(figure: Figure, *, layered: bool = True) -> NDArray[np.uint8]:
    """A figure as RGBA; `layered` false draws a layered one as if it were any other."""
    if layered and isinstance(figure, LayeredFigure):
        return figure.pixels()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def _png(rgba: NDArray[np.uint8], metadata: Mapping[str, str]) -> bytes:
    texts = PngInfo()
    for name, text in metadata.items():
        texts.add_text(name, text)
    buffer = io.BytesIO()
    # The page is opaque: without the alpha channel it takes a third less time and room.
    height, width, _ = rgba.shape
    image = Image.frombytes("RGB", (width, height), rgba, "raw", "RGBX")
    image.save(buffer, format="png", dpi=(DPI, DPI), pnginfo=texts, compress_level=PNG_LEVEL)
    return buffer.getvalue()


def encode(figure: Figure, kind: str, title: str, key: str = "") -> bytes:
    """The figure as PNG or SVG; the same figure gives the same bytes on any day.

    No date and no software version is written; the title goes into the file's metadata, and
    the key (of what was drawn) as its identifier, near the beginning.
    """
    metadata = {"Title": title, "Identifier": key}
    if kind == "png":
        return _png(pixels(figure), metadata)
    buffer = io.BytesIO()
    undated: Any = metadata | {"Date": None, "Creator": None}
    figure.savefig(buffer, format=kind, metadata=undated)
    return buffer.getvalue()
