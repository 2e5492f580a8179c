"""Declares the phrases of embeds, the Atom feed and the descriptions of pages.

Other sites show these phrases. This module has no text of its own. The catalogues are
`korean_publication` and `english_publication`. Templates reach these phrases as
`locale.publication`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PublicationPhrases:
    """The phrases of embeds, the Atom feed and descriptions in one language.

    Names in braces, such as `{count}`, are filled with `str.format`. If a phrase is a pair, the
    first text is for the count one, the second for any other count.
    """

    # Tables for frames of other sites, and the code that shows them.
    embed_title: str
    """The title of an embedded table or map: `{name}`, a station or region."""
    embed_no_reading: str
    """A note that a station has no reading on the newest day: `{day}`."""
    full_page: str
    """The link from an embed to the page of the gallery with all data."""
    printed_by: str
    """The attribution of the values to the sites that print them: `{sites}`."""
    and_more: str
    """Some sites, and the number of sites that are left out: `{sites} {count}`."""
    embed: str
    """Heading of the code that other sites copy."""
    embed_note: str
    preview: str

    # The page that a server sends for an unknown address.
    page_not_found: str
    page_not_found_text: str
    start_page: str

    # The Atom feed. Temperatures, such as `{value}`, have their unit.
    feed_title: str
    feed_subtitle: str
    record: Mapping[str, str]
    """The title of a record of one station, by `high` and `low`: `{name} {value}`."""
    records: Mapping[str, str]
    """The title of records of several stations on one day, by `high` and `low`: `{name} {value}
    {count}`. `{name}` and `{value}` are those of the most extreme station, `{count}` is the number
    of stations with a record."""
    record_of_all: Mapping[str, str]
    """The title if a record is also that of all stations, by `high` and `low`: `{name} {value}`."""
    record_line: str
    """A record, and the previous record of the station with its day: `{name} {value} {before}
    {when}`."""
    more_records: str
    """The number of records that are not listed: `{count}`."""
    record_note: str
    """An explanation of the records, with the first day of the data: `{first}`."""
    frozen_title: str
    """The title of an entry on a frozen feed: its sites, and the number of dates: `{sites}
    {count}`."""
    frozen_text: str
    """The text on a frozen feed: `{stations}` and `{pages}` are numbers, `{first}` and `{last}`
    dates."""
    source_title: str
    """The title of a source that can no longer be captured: `{source}`."""
    source_text: str
    """The time of the last capture of a source that can no longer be captured: `{since}`."""
    source_never_fetched: str
    """The time of the first attempt, for a source that was never captured: `{since}`."""

    # Descriptions for search engines and link previews.
    territory: str
    """The language and country, as Open Graph writes them, such as `ko_KR`."""
    site_description: str
    list_description: str
    """The description of the page of a list: its headline and its time: `{headline} {moment}`."""
    place_description: str
    """The description of the page of a station or region: `{name} {first} {last} {days} {low}
    {high}`."""
    place_without_data: str
    """The description of the page of a station or region without usable readings: `{name}`."""
