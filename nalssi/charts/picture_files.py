"""Write a figure as a PNG, SVG or PDF file. The same figure always gives the same bytes.

Only PNG files can differ between kinds of processors, because the library that compresses them
(isal) has code for each kind. Their pixels are the same.

A file has the title of the picture and, if there is one, its description in words. No file has the
date on which it was made, or the version of matplotlib.

A page has its own size in inches. Its picture can be smaller or larger: SVG and PDF contain the
page with a factor, PNG has more or fewer pixels.

PDF files contain the glyphs that they use as TrueType fonts, with the characters that they stand
for, so text in Hangul can be searched and copied.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

import matplotlib as mpl
import numpy as np
from isal import isal_zlib
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from nalssi.charts.picture_size import MM_PER_INCH

PNG_LEVEL: Final = 2
"""The level of compression by isal. It takes a sixth of the time of zlib's level 3; files are 12 %
larger."""
POINTS_PER_INCH: Final = 72
CREATOR: Final = "nalssi"

_SVG_SIZE: Final = re.compile(r'width="[^"]*" height="[^"]*"')
"""Matches the size in the root element of matplotlib's SVG file: the first width and height in
it."""

_SVG_FONT: Final = re.compile(r"(?<=[:x] )'NanumGothic'(?=[;\"])")
"""Matches the name of the font in an SVG file whose texts stay texts (`DrawOptions.text`). Other
fonts are then named after it."""
FALLBACK_FONTS: Final = "'Nanum Gothic', 'Noto Sans KR', 'Malgun Gothic', sans-serif"


@dataclass(frozen=True)
class PictureText:
    """The texts of a picture's file that are not drawn.

    `title` is the title and `description` the content of the picture in words. `key` is the key of
    a chart (`chart_plan`); it is empty for a picture that no run compares with its data.
    """

    title: str
    description: str = ""
    key: str = ""


def png_file(rgba: NDArray[np.uint8], dpi: float, texts: PictureText) -> bytes:
    """Return pixels (height, width, 4) as a PNG file. `dpi` is the resolution that the file states.

    Pillow would choose a filter for each row of pixels. Charts have large areas of one color:
    without filters, the files are smaller, and are made in less than half the time.
    """
    height, width, _ = rgba.shape
    # The page is opaque, so there is no alpha channel. Pillow removes it in a third of the time
    # that NumPy takes. A row begins with its filter: 0, for none.
    rgb = np.asarray(Image.fromarray(rgba).convert("RGB"))
    rows = np.zeros((height, 3 * width + 1), np.uint8)
    rows[:, 1:] = rgb.reshape(height, -1)
    metre = round(dpi * 1000 / MM_PER_INCH)
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),  # 8 bits, RGB
        (b"pHYs", struct.pack(">IIB", metre, metre, 1)),
        (b"iTXt", _international_text("Title", texts.title)),
        (b"tEXt", b"Identifier\0" + texts.key.encode("latin-1")),
    ]
    if texts.description:
        parts.append((b"iTXt", _international_text("Description", texts.description)))
    parts += [(b"IDAT", isal_zlib.compress(rows.data, PNG_LEVEL)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*part) for part in parts)


def _international_text(name: str, text: str) -> bytes:
    return name.encode() + b"\0\0\0\0\0" + text.encode()  # not compressed, of no language


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def svg_file(figure: Figure, texts: PictureText, width: float | None = None) -> bytes:
    """Return a figure as an SVG file, `width` inches wide (default: the width of the page).

    The root element has the role of an image, with `title` and `desc` as its name and description.
    """
    buffer = io.StringIO()
    metadata: Any = {
        "Title": texts.title,
        "Description": texts.description or None,
        "Identifier": texts.key,
        "Date": None,
        "Creator": None,
    }
    figure.savefig(buffer, format="svg", metadata=metadata)
    page_width, page_height = figure.get_size_inches()
    size = r"\g<0>"
    if width is not None:
        height = width * page_height / page_width
        size = f'width="{_millimetres(width)}mm" height="{_millimetres(height)}mm"'
    names = "picture-title picture-description" if texts.description else "picture-title"
    head = f'{size} role="img" aria-labelledby="{names}"'
    svg = _SVG_SIZE.sub(head, buffer.getvalue(), count=1)
    svg = _SVG_FONT.sub(rf"\g<0>, {FALLBACK_FONTS}", svg)
    description = f' <desc id="picture-description">{escape(texts.description)}</desc>\n'
    svg = svg.replace("<title>", '<title id="picture-title">', 1)
    end = svg.index("</title>\n") + len("</title>\n")
    return f"{svg[:end]}{description if texts.description else ''}{svg[end:]}".encode()


def _millimetres(inches: float) -> str:
    return f"{inches * MM_PER_INCH:.3f}".rstrip("0").rstrip(".")


def pdf_file(figure: Figure, texts: PictureText, width: float | None = None) -> bytes:
    """Return a figure as a PDF file of one page, `width` inches wide (default: as the figure)."""
    # The backend takes as long to import as everything else here; PNG and SVG do not need it.
    from matplotlib.backends import backend_mixed, backend_pdf

    metadata = {
        "Title": texts.title,
        "Subject": texts.description or None,
        "Creator": CREATOR,
        "Producer": None,
        "CreationDate": None,
    }
    page_width, page_height = figure.get_size_inches()
    factor = 1.0 if width is None else width / page_width
    buffer = io.BytesIO()
    dpi = figure.dpi
    pdf: Any = backend_pdf  # Any: the types of the backends are incomplete
    mixed: Any = backend_mixed
    # It reports tables of hints of the font, which no PDF needs.
    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    # TrueType fonts. The second setting counts for PDF too: with another value, the glyphs of a
    # font would be divided among several fonts, and each of them takes 0.15 s.
    with mpl.rc_context({"pdf.fonttype": 42, "ps.fonttype": 42}):
        file = pdf.PdfFile(buffer, metadata=metadata)
        if texts.key:
            file.write(f"% {texts.key}\n".encode())
        try:
            file.newPage(page_width * factor, page_height * factor)
            file.output(factor, 0, 0, factor, 0, 0, pdf.Op.concat_matrix)
            # The backend omits what is outside of this size, which it draws in units of the page.
            file.width, file.height = page_width, page_height
            renderer = pdf.RendererPdf(file, dpi, page_height, page_width)
            figure.dpi = POINTS_PER_INCH
            figure.draw(mixed.MixedModeRenderer(figure, page_width, page_height, dpi, renderer))
            renderer.finalize()
            file.finalize()
        finally:
            figure.dpi = dpi
            file.close()
    return buffer.getvalue()
