"""English phrases of charts. `nalssi.locale.chart_phrases` explains each phrase."""

from __future__ import annotations

from typing import Final

from nalssi.locale.chart_phrases import ChartPhrases

ENGLISH_CHARTS: Final = ChartPhrases(
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    date="{weekday}, {day} {month_name} {year}",
    short_date="{year}-{month:02d}-{day:02d}",
    observed_at="observed at {time} KST",
    captured_at="captured at {time} KST",
    day_and_clock="{day}, {clock}",
    hour_unknown="hour of observation unknown",
    undated="date unknown",
    station_count=("{count} station", "{count} stations"),
    excluded="left out: {reasons}",
    excluded_by_flag={
        0: "{count} of closed stations",
        3: "{count} suspect",
        4: "{count} failed",
        9: "{count} missing",
    },
    source="Source: KMA (Korea Meteorological Administration)",
    same_scale="A colour means the same temperature in every chart",
    mean="mean",
    low_to_high="low to high",
    regions_title="Temperature by region",
    regions_legend="bar: low to high, upright mark: mean, points: stations",
    no_data="no reading",
    since_yesterday="than at the same hour yesterday",
    since_days="than at the same hour {days} days earlier",
    change_title="Warmer or colder {since}",
    change_dates="{this} vs. {before}",
    no_change={
        "day_unknown": "No change is shown, because the day is unknown.",
        "hour_unknown": "No change is shown, because the hour is unknown.",
        "no_like_hour": (
            "No change is shown, because the three days before have no list of the same hour."
        ),
        "no_common_station": (
            "No change is shown, because no list of the same hour in the three days before has a"
            " station in common."
        ),
    },
    change_count=("{count} station that is in both", "{count} stations that are in both"),
    change_legend="red: warmer, blue: colder (°C)",
    period="{first} to {last} · {count} days with data",
    daily_mean="daily mean",
    mean_of_lists=("mean of {count} list", "mean of {count} lists"),
    number_range="{fewest} to {most}",
    series_title="Daily mean temperature by region",
    series_title_of_lists="Temperature by region over time",
    series_bar="bar: low to high (colour: mean)",
    series_line="points and line: daily mean",
    series_open_point=(
        "open points: {mean}, on days with too few hours or stations for a daily mean"
    ),
    series_blank="blank: no data",
    heatmap_title="Temperature by station",
    heatmap_legend="hatched: no data of that station, blank: days without any data",
    heatmap_cells="cells: {mean}",
    heatmap_strip="or the daily mean where a black strip is above",
    quality_title="Quality of the data",
    quality_count="{share:.1f}% of {total:,} readings are good",
    quality_undated="{count:,} undated ones are not on the time axis",
    quality_shares="Share by flag",
    quality_frozen="Frozen feed",
    quality_checks="Readings stopped by each test",
    flag_names={
        0: "closed station",
        1: "good",
        2: "not evaluated",
        3: "suspect",
        4: "failed",
        9: "missing",
    },
    check_names={
        "missing": "missing",
        "frozen_feed": "frozen feed",
        "closed_station": "closed station",
        "stuck_station": "stuck station",
        "range": "range",
        "spatial": "neighbours",
        "step": "step",
        "consistency": "consistency",
    },
    map_title="Temperature in Korea",
    map_source="· map: NGII",
    dokdo="Dokdo",
    weather_groups={
        "sky": "clear to overcast",
        "rain": "rain",
        "snow": "snow",
        "mixed": "rain or snow",
        "thunder": "thunderstorm",
        "fog": "fog or haze",
        "dust": "yellow dust",
        "none": "weather unknown",
    },
)
