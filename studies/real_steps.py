"""Measure how often the check `step` flags real changes, and how large real changes are.

The limits of the check are based on the official hours of a few station-years. Two tables test
these limits. The first counts the flags in each season. The second omits one series at a time,
derives limits from the other series by a rule, and counts the flags in the omitted series.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import numpy as np

from nalssi.common.korea_time import KST_HOURS
from nalssi.quality import step_check
from nalssi.quality.thresholds import THRESHOLDS, Threshold
from studies.official_series import SEASONS, by_season
from studies.synthetic_weather import Floats, Series, snapshot_grid

LAGS = step_check.STEP_HOURS
RARE = 1 / 5_000
SPIKE_MARGIN = 1.25
JUMP_MARGIN = 1.1
LAG_HEADER = tuple(f"every {lag} h" for lag in LAGS)

STEP_HEADER = ("season", "hours", "largest rise in 1 h", "largest fall in 1 h", *LAG_HEADER)
CROSS_HEADER = ("left out", "hours", "spike 1 h", "spike 6 h", "jump 1 h", "jump 6 h", *LAG_HEADER)
DATA_HEADER = ("series", "hours", "spring", "summer", "autumn", "winter")


def data_rows(series: Sequence[Series]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each series (DATA_HEADER): its name, and the numbers of its temperatures.

    The first number is that of the whole series; the others are those of the seasons.
    """
    for one in series:
        known = {season: _known(part) for season, part in by_season(one)}
        yield one.name, f"{_known(one):,}", *(f"{known.get(season, 0):,}" for season in SEASONS)


def step_rows(series: Sequence[Series]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each season (STEP_HEADER): hours, largest changes, and shares of flags.

    A share is that of the temperatures that `step` flags if every 1, 2, 3, 6 or 12 hours are known.
    """
    for season in SEASONS:
        parts = [part for one in series for name, part in by_season(one) if name == season]
        changes = np.concatenate([_changes(part, 1) for part in parts])
        hours = f"{sum(map(_known, parts)):,}"
        flags = (_share(parts, lag) for lag in LAGS)
        yield season, hours, f"{changes.max():.1f} °C", f"{-changes.min():.1f} °C", *flags


def cross_rows(series: Sequence[Series]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each series (CROSS_HEADER), with limits derived from all other series.

    Then follow the shares of its temperatures that `step` flags with these limits.
    """
    for left_out in series:
        limits = derive_limits([one for one in series if one is not left_out])
        changed = {name: Threshold(value, "°C", "derived") for name, value in limits.items()}
        with patch.dict(THRESHOLDS, changed):
            flags = [_share([left_out], lag) for lag in LAGS]
        shown = (limits[f"step_{rule}_{lag}h"] for rule in ("spike", "jump") for lag in (1, 6))
        yield left_out.name, f"{_known(left_out):,}", *(f"{limit:.1f}" for limit in shown), *flags


def derive_limits(series: Sequence[Series]) -> dict[str, float]:
    """Derive limits for spikes and jumps (°C, by the name of the threshold) from real changes.

    The limit of a spike is a quarter above the value that 1 in 5,000 real hours exceeds. The limit
    of a jump is a tenth above the largest real change.
    """
    limits = {}
    for lag in LAGS:
        sizes = np.concatenate([_spike_sizes(one, lag) for one in series])
        largest = max(np.abs(_changes(one, lag)).max(initial=0.0) for one in series)
        limits[f"step_spike_{lag}h"] = SPIKE_MARGIN * float(np.quantile(sizes, 1 - RARE))
        limits[f"step_jump_{lag}h"] = JUMP_MARGIN * float(largest)
    return limits


def _known(series: Series) -> int:
    return int(np.count_nonzero(~np.isnan(series.temperatures)))


def _hourly(series: Series) -> Floats:
    """Return temperatures (°C) with a row for every hour of the series; NaN where unknown."""
    hour = np.array([start.timestamp() for start in _utc(series)]) / 3600
    row = (hour - hour[0]).round().astype(int)
    temperatures = np.full((row[-1] + 1, series.temperatures.shape[1]), np.nan)
    temperatures[row] = series.temperatures
    return temperatures


def _utc(series: Series) -> list[datetime]:
    return [start.replace(tzinfo=UTC) - timedelta(hours=KST_HOURS) for start in series.starts]


def _changes(series: Series, lag: int) -> Floats:
    """Return all known changes (°C) of a station's temperature over `lag` hours, as one array."""
    temperatures = _hourly(series)
    change = temperatures[lag:] - temperatures[:-lag]
    return change[~np.isnan(change)]


def _spike_sizes(series: Series, lag: int) -> Floats:
    """Return how far (°C) each value is from the mean of the values `lag` hours before and after.

    The size is 0 unless the value is above both of them or below both. Values that lack one of them
    are omitted.
    """
    temperatures = _hourly(series)
    before = temperatures[lag:-lag] - temperatures[: -2 * lag]
    after = temperatures[lag:-lag] - temperatures[2 * lag :]
    size = np.where(before * after > 0, np.abs(before + after) / 2, 0.0)
    return size[~np.isnan(before) & ~np.isnan(after)]


def _share(series: Sequence[Series], lag: int) -> str:
    """Return the share of temperatures that `step` flags if only every `lag`-th hour is known.

    It is text such as `0.012%`; empty if no temperature is known.
    """
    flags = known = 0
    for one in series:
        for offset in range(lag):
            times = _utc(one)
            rows = [
                row for row, at in enumerate(times) if int(at.timestamp()) // 3600 % lag == offset
            ]
            values = one.temperatures[rows]
            grid = snapshot_grid(
                values, [times[row].date() for row in rows], [times[row] for row in rows]
            )
            flags += step_check.step(grid).height
            known += int(np.count_nonzero(~np.isnan(values)))
    return f"{flags / known:.3%}" if known else ""
