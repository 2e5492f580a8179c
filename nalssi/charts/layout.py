"""Draw the parts of the page that all charts share: title, date, counts, source and color scale.

Positions are in inches from the left and top edges of the page. Fonts, inks and file formats are in
`theme`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nalssi.charts import color_scale, theme
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.charts.title_lines import fit_title
from nalssi.locale.locales import Locale, counted

TITLE_LINE: float = 0.21  # inches between the lines of a title
HEADER: float = 1.0  # inches from the top edge to the chart
FOOTER: float = 0.45  # inches from the chart to the bottom edge


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
    """Write a text at `x` inches from the left and `y` inches from the top edge of the page."""
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


def excluded_text(locale: Locale, excluded: Mapping[int, int]) -> str:
    """Return a phrase with the number of excluded readings by flag, or an empty text."""
    reasons = [
        locale.charts.excluded_by_flag[flag].format(count=count)
        for flag, count in sorted(excluded.items())
    ]
    return locale.charts.excluded.format(reasons=", ".join(reasons)) if reasons else ""


def day_and_clock(locale: Locale, snapshot: SnapshotData) -> str:
    """Return the day of a snapshot and its hour or capture time, or that they are unknown."""
    return f"{locale.day(snapshot.time.day)} · {locale.clock(snapshot.time)}"


def station_counts(locale: Locale, snapshot: SnapshotData) -> str:
    """Return a text with the number of stations drawn and the number of excluded readings."""
    parts = [counted(locale.charts.station_count, snapshot.readings.height)]
    if snapshot.excluded:
        parts.append(excluded_text(locale, snapshot.excluded))
    return " · ".join(parts)


def write_title(figure: Figure, title: str) -> Text:
    """Write the title of the page, and return its text.

    A title among the options replaces `title`. See `set_title`.
    """
    text = write(figure, theme.MARGIN, 0.5, "", size=theme.TITLE, weight=theme.BOLD)
    set_title(figure, text, title)
    return text


def set_title(figure: Figure, text: Text, title: str) -> None:
    """Set the title of a page that `write_title` wrote.

    The title becomes the figure's label. A title that is too long for the page has smaller letters
    and two lines (`fit_title`). The font of charts lacks the true minus (U+2212), so a hyphen-minus
    is drawn instead.
    """
    title = theme.options_in_force().title or title
    figure.set_label(title)
    width, height = figure.get_size_inches()
    drawn = title.replace("\N{MINUS SIGN}", "-")
    lines, size = fit_title(drawn, width - 2 * theme.MARGIN)
    baseline = 0.5 - TITLE_LINE * (len(lines) - 1)  # of the first line
    text.set(text="\n".join(lines), size=size, y=1 - baseline / height, linespacing=1.1)


def draw_frame(
    figure: Figure, locale: Locale, title: str, lines: Sequence[str], note: str | None = ""
) -> None:
    """Write the title, at most three lines below it, and the footer (`draw_footer`)."""
    write_title(figure, title)
    for number, line in enumerate(lines):
        ink = theme.INK if number == 0 else theme.SOFT_INK
        write(figure, theme.MARGIN, 0.74 + 0.19 * number, line, size=theme.BODY, ink=ink)
    draw_footer(figure, locale, note)


def draw_footer(figure: Figure, locale: Locale, note: str | None = "") -> Text:
    """Write the source of the data, and a note on the right. Return the text of the note.

    If `note` is an empty text, the footer explains the fixed colors. If `note` is None, the footer
    has only the source.
    """
    width, height = figure.get_size_inches()
    foot = height - 0.2
    write(figure, theme.MARGIN, foot, locale.charts.source, ink=theme.SOFT_INK)
    text = scale_text(locale, color_scale.FIXED_SCALE) if note == "" else note or ""
    right = width - theme.MARGIN
    return write(figure, right, foot, text, ink=theme.SOFT_INK, align="right")


def scale_in_force(temperatures: Sequence[float]) -> color_scale.TemperatureScale:
    """Return the scale of a chart of these temperatures (°C): the option `scale` chooses it."""
    if theme.options_in_force().scale == "day":
        return color_scale.day_scale(temperatures)
    return color_scale.FIXED_SCALE


def scale_text(locale: Locale, scale: color_scale.TemperatureScale) -> str:
    """Return a text that says which scale the colors of a chart are of, and its ends."""
    phrase = locale.charts.fixed_scale if scale.is_fixed else locale.charts.day_scale
    return phrase.format(low=scale.low_c, high=scale.high_c)


def draw_rule(figure: Figure, left: float, right: float, y: float) -> None:
    """Draw a thin horizontal line; lengths are in inches."""
    width, height = figure.get_size_inches()
    level = 1 - y / height
    line = Line2D((left / width, right / width), (level, level), color=theme.RULE, lw=0.8)
    figure.add_artist(line)


def write_map_source(figure: Figure, locale: Locale) -> None:
    """Write the source of the province outlines, after the source of the data."""
    height = figure.get_size_inches()[1]
    after = theme.MARGIN + theme.text_width(locale.charts.source + "  ", theme.SMALL)
    write(figure, after, height - 0.2, locale.charts.map_source, ink=theme.SOFT_INK)


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
    """Set the limits of a panel's y-axis (°C), and draw a line at each `step` and at zero."""
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
    """Draw the colors of a scale between two temperatures, along an x-axis in °C."""
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
    """Draw a whole temperature scale, with a mark at zero. Return its axes."""
    axes = add_axes(figure, left, top, width, 0.13)
    set_color_scale(axes, scale)
    return axes


def set_color_scale(axes: Axes, scale: color_scale.TemperatureScale) -> None:
    """Draw a temperature scale on axes that `draw_color_scale` returned, instead of its own."""
    axes.clear()
    draw_color_strip(axes, scale.low_c, scale.high_c, 0, 1, scale.color)
    ticks = scale.ticks()
    axes.set_xticks(ticks, [f"{tick}°C" if tick == ticks[-1] else str(tick) for tick in ticks])
    axes.set_yticks([])
    if scale.low_c <= 0 <= scale.high_c:
        axes.axvline(0, color=theme.INK, lw=1.0, zorder=3)
    axes.tick_params(length=0, pad=2)
    axes.spines[:].set_visible(False)


def draw_color_box(axes: Axes, x: float, y: float, width: float, height: float, color: Any) -> str:
    """Draw a rectangle filled with `color`, in data units. Return the color for text on it."""
    axes.add_patch(Rectangle((x, y), width, height, facecolor=tuple(color), edgecolor="none"))
    return color_scale.ink_on(color)
