"""Hangul is drawn and not boxes; the same figure is the same bytes."""

from __future__ import annotations

import sys
from subprocess import run

import matplotlib as mpl
import pytest

from nalssi.charts import theme

HANGUL = "강릉 -14.1°C · 제주"


def test_a_character_without_a_glyph_is_an_error() -> None:
    with pytest.raises(theme.MissingGlyphError, match="SNOWMAN"):
        _draw("☃")


def _draw(text: str) -> bytes:
    with theme.theme():
        figure = theme.new_figure(2, 1)
        figure.text(0.1, 0.5, text)
        return theme.encode(figure, "png", "a text")


def test_hangul_and_minus_have_glyphs() -> None:
    with theme.theme():
        figure = theme.new_figure(4, 1)
        figure.text(0.1, 0.5, HANGUL, weight=theme.BOLD)
        axes = figure.add_axes((0.1, 0.2, 0.8, 0.2))
        axes.set(xlim=(-20, 20))
        assert theme.encode(figure, "png", "Hangul").startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_drawn_again_in_another_process_it_is_the_same_bytes(kind: str) -> None:
    program = (
        "import hashlib\n"
        "from nalssi.charts import theme\n"
        "with theme.theme():\n"
        "    figure = theme.new_figure(3, 1)\n"
        f"    figure.text(0.1, 0.5, {HANGUL!r})\n"
        f"    content = theme.encode(figure, {kind!r}, 'title')\n"
        "print(hashlib.sha256(content).hexdigest())\n"
    )
    outcomes = {
        run([sys.executable, "-c", program], capture_output=True, check=True).stdout
        for _ in range(2)
    }
    assert len(outcomes) == 1


def test_the_theme_leaves_no_trace_and_needs_no_pyplot() -> None:
    program = (
        "import sys\n"
        "from nalssi.charts import theme\n"
        "with theme.theme():\n"
        "    pass\n"
        "sys.exit('matplotlib.pyplot' in sys.modules)\n"
    )
    assert run([sys.executable, "-c", program], check=False).returncode == 0
    before = dict(mpl.rcParams)
    with theme.theme():
        assert mpl.rcParams["font.family"] == [theme.FONT]
    assert dict(mpl.rcParams) == before


def test_a_text_is_as_wide_as_it_was_measured_before_drawing() -> None:
    with theme.theme():
        figure = theme.new_figure(4, 1)
        for text in (HANGUL, "Cheongsong-gun -3.2"):
            drawn = figure.text(0.1, 0.5, text, size=9).get_window_extent().width / theme.DPI
            assert theme.text_width(text, 9) == pytest.approx(drawn, abs=0.02)
