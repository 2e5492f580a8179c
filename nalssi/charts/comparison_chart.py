"""The comparison chart: the temperatures of two stations, or of two periods, day by day.

The upper panel has both temperatures of every day, joined by an upright line. The lower panel has
their difference: red is warmer, blue is colder. Only like values are compared: the observations of
two stations in the same lists, or the observations of like hours of two days. The values of a day
are means of these observations. The point of a day is filled if nearly all hours of the day can be
compared (the day is representative), and open otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from nalssi.charts import color_scale, headlines, layout, theme
from nalssi.charts.change_chart import signed_change
from nalssi.charts.day_axis import DayAxis
from nalssi.charts.day_axis_drawing import (
    LABELS_HEIGHT,
    LEAST_MARK,
    draw_break,
    draw_day_axis,
    new_axis,
)
from nalssi.charts.legend import LINE, Mark, draw_legend, legend_lines
from nalssi.charts.value_axis import temperature_limits
from nalssi.common.mean_basis import MeanBasis
from nalssi.locale.korean_particles import with_particles
from nalssi.locale.locales import LOCALES, Lang, Locale, counted

# Lengths are in inches.
LEFT: Final = 0.85
NARROW_LEFT: Final = 0.55
BELOW_HEAD: Final = 0.45
UPPER: Final = 2.3
PANEL_GAP: Final = 0.4
LOWER: Final = 1.3
WIDEST_BAR: Final = 0.16
COLORS: Final = (theme.INK, "#0072b2")
MARKERS: Final = ("o", "D")
POINT: Final = 4.6  # points
SMALL_POINT: Final = 2.6
FEW_DAYS: Final = 60
SHORTEST_DIFFERENCE_AXIS_C: Final = 2


def figure(days: pl.DataFrame, subject: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the result of `hour_data.compared_days`.

    `subject` is the result of `hour_data.compared_names`, a row that names the stations or periods.
    Raises ValueError if there is no day to compare.
    """
    if days.is_empty():
        raise ValueError("there is no day to compare")
    locale = LOCALES[lang]
    names = subject.to_dicts()[0]
    form = theme.page()
    left = NARROW_LEFT if form.is_narrow else LEFT
    width = form.right - left
    axis = new_axis(days["observed_on"].to_list(), width)
    title = comparison_headline(locale, days, names)
    lines = (locale.period(axis.days), _counts(locale, days, names))
    legend = legend_lines(_legend(locale, days, names))
    head = layout.head_height(title, lines)
    top = head + BELOW_HEAD + LINE * (len(legend) - 1)
    depth = UPPER + PANEL_GAP + LOWER + LABELS_HEIGHT
    page = theme.new_figure(form.width, top + depth + layout.foot_height(locale, None))
    layout.draw_frame(page, locale, title, lines, note=None)
    upper = layout.add_axes(page, left, top, width, UPPER)
    _draw_temperatures(upper, days, axis)
    layout.write(page, form.margin, top + UPPER + PANEL_GAP - 0.12,
                 f"{locale.times.difference} (°C)", weight=theme.BOLD)  # fmt: skip
    lower = layout.add_axes(page, left, top + UPPER + PANEL_GAP, width, LOWER)
    _draw_differences(lower, days, axis)
    for each in axis.breaks:
        draw_break(upper, each, locale)
    draw_day_axis(lower, axis, locale, LOWER)
    draw_legend(page, legend, head + 0.2)
    return page


def mean_difference(days: pl.DataFrame) -> float:
    """Return the mean of `difference_c` of all days in °C. Each day counts once."""
    return round(math.fsum(days["difference_c"]) / days.height, 2)


def comparison_headline(locale: Locale, days: pl.DataFrame, names: dict[str, Any]) -> str:
    """Return a sentence: how many degrees warmer the first station or period is than the second.

    `names` is the row of `hour_data.compared_names`.
    """
    value = round(mean_difference(days), 1)
    kind = "station" if names["other_ko"] is not None else "period"
    result = "equal" if value == 0 else "warmer" if value > 0 else "colder"
    text = getattr(locale.times, f"{kind}_{result}").format(
        name=_name(locale, names, ""),
        other=_name(locale, names, "other_"),
        places=_places(locale, days, names),
        period=_other_period(locale, names),
        value=headlines.number(abs(value)),
    )
    return with_particles(text)


def _name(locale: Locale, names: dict[str, Any], prefix: str) -> str:
    key = f"other_{locale.names}" if prefix else locale.name_column
    return str(names[key])


def _places(locale: Locale, days: pl.DataFrame, names: dict[str, Any]) -> str:
    if names["name_ko"] is not None:
        return locale.name(names)
    return counted(locale.times.some_places, int(days["stations"].max()))  # type: ignore[arg-type]


