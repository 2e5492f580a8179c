"""English phrases of day, records and comparison charts, declared in `time_chart_phrases`."""

from __future__ import annotations

from typing import Final

from nalssi.locale.time_chart_phrases import TimeChartPhrases

ENGLISH_TIME_CHARTS: Final = TimeChartPhrases(
    day_headline="Widest range of the day in {places}: {low} to {high}°C",
    day_headline_unchanged="No change at any station over {times} times",
    day_times=(
        "{count} time · {stations} stations",
        "{count} different times · {stations} stations",
    ),
    day_known="hour of observation",
    day_captured="capture time (hour unknown)",
    day_line="consecutive observations",
    day_long_line="more than {hours} hours apart",
    hour="{hour:02d}:00",
    records_headline="Highest {highest} in {warmest}, lowest {lowest} in {coldest}",
    records_counts="{stations} stations · {observations:,} observations",
    records_legend="Extremes of the collected data, not KMA’s official records",
    lowest="lowest",
    highest="highest",
    at_hour="{day} {time}",
    at_capture="{day} captured {time}",
    tied_days=("+{count} day", "+{count} days"),
    station_warmer="{name} {value}°C warmer than {other} on average",
    station_colder="{name} {value}°C colder than {other} on average",
    station_equal="{name} and {other} equally warm on average",
    period_warmer="{places} {value}°C warmer on average than {period}",
    period_colder="{places} {value}°C colder on average than {period}",
    period_equal="{places} as warm on average as {period}",
    some_places=("{count} station", "{count} stations"),
    same_days_of="the same days of {year}",
    days_from_to="{first} to {last}",
    same_lists="{pairs:,} observations in the same lists · {days} days",
    like_hours="{pairs:,} pairs of like hours (within 1 hour) · {stations} stations · {days} days",
    difference="difference",
    open_point="day with too few hours for a daily mean",
)
