"""How good are the quality checks? Known faults are put into clean series and looked for.

    python -m studies.quality_study [ASOS.csv …] [--write]

Clean series are smooth synthetic weather (seasons, a diurnal cycle of each station's own, fronts
that move through, height, correlated and white noise) and, when files of hourly ASOS
observations are given, real hours. Of every check: recall (share of faults found), precision
(share of what it flags that is a fault) and the share of sound readings flagged. Then time
and memory. `--write` renews the tables in docs/quality.md.
"""

from __future__ import annotations

import argparse
import re
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.reference import reference
from nalssi.quality import (
    frozen_feed_check,
    sequence_checks,
    spatial_check,
    update_quality,
    value_checks,
)
from nalssi.quality.snapshot_grid import NO_VALUE, SNAPSHOT_SCHEMA, STATIONS, Lists
from schemas.contracts import TABLES, polars_schema
from studies.synthetic_weather import COLUMN, START, Floats, Series, asos, synthetic, weather

Bools = npt.NDArray[np.bool_]
DOCS = Path(__file__).resolve().parent.parent / "docs" / "quality.md"
SHORT_LIST = (98, 105, 108, 133, 143, 152, 156, 159, 172, 184, 201, 226, 238, 259, 283, 294)
"""The 16 stations of the commonest ticker."""

OPEN = reference("stations")["station_id"].to_list()


@dataclass(frozen=True)
class Score:
    """What a check made of known faults. Counts are readings."""

    check: str
    fault: str
    data: str
    faults: int
    found: int
    false_alarms: int
    sound: int

    def row(self) -> tuple[str, ...]:
        flagged = self.found + self.false_alarms
        return (
            self.check,
            self.fault,
            self.data,
            f"{self.faults:,}",
            f"{self.found / self.faults:.3f}" if self.faults else "",
            f"{self.found / flagged:.3f}" if self.faults and flagged else "",
            f"{self.false_alarms / self.sound:.3%}",
        )


HEAD = ("check", "fault put in", "data", "faults", "recall", "precision", "sound readings flagged")


def batch(
    temperatures: Floats,
    days: list[date | None],
    at: list[datetime | None] | None = None,
    site: list[str] | None = None,
    source: list[str] | None = None,
) -> Lists:
    """Lists of these temperatures, without a warehouse."""
    rows = len(days)
    known = ~np.isnan(temperatures)
    snapshots = pl.DataFrame(
        {
            "snapshot_id": [f"{row:016x}" for row in range(rows)],
            "observed_on": days,
            "date_source": source or ["ticker"] * rows,
            "observed_at": at or [None] * rows,
            "station_count": known.sum(axis=1),
            "proven_frozen": [False] * rows,
            "late_feed": [False] * rows,
            "sites": [[name] for name in site or ["example.kr"] * rows],
        },
        schema_overrides=dict(SNAPSHOT_SCHEMA),
    ).cast(SNAPSHOT_SCHEMA)
    lists = Lists.empty(snapshots)
    row, column = np.nonzero(known)
    lists.tenths[row, column] = np.round(temperatures[row, column] * 10).astype(np.int16)
    return lists


def readings_of(lists: Lists, condition: str | None = None) -> pl.DataFrame:
    row, column = np.nonzero(lists.tenths > NO_VALUE)
    return pl.DataFrame(
        {
            "snapshot": row.astype(np.uint32),
            "station_id": np.array(STATIONS, np.int16)[column],
            "temperature_c": lists.tenths[row, column] / 10,
        }
    ).with_columns(condition=pl.lit(condition, pl.String))


def score(
    check: str, fault: str, data: str, truth: Bools, found: pl.DataFrame, lists: Lists
) -> Score:
    """Compare what was flagged suspect or worse with the faults, marked in a grid."""
    bad = found.filter(pl.col("flag") >= 3)
    flagged = np.zeros_like(truth)
    columns = [COLUMN[station] for station in bad["station_id"]]
    flagged[bad["snapshot"].to_numpy(), columns] = True
    listed = lists.tenths[:, : len(STATIONS)] > NO_VALUE
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
    """One printed station of every list."""
    chance = np.where(np.isnan(clean), 0, rng.random(clean.shape))
    return np.arange(clean.shape[0]), chance.argmax(axis=1)


