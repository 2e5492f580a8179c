"""Draw the parts of the page that all charts share: title, date, counts, source and color scale.

Positions are in inches from the left and top edges of the page. Fonts, inks and file formats are in
`theme`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from nalssi.charts import chart_texts, color_scale, theme
from nalssi.charts.title_lines import TitleLines, fit_narrow_title, fit_title, wrap
from nalssi.locale.locales import Locale

HEADER: float = 1.0  # inches from the top edge of a wide page to the chart
FOOTER: float = 0.45  # inches from the chart to the bottom edge of a wide page
NARROW_TITLE: float = 0.34  # inches from the top edge of a narrow page to its title
LINE_PITCH: float = 1.2  # between the lines of a narrow page, as a share of the size of letters
POINTS: float = 72.0  # in an inch


def write(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    *,
    size: float = theme.SMALL,
    weight: int = theme.NORMAL,
    ink: str = theme.INK,
    align: str = "left",
    anchor: str = "baseline",
) -> Text:
    """Write a text at `x` inches from the left and `y` inches from the top edge of the page.

    `size` is in points, `weight` is NORMAL or BOLD (`theme`), `ink` is the color. `align` and
    `anchor` are the horizontal and vertical alignment of matplotlib.
    """
    width, height = figure.get_size_inches()
    return figure.text(
        x / width,
        1 - y / height,
        text,
        size=size,
        weight=weight,
        color=ink,
        ha=align,
        va=anchor,
    )


def write_title(figure: Figure, title: str) -> Text:
    """Write the title of the page. Return its matplotlib text, which `set_title` can change later.

    If the user has set a title (`DrawOptions.title`), it replaces the argument.
    """
    margin = theme.page().margin
    text = write(figure, margin, 0.5, "", size=theme.TITLE, weight=theme.BOLD)
    set_title(figure, text, title)
    return text


def set_title(figure: Figure, text: Text, title: str) -> None:
    """Set the title of a page. `text` is the matplotlib text that `write_title` returned.

    The title becomes the figure's label. A title that is too long for the page has smaller letters
    or more lines (`title_lines`). The font of charts lacks the true minus (U+2212), so a
    hyphen-minus is drawn instead.
    """
    title = theme.options_in_force().title or title
    figure.set_label(title)
    height = figure.get_size_inches()[1]
    lines, size = _title_lines(title)
    # matplotlib takes the baseline of the last line.
    baseline = _narrow_baselines(title, ())[0] if theme.page().is_narrow else 0.5
    text.set(text="\n".join(lines), size=size, y=1 - baseline / height, linespacing=1.1)


def _title_lines(title: str) -> TitleLines:
    """Return the lines of a title, and the size of their letters, as they fit on the page.

    If the user has set a title (`DrawOptions.title`), it replaces the argument.
    """
    page = theme.page()
    drawn = (theme.options_in_force().title or title).replace("\N{MINUS SIGN}", "-")
    return fit_narrow_title(drawn, page.room) if page.is_narrow else fit_title(drawn, page.room)


def head_height(title: str, lines: Sequence[str]) -> float:
    """Return the inches from the top edge to the chart: room for a title and the lines below it."""
    if not theme.page().is_narrow:
        return HEADER
    return _narrow_baselines(title, lines)[-1] + 0.25


def _narrow_baselines(title: str, lines: Sequence[str]) -> list[float]:
    """Return the baseline of the title's last line, then those of the wrapped lines below it.

    They are in inches from the top edge of a narrow page.
    """
    drawn, size = _title_lines(title)
    end = NARROW_TITLE + (len(drawn) - 1) * size * LINE_PITCH / POINTS
    pitch = theme.BODY * LINE_PITCH / POINTS
    count = sum(len(_wrapped(line)) for line in lines)
    return [end, *(end + 0.24 + pitch * number for number in range(count))]


def _wrapped(line: str) -> tuple[str, ...]:
    return wrap(line, theme.page().room, theme.BODY)


def draw_frame(
    figure: Figure, locale: Locale, title: str, lines: Sequence[str], note: str | None = ""
) -> None:
    """Write the title, at most three `lines` below it, and the footer.

    `note` is the argument of `draw_footer`.
    """
    write_title(figure, title)
    write_lines(figure, title, lines)
    draw_footer(figure, locale, note)


def write_lines(figure: Figure, title: str, lines: Sequence[str]) -> list[Text]:
    """Write the lines below a title, and return their matplotlib texts.

    `title` is the title above them, which moves them down on a narrow page. There they are wrapped.
    """
    page = theme.page()
    texts = []
    baselines = _narrow_baselines(title, lines)[1:] if page.is_narrow else []
    for number, line in enumerate(lines):
        ink = theme.INK if number == 0 else theme.SOFT_INK
        parts = _wrapped(line) if page.is_narrow else (line,)
        for part in parts:
            y = baselines.pop(0) if page.is_narrow else 0.74 + 0.19 * number
            texts.append(write(figure, page.margin, y, part, size=theme.BODY, ink=ink))
            texts[-1].set_label(f"{HEAD_LINE} {number}")
    return texts


HEAD_LINE: str = "line"
"""The label of each matplotlib text below the title begins with this word; the number of the line
follows. `drawing.descriptions` finds the lines by it."""


def foot_height(locale: Locale, note: str | None = "", *, is_map: bool = False) -> float:
    """Return the height in inches of the footer, from the chart to the bottom edge of the page.

    `draw_footer` writes the footer there, and explains the arguments.
    """
    if not theme.page().is_narrow:
        return FOOTER
    return 0.25 + sum(map(len, _foot_lines(locale, note, is_map=is_map))) * _foot_pitch()


def _foot_pitch() -> float:
    return theme.SMALL * LINE_PITCH / POINTS


def _foot_lines(locale: Locale, note: str | None, *, is_map: bool) -> list[tuple[str, ...]]:
    """Return the wrapped lines of a narrow page's footer: the note, then the source of the data.

    Each of the two is a tuple of lines. `draw_footer` explains the arguments.
    """
    sources = locale.charts.source + (f"  {locale.charts.map_source}" if is_map else "")
    texts = [_note(locale, note), sources]
    return [wrap(text, theme.page().room, theme.SMALL) if text else () for text in texts]


def _note(locale: Locale, note: str | None) -> str:
    return chart_texts.scale_text(locale, color_scale.FIXED_SCALE) if note == "" else note or ""


def draw_footer(
    figure: Figure, locale: Locale, note: str | None = "", *, is_map: bool = False
) -> Text:
    """Write the source of the data, and a note. Return the matplotlib text of the note.

    The note is on the right, or above the source on a narrow page. If `note` is an empty text, the
    footer explains the fixed colors instead. If it is None, the footer has only the source. The
    footer of a map has the source of the outlines too.
    """
    height = figure.get_size_inches()[1]
    page = theme.page()
    if page.is_narrow:
        above, sources = _foot_lines(locale, note, is_map=is_map)
        y = height - 0.14 - (len(sources) - 1) * _foot_pitch()
        for number, line in enumerate(sources):
            write(figure, page.margin, y + number * _foot_pitch(), line, ink=theme.SOFT_INK)
        top = y - len(above) * _foot_pitch()
        text = write(figure, page.margin, top, "\n".join(above), ink=theme.SOFT_INK)
        text.set_linespacing(LINE_PITCH * 0.9)
        return text
    foot = height - 0.2
    write(figure, page.margin, foot, locale.charts.source, ink=theme.SOFT_INK)
    if is_map:
        after = page.margin + theme.text_width(locale.charts.source + "  ", theme.SMALL)
        write(figure, after, foot, locale.charts.map_source, ink=theme.SOFT_INK)
    return write(figure, page.right, foot, _note(locale, note), ink=theme.SOFT_INK, align="right")


def scale_in_force(temperatures: Sequence[float]) -> color_scale.TemperatureScale:
    """Return the scale of a chart of these temperatures (°C), by the option `DrawOptions.scale`."""
    if theme.options_in_force().scale == "day":
        return color_scale.day_scale(temperatures)
    return color_scale.FIXED_SCALE


def draw_rule(figure: Figure, left: float, right: float, y: float) -> None:
    """Draw a thin horizontal line.

    Lengths are in inches: `left` and `right` from the left edge, `y` from the top edge of the page.
    """
    width, height = figure.get_size_inches()
    level = 1 - y / height
    line = Line2D((left / width, right / width), (level, level), color=theme.RULE, lw=0.8)
    figure.add_artist(line)


def add_axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes to the page. `left`, `top`, `width` and `height` are in inches."""
    page_width, page_height = figure.get_size_inches()
    bottom = page_height - top - height
    return figure.add_axes(
        (left / page_width, bottom / page_height, width / page_width, height / page_height)
    )


