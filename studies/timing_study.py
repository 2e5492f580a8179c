"""Does reconciling find the right hour, and does it keep silent where it cannot?

    python -m studies.timing_study [ASOS.csv …] [--write]

Lists of 16 stations are drawn from known hours, noise is added and rounded as a site would print
it, and the hour found is held against the one drawn. The official values are a year of synthetic
weather and, when hourly ASOS files are given, real ones. Then lists whose hour must *not* be
found: those of a frozen feed, and of hours that the archive lacks. Then time and memory of a year
of hours by a year of lists. `--write` renews the tables in docs/reconcile.md.
"""

from __future__ import annotations

import argparse
import re
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
from nalssi.observations import load_observations
from nalssi.quality.snapshot_grid import STATIONS as WEATHER_STATIONS
from nalssi.timing.official_hours import (
    COLUMN_OF,
    NO_READING,
    NO_VALUE,
    STATIONS,
    OfficialHours,
    Tenths,
    read_official_hours,
)
from nalssi.timing.reconcile_snapshots import UNDATED, compare
from nalssi.warehouse.warehouse_folder import Warehouse
from studies.quality_study import SHORT_LIST, weather

DOCS = Path(__file__).resolve().parent.parent / "docs" / "reconcile.md"
SYNTHETIC_START = 473_352 - KST_HOURS  # 2024-01-01 0:00 KST, in hours since 1970
YEAR = 366 * 24
WEEK = 7 * 24
SEEDS = 4
LISTS = 2_000
NOISES_C = (0.0, 0.1, 0.2, 0.3, 0.5)
TARGETS = {0.0: (1.0, 0.0), 0.1: (0.98, 0.001), 0.3: (0.85, 0.002)}
"""By noise: least share set and right, largest share of those set that is wrong."""

Rows = list[tuple[object, ...]]


def synthetic(hours: int, seed: int) -> OfficialHours:
    """An archive of synthetic weather from 2024-01-01 on."""
    columns = [COLUMN_OF[int(station)] for station in WEATHER_STATIONS]
    tenths = np.full((hours + 1, len(STATIONS)), NO_VALUE, dtype=np.int16)
    tenths[:-1, columns] = np.round(weather(np.arange(hours), seed) * 10)
    return OfficialHours(
        np.arange(SYNTHETIC_START, SYNTHETIC_START + hours, dtype=np.int32), tenths
    )


def real(files: list[Path]) -> OfficialHours:
    """The archive that loading these files makes."""
    with tempfile.TemporaryDirectory() as folder, Warehouse(Path(folder)).writer() as con:
        report = load_observations(con, files)
        print(report)
        return read_official_hours(con)


def cut(archive: OfficialHours, rows: slice | npt.NDArray[np.bool_]) -> OfficialHours:
    """Some hours of an archive."""
    some = archive.tenths[:-1][rows]
    return OfficialHours(archive.hours[rows], np.vstack([some, archive.tenths[-1:]]))


