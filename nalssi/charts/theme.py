"""The style of all charts (font, inks, sizes, resolution), and how to draw and encode them.

Draw within `theme(options)`. Charts use `Figure` and not pyplot, because pyplot has global state.
The font is NanumGothic (SIL Open Font License). Its files are taken from the package
koreanize-matplotlib without importing it: the import would import pyplot and change global
settings. SVG files contain glyphs as outlines, so they look the same without Hangul fonts, unless
the option `text` keeps texts editable.

A wide page is 8 inches wide, which fits A4 paper. A narrow picture has a narrow page (`page_form`).
On both, no text is smaller than 9 pt.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from numpy.typing import NDArray

from nalssi.charts import picture_size
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.glyph_renderer import GlyphCanvas
from nalssi.charts.page_form import PageForm, page_form
from nalssi.charts.picture_files import PictureText, pdf_file, png_file, svg_file
from nalssi.charts.text_measure import UNITS, TextMeasure

FONT: Final = "NanumGothic"
NORMAL: Final = 400
BOLD: Final = 600  # the weight that matplotlib finds in NanumGothicBold

INK: Final = "#1a1a1a"
SOFT_INK: Final = "#595959"  # 7:1 on white
RULE: Final = "#d0d0d0"
PAPER: Final = "#ffffff"
GROUND: Final = "#f4f4f2"

TITLE: Final = 17.0  # pt
HEADING: Final = 11.0
BODY: Final = 10.0
SMALL: Final = 9.0  # the smallest size of text

STYLE: Final[Any] = {  # Any: matplotlib has a type for each key
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
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.hashsalt": "nalssi",  # the ids in an SVG are the same in every run
    "text.hinting": "none",
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "path.simplify": True,
}


_options: ContextVar[DrawOptions] = ContextVar("options", default=DrawOptions())  # noqa: B039


class MissingGlyphError(ValueError):
    """A text has a character that the font does not have. matplotlib would draw a box instead."""


@cache
def font_files() -> dict[int, Path]:
    """Return the files of NanumGothic by weight (NORMAL, BOLD).

    Raises FileNotFoundError if koreanize-matplotlib is not installed.
    """
    package = find_spec("koreanize_matplotlib")
    if package is None or package.origin is None:
        raise FileNotFoundError(
            "koreanize-matplotlib, which contains NanumGothic, is not installed"
        )
    folder = Path(package.origin).parent / "fonts"
    return {NORMAL: folder / f"{FONT}.ttf", BOLD: folder / f"{FONT}Bold.ttf"}


@cache
def _register_fonts() -> None:
    for file in font_files().values():
        font_manager.fontManager.addfont(str(file))


@contextmanager
def theme(options: DrawOptions = DrawOptions()) -> Iterator[None]:  # noqa: B008  # it is immutable
    """Apply the style of all charts, and these options, to matplotlib within the `with` block.

    Raises MissingGlyphError if a text has a character that the font does not have.
    """
    _register_fonts()
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()  # the user's matplotlibrc must not change a chart
        mpl.rcParams.update(STYLE | _style_of(options))
        warnings.filterwarnings("error", message="Glyph .* missing from", category=UserWarning)
        token = _options.set(options)
        try:
            yield
        except UserWarning as warning:
            raise MissingGlyphError(str(warning)) from warning
        finally:
            _options.reset(token)


def _style_of(options: DrawOptions) -> dict[Any, Any]:
    """Return the settings of matplotlib (rcParams) that depend on the options."""
    page = page_form(options.width_in_inches).width
    width = options.width_in_inches or page
    # A page keeps its width in inches, and has the dots of the picture that is asked for.
    dpi = picture_size.width_in_pixels(width, options.resolution) / page
    fonts = "none" if options.text else "path"
    return {"figure.dpi": dpi, "savefig.dpi": dpi, "svg.fonttype": fonts}


def options_in_force() -> DrawOptions:
    """Return the options of the current `theme` block; outside of one, the default options."""
    return _options.get()


def page() -> PageForm:
    """Return the form of the page, wide or narrow, that the options in force ask for."""
    return page_form(options_in_force().width_in_inches)


def new_figure(width: float, height: float) -> Figure:
    """Return an empty page. `width` and `height` are in inches."""
    figure = Figure(figsize=(width, height))
    GlyphCanvas(figure)
    return figure


MEASURE_DPI: Final = 720  # rounding errors stay small in a sum


@cache
def _measure(size: float, weight: int) -> TextMeasure:
    face = FT2Font(str(font_files()[weight]))
    return TextMeasure(face, size, MEASURE_DPI, LoadFlags.FORCE_AUTOHINT)


def text_width(text: str, size: float, weight: int = NORMAL) -> float:
    """Return the width in inches of a line of text at a font size in points, without drawing it."""
    return _measure(size, weight).width(text) / UNITS / MEASURE_DPI


class LayeredFigure(Figure):
    """A figure that is drawn many times with different data.

    `changing` are the artists that differ from one drawing to the next. All other artists are drawn
    once and stored as pixels. The changing artists must lie above all other artists (zorder): then
    the picture is the same as if everything was drawn.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._canvas: Any = GlyphCanvas(self)  # Any: its types are incomplete
        self._background: Any = None
        self.changing: list[Artist] = []

    def pixels(self) -> NDArray[np.uint8]:
        """Draw the figure and return its pixels as an RGBA array."""
        if self._background is None:
            for artist in self.changing:
                artist.set_animated(True)  # draw() omits animated artists
            self._canvas.draw()
            for artist in self.changing:
                artist.set_animated(False)  # savefig() would omit them too
            self._background = self._canvas.copy_from_bbox(self.bbox)
        self._canvas.restore_region(self._background)
        renderer = self._canvas.get_renderer()
        for artist in sorted(self.changing, key=Artist.get_zorder):
            artist.draw(renderer)
        return np.asarray(self._canvas.buffer_rgba())


def pixels(figure: Figure, *, layered: bool = True) -> NDArray[np.uint8]:
    """Draw a figure and return its pixels as an RGBA array.

    With `layered=False`, a `LayeredFigure` is drawn completely, without its stored background.
    """
    if layered and isinstance(figure, LayeredFigure):
        return figure.pixels()
    canvas: Any = GlyphCanvas(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def encode(figure: Figure, form: str, title: str, key: str = "", *, description: str = "") -> bytes:
    """Return the content of a figure's file of a format: `png`, `svg` or `pdf`.

    The same figure always gives the same bytes. The file contains the title and the `description`
    of the picture in words, and near its beginning the `key` of the chart's content. The options in
    force decide its width and its resolution.
    """
    options = options_in_force()
    texts = PictureText(title, description, key)
    if form == "png":
        return png_file(pixels(figure), options.resolution, texts)
    write = {"svg": svg_file, "pdf": pdf_file}[form]
    return write(figure, texts, options.width_in_inches)
