"""Put known faults into clean weather, run the quality checks, and count the faults they find.

Each `*_scores` function tests one check or a few similar checks. `quality_study` runs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.reference import reference
from nalssi.common.station_grid import NO_VALUE, STATIONS
from nalssi.quality import (
    consistency_check,
    frozen_feed_check,
    spatial_check,
    step_check,
    stuck_station_check,
    value_checks,
)
from nalssi.quality.snapshot_agreement import find_agreements
from nalssi.quality.snapshot_grid import SnapshotGrid
from studies.official_series import SEASONS
from studies.synthetic_weather import (
    SHORT_LIST,
    START,
    Floats,
    Series,
    column_of,
    readings_of,
    snapshot_grid,
    weather,
)

Bools = npt.NDArray[np.bool_]
OPEN = reference("stations")["station_id"].to_list()


@dataclass(frozen=True)
class Score:
    """The result of a test of a check: how many known faults it found, and its false alarms.

    `faults` are the known faults, `found` those found, `sound` the readings without a fault,
    `false_alarms` those of them that were flagged. `check`, `fault` and `data` are for the report.
    """

    check: str
    fault: str
    data: str
    faults: int
    found: int
    false_alarms: int
    sound: int

    def cell(self) -> str:
        """Return the cell of a table: the recall, if there are faults, and (false alarms in %)."""
        recall = f"{self.found / self.faults:.3f} " if self.faults else ""
        return f"{recall}({self.false_alarms / self.sound:.3%})"


def score(
    check: str, fault: str, data: str, truth: Bools, found: pl.DataFrame, grid: SnapshotGrid
) -> Score:
    """Compare the readings that a check flagged as suspect or worse with the known faults.

    `check`, `fault` and `data` are texts for the report. `found` are the findings of the check in
    `grid`. `truth` (snapshots by STATIONS) marks the faults.
    """
    bad = found.filter(pl.col("flag") >= 3)
    flagged = np.zeros_like(truth)
    columns = [column_of(station) for station in bad["station_id"]]
    flagged[bad["grid_row"].to_numpy(), columns] = True
    listed = grid.tenths[:, : len(STATIONS)] > NO_VALUE
    return Score(
        check,
        fault,
        data,
        int(truth.sum()),
        int((truth & flagged).sum()),
        int((flagged & ~truth).sum()),
        int((listed & ~truth).sum()),
    )


def one_each(clean: Floats, rng: np.random.Generator) -> tuple[npt.NDArray[np.int64], ...]:
    """Choose one reading of every snapshot at random; return its row indices and column indices.

    `clean` has temperatures, snapshots by stations; NaN where there is no reading.
    """
    chance = np.where(np.isnan(clean), 0, rng.random(clean.shape))
    return np.arange(clean.shape[0]), chance.argmax(axis=1)


def spatial_scores(clean: Series, rng: np.random.Generator) -> Iterator[Score]:
    """Test the check `spatial` with one wrong temperature in every snapshot."""
    for name, stations in (("all stations", OPEN), ("16 stations", list(SHORT_LIST))):
        series_of = clean.only(stations)
        lists_station = ~np.isnan(series_of.temperatures).all(axis=0)
        if name == "16 stations" and lists_station.sum() < len(stations):
            continue
        dates = [start.date() for start in series_of.starts]
        grid = snapshot_grid(series_of.temperatures, dates)
        none = np.zeros(series_of.temperatures.shape, np.bool_)
        yield score("spatial", f"none; {name}", clean.name, none, spatial_check.spatial(grid), grid)
        for error in (5.0, 10.0, 15.0):
            wrong = np.concatenate([series_of.temperatures] * 4)
            at = one_each(wrong, rng)
            wrong[at] += rng.choice([-error, error], wrong.shape[0])
            truth = np.zeros(wrong.shape, np.bool_)
            truth[at] = True
            grid = snapshot_grid(wrong, dates * 4)
            found = spatial_check.spatial(grid)
            yield score("spatial", f"±{error:g} K; {name}", clean.name, truth, found, grid)


def frozen_scores(clean: Series, rng: np.random.Generator) -> Iterator[Score]:
    """Test the check `frozen_feed` with frozen feeds of 16, 17, 22 or all stations.

    Some values are missing. The data also have snapshots that are not frozen feeds, because they
    differ from another snapshot by 0.1 °C at one station.
    """
    hours = clean.temperatures[:, [column_of(station) for station in OPEN]]
    choices = [
        [OPEN.index(station) for station in SHORT_LIST],
        sorted(rng.choice(len(OPEN), 17, replace=False)),
        [OPEN.index(station) for station in SHORT_LIST[:12]] + list(range(40, 50)),
        range(len(OPEN)),
    ]
    rows, days, truth = [], [], []
    for hour, values_now in enumerate(hours):
        when = clean.starts[hour].date()
        stops = rng.random() < 0.2
        before = len(rows)
        for _ in range(int(rng.integers(2, 6))):
            kept = np.full(len(OPEN), np.nan)
            chosen = list(choices[0 if not stops else int(rng.integers(len(choices)))])
            kept[chosen] = values_now[chosen]
            kept[rng.random(kept.size) < 0.01] = np.nan
            day = when + timedelta(int(rng.integers(1, 40))) if stops else when
            rows.append(kept)
            days.append(day)
            truth.append(hour if stops else -1)
        copies = np.array(rows[before:])
        everywhere = [index for index in choices[0] if not np.isnan(copies[:, index]).any()]
        if everywhere:  # a list that lacks the one station that differs is no other list
            near = values_now.copy()
            near[rng.choice(everywhere)] += 0.1
            rows.append(np.where(np.isin(np.arange(near.size), choices[0]), near, np.nan))
            days.append(when + timedelta(400))
            truth.append(-1)
    wide = np.full((len(rows), len(STATIONS)), np.nan)
    wide[:, [column_of(station) for station in OPEN]] = rows
    grid = snapshot_grid(wide, list(days))
    faults = np.array(truth)
    stands_twice = np.zeros(faults.size, np.bool_)
    for row in np.flatnonzero(faults >= 0):
        of_feed = np.flatnonzero(faults == faults[row])
        for other in of_feed:
            both = ~np.isnan(wide[row]) & ~np.isnan(wide[other])
            stands_twice[row] |= both.sum() >= 8 and days[row] != days[other]
    marked = stands_twice[:, None] & ~np.isnan(wide)
    found = frozen_feed_check.frozen_feed(
        grid, frozen_feed_check.find_repeated_lists(grid, find_agreements(grid.tenths))
    )
    yield score("frozen_feed", "the same list under other dates", clean.name, marked, found, grid)


def value_scores(clean: Series, rng: np.random.Generator) -> Iterator[Score]:
    """Test the checks `range`, `closed_station` and `consistency` with one fault per snapshot."""
    dates = [start.date() for start in clean.starts]
    plain = clean.only(OPEN).temperatures
    at = one_each(plain, rng)
    truth = np.zeros(plain.shape, np.bool_)
    truth[at] = True

    wrong = plain.copy()
    wrong[at] = rng.choice([-45.0, -33.0, 41.5, 48.0], len(dates))
    grid = snapshot_grid(wrong, dates)
    found = value_checks.out_of_range(readings_of(grid))
    yield score("range", "-45, -33, 41.5 or 48 °C", clean.name, truth, found, grid)

    closed = sorted(set(STATIONS) - set(OPEN))
    wrong, gone = plain.copy(), np.zeros(plain.shape, np.bool_)
    at_closed = (np.arange(len(dates)), [column_of(s) for s in rng.choice(closed, len(dates))])
    wrong[at_closed], gone[at_closed] = 20.0, True
    grid = snapshot_grid(wrong, dates)
    found = value_checks.closed_station(readings_of(grid), grid.snapshots)
    yield score("closed_station", "a closed station listed", clean.name, gone, found, grid)

    grid = snapshot_grid(plain, dates)
    clear = readings_of(grid).with_columns(
        condition=pl.when(pl.col("temperature_c") > 3)
        .then(pl.lit("rain"))
        .otherwise(pl.lit("snow"))
    )
    printed = pl.DataFrame(
        {"grid_row": at[0].astype(np.uint32), "station_id": np.array(STATIONS, np.int16)[at[1]]}
    )
    swap = clear.join(printed.with_columns(hit=True), on=["grid_row", "station_id"], how="left")
    warm = pl.col("temperature_c") > 8
    swap = swap.with_columns(hit=pl.col("hit") & (warm | (pl.col("temperature_c") < -8)))
    wrong_word = pl.when(warm).then(pl.lit("snow")).otherwise(pl.lit("rain"))
    swap = swap.with_columns(condition=pl.when("hit").then(wrong_word).otherwise("condition"))
    hits = swap.filter("hit")
    marked = np.zeros(plain.shape, np.bool_)
    marked[hits["grid_row"].to_numpy(), [column_of(s) for s in hits["station_id"]]] = True
    found = consistency_check.contradictory(swap)
    yield score("consistency", "snow above 8 °C, rain below -8", clean.name, marked, found, grid)


def hour_scores(clean: Series, rng: np.random.Generator) -> Iterator[Score]:
    """Test the checks that need known hours.

    `step` is tested with spikes of one station, and `consistency` with two snapshots of one hour
    that print different temperatures.
    """
    plain = clean.only(OPEN).temperatures
    dates = [start.date() for start in clean.starts]
    at = [start.replace(tzinfo=UTC) - timedelta(hours=KST_HOURS) for start in clean.starts]
    grid = snapshot_grid(plain, dates, list(at))
    none = np.zeros(plain.shape, np.bool_)
    yield score("step", "none", clean.name, none, step_check.step(grid), grid)
    for error in (6.0, 10.0):
        wrong, truth = plain.copy(), np.zeros(plain.shape, np.bool_)
        some = np.arange(0, len(dates), 3)  # a station is hit now and then, not all the time
        where = one_each(plain[some], rng)
        spikes = (some, where[1])
        wrong[spikes] += rng.choice([-error, error], some.size)
        truth[spikes] = True
        grid = snapshot_grid(wrong, dates, list(at))
        yield score(
            "step",
            f"a spike of ±{error:g} K",
            clean.name,
            truth,
            step_check.step(grid),
            grid,
        )

    twice = np.concatenate([plain, plain])
    where = one_each(plain, rng)
    twice[where] += rng.choice([-2.0, -0.3, 0.3, 2.0], len(dates))
    truth = np.zeros(twice.shape, np.bool_)
    truth[where] = True
    truth[len(dates) :] = truth[: len(dates)]
    grid = snapshot_grid(twice, dates * 2, list(at) * 2)
    found = consistency_check.one_hour_two_values(grid)
    yield score(
        "consistency", "two lists of one hour, 0.3 or 2 K apart", clean.name, truth, found, grid
    )


def stuck_scores(seed: int) -> Iterator[Score]:
    """Test the check `stuck_station` with stations that do not change for 6 to 20 dates.

    The data are a year with one snapshot a day, each at a random hour. Yields a score per season.
    """
    rng = np.random.default_rng(seed)
    hours = np.arange(365) * 24 + rng.integers(0, 24, 365)
    plain = weather(hours, seed)
    plain[:, [column_of(s) for s in STATIONS if s not in OPEN]] = np.nan
    days: list[date | None] = [START.date() + timedelta(day) for day in range(365)]
    wrong, truth = plain.copy(), np.zeros(plain.shape, np.bool_)
    for station in rng.choice(OPEN, 30, replace=False):
        first, length = int(rng.integers(0, 340)), int(rng.integers(6, 21))
        stretch = slice(first, first + length)
        wrong[stretch, column_of(station)] = wrong[first, column_of(station)]
        truth[stretch, column_of(station)] = True
    found = stuck_station_check.stuck_station(snapshot_grid(wrong, days))
    for season, months in SEASONS.items():
        rows = [row for row in range(365) if (START + timedelta(row)).month in months]
        renumbered = pl.DataFrame(
            {"grid_row": rows, "row": range(len(rows))}, schema_overrides={"grid_row": pl.UInt32}
        )
        found_then = found.join(renumbered, on="grid_row").with_columns(grid_row="row")
        grid = snapshot_grid(wrong[rows], [days[row] for row in rows])
        data = f"synthetic, {season}"
        yield score("stuck_station", "6 to 20 dates", data, truth[rows], found_then, grid)
