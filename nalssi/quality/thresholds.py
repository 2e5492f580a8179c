"""All thresholds of the quality checks, each with its unit, its reason and the study behind it.

`make docs` writes this table to `docs/quality.md`. A threshold is the same for all stations, except
a spatial tolerance with `stations`. To give a station, such as an island, a tolerance of its own,
add a threshold named `spatial_<name>_threshold` with its number.
"""

from __future__ import annotations

from dataclasses import dataclass

STUDY = "studies/quality_study.py"


@dataclass(frozen=True)
class Threshold:
    """A threshold: its value, its unit, the reason for it, and the study behind it (if any)."""

    value: float
    unit: str
    reason: str
    study: str = ""
    stations: tuple[int, ...] = ()
    """The numbers of stations that have this spatial tolerance in short lists, because they differ
    much from far neighbours. All other stations have `spatial_sparse_threshold`."""


MEASURED = "most faults found without false alarms, in both seasons"
SPIKE = "a quarter or more above the value that 1 in 5,000 real hours exceeds"
JUMP = "a tenth above the largest real change of 75,000"
UNSHARED = "fewer than 1 in 2,000 real changes"

THRESHOLDS: dict[str, Threshold] = {
    "frozen_common_stations": Threshold(
        8, "stations", "eight given stations are hardly ever equal by chance", STUDY
    ),
    "same_hour_common_stations": Threshold(
        5, "stations", "five given stations are hardly ever equal in two hours of one day"
    ),
    "range_fail_low": Threshold(-40.0, "°C", "7 K below Korea's record"),
    "range_fail_high": Threshold(45.0, "°C", "4 K above Korea's record"),
    "range_record_low": Threshold(-32.6, "°C", "Korea's lowest, Yangpyeong, 1981-01-05"),
    "range_record_high": Threshold(41.0, "°C", "Korea's highest, Hongcheon, 2018-08-01"),
    "list_stations": Threshold(
        12, "stations", "sites print 16 or more; a shorter list has lost lines"
    ),
    "snow_warmest": Threshold(8.0, "°C", "snow melts on its way down through warmer air"),
    "rain_coldest": Threshold(-8.0, "°C", "supercooled rain does not occur in colder air"),
    "hour_disagreement": Threshold(
        0.1, "°C", "one hour has one official value; 0.1 allows for rounding"
    ),
    "step_spike_share": Threshold(
        0.4,
        "share",
        "a spike is far from both neighbours, the hour after a real change only from one",
    ),
    "step_spike_1h": Threshold(4.0, "°C", SPIKE, STUDY),
    "step_spike_2h": Threshold(6.0, "°C", SPIKE, STUDY),
    "step_spike_3h": Threshold(7.5, "°C", SPIKE, STUDY),
    "step_spike_6h": Threshold(14.0, "°C", SPIKE, STUDY),
    "step_spike_12h": Threshold(20.0, "°C", SPIKE, STUDY),
    "step_jump_1h": Threshold(9.0, "°C", JUMP, STUDY),
    "step_jump_2h": Threshold(11.5, "°C", JUMP, STUDY),
    "step_jump_3h": Threshold(14.5, "°C", JUMP, STUDY),
    "step_jump_6h": Threshold(20.0, "°C", JUMP, STUDY),
    "step_jump_12h": Threshold(25.0, "°C", "WMO-No. 305; " + JUMP, STUDY),
    "step_unshared_1h": Threshold(4.5, "°C", UNSHARED + "; WMO: 4", STUDY),
    "step_unshared_2h": Threshold(7.0, "°C", "WMO-No. 305", STUDY),
    "step_unshared_3h": Threshold(9.0, "°C", "WMO-No. 305", STUDY),
    "step_unshared_6h": Threshold(15.0, "°C", "WMO-No. 305", STUDY),
    "step_unshared_12h": Threshold(25.0, "°C", "WMO-No. 305", STUDY),
    "step_radius": Threshold(250_000.0, "m", "three neighbours in lists of 16 stations", STUDY),
    "step_neighbours": Threshold(3, "stations", "the median of three ignores one fault"),
    "stuck_dates": Threshold(
        5, "dates", "two different hours have equal values in 1 to 5 % of pairs; five: 1e-6", STUDY
    ),
    "stuck_days": Threshold(31, "days", "five dates over more than a month may be separate faults"),
    "stuck_neighbours_move": Threshold(
        3.0, "°C", "median range of the other stations: more than in a still week"
    ),
    "spatial_elevation_gradient": Threshold(
        -0.0065, "°C/m", "standard atmosphere (ICAO), titanlib's own default"
    ),
    "spatial_iterations": Threshold(2, "passes", "the second pass runs without the outliers"),
    "spatial_dense_stations": Threshold(
        40, "stations", "real lists have 16 to 29 or 60 to 97 stations, none between"
    ),
    "spatial_dense_radius": Threshold(120_000.0, "m", MEASURED, STUDY),
    "spatial_dense_buddies": Threshold(3, "stations", MEASURED, STUDY),
    "spatial_dense_elevation": Threshold(500.0, "m", MEASURED, STUDY),
    "spatial_dense_threshold": Threshold(3.0, "standard deviations", MEASURED, STUDY),
    "spatial_dense_min_deviation": Threshold(2.0, "°C", MEASURED, STUDY),
    "spatial_dense_southern_warmth": Threshold(
        0.0, "°C/degree", "within 120 km the latitude makes no difference"
    ),
    "spatial_sparse_radius": Threshold(300_000.0, "m", MEASURED, STUDY),
    "spatial_sparse_buddies": Threshold(3, "stations", MEASURED, STUDY),
    "spatial_sparse_elevation": Threshold(500.0, "m", MEASURED, STUDY),
    "spatial_sparse_threshold": Threshold(3.0, "standard deviations", MEASURED, STUDY),
    "spatial_sparse_min_deviation": Threshold(2.4, "°C", MEASURED, STUDY),
    "spatial_sparse_southern_warmth": Threshold(
        1.6, "°C/degree", "lists of 2024 to 2026 at means of 0 °C: 1.2 to 2.3"
    ),
    "spatial_warmth_begins": Threshold(36.0, "°N", "north of it the lists show no such rule"),
    "spatial_warmth_ends": Threshold(
        27.0, "°C", "at this mean temperature Jeju is as warm as the mainland"
    ),
    "spatial_baengnyeongdo_threshold": Threshold(
        5.5,
        "standard deviations",
        "Baengnyeongdo (155 km from the next station), January to March 2026: up to 5.1",
        STUDY,
        stations=(102,),
    ),
    "spatial_coast_threshold": Threshold(
        3.7,
        "standard deviations",
        "Gangneung (föhn), Busan (warm sea): up to 3.5 in real lists",
        STUDY,
        stations=(105, 159),
    ),
}


def threshold(name: str) -> float:
    """Return the value of a threshold. Raises KeyError for an unknown name."""
    return THRESHOLDS[name].value