@dataclass(frozen=True)
class Drawn:
    """Lists and the hours they were drawn from."""

    lists: Tenths
    hours: npt.NDArray[np.int64]

    @property
    def days(self) -> npt.NDArray[np.int32]:
        """The dates that tickers of these hours print."""
        return ((self.hours + KST_HOURS) // 24).astype(np.int32)


def draw(archive: OfficialHours, noise_c: float, seed: int, lists: int = LISTS) -> Drawn:
    """Lists of random hours: half of the commonest ticker's stations, half of any 16 stations."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.integers(0, len(archive.hours), lists))
    reporting = np.flatnonzero((archive.tenths[:-1] != NO_VALUE).any(axis=0))
    common = np.array([COLUMN_OF[station] for station in SHORT_LIST])
    made = np.full((lists, len(STATIONS)), NO_READING, dtype=np.int16)
    for index, row in enumerate(rows):
        columns = common if index % 2 else rng.choice(reporting, len(common), replace=False)
        official = archive.tenths[row, columns]
        printed = np.round(official + rng.normal(0, noise_c * 10, len(columns)))
        made[index, columns] = np.where(official == NO_VALUE, NO_READING, printed)
    return Drawn(made, archive.hours[rows].astype(np.int64))


def found(
    drawn: Drawn, archive: OfficialHours, days: npt.NDArray[np.int32] | None = None
) -> pl.DataFrame:
    """Reconciliations of these lists, with the true hour beside (hours since 1970)."""
    days = np.full(len(drawn.hours), UNDATED, dtype=np.int32) if days is None else days
    ids = pl.Series([f"{index:016x}" for index in range(len(drawn.hours))])
    rows = compare(ids, drawn.lists, days, np.zeros(len(ids), dtype=np.bool_), archive)
    return rows.with_columns(
        hour=pl.col("observed_at").dt.epoch("s") // 3600,
        truth=pl.Series(drawn.hours),
    )


def accuracy(name: str, archive: OfficialHours) -> Rows:
    """Hours found of lists with noise: under their date, and undated within a week."""
    rows: Rows = []
    weeks = [slice(start, start + WEEK) for start in range(0, len(archive.hours), WEEK)][:-1]
    weeks = weeks[:: max(1, len(weeks) // SEEDS)] or [slice(None)]
    for noise in NOISES_C:
        for kind in ("dated", "undated, a week", "undated, all"):
            parts = []
            for seed in range(SEEDS):
                week = cut(archive, weeks[seed % len(weeks)])
                there = week if kind == "undated, a week" else archive
                drawn = draw(there, noise, seed, LISTS if kind != "undated, all" else LISTS // 4)
                parts.append(found(drawn, there, drawn.days if kind == "dated" else None))
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


def silence(name: str, archive: OfficialHours) -> Rows:
    """Lists whose date is false, or whose hour the archive lacks: no hour must be given them."""
    rows: Rows = []
    day = (archive.hours + KST_HOURS) // 24
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

    def later(seed: int, noise: float) -> pl.DataFrame:
        drawn = draw(archive, noise, seed)
        days = drawn.days + np.random.default_rng(seed).integers(1, 6, LISTS).astype(np.int32)
        return found(drawn, archive, np.minimum(days, known[-1]))

    def stranger(seed: int, noise: float) -> pl.DataFrame:
        # Every other day is taken away, and its lists stand under the day after.
        drawn = draw(cut(archive, day % 2 == 0), noise, seed)
        return found(drawn, cut(archive, day % 2 == 1), drawn.days + np.int32(1))

    def undated(seed: int, noise: float) -> pl.DataFrame:
        drawn = draw(cut(archive, day % 2 == 0), noise, seed, LISTS // 4)
        return found(drawn, cut(archive, day % 2 == 1))

    def gap(seed: int, noise: float) -> pl.DataFrame:
        lacking = archive.hours % 3 == 0
        drawn = draw(cut(archive, lacking), noise, seed)
        return found(drawn, cut(archive, ~lacking), drawn.days)

    score("frozen: under a later date, true hour there", later)
    score("frozen: under a later date, true day not there", stranger)
    score("undated, its day not there", undated)
    score("dated, every third hour not there", gap)
    return rows


def speed(archive: OfficialHours) -> Rows:
    """A year of lists, one an hour, by a year of hours: dated or not, 16 or 97 stations."""
    rows: Rows = []
    for stations in (16, 97):
        reporting = np.flatnonzero((archive.tenths[:-1] != NO_VALUE).any(axis=0))[:stations]
        lists = np.full((len(archive.hours), len(STATIONS)), NO_READING, dtype=np.int16)
        lists[:, reporting] = archive.tenths[:-1, reporting]
        drawn = Drawn(lists, archive.hours.astype(np.int64))
        for kind, days in (("dated", drawn.days), ("undated", None)):
            begin = time.perf_counter()
            result = found(drawn, archive, days)
            seconds = time.perf_counter() - begin
            right = result.filter(pl.col("hour") == pl.col("truth")).height / result.height
            rows.append((kind, stations, result.height, f"{seconds:.1f}", f"{right:.2%}"))
    return rows


def table(header: tuple[str, ...], rows: Rows) -> str:
    """Rows as a Markdown table."""
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def measure(files: list[Path]) -> Iterator[tuple[str, str]]:
    """Every table, by its name in the docs."""
    year = synthetic(YEAR, seed=1)
    archives = {"synthetic year": year}
    if files:
        archives["real hours"] = real(files)
    header: tuple[str, ...]
    header = ("official values", "lists", "noise °C", "n", "set and right", "wrong of set", "met")
    yield "accuracy", table(header, [r for n, a in archives.items() for r in accuracy(n, a)])
    header = ("official values", "lists", "noise °C", "n", "proven frozen", "wrong hour")
    yield "silence", table(header, [r for n, a in archives.items() for r in silence(n, a)])
    rows = speed(year)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    header = ("lists", "stations", "n (by 8,784 hours)", "seconds", "right")
    yield "speed", table(header, rows) + f"\n\nPeak memory of the whole run: {peak:.0f} MB."


def main() -> None:
    """Measure, print, and with --write renew the tables in the docs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("asos", nargs="*", type=Path, help="hourly ASOS files")
    parser.add_argument("--write", action="store_true", help=f"renew the tables in {DOCS.name}")
    options = parser.parse_args()
    for name, text in measure(options.asos):
        print(f"\n## {name}\n\n{text}", flush=True)
        if options.write:
            _renew(name, text)


def _renew(name: str, text: str) -> None:
    pattern = rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)"
    page = DOCS.read_text(encoding="utf-8")
    renewed, places = re.subn(
        pattern, lambda place: f"{place[1]}\n{text}\n{place[2]}", page, flags=re.DOTALL
    )
    if places != 1:
        raise ValueError(f"{DOCS}: {places} places for the table {name}")
    DOCS.write_text(renewed, encoding="utf-8")


if __name__ == "__main__":
    main()
