"""English phrases of embeds, feed and descriptions, declared in `publication_phrases`."""

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
    embed_note="Paste this code into a web page to show the latest weather. It updates itself.",
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
        "high": "Record high: {name} {value}",
        "low": "Record low: {name} {value}",
    },
    records={
        "high": "Record highs: {name} {value} and others ({count} stations)",
        "low": "Record lows: {name} {value} and others ({count} stations)",
    },
    record_of_all={
        "high": "Record high of all stations: {name} {value}",
        "low": "Record low of all stations: {name} {value}",
    },
    record_line="{name} {value} (previously {before} on {when})",
    more_records="and {count} more",
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
    source_text="The page was last captured on {since} KST. No fetch has succeeded since.",
    source_never_fetched="No fetch has succeeded since the first attempt on {since} KST.",
    territory="en_US",
    site_description="KMA’s current weather as printed by Korean news sites, by station and date.",
    list_description="{headline} ({moment})",
    place_description=(
        "Temperature in {name}: {days} days of data, {first} to {last}. Lowest {low},"
        " highest {high}."
    ),
    place_without_data="Temperature in {name}. There are no usable readings yet.",
)
