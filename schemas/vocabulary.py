"""The closed sets of values that the contracts allow.

Stations, regions and conditions come from `schemas/reference/` (see its README for their
sources), read here with nothing but the standard library, so that a command which only
looks a word up pays for no dataframe.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).with_name("reference")

STATION_SOURCES = ("feed", "name", "order")
DATE_SOURCES = ("feed", "ticker", "site", "capture")
HOUR_SOURCES = ("feed", "reconciled")
REJECT_REASONS = (
    "unknown_station",
    "unnamed_station",
    "duplicate_station",
    "unknown_condition",
    "unreadable_temperature",
    "cut_line",
    "impossible_date",
    "weekday_mismatch",
)
DATE_REASONS = ("impossible_date", "weekday_mismatch")
CONDITION_GROUPS = ("sky", "rain", "snow", "mixed", "thunder", "fog", "dust", "none")

# QARTOD's flags; no row in `quality` means 1, good.
FLAG_GOOD, FLAG_NOT_EVALUATED, FLAG_SUSPECT, FLAG_FAIL, FLAG_MISSING = 1, 2, 3, 4, 9
FLAGS_NOT_GOOD = (FLAG_NOT_EVALUATED, FLAG_SUSPECT, FLAG_FAIL, FLAG_MISSING)
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
    """The rows of `schemas/reference/<name>.csv` as text."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def station_ids() -> tuple[int, ...]:
    """Every station id that KMA has ever used for an ASOS station, closed ones included."""
    return tuple(sorted({int(row["station_id"]) for row in reference_rows("stations_history")}))


@cache
def condition_codes() -> tuple[str, ...]:
    """Every code that a condition word can stand for."""
    return tuple(sorted({row["code"] for row in reference_rows("conditions") if row["code"]}))


@cache
def region_ids() -> tuple[int, ...]:
    """KMA's ten forecast regions, numbered from north to south."""
    return tuple(int(row["region_id"]) for row in reference_rows("regions"))