def draw_value_axis(
    axes: Axes,
    limits: tuple[int, int],
    step: int,
    to_text: Callable[[int], str] = str,
    *,
    zero_zorder: float = 1.5,
) -> None:
    """Set the limits of a panel's y-axis (°C), and draw a line at each `step` and at zero.

    `to_text` formats the number at a line. `zero_zorder` is the layer of the line at zero.
    """
    low, high = limits
    axes.set_ylim(limits)
    ticks = [tick for tick in range(low, high + 1) if tick % step == 0]
    axes.set_yticks(ticks, [f"{to_text(tick)}°" for tick in ticks])
    axes.tick_params(length=0)
    axes.grid(axis="y")
    axes.spines[["top", "right", "left"]].set_visible(False)
    if low < 0 < high:
        axes.axhline(0, color=theme.SOFT_INK, lw=0.9, zorder=zero_zorder)


def draw_color_strip(
    axes: Axes,
    low_c: float,
    high_c: float,
    bottom: float,
    top: float,
    to_color: Callable[[Any], Any] = color_scale.temperature_color,
) -> None:
    """Draw the colors of a scale from `low_c` to `high_c`, along an x-axis in °C.

    `bottom` and `top` are the ends of the strip on the y-axis. `to_color` returns the color of
    temperatures.
    """
    tenths = np.arange(round(low_c * 10), round(high_c * 10))
    axes.imshow(
        to_color(tenths / 10)[np.newaxis, :, :],
        extent=(low_c, high_c, bottom, top),
        aspect="auto",
        interpolation="nearest",
        zorder=1,
    )