def _other_period(locale: Locale, names: dict[str, Any]) -> str:
    if names["with_year"] is not None:
        return locale.times.same_days_of.format(year=names["with_year"])
    if names["with_since"] is None:
        return ""
    return locale.times.days_from_to.format(
        first=locale.short_day(names["with_since"]), last=locale.short_day(names["with_until"])
    )


def _counts(locale: Locale, days: pl.DataFrame, names: dict[str, Any]) -> str:
    fewest, most = days["stations"].min(), days["stations"].max()
    stations = (
        str(most) if fewest == most else locale.charts.number_range.format(fewest=fewest, most=most)
    )
    phrase = locale.times.same_lists if names["other_ko"] is not None else locale.times.like_hours
    return phrase.format(pairs=days["pairs"].sum(), days=days.height, stations=stations)


def _legend(locale: Locale, days: pl.DataFrame, names: dict[str, Any]) -> list[tuple[Mark, str]]:
    if names["other_ko"] is not None:
        texts = (_name(locale, names, ""), _name(locale, names, "other_"))
    else:
        own = locale.times.days_from_to.format(
            first=locale.short_day(names["since"]), last=locale.short_day(names["until"])
        )
        texts = (own, _other_period(locale, names))

    def mark(index: int) -> Mark:
        def draw(axes: Axes, left: float, right: float) -> None:
            axes.scatter([(left + right) / 2], [0], s=POINT**2, marker=MARKERS[index],
                         c=COLORS[index], edgecolors=COLORS[index], linewidths=0.8)  # fmt: skip

        return draw

    def open_point(axes: Axes, left: float, right: float) -> None:
        axes.scatter([(left + right) / 2], [0], s=POINT**2, c=theme.PAPER,
                     edgecolors=theme.INK, linewidths=0.8)  # fmt: skip

    items = [(mark(index), text[:1].upper() + text[1:]) for index, text in enumerate(texts)]
    basis = MeanBasis.of(days.select("representative", "pairs").iter_rows())
    if basis.lists:
        items.append((open_point, locale.charts.series_open_point.format(
            mean=locale.mean_of_lists(basis.lists)) if days["stations"].max() == 1
            else locale.times.open_point))  # fmt: skip
    return items


def _draw_temperatures(axes: Axes, days: pl.DataFrame, axis: DayAxis) -> None:
    columns = ("mean_c", "other_c")
    low, high = temperature_limits([value for name in columns for value in days[name]])
    _prepare(axes, axis, (low, high), 5 if high - low <= 25 else 10)
    middles = np.array([axis.middle(day) for day in days["observed_on"]])
    means, others = (days[name].to_numpy() for name in columns)
    axes.vlines(middles, np.minimum(means, others), np.maximum(means, others),
                color="#b5b5b5", lw=1.0, zorder=2)  # fmt: skip
    size = POINT if days.height <= FEW_DAYS else SMALL_POINT
    filled = days["representative"].to_numpy()
    for values, color, marker, name in zip((means, others), COLORS, MARKERS, columns, strict=True):
        faces = np.array([to_rgba(color if each else theme.PAPER) for each in filled])
        axes.scatter(middles, values, s=size**2, marker=marker, c=faces, edgecolors=color,
                     linewidths=0.8, zorder=4, clip_on=False, gid=name)  # fmt: skip


def _draw_differences(axes: Axes, days: pl.DataFrame, axis: DayAxis) -> None:
    differences = days["difference_c"].to_numpy()
    largest = max(SHORTEST_DIFFERENCE_AXIS_C, *np.abs(differences))
    step = next(step for step in (1, 2, 5, 10, 20) if largest / step <= 3)
    limit = math.ceil(largest / step) * step
    _prepare(axes, axis, (-limit, limit), step, _signed)
    ends = np.array(axis.columns(days["observed_on"].to_list(), LEAST_MARK))
    widths = np.minimum(ends[:, 1] - ends[:, 0], WIDEST_BAR)
    middles = np.array([axis.middle(day) for day in days["observed_on"]])
    axes.bar(np.maximum(ends[:, 0], middles - widths / 2), differences, widths, align="edge",
             color=color_scale.change_color(differences), edgecolor=theme.SOFT_INK,
             lw=0.4 if days.height <= FEW_DAYS else 0, zorder=3)  # fmt: skip


def _prepare(
    axes: Axes,
    axis: DayAxis,
    limits: tuple[int, int],
    step: int,
    to_text: Callable[[int], str] = str,
) -> None:
    """Set the limits of a panel, and draw a horizontal line every `step` degrees.

    `limits` are the ends of its temperature axis in °C. `to_text` returns the label of a line.
    """
    axes.set_xlim(0, axis.width)
    axes.set_xticks([])
    layout.draw_value_axis(axes, limits, step, to_text, zero_zorder=2.2)


def _signed(tick: int) -> str:
    return signed_change(tick).removesuffix(".0")
