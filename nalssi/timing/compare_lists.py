"""Compare lists of temperatures with official hours, and decide the verdict of each list.

A dated list is compared with the hours of its date. If none of them certainly fits, or if the list
has no date or a false date (a frozen feed), it is compared with all hours. Lists are compared at
NOISE_STATIONS or more common stations first. A list without an hour is compared again at
MIN_STATIONS or more, where only equality proves an hour.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.station_grid import Tenths, has_value
from nalssi.timing.hour_likelihood import score_equal_hours, score_hours
from nalssi.timing.hour_pairs import Fit
from nalssi.timing.nearest_hours import (
    LATE_HOURS,
    MIN_STATIONS,
    NOISE_STATIONS,
    BlockSizes,
    nearest_before_date,
    nearest_of_all,
    nearest_of_date,
)
from nalssi.timing.official_hours import OfficialHours
from nalssi.timing.shortlist import Shortlist
from schemas.contracts import polars_schema

Indices = npt.NDArray[np.intp]
"""Rows of the station grid `lists`: the numbers of some of its lists."""
UNDATED = np.iinfo(np.int32).min
"""The day number of a snapshot without a date."""


def compare(
    snapshot_ids: pl.Series,
    lists: Tenths,
    days: npt.NDArray[np.int32],
    frozen: npt.NDArray[np.bool_],
    official: OfficialHours,
    sizes: BlockSizes | None = None,
) -> pl.DataFrame:
    """Compare snapshots in memory with official hours; return rows of `reconciliations`.

    The result has one row for each snapshot, in the order of `snapshot_ids`.

    - `lists`: a station grid with a row for each snapshot of `snapshot_ids`
    - `days`: the Korean day of each snapshot, in days since 1970, or UNDATED
    - `frozen`: True for each snapshot whose date is or may be false
    - `official`: the hours to compare with
    - `sizes`: amounts of data at once; they do not change the result
    """
    of_date = np.flatnonzero((days != UNDATED) & ~frozen)
    by_date = _compare_with_date(of_date, lists, official, days, sizes)
    certain = pl.col("verdict").is_in(["matched", "late_feed"])
    unsure = by_date.filter(~certain)
    rest = np.union1d(np.setdiff1d(np.arange(len(lists)), of_date), unsure["index"].to_numpy())
    by_all = _compare_with_all(rest, lists, official, days, sizes)
    # A dated snapshot keeps the result of its date's hours unless all hours prove a frozen feed.
    proven = by_all.filter(pl.col("verdict") == "frozen_feed")
    kept = by_date.join(proven, on="index", how="anti")
    by_all = by_all.join(kept, on="index", how="anti")
    ids = snapshot_ids.alias("snapshot_id").to_frame().with_row_index("index")
    rows = (
        pl.concat([kept, by_all])
        .sort("index")
        .join(ids.cast({"index": pl.Int64}), on="index", maintain_order="left")
    )
    return rows.select(polars_schema("reconciliations").names())


def _compare_with_date(
    indices: Indices,
    lists: Tenths,
    official: OfficialHours,
    days: npt.NDArray[np.int32],
    sizes: BlockSizes | None,
) -> pl.DataFrame:
    """Compare the lists at `indices` with the hours of their dates and the LATE_HOURS hours before.

    Returns rows as `_verdicts` does. `days` has the day number of every list of `lists`. The hours
    of the DAYS_BEFORE days before are only evidence of a frozen feed. Lists that got no hour and
    have few stations in common with some hour are compared a second time, for equality only.
    `sizes` do not change the result.
    """

    def search(some: Indices, min_stations: int) -> tuple[Shortlist, Shortlist]:
        return (
            nearest_of_date(lists[some], days[some], official, sizes, min_stations=min_stations),
            nearest_before_date(
                lists[some], days[some], official, sizes, min_stations=min_stations
            ),
        )

    last_hours = _first_hour(days) + 23
    near, earlier = search(indices, NOISE_STATIONS)
    fit = score_hours(
        lists[indices],
        near,
        official,
        last_hours=last_hours[indices],
        earlier=earlier,
        sizes=sizes,
    )
    rows = _verdicts(indices, lists, near, fit, official, days, "date")
    few = _lists_with_few_stations(rows, lists, official)
    near, earlier = search(few, MIN_STATIONS)
    fit = score_equal_hours(
        lists[few], near, official, last_hours=last_hours[few], earlier=earlier, sizes=sizes
    )
    return _prefer_equal(rows, _verdicts(few, lists, near, fit, official, days, "date"))


def _compare_with_all(
    indices: Indices,
    lists: Tenths,
    official: OfficialHours,
    days: npt.NDArray[np.int32],
    sizes: BlockSizes | None,
) -> pl.DataFrame:
    """Compare the lists at `indices` with all official hours. Returns rows as `_verdicts` does.

    `days` has the day number of every list of `lists`. Lists that got no hour and have few stations
    in common with some hour are compared a second time, for equality only. `sizes` do not change
    the result.
    """
    near = nearest_of_all(lists[indices], official, sizes)
    fit = score_hours(lists[indices], near, official, sizes=sizes)
    rows = _verdicts(indices, lists, near, fit, official, days, "all")
    few = _lists_with_few_stations(rows, lists, official)
    near = nearest_of_all(lists[few], official, sizes, min_stations=MIN_STATIONS)
    fit = score_equal_hours(lists[few], near, official, sizes=sizes)
    return _prefer_equal(rows, _verdicts(few, lists, near, fit, official, days, "all"))


def _lists_with_few_stations(rows: pl.DataFrame, lists: Tenths, official: OfficialHours) -> Indices:
    """Return the lists of `rows` without an hour that have few stations in common with some hour.

    *Few* is from MIN_STATIONS to NOISE_STATIONS - 1. `rows` is a result of `_verdicts`. The numbers
    returned are rows of `lists`. Only equality can prove the hour of such a list.
    """
    indices = rows.filter(pl.col("observed_at").is_null())["index"].to_numpy().astype(np.intp)
    printed = has_value(lists[indices]).astype(np.float32)
    stations = printed @ official.station_sets.T.astype(np.float32)
    few = (stations >= MIN_STATIONS) & (stations < NOISE_STATIONS)
    return np.asarray(indices[few.any(axis=1)])


def _prefer_equal(rows: pl.DataFrame, few: pl.DataFrame) -> pl.DataFrame:
    """Return `rows`, in which some rows are replaced by the row of the same list in `few`.

    Both are results of `_verdicts`: `rows` compares at NOISE_STATIONS or more common stations,
    `few` at MIN_STATIONS or more. A row of `few` is taken if it has fewer than NOISE_STATIONS
    stations, and if it is equal to its hour or `rows` has no hour to compare the list with.
    """
    nothing = rows.filter(pl.col("distance_c").is_null())["index"]
    better = few.filter(
        pl.col("stations") < NOISE_STATIONS,
        (pl.col("distance_c") == 0) | pl.col("index").is_in(nothing.implode()),
    )
    return pl.concat([rows.join(better, on="index", how="anti"), better])


def _first_hour(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the first hour of each Korean day, in hours since 1970 UTC. Days count from 1970."""
    return days.astype(np.int64) * 24 - KST_HOURS


