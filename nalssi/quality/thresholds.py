"""Every number that a quality check compares with, and where it comes from.

`docs/quality.md` shows this table; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Threshold:
    """A number, its unit, and why it is that number."""

    value: float
    unit: str
    source: str


MEASURED = "studies/quality_study.py: ASOS hours and synthetic weather of both seasons"

THRESHOLDS: dict[str, Threshold] = {
    "frozen_common_stations": Threshold(
        8, "stations", "fewer equal values do occur by chance (measured: docs/quality.md)"
    ),
    "range_fail_low": Threshold(-40.0, "°C", "7 K below Korea's record: no thermometer there"),
    "range_fail_high": Threshold(45.0, "°C", "4 K above Korea's record: no thermometer there"),
    "range_record_low": Threshold(-32.6, "°C", "Korea's lowest, Yangpyeong, 1981-01-05"),
    "range_record_high": Threshold(41.0, "°C", "Korea's highest, Hongcheon, 2018-08-01"),
    "list_stations": Threshold(
        12, "stations", "sites print 16 or more; a shorter list has lost lines"
    ),
    "snow_warmest": Threshold(8.0, "°C", "snow melts on its way down through warmer air"),
    "rain_coldest": Threshold(-8.0, "°C", "supercooled rain is not met in colder air"),
    "hour_disagreement": Threshold(
        0.1, "°C", "one hour has one official value; 0.1 is left to rounding"
    ),
    "step_1h": Threshold(4.0, "°C", "WMO-No. 305, time consistency of hourly values"),
    "step_2h": Threshold(7.0, "°C", "WMO-No. 305"),
    "step_3h": Threshold(9.0, "°C", "WMO-No. 305"),
    "step_6h": Threshold(15.0, "°C", "WMO-No. 305"),
    "step_12h": Threshold(25.0, "°C", "WMO-No. 305"),
    "stuck_dates": Threshold(
        5, "dates", "values at unlike hours are equal in 1 to 5 % of pairs: five dates are 1e-6"
    ),
    "stuck_days": Threshold(
        31, "days", "five dates farther apart than a month say nothing of one fault"
    ),
    "stuck_neighbours_move": Threshold(
        3.0, "°C", "median of the other stations' ranges: more than a still week shows"
    ),
    "spatial_elevation_gradient": Threshold(
        -0.0065, "°C/m", "standard atmosphere (ICAO), titanlib's own default"
    ),
    "spatial_iterations": Threshold(2, "passes", "the second judges without the first's outliers"),
    "spatial_dense_stations": Threshold(
        40, "stations", "lists of 16 to 29 and of 60 to 97 are met, none between"
    ),
    "spatial_dense_radius": Threshold(120_000.0, "m", MEASURED),
    "spatial_dense_buddies": Threshold(3, "stations", MEASURED),
    "spatial_dense_elevation": Threshold(500.0, "m", MEASURED),
    "spatial_dense_threshold": Threshold(3.0, "standard deviations", MEASURED),
    "spatial_dense_least_deviation": Threshold(2.0, "°C", MEASURED),
    "spatial_sparse_radius": Threshold(300_000.0, "m", MEASURED),
    "spatial_sparse_buddies": Threshold(3, "stations", MEASURED),
    "spatial_sparse_elevation": Threshold(500.0, "m", MEASURED),
    "spatial_sparse_threshold": Threshold(3.0, "standard deviations", MEASURED),
    "spatial_sparse_least_deviation": Threshold(2.5, "°C", MEASURED),
}


def threshold(name: str) -> float:
    """The value of a threshold; KeyError if there is none of that name."""
    return THRESHOLDS[name].value
