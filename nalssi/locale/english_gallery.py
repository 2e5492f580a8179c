"""English phrases of the gallery, declared in `nalssi.locale.gallery_phrases`."""

from __future__ import annotations

from typing import Final

from nalssi.locale.english_charts import ENGLISH_CHARTS
from nalssi.locale.gallery_phrases import GalleryPhrases

ENGLISH_GALLERY: Final = GalleryPhrases(
    gallery_name="Nalssi",
    tagline="Korea’s weather as the news sites printed it",
    skip_to_content="Skip to content",
    newest="Latest",
    calendar="Calendar",
    period="Over time",
    station_list="Places",
    quality="Quality",
    menu="Main menu",
    search="Find date or place",
    search_hint="Gangneung, 강릉, ㄱㄹ, Gapyeong, 25 Dec, yesterday",
    search_none="No matches",
    search_count="Matches: {count}",
    language_name="English",
    dark_mode="Dark mode",
    light_mode="Light mode",
    next_date="Next date",
    previous_date="Previous date",
    to_calendar="Show in calendar",
    undated="Date unknown",
    undated_note="No date is printed, or the date cannot be trusted, so the day is unknown.",
    weather_of_day="Weather of the day",
    snapshot="List",
    snapshots_of_day="Lists of the day",
    numbered_list="list {number}",
    all_snapshots="Lists of the day: {count}",
    values_of_lists="Temperature by station and time",
    values_note="Struck-through values are excluded. Empty cells have no temperature.",
    time="Time",
    warmest="Warmest",
    coldest="Coldest",
    station_mean="Mean of stations",
    mean="Mean",
    mean_note="unweighted mean of the stations in the list",
    no_usable_reading="There is no usable reading, so nothing is drawn.",
    empty_title="Nothing to show yet",
    empty_text="The latest weather appears here once data are loaded.",
    hour_sources={
        "feed": "hour given by KMA’s feed",
        "official": "hour found by comparison with official observations",
    },
    date_sources={
        "feed": "date given by KMA’s feed",
        "ticker": "date printed with the list",
        "site": "date of the site’s last edit (weak evidence)",
        "capture": "date on which the page was captured (weak evidence)",
    },
    all_stations_used="all {count} stations used",
    some_stations_used="{used} of {all} stations used",
    excluded="Excluded readings and reasons: {count}",
    excluded_caption="Readings excluded from charts and means",
    region="Region",
    low_to_high="Low to high",
    low_and_high="{low} to {high}",
    station_count="Stations",
    station="Station",
    weather="Weather",
    temperature="Temp.",
    change="Change",
    as_printed="As printed",
    flag="Flag",
    checks="Failed checks",
    by_region="By region",
    by_station="By station",
    regions_caption="Mean, lowest and highest temperature by region (°C)",
    change_note="Change since {before}",
    false_dates="Lists excluded from this day because their date is false: {count}",
    false_date_moved="is from {when}.",
    false_date_repeated=(
        "is printed under several dates from {first} to {last} (frozen feed), so it was not"
        " observed on this day."
    ),
    false_date_unknown="was not observed on this day. The true day is unknown.",
    no_observed_list=(
        "Lists were printed under this date, but they were not observed on this day, so they are"
        " excluded."
    ),
    map_alt="Map of temperatures in Korea. {count} stations. Warmest {warmest}, coldest {coldest}.",
    map_title="Map of temperatures",
    regions_alt="Chart of temperatures by region. Regional means: {regions}.",
    regions_title="Chart by region",
    change_alt="Chart of the change since {before}. Changes range from {down} to {up}.",
    heatmap_alt="Temperature as colours, {stations} stations by {count} days: {basis}.",
    heatmap_title="Temperature by station and day",
    heatmap_periods={
        "week": "Cells: weeks, as the mean of their days ({mean}).",
        "month": "Cells: months, as the mean of their days with data ({mean}).",
    },
    no_station_data="no data from the station",
    quality_alt=(
        "Share of flags by day and readings that failed each check."
        " {used} of {total} readings used."
    ),
    quality_title="Flags and checks",
    csv_of="CSV: {what}",
    csv_archive_of="CSV (ZIP): {what}",
    full_size="{what}, full size ({form})",
    as_table="Show as table",
    sightings="Pages that print this weather",
    sighting_pages="{count}",
    unknown_site="site unknown",
    page_count="Pages",
    captured="captured {when}",
    day="Date",
    low="Low",
    high="High",
    reading_count="Readings",
    share="Share",
    printed_line="Line as printed",
    page="Page",
    site="Site",
    days_with_data="Days with data: {count}",
    newest_days="The table has the newest {shown} days only. All {count} are in CSV files.",
    plot_title="Temperature over time",
    newest_days_of_all="The newest {shown} of {count} days with data.",
    earlier_years="Earlier years",
    means_of_year="Mean temperature by date",
    plot_alt=(
        "Temperature of {name}, {first} to {last}, {count} days with data."
        " Lowest {low}, highest {high}; last day: {mean}."
    ),
    plot_keys="Move between the points with the arrow keys; Enter opens the page of a point.",
    mean_basis="Basis of the mean (time observed or captured)",
    lists_at_time="{mean} ({time})",
    daily_mean_of_hours="daily mean ({hours} hours)",
    lists_in_period="{mean} ({first} to {last})",
    lists_in_brackets="Numbers in brackets: lists averaged on a day without a daily mean.",
    undated_readings="Readings without a known date, not in the plot or the table: {count}.",
    never_usable="There are no usable readings yet.",
    closed="Closed station",
    position="Position",
    elevation="Elevation",
    opened="Opened",
    station_id="Station number",
    history="Station history",
    history_row="{name}, {first} to {last}, {elevation} m above sea level",
    until_now="now",
    stations_title="{count} stations",
    closed_stations="Closed stations",
    calendar_note=(
        "The colour of a day is the mean of its stations. A dotted underline marks a mean of lists"
        " instead of a daily mean. Hatching marks a day without usable readings."
    ),
    no_usable_reading_of_day="no usable reading",
    weekdays_from_sunday=("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"),
    year="{year}",
    month="{month_name} {year}",
    flags_caption="Readings by flag",
    checks_caption="Readings that failed each check",
    days_caption="Flags by day",
    rejects_title="Rejected lines",
    rejects_note=(
        "Lines of a weather list that cannot be read as readings. Up to {count} are shown for each"
        " reason."
    ),
    reasons={
        "unknown_station": "unknown station",
        "unnamed_station": "station without a name",
        "duplicate_station": "station named twice",
        "unknown_condition": "unknown weather",
        "unreadable_temperature": "unreadable temperature",
        "cut_line": "line cut off",
        "impossible_date": "impossible date",
        "weekday_mismatch": "weekday contradicts date",
    },
    sites_title="Sites",
    quality_note=(
        "Charts and means use only readings that are good or not evaluated. Suspect, failed and"
        " missing readings and those of closed stations are excluded, but kept with the reason."
    ),
    footer=(
        f"{ENGLISH_CHARTS.source}, as printed in the current-weather lists of news sites."
        " Not official statistics. The same colour always means the same temperature."
    ),
)