def spatial_scores(clean: Series, rng: np.random.Generator) -> Iterator[Score]:
    """One wrong value in every list."""
    for name, stations in (("all stations", OPEN), ("16 stations", list(SHORT_LIST))):
        series_of = clean.only(stations)
        dates = [start.date() for start in series_of.starts]
        lists = batch(series_of.temperatures, dates)
        none = np.zeros(series_of.temperatures.shape, np.bool_)
        yield score(
            "spatial", f"none; {name}", clean.name, none, spatial_check.spatial(lists), lists
        )
        for error in (5.0, 10.0, 15.0):
            wrong = np.concatenate([series_of.temperatures] * 4)
            at = one_each(wrong, rng)
            wrong[at] += rng.choice([-error, error], wrong.shape[0])
            truth = np.zeros(wrong.shape, np.bool_)
            truth[at] = True
            lists = batch(wrong, dates * 4)
            found = spatial_check.spatial(lists)
            yield score("spatial", f"±{error:g} K; {name}", clean.name, truth, found, lists)


def frozen_scores(clean: Series, rng: np.random.Generator) -> Iterator[Score]:
    """Feeds that stop, seen on sites that print 16, 17, 22 or all stations, values missing here
    and there; beside them lists that differ from another by one tenth at one station."""
    hours = clean.temperatures[:, [COLUMN[station] for station in OPEN]]
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
        everywhere = [place for place in choices[0] if not np.isnan(copies[:, place]).any()]
        if everywhere:  # a list that lacks the one station that differs is no other list
            near = values_now.copy()
            near[rng.choice(everywhere)] += 0.1
            rows.append(np.where(np.isin(np.arange(near.size), choices[0]), near, np.nan))
            days.append(when + timedelta(400))
            truth.append(-1)
    wide = np.full((len(rows), len(STATIONS)), np.nan)
    wide[:, [COLUMN[station] for station in OPEN]] = rows
    lists = batch(wide, list(days))
    faults = np.array(truth)
    stands_twice = np.zeros(faults.size, np.bool_)
    for row in np.flatnonzero(faults >= 0):
        of_feed = np.flatnonzero(faults == faults[row])
        for other in of_feed:
            both = ~np.isnan(wide[row]) & ~np.isnan(wide[other])
            stands_twice[row] |= both.sum() >= 8 and days[row] != days[other]
    marked = stands_twice[:, None] & ~np.isnan(wide)
    found = frozen_feed_check.frozen_feed(lists)
    yield score("frozen_feed", "the same list under other dates", clean.name, marked, found, lists)


def value_scores(clean: Series, rng: np.random.Generator) -> Iterator[Score]:
    """Range, closed stations and contradictions: one in every list."""
    dates = [start.date() for start in clean.starts]
    plain = clean.only(OPEN).temperatures
    at = one_each(plain, rng)
    truth = np.zeros(plain.shape, np.bool_)
    truth[at] = True

    wrong = plain.copy()
    wrong[at] = rng.choice([-45.0, -33.0, 41.5, 48.0], len(dates))
    lists = batch(wrong, dates)
    found = value_checks.out_of_range(readings_of(lists))
    yield score("range", "-45, -33, 41.5 or 48 °C", clean.name, truth, found, lists)

    closed = sorted(set(STATIONS) - set(OPEN))
    wrong, gone = plain.copy(), np.zeros(plain.shape, np.bool_)
    at_closed = (np.arange(len(dates)), [COLUMN[s] for s in rng.choice(closed, len(dates))])
    wrong[at_closed], gone[at_closed] = 20.0, True
    lists = batch(wrong, dates)
    found = value_checks.closed_station(readings_of(lists), lists.snapshots)
    yield score("closed_station", "a closed station listed", clean.name, gone, found, lists)

    lists = batch(plain, dates)
    clear = readings_of(lists).with_columns(
        condition=pl.when(pl.col("temperature_c") > 3)
        .then(pl.lit("rain"))
        .otherwise(pl.lit("snow"))
    )
    printed = pl.DataFrame(
        {"snapshot": at[0].astype(np.uint32), "station_id": np.array(STATIONS, np.int16)[at[1]]}
    )
    swap = clear.join(printed.with_columns(hit=True), on=["snapshot", "station_id"], how="left")
    warm = pl.col("temperature_c") > 8
    swap = swap.with_columns(hit=pl.col("hit") & (warm | (pl.col("temperature_c") < -8)))
    wrong_word = pl.when(warm).then(pl.lit("snow")).otherwise(pl.lit("rain"))
    swap = swap.with_columns(condition=pl.when("hit").then(wrong_word).otherwise("condition"))
    hits = swap.filter("hit")
    marked = np.zeros(plain.shape, np.bool_)
    marked[hits["snapshot"].to_numpy(), [COLUMN[s] for s in hits["station_id"]]] = True
    found = value_checks.contradictory(swap)
    yield score("consistency", "snow above 8 °C, rain below -8", clean.name, marked, found, lists)


