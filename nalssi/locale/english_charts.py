"""English phrases of charts, declared in `nalssi.locale.chart_phrases`."""

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
    month_and_day="{day} {month_name:.3}",
    short_month="{month_name:.3}",
    short_year="{year}",
    duration_years="{count} yr",
    duration_months="{count} mo",
    duration_days=("{count} day", "{count} days"),
    observed_at="observed at {time} KST",
    captured_at="captured at {time} KST",
    day_and_clock="{day}, {clock}",
    hour_unknown="hour of observation unknown",
    undated="date unknown",
    station_count=("{count} station", "{count} stations"),
    excluded="excluded: {reasons}",
    excluded_by_flag={
        0: "{count} from closed stations",
        3: "{count} suspect",
        4: "{count} failed",
        9: "{count} missing",
    },
    source="Source: KMA (Korea Meteorological Administration)",
    map_shown="The map shows {count} of them",
    fixed_scale="Colours: fixed scale of all charts, {low} to {high}°C",
    day_scale="Colours: scale of this chart only, {low} to {high}°C",
    mean="mean",
    low_to_high="low to high",
    regions_legend="bar: low to high, upright mark: mean, points: stations",
    no_data="no reading",
    since_yesterday="than at the same hour yesterday",
    since_days="than at the same hour {days} days earlier",
    change_title="Change since {time}",
    change_dates="{this} vs. {before}",
    no_change={
        "day_unknown": "No change is shown: the day is unknown.",
        "hour_unknown": "No change is shown: the hour is unknown.",
        "no_like_hour": (
            "No change is shown: the previous three days have no list of the same hour."
        ),
        "no_common_station": (
            "No change is shown: the lists of the same hour in the previous three days share no"
            " station."
        ),
    },
    change_count=("{count} station in both lists", "{count} stations in both lists"),
    change_counts="{warmer} warmer, {colder} colder, {same} unchanged",
    change_legend="red: warmer, blue: colder (°C)",
    period="{first} to {last} · {count} days with data",
    daily_mean="daily mean",
    mean_of_lists=("mean of {count} list", "mean of {count} lists"),
    number_range="{fewest} to {most}",
    series_title="Daily mean temperature by region",
    series_title_of_lists="Temperature by region over time",
    series_bar="low to high (colour: mean)",
    series_line="daily mean",
    series_open_point="{mean} (too few hours or stations for a daily mean)",
    axis_break="gap without data, shortened",
    heatmap_title="Temperature by station",
    heatmap_legend="hatched: no data from the station, blank: no data on the day",
    heatmap_cells="cells: {mean}",
    heatmap_strip="or daily mean where marked by a black strip",
    quality_title="Data quality",
    quality_count="{share:.1f}% of {total:,} readings are good",
    quality_undated="{count:,} undated readings not shown",
    quality_shares="Share by flag",
    quality_frozen="Frozen feed",
    quality_checks="Readings that failed each check",
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
    single_list=(
        "Drawn from a single list, which cannot show whether the site's feed was frozen and the"
        " date is false."
    ),
    map_source="· map: NGII",
    dokdo="Dokdo",
    weather_groups={
        "mixed": "rain or snow",
        "thunder": "thunderstorm",
        "fog": "fog, mist or haze",
        "other": "other weather",
        "none": "no weather given",
    },
    and_others="{names} and {count} more",
)
