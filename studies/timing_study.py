"""Measure whether reconciling finds the right hour, and no hour where the hour cannot be known.

    python -m studies.timing_study [ASOS.csv …] [--write]

Lists of 16 stations are made from the official values of random hours. Noise is added, and values
are rounded as a site prints them. The hour that reconciling finds is compared with the true hour.
The official values are a year of synthetic weather and, when hourly ASOS files are given, real
values. Other lists must get no hour: lists of a frozen feed, and lists of hours without
observations. At the end, time and memory are measured for a year of lists and a year of hours.
`--write` replaces the tables in docs/reconcile.md.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.station_grid import NO_VALUE, NOT_LISTED, STATIONS, Tenths, empty_grid, has_value
from nalssi.observations import load_observations
from nalssi.timing.compare_lists import UNDATED, compare
from nalssi.timing.official_hours import OfficialHours, read_official_hours
from nalssi.warehouse.warehouse_folder import Warehouse
from studies.markdown_tables import DOCS, markdown_table, replace_table
from studies.synthetic_weather import SHORT_LIST, column_of, weather

PAGE = DOCS / "reconcile.md"
SYNTHETIC_START = 473_352 - KST_HOURS  # 2024-01-01 0:00 KST, in hours since 1970
YEAR = 366 * 24
WEEK = 7 * 24
SEEDS = 4
LISTS = 2_000
NOISES_C = (0.0, 0.1, 0.2, 0.3, 0.5)
TARGETS = {0.0: (1.0, 0.0), 0.1: (0.98, 0.001), 0.3: (0.85, 0.002)}
"""The targets of the study by noise in °C: the smallest share of lists that must get the right
hour, and the largest share of found hours that may be wrong."""

Rows = list[tuple[object, ...]]


def synthetic(hours: int, seed: int) -> OfficialHours:
    """Return official hours of synthetic weather. The first hour is 2024-01-01 0:00 KST."""
    tenths = empty_grid(hours + 1, NO_VALUE)
    tenths[:-1, : len(STATIONS)] = np.round(weather(np.arange(hours), seed) * 10)
    return OfficialHours(
        np.arange(SYNTHETIC_START, SYNTHETIC_START + hours, dtype=np.int32), tenths
    )


def real(files: list[Path]) -> OfficialHours:
    """Read the official hours in KMA's hourly files, and print a report on the files."""
    with tempfile.TemporaryDirectory() as folder, Warehouse(Path(folder)).writer() as con:
        report = load_observations(con, files)
        print(report)
        return read_official_hours(con)


def cut(official: OfficialHours, rows: slice | npt.NDArray[np.bool_]) -> OfficialHours:
    """Return the official hours at the indexes or in the mask `rows`."""
    some = official.tenths[:-1][rows]
    return OfficialHours(official.hours[rows], np.vstack([some, official.tenths[-1:]]))


