"""Texts that several charts write: the time of a list, numbers of stations, the scale of colors."""

from __future__ import annotations

from collections.abc import Mapping

from nalssi.charts.color_scale import TemperatureScale
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.locale.locales import Locale, counted


def excluded_text(locale: Locale, excluded: Mapping[int, int]) -> str:
    """Return a phrase with the number of excluded readings for each flag, or an empty text.

    `excluded` has these numbers by flag.
    """
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


def scale_text(locale: Locale, scale: TemperatureScale) -> str:
    """Return a text that names the color scale, fixed or of the day, and its ends in °C."""
    phrase = locale.charts.fixed_scale if scale.is_fixed else locale.charts.day_scale
    return phrase.format(low=scale.low_c, high=scale.high_c)
