"""Hangul has glyphs, the same figure gives the same bytes, and global settings stay as they are."""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from subprocess import run
from typing import Any

import matplotlib as mpl
import pytest

from nalssi.charts import theme
from nalssi.charts.picture_size import DPI

HANGUL = "강릉 -14.1°C · 제주"

PROGRAM = """
import json, sys
from tests.charts.test_theme import digest
digests = {form: digest(form) for form in ("png", "svg")}
print(json.dumps({"digests": digests, "pyplot": "matplotlib.pyplot" in sys.modules}))
"""


def digest(form: str, text: str = HANGUL) -> str:
    """Draw a text and digest the file."""
    with theme.theme():
        figure = theme.new_figure(3, 1)
        figure.text(0.1, 0.5, text)
        return sha256(theme.encode(figure, form, "title")).hexdigest()


@pytest.fixture(scope="module")
def other_process() -> Any:
    """What another process draws, and whether it imported pyplot."""
    done = run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    return json.loads(done.stdout)


def test_a_character_without_a_glyph_is_an_error() -> None:
    with pytest.raises(theme.MissingGlyphError, match="SNOWMAN"):
        digest("png", "☃")


def test_hangul_and_minus_have_glyphs() -> None:
    with theme.theme():
        figure = theme.new_figure(4, 1)
        figure.text(0.1, 0.5, HANGUL, weight=theme.BOLD)
        axes = figure.add_axes((0.1, 0.2, 0.8, 0.2))
        axes.set(xlim=(-20, 20))
        assert theme.encode(figure, "png", "Hangul").startswith(b"\x89PNG")


@pytest.mark.process
@pytest.mark.parametrize("form", ["png", "svg"])
def test_another_process_draws_the_same_bytes(form: str, other_process: Any) -> None:
    assert other_process["digests"][form] == digest(form)


@pytest.mark.process
def test_drawing_does_not_import_pyplot(other_process: Any) -> None:
    assert other_process["pyplot"] is False


def test_the_theme_leaves_global_settings_as_they_are() -> None:
    before = dict(mpl.rcParams)
    with theme.theme():
        assert mpl.rcParams["font.family"] == [theme.FONT]
    assert dict(mpl.rcParams) == before


def test_a_text_is_as_wide_as_it_was_measured_before_drawing() -> None:
    with theme.theme():
        figure = theme.new_figure(4, 1)
        for text in (HANGUL, "Cheongsong-gun -3.2"):
            drawn = figure.text(0.1, 0.5, text, size=9).get_window_extent().width / DPI
            assert theme.text_width(text, 9) == pytest.approx(drawn, abs=0.02)