@dataclass(frozen=True)
class Drawn:
    """Lists of temperatures (a grid), and the hour from whose official values each was made.

    `hours` are in hours since 1970 UTC.
    """

    lists: Tenths
    hours: npt.NDArray[np.int64]

    @property
    def days(self) -> npt.NDArray[np.int32]:
        """The Korean days of the hours, in days since 1970: the dates that the lists print."""
        return ((self.hours + KST_HOURS) // 24).astype(np.int32)


def draw(official: OfficialHours, noise_c: float, seed: int, lists: int = LISTS) -> Drawn:
    """Make `lists` lists from random official hours, with random noise (standard deviation in °C).

    Half of the lists have the 16 stations of the most common ticker; the others have 16 random
    stations.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.integers(0, len(official.hours), lists))
    reporting = np.flatnonzero(has_value(official.tenths[:-1]).any(axis=0))
    common = np.array([column_of(station) for station in SHORT_LIST])
    made = empty_grid(lists)
    for index, row in enumerate(rows):
        columns = common if index % 2 else rng.choice(reporting, len(common), replace=False)
        values = official.tenths[row, columns]
        printed = np.round(values + rng.normal(0, noise_c * 10, len(columns)))
        made[index, columns] = np.where(values == NO_VALUE, NOT_LISTED, printed)
    return Drawn(made, official.hours[rows].astype(np.int64))


def reconciled(
    drawn: Drawn, official: OfficialHours, days: npt.NDArray[np.int32] | None = None
) -> pl.DataFrame:
    """Reconcile lists with official hours.

    Returns `reconciliations` and two columns in hours since 1970 UTC: `hour`, the hour found, and
    `truth`, the true hour. `days` are the dates of the lists; None if they are undated.
    """
    days = np.full(len(drawn.hours), UNDATED, dtype=np.int32) if days is None else days
    ids = pl.Series([f"a{index:015x}" for index in range(len(drawn.hours))])
    rows = compare(ids, drawn.lists, days, np.zeros(len(ids), dtype=np.bool_), official)
    return rows.with_columns(
        hour=pl.col("observed_at").dt.epoch("s") // 3600,
        truth=pl.Series(drawn.hours),
    )


def accuracy(name: str, official: OfficialHours) -> Rows:
    """Measure how many lists with noise get their true hour, dated and undated.

    `name` names the official hours in the report. Returns rows of the table `accuracy`.
    """
    rows: Rows = []
    weeks = [slice(start, start + WEEK) for start in range(0, len(official.hours), WEEK)][:-1]
    weeks = weeks[:: max(1, len(weeks) // SEEDS)] or [slice(None)]
    for noise in NOISES_C:
        for kind in ("dated", "undated, a week", "undated, all"):
            parts = []
            for seed in range(SEEDS):
                week = cut(official, weeks[seed % len(weeks)])
                there = week if kind == "undated, a week" else official
                drawn = draw(there, noise, seed, LISTS if kind != "undated, all" else LISTS // 4)
                parts.append(reconciled(drawn, there, drawn.days if kind == "dated" else None))
            rows.append(_scored(name, kind, noise, pl.concat(parts)))
    return rows


def _scored(name: str, kind: str, noise: float, result: pl.DataFrame) -> tuple[object, ...]:
    given = result.filter(pl.col("hour").is_not_null())
    wrong = given.filter(pl.col("hour") != pl.col("truth")).height
    right = (given.height - wrong) / result.height
    share_wrong = wrong / max(given.height, 1)
    met = ""
    if noise in TARGETS and kind != "undated, all":
        least, most = TARGETS[noise]
        met = "yes" if right >= least and share_wrong <= most else "NO"
    return name, kind, f"{noise:.1f}", result.height, f"{right:.2%}", f"{share_wrong:.3%}", met


def silence(name: str, official: OfficialHours) -> Rows:
    """Measure how many lists get a wrong hour although they should get none.

    Their date is false, or their true hour has no observations. `name` names the official hours in
    the report. Returns rows of the table `silence`.
    """
    rows: Rows = []
    day = (official.hours + KST_HOURS) // 24
    known = np.unique(day)

    def score(kind: str, of: Callable[[int, float], pl.DataFrame]) -> None:
        for noise in (0.0, 0.1, 0.3):
            result = pl.concat([of(seed, noise) for seed in range(SEEDS)])
            proven = result.filter(pl.col("verdict") == "frozen_feed")
            wrong = result.filter(
                pl.col("hour").is_not_null() & (pl.col("hour") != pl.col("truth"))
            ).height
            rows.append(
                (
                    name,
                    kind,
                    f"{noise:.1f}",
                    result.height,
                    f"{proven.height / result.height:.2%}",
                    f"{wrong / result.height:.3%}",
                )
            )

    def later_day(seed: int, noise: float) -> pl.DataFrame:
        drawn = draw(official, noise, seed)
        days = drawn.days + np.random.default_rng(seed).integers(1, 6, LISTS).astype(np.int32)
        return reconciled(drawn, official, np.minimum(days, known[-1]))

    def later_day_absent(seed: int, noise: float) -> pl.DataFrame:
        # Every other day has no observations; its lists are dated to the day after.
        drawn = draw(cut(official, day % 2 == 0), noise, seed)
        return reconciled(drawn, cut(official, day % 2 == 1), drawn.days + np.int32(1))

    def undated_day_absent(seed: int, noise: float) -> pl.DataFrame:
        drawn = draw(cut(official, day % 2 == 0), noise, seed, LISTS // 4)
        return reconciled(drawn, cut(official, day % 2 == 1))

    def hour_absent(seed: int, noise: float) -> pl.DataFrame:
        lacking = official.hours % 3 == 0
        drawn = draw(cut(official, lacking), noise, seed)
        return reconciled(drawn, cut(official, ~lacking), drawn.days)

    score("frozen: under a later date, true hour there", later_day)
    score("frozen: under a later date, true day not there", later_day_absent)
    score("undated, its day not there", undated_day_absent)
    score("dated, every third hour not there", hour_absent)
    return rows


def speed(official: OfficialHours) -> Rows:
    """Measure the time to reconcile a year of hourly lists with a year of official hours.

    The lists are dated or undated, and have 16 or 97 stations. Returns rows of the table `speed`.
    """
    rows: Rows = []
    for stations in (16, 97):
        reporting = np.flatnonzero(has_value(official.tenths[:-1]).any(axis=0))[:stations]
        lists = empty_grid(len(official.hours))
        lists[:, reporting] = official.tenths[:-1, reporting]
        drawn = Drawn(lists, official.hours.astype(np.int64))
        for kind, days in (("dated", drawn.days), ("undated", None)):
            begin = time.perf_counter()
            result = reconciled(drawn, official, days)
            seconds = time.perf_counter() - begin
            right = result.filter(pl.col("hour") == pl.col("truth")).height / result.height
            rows.append((kind, stations, result.height, f"{seconds:.1f}", f"{right:.2%}"))
    return rows


def measure(files: list[Path]) -> Iterator[tuple[str, str]]:
    """Run the study; yield the name and the text of each table in docs/reconcile.md."""
    year = synthetic(YEAR, seed=1)
    sources = {"synthetic year": year}
    if files:
        sources["real hours"] = real(files)
    header: tuple[str, ...]
    header = ("official values", "lists", "noise °C", "n", "set and right", "wrong of set", "met")
    rows = [row for name, hours in sources.items() for row in accuracy(name, hours)]
    yield "accuracy", markdown_table(header, rows)
    header = ("official values", "lists", "noise °C", "n", "proven frozen", "wrong hour")
    rows = [row for name, hours in sources.items() for row in silence(name, hours)]
    yield "silence", markdown_table(header, rows)
    rows = speed(year)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    header = ("lists", "stations", "n (by 8,784 hours)", "seconds", "right")
    yield (
        "speed",
        f"{markdown_table(header, rows)}\n\nPeak memory of the whole run: {peak:.0f} MB.",
    )


def main() -> None:
    """Run the study and print its tables; with --write, also replace them in the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("asos", nargs="*", type=Path, help="hourly ASOS files")
    parser.add_argument("--write", action="store_true", help=f"renew the tables in {PAGE.name}")
    options = parser.parse_args()
    for name, text in measure(options.asos):
        print(f"\n## {name}\n\n{text}", flush=True)
        if options.write:
            replace_table(PAGE, name, text)


if __name__ == "__main__":
    main()
