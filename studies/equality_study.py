"""Measure how many stations with equal temperatures prove an hour, and how often that is wrong.

    python -m studies.equality_study FOLDER [--draws N] [--pages FOLDER] [--write]

FOLDER has hourly ASOS files as downloaded from data.kma.go.kr. The study makes lists from the
values of real hours, as a site prints them, and compares them with the same hours (each list must
get its hour), and with the same hours without the true one (no list may get an hour). Files of
up to twelve stations yield every choice of five and more; other files yield random draws. Files of
one station are not used. `--pages` names a folder of real pages, which are compared with all
files of the folder. `--write` replaces the tables in docs/reconcile.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

import nalssi
from nalssi.common.korea_time import KST_HOURS
from nalssi.common.station_grid import (
    NO_VALUE,
    NOT_LISTED,
    Tenths,
    empty_grid,
    has_value,
    station_columns,
)
from nalssi.timing.compare_lists import UNDATED, compare
from nalssi.timing.nearest_hours import MIN_STATIONS, NOISE_STATIONS
from nalssi.timing.official_hours import OfficialHours
from studies.markdown_tables import DOCS, markdown_table, replace_table
from studies.timing_study import cut, real

PAGE = DOCS / "reconcile.md"
EVERY_CHOICE = 12
"""Files of at most this number of stations yield every choice of stations."""
SIZES = (5, 6, 7, 8)
LISTS = 10_000
DRAWS = 1_000_000
AT_ONCE = 20_000

Rows = list[tuple[object, ...]]
Choices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Source:
    """The official hours of a file. `columns` are the grid columns of the stations it has."""

    name: str
    hours: OfficialHours
    columns: Choices

    @property
    def takes_every_choice(self) -> bool:
        """Whether lists are made of every choice of stations, not of random choices."""
        return len(self.columns) <= EVERY_CHOICE

    def choices(self, stations: int, draws: int, rng: np.random.Generator) -> Choices:
        """Return choices of this number of stations: an array with a row of grid columns for each.

        These are all choices (`takes_every_choice`), or `draws` random choices.
        """
        if self.takes_every_choice:
            return np.array(list(combinations(self.columns, stations)))
        keys = rng.random((draws, len(self.columns)))
        return np.asarray(self.columns[np.argpartition(keys, stations, axis=1)[:, :stations]])


def read_sources(folder: Path) -> list[Source]:
    """Read each file of a folder; files with fewer than MIN_STATIONS stations are left out."""
    found = []
    for file in sorted(folder.glob("*ASOS*")):
        hours = real([file])
        columns = np.flatnonzero(has_value(hours.tenths[:-1]).any(axis=0))
        if len(columns) >= MIN_STATIONS:
            first = datetime.fromtimestamp(int(hours.hours[0]) * 3600, UTC)
            name = f"{(first + timedelta(hours=KST_HOURS)):%Y-%m}, {len(columns)} stations"
            found.append(Source(name, hours, columns))
    return found


def printed(source: Source, hour: int, choices: Choices) -> Tenths:
    """Return a grid with a list for each row of `choices`, which prints the values of an hour.

    `hour` is a row of the source's official hours. A row of `choices` has the grid columns of the
    stations of a list.
    """
    lists = empty_grid(len(choices))
    values = source.hours.tenths[hour, choices]
    rows = np.arange(len(choices))[:, None]
    lists[rows, choices] = np.where(values == NO_VALUE, NOT_LISTED, values)
    return lists


def measure_found(source: Source) -> Rows:
    """Compare lists of all hours, dated and undated, with complete official hours.

    Returns rows of the table `found` (see `measure`).
    """
    rows: Rows = []
    tenths = source.hours.tenths[:-1]
    for stations in SIZES:
        rng = np.random.default_rng(stations)
        wanted = -(-LISTS // len(tenths))
        choices = source.choices(stations, wanted, rng)
        lists = []
        for chosen in rng.permutation(choices)[:wanted]:
            lists.append(empty_grid(len(tenths)))
            values = tenths[:, chosen]
            lists[-1][:, chosen] = np.where(values == NO_VALUE, NOT_LISTED, values)
        hours = np.tile(source.hours.hours, len(lists))
        for kind in ("dated", "undated"):
            off = compared(np.vstack(lists), hours, source.hours, kind)
            right, wrong = off.count(0), len(off) - off.count(0) - off.count(None)
            rows.append((source.name, stations, kind, len(off), f"{right / len(off):.2%}", wrong))
            print(rows[-1], flush=True)
    return rows


def measure_withheld(source: Source, draws: int) -> Rows:
    """Compare lists with official hours from which their own hour is removed.

    `draws` is the number of lists for each number of stations, unless every choice is taken. A list
    of fewer than NOISE_STATIONS stations gets only an hour that it equals. So of these lists, only
    those that equal another hour are compared. Of longer lists, a hundredth is drawn. Returns rows
    of the table `withheld` (see `measure`).
    """
    rows: Rows = []
    count = len(source.hours.hours)
    for stations in SIZES:
        made = 0
        off: dict[str, list[int | None]] = {"dated": [], "undated": []}
        for hour in range(count):
            rng = np.random.default_rng(hour)
            wanted = draws if stations < NOISE_STATIONS else draws // 100
            choices = source.choices(stations, -(-wanted // count), rng)
            made += len(choices)
            if stations < NOISE_STATIONS:
                choices = choices[_equal_another_hour(source, choices, hour)]
            if not len(choices):
                continue
            lists = printed(source, hour, choices)
            withheld = cut(source.hours, np.arange(count) != hour)
            hours = np.full(len(lists), source.hours.hours[hour])
            for kind, found in off.items():
                found.extend(compared(lists, hours, withheld, kind))
        for kind, found in off.items():
            false = [hours for hours in found if hours is not None]
            beside, rate = false.count(1), f"{len(false) / made:.1e}"
            rows.append((source.name, stations, kind, made, beside, len(false) - beside, rate))
            print(rows[-1], flush=True)
    return rows


def _equal_another_hour(source: Source, choices: Choices, hour: int) -> npt.NDArray[np.bool_]:
    """Return, for each choice of stations, whether another hour has the values of `hour` there.

    `hour` is a row of the source's official hours.
    """
    tenths = source.hours.tenths[:-1]
    equal = np.zeros(len(choices), dtype=np.bool_)
    for start in range(0, len(choices), AT_ONCE):
        some = choices[start : start + AT_ONCE]
        same = np.ones((len(some), len(tenths)), dtype=np.bool_)
        for column in some.T:
            values = tenths[hour, column]
            same &= (tenths[:, column] == values).T | (values == NO_VALUE)[:, None]
        same[:, hour] = False
        equal[start : start + AT_ONCE] = same.any(axis=1)
    return equal


def compared(
    lists: Tenths, hours: npt.NDArray[np.integer], official: OfficialHours, kind: str
) -> list[int | None]:
    """Compare lists with official hours. Return by how many hours each found hour is wrong.

    `hours` are the true hours of the lists, in hours since 1970 UTC. `kind` is `dated` or
    `undated`: whether the lists have their dates. A result is 0 for the true hour, and None if no
    hour was found.
    """
    days = np.full(len(lists), UNDATED, dtype=np.int32)
    if kind == "dated":
        days = ((hours + KST_HOURS) // 24).astype(np.int32)
    ids = pl.Series([f"{index:016x}" for index in range(len(days))])
    rows = compare(ids, lists, days, np.zeros(len(days), dtype=np.bool_), official)
    off = rows["observed_at"].dt.epoch("s") // 3600 - pl.Series(hours.astype(np.int64))
    return list(off.abs())


def measure_twins(source: Source) -> Rows:
    """Compute how many other hours equal a list, on average over all hours and all choices.

    Two hours that are equal at *e* of *s* stations are equal at a choice of *n* stations with the
    probability C(e, n) / C(s, n). Returns rows of the table `twins`: source, number of stations,
    and the two means, for the hour before or after and for all other hours.
    """
    tenths = source.hours.tenths[:-1, source.columns]
    apart = np.abs(np.subtract.outer(source.hours.hours, source.hours.hours))
    equal = np.array([((tenths == row) & has_value(row)).sum(axis=1) for row in tenths])
    rows: Rows = []
    for stations in range(MIN_STATIONS, 9):
        chance = np.array([comb(e, stations) for e in range(len(source.columns) + 1)])
        expected = chance[equal] / chance[-1]
        beside, other = expected[apart == 1].sum(), expected[apart > 1].sum()
        rows.append(
            (source.name, stations, f"{beside / len(tenths):.1e}", f"{other / len(tenths):.1e}")
        )
        print(rows[-1], flush=True)
    return rows


def measure_pages(folder: Path, official: OfficialHours) -> Rows:
    """Compare real pages with official hours: as printed, without a date, and 30 days later.

    Returns rows of the table `pages` (see `measure`).
    """
    with tempfile.TemporaryDirectory() as warehouse:
        pages = nalssi.load(folder, into=warehouse).query("""
            SELECT snapshot_id, observed_on, station_id,
                round(temperature_c * 10)::SMALLINT AS tenths
            FROM readings JOIN snapshots USING (snapshot_id)
            WHERE temperature_c IS NOT NULL
            ORDER BY snapshot_id
        """)
    lists, days, ids = [], [], []
    for (snapshot,), page in pages.group_by("snapshot_id", maintain_order=True):
        row = empty_grid(1)
        row[0, station_columns()[page["station_id"].to_numpy()]] = page["tenths"].to_numpy()
        lists.append(row)
        ids.append(str(snapshot))
        on = page["observed_on"][0]
        days.append(UNDATED if on is None else (on - datetime(1970, 1, 1).date()).days)
    day = np.array(days, dtype=np.int32)
    grid = np.vstack(lists)
    rows: Rows = []
    for kind, dates in (
        ("as printed", day),
        ("without a date", np.full_like(day, UNDATED)),
        ("30 days later", np.where(day == UNDATED, UNDATED, day + 30).astype(np.int32)),
    ):
        result = compare(pl.Series(ids), grid, dates, np.zeros(len(ids), dtype=np.bool_), official)
        found = result.filter(pl.col("observed_at").is_not_null())
        counts = Counter(result["verdict"].to_list())
        hours = (found["observed_at"].dt.epoch("s") // 3600).to_numpy()
        which = [ids.index(name) for name in found["snapshot_id"]]
        alone = sum(
            _is_only_equal_hour(grid[index], int(hour), official)
            for index, hour in zip(which, hours, strict=True)
        )
        verdicts = ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))
        rows.append((kind, len(ids), found.height, alone, verdicts))
        print(rows[-1], flush=True)
    return rows


def _is_only_equal_hour(shown: Tenths, hour: int, official: OfficialHours) -> bool:
    """Return whether `hour`, and no other official hour, has the values of the list `shown`.

    The values must be equal at all common stations, five or more. The function is a plain loop,
    independent of the code that is studied. `hour` is in hours since 1970 UTC.
    """
    equal = []
    for number, values in zip(official.hours, official.tenths, strict=False):
        common = has_value(shown) & has_value(values)
        if common.sum() >= MIN_STATIONS and (shown[common] == values[common]).all():
            equal.append(int(number))
    return equal == [hour]


def measure(folder: Path, draws: int, pages: Path | None) -> Iterator[tuple[str, str]]:
    """Run the study; yield the name and the text of each table in docs/reconcile.md.

    The arguments are those of the command line.
    """
    sources = read_sources(folder)
    header: tuple[str, ...]
    header = ("official values", "stations", "the next hour is equal", "another hour is equal")
    rows = [row for source in sources for row in measure_twins(source)]
    yield "twins", markdown_table(header, rows)
    if pages:
        header = ("pages", "lists", "hours found", "the only equal hour", "verdicts")
        official = real(sorted(folder.glob("*ASOS*")))
        yield "pages", markdown_table(header, measure_pages(pages, official))
    header = ("official values", "stations", "lists", "n", "next hour", "other hour", "false")
    rows = [row for source in sources for row in measure_withheld(source, draws)]
    yield "withheld", markdown_table(header, rows)
    header = ("official values", "stations", "lists", "n", "hour found", "wrong")
    rows = [row for source in sources for row in measure_found(source)]
    yield "found", markdown_table(header, rows)


def main() -> None:
    """Run the study and print its tables; with --write, also replace them in the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder of hourly ASOS files")
    parser.add_argument(
        "--draws", type=int, default=DRAWS, help="random lists a number of stations"
    )
    parser.add_argument("--pages", type=Path, help="a folder of pages to compare")
    parser.add_argument("--write", action="store_true", help=f"renew the tables in {PAGE.name}")
    options = parser.parse_args()
    for name, text in measure(options.folder, options.draws, options.pages):
        print(f"\n## {name}\n\n{text}", flush=True)
        if options.write:
            replace_table(PAGE, name, text)


if __name__ == "__main__":
    main()
