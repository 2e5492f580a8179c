"""A title of any length fits into the head of a page."""

from __future__ import annotations

from nalssi.charts import layout, theme
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.title_lines import ONE_LINE_SIZES, TWO_LINE_SIZES, fit_title
from nalssi.locale.locales import LOCALES
from tests.charts import inspect_figure

ROOM = 7.2  # inches


def widest(lines: tuple[str, ...], size: float) -> float:
    return max(theme.text_width(line, size, theme.BOLD) for line in lines)


def test_a_short_title_has_the_usual_size() -> None:
    assert fit_title("전국 기온", ROOM) == (("전국 기온",), theme.TITLE)
    assert fit_title("", ROOM) == (("",), theme.TITLE)


def test_a_longer_title_has_smaller_letters_and_then_two_lines() -> None:
    title = "16개 지점 가운데 제주가 19.2도로 가장 높고 동두천이 5.0도로 가장 낮아"
    lines, size = fit_title(title, 0.9 * theme.text_width(title, theme.TITLE, theme.BOLD))
    assert lines == (title,)
    assert size in ONE_LINE_SIZES[1:]
    lines, size = fit_title(f"{title}, {title}", ROOM)
    assert " ".join(lines) == f"{title}, {title}"
    assert (len(lines), size in TWO_LINE_SIZES) == (2, True)
    assert widest(lines, size) <= ROOM


def test_a_title_of_two_lines_is_whole_on_the_page() -> None:
    with theme.theme(DrawOptions(title="A title that goes on and on " * 6)):
        figure = theme.new_figure(theme.page().width, 3)
        layout.draw_frame(figure, LOCALES["en"], "", ("a line below it",))
        assert inspect_figure.unreadable_texts(figure) == []
    (title,) = [text for text in figure.texts if "goes on" in text.get_text()]
    assert title.get_text().count("\n") == 1


def test_a_title_without_end_is_cut() -> None:
    for title in ("아주 긴 제목 " * 80, "x" * 2000):
        lines, size = fit_title(title, ROOM)
        assert lines[1].endswith("…")
        assert widest(lines, size) <= ROOM