def _verdicts(
    indices: Indices,
    lists: Tenths,
    near: Shortlist,
    fit: Fit,
    official: OfficialHours,
    days: npt.NDArray[np.int32],
    searched: str,
) -> pl.DataFrame:
    """Decide the verdict of each list at `indices` from its fit.

    `near` and `fit` have a row for each of `indices`; `lists` and `days` (day numbers) have one for
    every list. `searched` tells which hours were compared: `date` (those of the date) or `all`.

    Returns the columns of `reconciliations`, but with `index` (the row in `lists`) in place of
    `snapshot_id`.
    """
    hours = np.append(official.hours, 0).astype(np.int64)[fit.row]
    first_hour, dated = _first_hour(days[indices]), days[indices] != UNDATED
    compared = np.isfinite(fit.distance_c)
    certain = fit.good & fit.unambiguous
    late = certain & dated & (hours >= first_hour - LATE_HOURS) & (hours < first_hour)
    # An hour shortly after the date is no proof of a frozen feed either: clocks differ.
    outside = (hours < first_hour - LATE_HOURS) | (hours > first_hour + 23 + LATE_HOURS)
    frozen = certain & fit.exact & dated & outside
    printed = has_value(lists[indices]).sum(axis=1)
    few = fit.good & ~fit.equal & (fit.stations < NOISE_STATIONS)
    verdict = np.select(
        [
            printed < MIN_STATIONS,
            near.present == 0,
            ~compared | few,
            late,
            frozen,
            certain,
            fit.good,
        ],
        [
            "too_few_stations",
            "no_observations",
            "too_few_stations",
            "late_feed",
            "frozen_feed",
            "matched",
            "ambiguous",
        ],
        default="poor_fit",
    )
    columns = {
        "index": indices,
        "hour": hours,
        "certain": certain,
        "distance_c": fit.distance_c,
        "margin_c": fit.margin_c,
        "stations": np.where(compared, fit.stations, 0).astype(np.int16),
        "verdict": verdict.astype(object),
    }
    known = pl.col("certain") & pl.col("verdict").is_in(["matched", "late_feed", "frozen_feed"])
    instant = pl.from_epoch(pl.col("hour") * 3600, time_unit="s").cast(pl.Datetime("us"))
    return pl.DataFrame(columns, schema_overrides={"index": pl.Int64, "verdict": pl.String}).select(
        "index",
        observed_at=pl.when(known).then(instant.dt.replace_time_zone("UTC")),
        distance_c=pl.col("distance_c").fill_nan(None).round(3),
        margin_c=pl.col("margin_c").fill_nan(None).round(3),
        stations="stations",
        searched=pl.lit(searched),
        verdict="verdict",
    )
