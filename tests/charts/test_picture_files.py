"""Pictures have the size, the texts and the fonts that were asked for."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from nalssi.charts import theme
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.picture_size import MOST_PIXELS, width_in_inches, width_in_pixels

SVG = "{http://www.w3.org/2000/svg}"
TITLE = '서울 "14.1" & <b>대구</b>'
DESCRIPTION = "가장 높은 곳 대구 16.7°C, <i>가장 낮은 곳</i> 서울 5.0°C."


def picture(form: str, options: DrawOptions = DrawOptions(), text: str = "강릉 $5 $6") -> bytes:  # noqa: B008
    """Draw a text on a page of 8 by 2 inches."""
    with theme.theme(options):
        figure = theme.new_figure(theme.page().width, 2)
        figure.text(0.1, 0.5, text, weight=theme.BOLD)
        return theme.encode(figure, form, TITLE, "the-key", description=DESCRIPTION)


def root_of(svg: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  # we wrote it


def page_size_mm(pdf: bytes) -> tuple[float, float]:
    box = re.search(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", pdf)
    assert box
    return float(box[1]) / 72 * 25.4, float(box[2]) / 72 * 25.4


def pdf_streams(pdf: bytes) -> bytes:
    """Return the content of all streams of a PDF file, decompressed."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"\n".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"x")


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_picture_is_the_same_in_every_run_and_has_its_key_near_the_beginning(form: str) -> None:
    assert picture(form) == picture(form)
    assert b"the-key" in picture(form)[:4096]


def test_a_width_is_exact_in_every_format() -> None:
    options = DrawOptions(width="170mm", dpi=300)
    root = root_of(picture("svg", options))
    assert (root.get("width"), root.get("height")) == ("170mm", "42.5mm")
    assert root.get("viewBox") == "0 0 576 144"
    assert page_size_mm(picture("pdf", options)) == pytest.approx((170, 42.5), abs=1e-3)
    image = Image.open(BytesIO(picture("png", options)))
    assert image.size == (2008, 502)  # 170 mm are 2007.9 dots
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)


@pytest.mark.parametrize(
    ("options", "pixels"),
    [
        (DrawOptions(), 1200),
        (DrawOptions(dpi=100), 800),
        (DrawOptions(width="600px"), 600),
        (DrawOptions(width="600px", dpi=300), 600),
        (DrawOptions(width="4in"), 600),
    ],
)
def test_a_png_has_the_pixels_that_width_and_resolution_give(
    options: DrawOptions, pixels: int
) -> None:
    width, _ = struct.unpack(">II", picture("png", options)[16:24])
    assert width == pixels


def test_an_svg_has_a_name_and_a_description_for_screen_readers() -> None:
    root = root_of(picture("svg"))
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.text, desc.text) == (TITLE, DESCRIPTION)
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


def test_texts_of_an_svg_are_outlines_or_stay_editable() -> None:
    assert b"<text" not in picture("svg")
    root = root_of(picture("svg", DrawOptions(text=True)))
    (text,) = root.iter(f"{SVG}text")
    assert text.text == "강릉 $5 $6"
    assert "'NanumGothic', " in text.attrib["style"]


def test_a_pdf_has_its_fonts_and_says_which_characters_they_draw() -> None:
    pdf = picture("pdf")
    assert pdf.startswith(b"%PDF-")
    assert b"/FontFile2" in pdf
    assert b"+NanumGothicBold" in pdf
    mapped = pdf_streams(pdf).lower()
    assert all(f"<{ord(letter):04x}>".encode() in mapped for letter in "강릉")
    assert TITLE.encode("utf-16-be") in pdf.replace(b"\\", b"")
    assert b"CreationDate" not in pdf


def test_a_scaled_pdf_has_everything_that_a_whole_page_has() -> None:
    def content(width: str | None) -> bytes:
        with theme.theme(DrawOptions(width=width)):
            figure = theme.new_figure(theme.page().width, 2)
            axes = figure.add_axes((0, 0, 1, 1))
            axes.plot([0, 1], [0, 1])
            axes.scatter([0.95], [0.95])
            streams = pdf_streams(theme.encode(figure, "pdf", TITLE))
        return re.sub(rb"^[0-9.]+ 0 0 [0-9.]+ 0 0 cm$", b"", streams, count=1, flags=re.MULTILINE)

    assert content("140mm") == content(None)


def test_a_png_has_the_title_and_the_description() -> None:
    texts = Image.open(BytesIO(picture("png"))).info
    assert (texts["Title"], texts["Description"]) == (TITLE, DESCRIPTION)


@pytest.mark.parametrize(
    ("width", "message"),
    [
        ("170", "'170' is not a width such as 170mm"),
        ("wide", "'wide' is not a width"),
        ("1e3mm", "'1e3mm' is not a width"),
        ("١٧٠mm", "is not a width"),
        ("-5mm", "is not a width"),
        ("49mm", "a width of 49mm is not possible: the limits are 50 mm and 1000 mm"),
        ("9999in", r"a width of 9999in \(253975 mm\) is not possible"),
    ],
)
def test_an_impossible_width_is_refused_with_the_reason(width: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DrawOptions(width=width)


def test_units_of_width_agree() -> None:
    widths = [width_in_inches(text) for text in ("101.6mm", "10.16 cm", "4in", "384px")]
    assert widths == pytest.approx([4.0] * 4)
    assert width_in_inches("1200PX", 300) == 4.0


def test_a_picture_that_needs_too_much_memory_is_refused() -> None:
    assert width_in_pixels(MOST_PIXELS / 100, 100) == MOST_PIXELS
    with pytest.raises(ValueError, match="a picture of 10,001 pixels is too large"):
        width_in_pixels(10_001 / 100, 100)
