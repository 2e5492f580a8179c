"""English phrases of the gallery. `nalssi.locale.gallery_phrases` explains each phrase."""

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
    search="Find a date or place",
    search_hint="Gangneung, 강릉, ㄱㄹ, Gapyeong, 25 Dec, yesterday",
    search_none="No matches",
    search_count="Matches: {count}",
    language_name="English",
    dark_mode="Dark screen",
    light_mode="Light screen",
    next_date="Next date",
    previous_date="Previous date",
    to_calendar="In the calendar",
    undated="Date unknown",
    undated_note="No date is printed, or none that can be trusted: the day is not known.",
    weather_of_day="Weather of the day",
    snapshot="Snapshot",
    snapshots_of_day="Snapshots of the day",
    all_snapshots="Snapshots of the day: {count}",
    values_of_lists="Temperature by station and time",
    values_note="Values that are struck through are excluded; empty cells have no value.",
    time="Time",
    warmest="Warmest",
    coldest="Coldest",
    station_mean="Mean of stations",
    mean="Mean",
    mean_note="plain mean of the stations listed",
    no_usable_reading="No reading can be used, so nothing is drawn.",
    empty_title="Nothing to show yet",
    empty_text="The latest weather appears here once data are loaded.",
    hour_sources={
        "feed": "hour as told by KMA’s feed",
        "official": "hour found by comparison with official observations",
    },
    date_sources={
        "feed": "date as told by KMA’s feed",
        "ticker": "date printed with the list",
        "site": "date of the site’s last edit (weak)",
        "capture": "date on which the page was captured (weak)",
    },
    all_stations_used="all {count} stations used",
    some_stations_used="{used} of {all} stations used",
    excluded="Readings left out, and why: {count}",
    excluded_caption="Readings left out of charts and means",
    region="Region",
    low_to_high="Low to high",
    station_count="Stations",
    station="Station",
    weather="Weather",
    temperature="Temp.",
    change="Change",
    as_printed="As printed",
    flag="Flag",
    checks="Tests failed",
    by_region="By region",
    by_station="By station",
    regions_caption="Mean, lowest and highest temperature by region (°C)",
    change_note="Change: warmer or colder {since} (compared with {before}).",
    false_dates="Lists excluded from this day because their date is false: {count}",
    false_date_moved="is from {when}.",
    false_date_repeated=(
        "is printed under several dates from {first} to {last} (frozen feed), so it was not"
        " observed on this day."
    ),
    false_date_unknown="was not observed on this day. The true day is unknown.",
    no_observed_list=(
        "Lists are printed under this date, but they were not observed on this day. They are"
        " excluded."
    ),
    map_alt="Map of temperatures in Korea. {count} stations. Warmest {warmest}, coldest {coldest}.",
    map_title="Map of temperatures",
    regions_alt="Chart of temperatures by region. Regional means: {regions}.",
    regions_title="Chart by region",
    change_alt="Chart of the change since {before}. Changes range from {down} to {up}.",
    heatmap_alt="Temperature as colours, {stations} stations by {count} days: {basis}.",
    heatmap_title="Temperature by station and day",
    quality_alt=(
        "Share of flags by day and readings stopped by each test. {used} of {total} readings used."
    ),
    quality_title="Flags and tests",
    csv_of="CSV: {what}",
    full_size="{what}, full size ({form})",
    as_table="The numbers as a table",
    sightings="Where it was printed",
    sighting_pages="pages: {count}",
    unknown_site="site unknown",
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
    newest_days="The table shows the newest {shown} days only. The CSV holds all {count}.",
    plot_title="Temperature over time",
    plot_alt=(
        "Temperature of {name}, {first} to {last}, {count} days with data."
        " Lowest {low}, highest {high}; last day: {mean}."
    ),
    plot_keys="Move between the points with the arrow keys; Enter opens the page of a point.",
    mean_basis="Kind of mean (observed or captured)",
    lists_at_time="{mean} ({time})",
    daily_mean_of_hours="daily mean ({hours} hours)",
    lists_in_period="{mean} ({first} to {last})",
    lists_in_brackets="A number in brackets is the number of lists of a day without a daily mean.",
    undated_readings="Readings of unknown date, in the CSV but not in chart and table: {count}.",
    never_usable="No reading can be used yet.",
    closed="Closed station",
    position="Position",
    elevation="Elevation",
    opened="Opened",
    station_id="Station number",
    history="History of the station",
    history_row="{name}, {first} to {last}, {elevation} m above sea level",
    until_now="now",
    stations_title="{count} stations",
    closed_stations="Closed stations",
    calendar_note=(
        "A day’s colour is its mean over stations. A day with a dotted underline has the mean of"
        " lists instead of a daily mean. A hatched day has no reading that can be used."
    ),
    no_usable_reading_of_day="no usable reading",
    weekdays_from_sunday=("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"),
    year="{year}",
    month="{month_name} {year}",
    flags_caption="Readings by flag",
    checks_caption="Readings stopped by each test",
    days_caption="Flags by day",
    rejects_title="Lines refused",
    rejects_note=(
        "Lines of a weather list that were not taken as readings. Up to {count} are shown for"
        " each reason."
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
        "Charts and means use good and not evaluated readings only. Suspect, failed and missing"
        " ones and those of closed stations are left out, but kept, with the reason."
    ),
    footer=(
        f"{ENGLISH_CHARTS.source}, as printed in the current-weather lists of news sites."
        " Not official statistics. A colour means the same temperature everywhere."
    ),
)
