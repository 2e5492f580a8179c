"""English phrases of finding things. `nalssi.locale.finding_phrases` explains each phrase."""

from __future__ import annotations

from typing import Final

from nalssi.locale.finding_phrases import FindingPhrases

ENGLISH_FINDING: Final = FindingPhrases(
    impossible_date="There is no such date.",
    missing_date="No data for {date}. Nearest dates:",
    near_day="nearest date",
    nearest_station="nearest station: {station}, {km} km",
    station_of_town="{station} station",
    go_to_date="Go to date",
    go="Go",
    newest_observed="Observed {ago}",
    newest_captured="Captured {ago}",
    newest_of_day="Data from {ago}",
    newest_is_old=(
        "No new data have arrived for more than two days. This is the last list received, not the"
        " current weather: capturing may have stopped, or the sites may have stopped updating"
        " their lists."
    ),
)
