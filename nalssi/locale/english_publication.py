"""English phrases for other sites. `nalssi.locale.publication_phrases` explains each phrase."""

from __future__ import annotations

from typing import Final

from nalssi.locale.publication_phrases import PublicationPhrases

ENGLISH_PUBLICATION: Final = PublicationPhrases(
    embed_title="Weather in {name}",
    embed_no_reading="No reading on {day}",
    full_page="More",
    printed_by="as printed by {sites}",
    and_more="{sites} and {count} more",
    embed="Embed",
    embed_note="Paste this code into a web page to show the newest weather. New data update it.",
    preview="Preview",
    page_not_found="Page not found",
    page_not_found_text=(
        "The address is wrong, or the page no longer exists. Search for a station or region above,"
        " or choose a date in the calendar."
    ),
    start_page="Go to the start page",
    feed_title="Nalssi: temperature records and data problems",
    feed_subtitle="New highs and lows, frozen feeds, sites that can no longer be captured",
    record={
        "high": "Record high: {name} {value}°C",
        "low": "Record low: {name} {value}°C",
    },
    records={
        "high": "Record highs: {name} {value}°C and others ({count} stations)",
        "low": "Record lows: {name} {value}°C and others ({count} stations)",
    },
    record_of_all={
        "high": "Record high of all stations: {name} {value}°C",
        "low": "Record low of all stations: {name} {value}°C",
    },
    record_line="{name} {value}°C (previously {before}°C on {when})",
    more_records="and {count} more stations",
    record_note=(
        "Records in the data collected since {first}. They are not official records. A station"
        " counts if it has at least 30 earlier days of data."
    ),
    frozen_title="Frozen feed: {sites}, the same list under {count} dates",
    frozen_text=(
        "The same list of {stations} stations appeared under several dates from {first} to {last},"
        " on {pages} pages. Readings with a false date are excluded from statistics."
    ),
    source_title="Capture interrupted: {source}",
    source_text="The last capture was on {since} KST. The page could not be fetched since then.",
    source_never_fetched="The page could not be fetched since the first attempt on {since} KST.",
    territory="en_US",
    site_description="KMA’s current weather as printed by Korean news sites, by station and date.",
    list_description="{headline} ({moment})",
    place_description=(
        "Temperature in {name}: {days} days of data, {first} to {last}. Lowest {low}°C,"
        " highest {high}°C."
    ),
    place_without_data="Temperature in {name}. There are no usable readings yet.",
)