def draw_color_scale(
    figure: Figure,
    left: float,
    top: float,
    width: float,
    scale: color_scale.TemperatureScale = color_scale.FIXED_SCALE,
) -> Axes:
    """Draw a whole temperature scale, with a mark at zero if it has zero. Return its axes.

    `left`, `top` and `width` are in inches.
    """
    axes = add_axes(figure, left, top, width, 0.13)
    _fill_color_scale(axes, scale)
    return axes


def set_color_scale(axes: Axes, scale: color_scale.TemperatureScale) -> None:
    """Replace the scale on axes that `draw_color_scale` returned by another temperature scale."""
    axes.clear()
    _fill_color_scale(axes, scale)


def _fill_color_scale(axes: Axes, scale: color_scale.TemperatureScale) -> None:
    draw_color_strip(axes, scale.low_c, scale.high_c, 0, 1, scale.color)
    ticks = scale.ticks()
    axes.set_xticks(ticks, [f"{tick}°C" if tick == ticks[-1] else str(tick) for tick in ticks])
    axes.set_yticks([])
    if scale.low_c <= 0 <= scale.high_c:
        axes.axvline(0, color=theme.INK, lw=1.0, zorder=3)
    axes.tick_params(length=0, pad=2)
    axes.spines[:].set_visible(False)
