"""The records chart: the lowest and the highest temperature of each station, with day and hour.

They are the extremes of the collected distinct observations, not KMA's official records. A line
reaches from the lowest to the highest value of a station; its ends have the colors of the values.
If a value was observed on several days, the chart names the first day and counts the other days.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nalssi.charts import color_scale, headlines, layout, theme
from nalssi.charts.value_axis import temperature_limits
from nalssi.common.korea_time import KST
from nalssi.locale.korean_particles import with_particles
from nalssi.locale.locales import LOCALES, Lang, Locale, chart_degrees, counted

# Lengths are in inches.
ROW: Final = 0.19
HEADING: Final = 0.3
BELOW_HEAD: Final = 0.45
VALUE_LINE: Final = 0.16
NARROW_ROW: Final = 0.36  # on a narrow page, values stand below the name and the line
NAME_WIDTH: Final = 1.15
GAP: Final = 0.12
POINT: Final = 6.0  # points


def figure(records: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the result of `hour_data.station_records`. Raises ValueError if it is empty.

    `regions` is the reference table.
    """
    if records.is_empty():
        raise ValueError("no station has a reading with a day")
    locale = LOCALES[lang]
    shown = regions.filter(pl.col("region_id").is_in(records["region_id"].unique().implode()))
    form = theme.page()
    heights = {row["station_id"]: _row_height(locale, row) for row in records.to_dicts()}
    depth = shown.height * HEADING + sum(heights.values())
    title, lines = records_headline(locale, records), _lines(locale, records)
    top = layout.head_height(title, lines) + (0.1 if form.is_narrow else BELOW_HEAD)
    page = theme.new_figure(form.width, top + depth + layout.foot_height(locale))
    layout.draw_frame(page, locale, title, lines)
    low_width, high_width = (
        0.0 if form.is_narrow else _text_width(locale, records, end) for end in ("low", "high")
    )
    left = form.margin + NAME_WIDTH + low_width + GAP
    right = form.right - high_width - GAP
    # The ends of the texts of both values.
    ends = (form.margin, form.right) if form.is_narrow else (left - GAP, right + GAP)
    aligns = ("left", "right") if form.is_narrow else ("right", "left")
    axes = layout.add_axes(page, left, top, right - left, depth)
    limits = temperature_limits([*records["low_c"], *records["high_c"]])
    axes.set(xlim=limits, ylim=(depth, 0))
    axes.axis("off")
    if limits[0] < 0 < limits[1]:
        axes.axvline(0, color=theme.RULE, lw=0.8, zorder=1)
    for end, x, align in zip(("lowest", "highest"), ends, aligns, strict=True):
        layout.write(page, x, top - 0.05, getattr(locale.times, end), align=align,
                     ink=theme.SOFT_INK)  # fmt: skip
    y = 0.0
    for region_id, name in shown.select("region_id", locale.name_column).iter_rows():
        layout.write(page, form.margin, top + y + HEADING - 0.08, name, weight=theme.BOLD)
        y += HEADING
        for row in records.filter(region_id=region_id).to_dicts():
            middle = y + ROW / 2
            _draw_station(axes, row, middle)
            text_y = top + middle + 0.045
            layout.write(page, form.margin, text_y, locale.name(row))
            height = heights[row["station_id"]]
            text_y += VALUE_LINE if form.is_narrow else 0
            for end, x, align in zip(("low", "high"), ends, aligns, strict=True):
                layout.write(page, x, text_y, end_text(locale, row, end), align=align)
                text_y += VALUE_LINE if height > NARROW_ROW else 0
            y += height
    return page


def _row_height(locale: Locale, row: dict[str, Any]) -> float:
    """Return the height of a station's row in inches.

    On a narrow page (`theme.page`), the two values have a line each if one line is too short.
    """
    page = theme.page()
    if not page.is_narrow:
        return ROW
    width = sum(
        theme.text_width(end_text(locale, row, end), theme.SMALL) for end in ("low", "high")
    )
    return NARROW_ROW + (VALUE_LINE if width + GAP > page.room else 0)


def _text_width(locale: Locale, records: pl.DataFrame, end: str) -> float:
    """Return the width in inches of the widest `end_text` of all stations.

    `records` is the result of `hour_data.station_records`. `end` is `low` or `high`.
    """
    texts = (end_text(locale, row, end) for row in records.to_dicts())
    return max(theme.text_width(text, theme.SMALL) for text in texts)


def records_headline(locale: Locale, records: pl.DataFrame) -> str:
    """Return a sentence that names the stations with the highest and the lowest temperature.

    `records` is the result of `hour_data.station_records`.
    """
    rows = records.to_dicts()
    high = max(row["high_c"] for row in rows)
    low = min(row["low_c"] for row in rows)
    warmest = [locale.name(row) for row in rows if row["high_c"] == high]
    coldest = [locale.name(row) for row in rows if row["low_c"] == low]
    text = locale.times.records_headline.format(
        warmest=headlines.names_together(locale, warmest),
        coldest=headlines.names_together(locale, coldest),
        highest=locale.degrees_in_words(high),
        lowest=locale.degrees_in_words(low),
    )
    return with_particles(text)


def end_text(locale: Locale, row: dict[str, Any], end: str) -> str:
    """Return a text with the lowest or highest temperature of a station, its day and its clock.

    `end` is `low` or `high`, `row` is a row of `hour_data.station_records`. If more days have that
    value, the text also has their number.
    """
    day, clock_at = row[f"{end}_on"], row[f"{end}_at"]
    when = locale.short_day(day)
    if clock_at is not None:
        is_captured = row[f"{end}_source"] == "capture"
        phrase = locale.times.at_capture if is_captured else locale.times.at_hour
        when = phrase.format(day=when, time=f"{clock_at.astimezone(KST):%H:%M}")
    parts = [f"{chart_degrees(row[f'{end}_c'])}°C", when]
    if others := row[f"{end}_days"] - 1:
        parts.append(counted(locale.times.tied_days, others))
    return " ".join(parts)


def _lines(locale: Locale, records: pl.DataFrame) -> tuple[str, str, str]:
    first, last = records["first_on"].min(), records["last_on"].max()
    period = locale.times.days_from_to.format(
        first=locale.short_day(first),  # type: ignore[arg-type]
        last=locale.short_day(last),  # type: ignore[arg-type]
    )
    counts = locale.times.records_counts.format(
        stations=records.height, observations=records["observations"].sum()
    )
    return period, counts, locale.times.records_legend


def _draw_station(axes: Axes, row: dict[str, Any], y: float) -> None:
    ends = [row["low_c"], row["high_c"]]
    axes.plot(ends, (y, y), color=theme.RULE, lw=1.5, zorder=2, solid_capstyle="round")
    axes.scatter(ends, (y, y), s=POINT**2, c=color_scale.temperature_color(ends),
                 edgecolors=theme.INK, linewidths=0.6, zorder=3, clip_on=False,
                 gid=f"record-{row['station_id']}")  # fmt: skip
