"""What stands around every chart: title, date, counts, source, and the key of the scale."""

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
from nalssi.charts.snapshot_data import Sheet
from nalssi.locale.locales import Locale, counted

HEADER: float = 1.0  # inches, from the top edge to where the chart may begin
FOOTER: float = 0.45  # inches, from the bottom edge


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
    """Put a text at inches from the page's left and top edges."""
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


def left_out(locale: Locale, counts: Mapping[int, int]) -> str:
    """The readings left out by flag, or nothing if there are none."""
    reasons = [
        locale.charts.excluded_by_flag[flag].format(count=count)
        for flag, count in sorted(counts.items())
    ]
    return locale.charts.excluded.format(reasons=", ".join(reasons)) if reasons else ""


def as_of(locale: Locale, sheet: Sheet) -> str:
    """Date and hour of a snapshot, as far as they are known."""
    return f"{locale.day(sheet.observed_on)} · {locale.hour(sheet.observed_at)}"


def counts(locale: Locale, sheet: Sheet) -> str:
    """Stations drawn, and readings left out."""
    parts = [counted(locale.charts.station_count, sheet.readings.height)]
    if sheet.left_out:
        parts.append(left_out(locale, sheet.left_out))
    return " · ".join(parts)


def frame(
    figure: Figure, locale: Locale, title: str, lines: Sequence[str], note: str | None = ""
) -> None:
    """Title, up to two lines beneath it, and at the foot the source and a note: what colours
    mean, unless another is given, or None."""
    width, height = figure.get_size_inches()
    write(figure, theme.MARGIN, 0.5, title, size=theme.TITLE, weight=theme.BOLD)
    for number, line in enumerate(lines):
        ink = theme.INK if number == 0 else theme.SOFT_INK
        write(figure, theme.MARGIN, 0.74 + 0.19 * number, line, size=theme.BODY, ink=ink)
    foot = height - 0.2
    write(figure, theme.MARGIN, foot, locale.charts.source, ink=theme.SOFT_INK)
    if note is not None:
        right = width - theme.MARGIN
        write(
            figure, right, foot, note or locale.charts.same_scale, ink=theme.SOFT_INK, align="right"
        )


def rule(figure: Figure, left: float, right: float, y: float) -> None:
    """A thin line across the page, at inches from its left and top edges."""
    width, height = figure.get_size_inches()
    level = 1 - y / height
    line = Line2D((left / width, right / width), (level, level), color=theme.RULE, lw=0.8)
    figure.add_artist(line)


def map_source(figure: Figure, locale: Locale) -> None:
    """Where the outlines come from, beside the source of the data."""
    height = figure.get_size_inches()[1]
    after = theme.MARGIN + theme.text_width(locale.charts.source + "  ", theme.SMALL)
    write(figure, after, height - 0.2, locale.charts.map_source, ink=theme.SOFT_INK)


def inch_axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at inches from the page's left and top edges."""
    page_width, page_height = figure.get_size_inches()
    bottom = page_height - top - height
    return figure.add_axes(
        (left / page_width, bottom / page_height, width / page_width, height / page_height)
    )


def ribbon(
    axes: Axes,
    low: float,
    high: float,
    bottom: float,
    top: float,
    colour: Callable[[Any], Any] = color_scale.colour,
) -> None:
    """A strip in the colours of a scale along an axis of °C, between `low` and `high`."""
    tenths = np.arange(round(low * 10), round(high * 10))
    axes.imshow(
        colour(tenths / 10)[np.newaxis, :, :],
        extent=(low, high, bottom, top),
        aspect="auto",
        interpolation="nearest",
        zorder=1,
    )


def scale_key(figure: Figure, left: float, top: float, width: float) -> None:
    """The whole temperature scale with zero marked, at inches from the page's corner."""
    axes = inch_axes(figure, left, top, width, 0.13)
    ribbon(axes, color_scale.COLDEST_C, color_scale.WARMEST_C, 0, 1)
    ticks = range(color_scale.COLDEST_C, color_scale.WARMEST_C + 1, 10)
    axes.set_xticks(ticks, [f"{tick}°C" if tick == ticks[-1] else str(tick) for tick in ticks])
    axes.set_yticks([])
    axes.axvline(0, color=theme.INK, lw=1.0, zorder=3)
    axes.tick_params(length=0, pad=2)
    axes.spines[:].set_visible(False)


def chip(axes: Axes, x: float, y: float, width: float, height: float, shade: Any) -> str:
    """A rectangle of that colour, in axes units; returns the ink to write on it."""
    axes.add_patch(Rectangle((x, y), width, height, facecolor=tuple(shade), edgecolor="none"))
    return color_scale.ink_on(shade)
