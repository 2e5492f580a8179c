"""Declares the phrases of what the gallery offers to other sites: embeds, feed, descriptions.

This module has no text of its own. The catalogues are `korean_publication` and
`english_publication`. Templates reach these phrases as `locale.publication`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PublicationPhrases:
    """The phrases for other sites in one language.

    Names in braces, such as `{count}`, are filled with `str.format`. If a phrase is a pair, the
    first text is for the count one, the second for any other count.
    """

    # Tables for frames of other sites, and the code that shows them.
    embed_title: str
    """The title of a table or map: `{name}`, a station or region."""
    embed_no_reading: str
    """What a station without a reading says: `{day}`, the newest day."""
    full_page: str
    """Link to the page with all data."""
    printed_by: str
    """The sites that print the values: `{sites}`."""
    and_more: str
    """Some sites, and the number of the others: `{sites} {count}`."""
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
    """The title of records of several stations: `{name} {value} {count}`. The name is that of the
    most extreme station, the count is that of all."""
    record_of_all: Mapping[str, str]
    """The title if a record is one of all stations: `{name} {value}`."""
    record_line: str
    """A record and the one before: `{name} {value} {before} {when}`."""
    more_records: str
    """The number of records that are not listed: `{count}`."""
    record_note: str
    """Which data the records are of: `{first}`, the first day."""
    frozen_title: str
    """The title of a frozen feed: `{sites} {count}`, the number of dates."""
    frozen_text: str
    """A frozen feed: `{stations} {first} {last} {pages}`."""
    source_title: str
    """The title of a source that can no longer be captured: `{source}`."""
    source_text: str
    """The last capture of such a source: `{since}`."""
    source_never_fetched: str
    """The first attempt to capture a source that was never captured: `{since}`."""

    # Descriptions for search engines and link previews.
    territory: str
    """The language and country, as Open Graph writes them."""
    site_description: str
    list_description: str
    """A list: `{moment} {headline}`, its time and its headline."""
    place_description: str
    """A station or region: `{name} {first} {last} {days} {low} {high}`."""
    place_without_data: str
    """A station or region without usable readings: `{name}`."""