def hour_scores(clean: Series, rng: np.random.Generator) -> Iterator[Score]:
    """Known hours: spikes of one station, and two lists of one hour that disagree."""
    plain = clean.only(OPEN).temperatures
    dates = [start.date() for start in clean.starts]
    at = [start.replace(tzinfo=UTC) - timedelta(hours=KST_HOURS) for start in clean.starts]
    lists = batch(plain, dates, list(at))
    none = np.zeros(plain.shape, np.bool_)
    yield score("step", "none", clean.name, none, sequence_checks.step(lists), lists)
    for error in (6.0, 10.0):
        wrong, truth = plain.copy(), np.zeros(plain.shape, np.bool_)
        some = np.arange(0, len(dates), 3)  # a station is hit now and then, not all the time
        where = one_each(plain[some], rng)
        spikes = (some, where[1])
        wrong[spikes] += rng.choice([-error, error], some.size)
        truth[spikes] = True
        lists = batch(wrong, dates, list(at))
        yield score(
            "step",
            f"a spike of ±{error:g} K",
            clean.name,
            truth,
            sequence_checks.step(lists),
            lists,
        )

    twice = np.concatenate([plain, plain])
    where = one_each(plain, rng)
    twice[where] += rng.choice([-2.0, -0.3, 0.3, 2.0], len(dates))
    truth = np.zeros(twice.shape, np.bool_)
    truth[where] = True
    truth[len(dates) :] = truth[: len(dates)]
    lists = batch(twice, dates * 2, list(at) * 2)
    found = sequence_checks.one_hour_two_values(lists)
    yield score(
        "consistency", "two lists of one hour, 0.3 or 2 K apart", clean.name, truth, found, lists
    )


def stuck_scores(seed: int) -> Iterator[Score]:
    """A year of one list a day at any hour; stations stand still for six to twenty dates."""
    rng = np.random.default_rng(seed)
    hours = np.arange(365) * 24 + rng.integers(0, 24, 365)
    plain = weather(hours, seed)
    plain[:, [COLUMN[s] for s in STATIONS if s not in OPEN]] = np.nan
    days: list[date | None] = [START.date() + timedelta(day) for day in range(365)]
    wrong, truth = plain.copy(), np.zeros(plain.shape, np.bool_)
    for station in rng.choice(OPEN, 30, replace=False):
        first, length = int(rng.integers(0, 340)), int(rng.integers(6, 21))
        stretch = slice(first, first + length)
        wrong[stretch, COLUMN[station]] = wrong[first, COLUMN[station]]
        truth[stretch, COLUMN[station]] = True
    lists = batch(wrong, days)
    found = sequence_checks.stuck_station(lists)
    yield score("stuck_station", "6 to 20 dates", "synthetic", truth, found, lists)


def chance_of_agreement(clean: Series) -> Iterator[tuple[str, ...]]:
    """How often a value is equal in two hours: what the eight stations of `frozen_feed` rest on."""
    tenths = np.round(clean.only(OPEN).temperatures * 10)
    for lag in (1, 3, 12, 24):
        pairs = zip(clean.starts[lag:], clean.starts[:-lag], strict=True)
        apart = np.array([later - earlier == timedelta(hours=lag) for later, earlier in pairs])
        known = ~np.isnan(tenths[lag:]) & ~np.isnan(tenths[:-lag])
        equal = ((tenths[lag:] == tenths[:-lag]) & known).sum(axis=1) / known.sum(axis=1)
        if apart.any():
            equal = equal[apart]
            chance = [f"{(equal**stations).mean():.0e}" for stations in (8, 16)]
            yield clean.name, str(lag), f"{equal.mean():.1%}", f"{equal.max():.1%}", *chance


def timings(snapshots: int, compared: int) -> Iterator[tuple[str, str, str]]:
    """How long the flags of a whole warehouse take, and the frozen feeds of a great many lists:
    ten lists of every hour, one in five a copy of an older hour's, one value in 500 missing."""
    con = warehouse(*many_lists(snapshots))
    start = time.perf_counter()
    update_quality(con, None)
    took = time.perf_counter() - start
    readings = con.sql("SELECT count(*) FROM readings").pl().item()
    rate = f"{readings / took:,.0f} readings/s"
    yield f"all checks, {snapshots:,} lists of 16, into the table", f"{took:.1f} s", rate
    one = con.sql("SELECT snapshot_id FROM snapshots ORDER BY snapshot_id LIMIT 1").pl()
    start = time.perf_counter()
    update_quality(con, one)
    took = time.perf_counter() - start
    yield "the same after one list more", f"{took:.1f} s", ""
    con.close()

    lists = batch(*many_lists(compared))
    start = time.perf_counter()
    frozen_feed_check.flags_of(lists)
    took = time.perf_counter() - start
    yield (
        f"frozen feeds among {compared:,} lists",
        f"{took:.1f} s",
        f"{compared / took:,.0f} lists/s",
    )
    tracemalloc.start()
    frozen_feed_check.flags_of(Lists(lists.snapshots, lists.tenths))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    grid = lists.tenths.nbytes
    yield "their memory", f"{(grid + peak) / 1e6:,.0f} MB", f"of it the grid {grid / 1e6:,.0f} MB"


