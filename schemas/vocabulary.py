"""The codes that columns of the tables may contain: reasons, sources, flags, stations, conditions …

Station ids, regions and conditions are read from `schemas/reference/` (see its README for their
sources). This module uses only the standard library, so that a command that needs only these codes
does not import polars.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).with_name("reference")

STATION_SOURCES = ("feed", "name", "order")
DATE_SOURCES = ("feed", "ticker", "site", "capture")
HOUR_SOURCES = ("feed", "official")
CLOCK_SOURCES = (*HOUR_SOURCES, "capture")
OBSERVATION_SOURCES = ("portal", "apihub", "feed")
"""Where an official value comes from, the most reliable source first: a file of KMA's data portal,
KMA's API hub, a capture of KMA's feed."""
REJECT_REASONS = {
    "unknown_station": "the name is not that of a station",
    "unnamed_station": "there is no name, and the order of the feed gives none",
    "duplicate_station": "the list has the station twice, with different values",
    "unknown_condition": "the word for the weather is unknown",
    "unreadable_temperature": "no number, or one outside the limits of a temperature",
    "cut_line": "the line breaks off, so its number may be incomplete",
    "impossible_date": "the date of a list is not in the calendar, or is later than the capture",
    "weekday_mismatch": "the weekday beside the date of a list is not that of the date",
}
"""The reasons of rejects, each with its meaning. The last two apply to date lines, the others to
ticker lines."""
DATE_REASONS = ("impossible_date", "weekday_mismatch")

# The flags of QARTOD. A reading without a row in `quality` has flag 1, good.
FLAG_GOOD, FLAG_NOT_EVALUATED, FLAG_SUSPECT, FLAG_FAIL, FLAG_MISSING = 1, 2, 3, 4, 9
FLAGS_NOT_GOOD = (FLAG_NOT_EVALUATED, FLAG_SUSPECT, FLAG_FAIL, FLAG_MISSING)
USABLE_FLAGS = (FLAG_GOOD, FLAG_NOT_EVALUATED)
"""The flags of usable readings. Readings with other flags are excluded."""
QUALITY_TESTS = (
    "missing",
    "frozen_feed",
    "closed_station",
    "stuck_station",
    "range",
    "spatial",
    "step",
    "consistency",
)
SEARCHES = ("date", "all")
VERDICTS = (
    "matched",
    "ambiguous",
    "poor_fit",
    "late_feed",
    "frozen_feed",
    "too_few_stations",
    "no_observations",
)


def reference_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of `schemas/reference/NAME.csv`, all values as text."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def station_ids() -> tuple[int, ...]:
    """Return the ids of all ASOS stations, open and closed, sorted."""
    return tuple(sorted({int(row["station_id"]) for row in reference_rows("stations_history")}))


@cache
def condition_codes() -> tuple[str, ...]:
    """Return the codes of all condition words, sorted."""
    return tuple(sorted({row["code"] for row in reference_rows("conditions") if row["code"]}))


@cache
def condition_groups() -> tuple[str, ...]:
    """Return the groups (kinds of weather) of all condition words, sorted."""
    return tuple(sorted({row["group"] for row in reference_rows("conditions")}))


@cache
def region_ids() -> tuple[int, ...]:
    """Return the numbers of KMA's forecast regions, from north to south."""
    return tuple(int(row["region_id"]) for row in reference_rows("regions"))