def many_lists(rows: int) -> tuple[Floats, list[date | None]]:
    rng = np.random.default_rng(5)
    hours = rows // 10
    years = np.arange(hours) % (24 * 3650)
    parts = [years[start : start + 20_000] for start in range(0, hours, 20_000)]
    now = np.concatenate([weather(np.sort(part), seed) for seed, part in enumerate(parts)])
    shown = np.repeat(np.arange(hours), 10)
    late = rng.random(shown.size) < 0.2
    shown[late] = np.maximum(shown[late] - rng.integers(24, 24 * 30, int(late.sum())), 0)
    temperatures = np.full((shown.size, len(STATIONS)), np.nan, np.float32)
    columns = [COLUMN[station] for station in SHORT_LIST]
    temperatures[:, columns] = now[shown][:, columns]
    temperatures[rng.random(temperatures.shape, np.float32) < 0.002] = np.nan
    day = np.repeat(np.arange(hours) // 24, 10)
    return temperatures, [START.date() + timedelta(int(number)) for number in day]


def warehouse(temperatures: Floats, days: list[date | None]) -> duckdb.DuckDBPyConnection:
    """The tables that `update_quality` reads, in memory."""
    con = duckdb.connect()
    for table in TABLES:
        empty = polars_schema(table).to_frame()  # noqa: F841
        con.execute(f'CREATE TABLE "{table}" AS SELECT * FROM empty')  # noqa: S608
    lists = batch(temperatures, days)
    described = lists.snapshots.with_row_index("number")  # noqa: F841
    con.execute(
        "INSERT INTO snapshots SELECT snapshot_id, observed_on, NULL, station_count FROM described"
    )
    con.execute(
        "INSERT INTO documents SELECT snapshot_id, snapshot_id, 'site' || number % 50, '', NULL "
        "FROM described"
    )
    con.execute(
        "INSERT INTO sightings "
        "SELECT snapshot_id, snapshot_id, 1, observed_on, 'ticker', 1, '' FROM described"
    )
    printed = readings_of(lists)  # noqa: F841
    con.execute(
        "INSERT INTO readings SELECT snapshot_id, station_id, 'name', 'clear', '', temperature_c "
        "FROM printed JOIN described ON snapshot = number"
    )
    return con


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def measure(files: list[Path], lists: int, compared: int) -> Iterator[tuple[str, str]]:
    """Names and text of the tables in docs/quality.md."""
    clean = [synthetic(60, 1), *([asos(files)] if files else [])]
    rows, chances = [], []
    for one in clean:
        rng = np.random.default_rng(0)
        for scores in (spatial_scores, frozen_scores, value_scores, hour_scores):
            rows += [found.row() for found in scores(one, rng)]
        chances += chance_of_agreement(one)
    rows += [found.row() for found in stuck_scores(3)]
    yield "scores", table(HEAD, rows)
    head = ("data", "hours apart", "equal values", "at most", "8 stations equal", "16")
    yield "chance", table(head, chances)
    yield "time", table(("what", "time", ""), list(timings(lists, compared)))


def main(argv: list[str] | None = None) -> None:
    """Print the tables; with `--write`, put them into docs/quality.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("asos", nargs="*", type=Path, help="files of hourly ASOS observations")
    parser.add_argument("--lists", type=int, default=100_000, help="lists in the timed warehouse")
    parser.add_argument("--compared", type=int, default=1_000_000, help="lists compared")
    parser.add_argument("--write", action="store_true", help="renew docs/quality.md")
    asked = parser.parse_args(argv)
    for name, text in measure(asked.asos, asked.lists, asked.compared):
        print(f"{text}\n", flush=True)
        if asked.write:
            between = re.compile(rf"(<!-- measured: {name} -->\n).*?\n?(<!-- end -->)", re.DOTALL)
            page = DOCS.read_text(encoding="utf-8")
            DOCS.write_text(between.sub(lambda m: f"{m[1]}{text}\n{m[2]}", page), encoding="utf-8")  # noqa: B023


if __name__ == "__main__":
    main()
