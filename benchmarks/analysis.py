"""Measure queries of seventeen million readings: through the views, and on a Parquet file.

    python -m benchmarks.analysis [--runs 5] [--write]

The warehouse is that of `benchmarks.hours`. A typical question to each view is run on a warm
connection to the published copy. In turn with it, a query written by hand answers the same question
from one Parquet file, which has all columns, sorted by date, hour and station. Both answers must be
equal. The script also measures the load of one more snapshot, and the bytes of a reading. Each time
is the shortest of several runs, which varies least on a busy machine; the report also has the ratio
of CPU times. `--write` renews docs/analysis-speed.md.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.hours import feeds, many_years, readings_in
from benchmarks.measure import Row
from benchmarks.report import machine, table
from nalssi.common.korea_time import KST_ZONE_NAME
from nalssi.common.sql_steps import read_steps
from nalssi.sources import plan
from nalssi.staging import stage
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "benchmarks"
DOCS = ROOT / "docs" / "analysis-speed.md"
SQL = Path(__file__).with_suffix(".sql")
NOTES = Path(__file__).with_name("analysis_notes.md")
ADDED = 5
"""The number of snapshots that `adding` loads, one per load. The first load is not counted, because
it fills the connection's caches."""


@dataclass(frozen=True)
class Took:
    """The time of an action in seconds: elapsed (`wall`), and of this process's CPU (`cpu`)."""

    wall: float
    cpu: float


def took(work: Callable[[], object]) -> Took:
    """Run an action once and return the time in seconds."""
    begin, begin_cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - begin, time.process_time() - begin_cpu)


def best(several: list[Took]) -> Took:
    """Return the shortest elapsed time and the shortest CPU time of several runs."""
    return Took(min(t.wall for t in several), min(t.cpu for t in several))


def questions() -> dict[str, tuple[str, str]]:
    """Return, by name of the question, its SQL on the views and its SQL on the Parquet file."""
    steps = read_steps(SQL)
    return {
        name: (sql, steps[f"by_hand_{name}"])
        for name, sql in steps.items()
        if f"by_hand_{name}" in steps
    }


def sorted_file(warehouse: Warehouse) -> Path:
    """Return the path of a sorted Parquet file of all readings, with time, station and flag.

    It is in the warehouse folder, and is written only if it does not exist.
    """
    digest = hashlib.blake2b(read_steps(SQL)["flat"].encode(), digest_size=4).hexdigest()
    path = warehouse.folder / f"readings-{digest}.parquet"
    if not path.exists():
        with warehouse.reader(shut_off=False) as con:
            con.execute(f"COPY ({read_steps(SQL)['flat']}) TO '{path}.part' (FORMAT parquet)")
        Path(f"{path}.part").rename(path)
    return path


def ask(warehouse: Warehouse, runs: int) -> list[Row]:
    """Measure every question through the views and by hand, in turn. Return a row for each.

    The last row is for the view `latest_readings` alone.
    """
    rows = []
    with warehouse.reader() as con, duckdb.connect() as by_hand:
        by_hand.execute(f"SET TimeZone = '{KST_ZONE_NAME}'")
        file = str(sorted_file(warehouse)).replace("'", "''")
        by_hand.execute(f"CREATE VIEW flat AS FROM '{file}'")
        for name, (ours, theirs) in questions().items():
            assert_same(name, con.sql(ours).pl(), by_hand.sql(theirs).pl())
            times: tuple[list[Took], list[Took]] = ([], [])
            for _ in range(runs):
                times[0].append(took(lambda: con.sql(ours).pl()))  # noqa: B023 (called at once)
                times[1].append(took(lambda: by_hand.sql(theirs).pl()))  # noqa: B023
            view, hand = best(times[0]), best(times[1])
            rows.append(
                Row(
                    name.replace("_", " "),
                    f"{view.wall * 1e3:.0f} ms, by hand {hand.wall * 1e3:.0f} ms: "
                    f"{view.wall / hand.wall:.1f} × (CPU {view.cpu / hand.cpu:.1f} ×)",
                    "≤ 1.5 ×",
                    view.wall <= 1.5 * hand.wall,
                )
            )
        con.sql("FROM latest_readings").pl()
        latest = best([took(lambda: con.sql("FROM latest_readings").pl()) for _ in range(runs)])
        rows.append(
            Row("latest snapshot", f"{latest.wall * 1e3:.0f} ms", "< 50 ms", latest.wall < 0.05)
        )
    return rows


def assert_same(name: str, ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """Raise AssertionError unless two answers to the question `name` are equal and not empty.

    Means may differ by 0.011, because of the order of summation.
    """
    if ours.is_empty() and name != "frozen_feeds":
        raise AssertionError(f"{name}: nothing found")
    assert_frame_equal(ours, theirs, check_dtypes=False, check_row_order=False, abs_tol=0.011)


def add(warehouse: Warehouse, parts: list[Path]) -> Took:
    """Load staged parts one by one into a copy of a warehouse, and return the shortest time.

    Each part has one snapshot. The first load is not counted.
    """
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        copy = Warehouse(Path(folder))
        if warehouse.database.exists():
            shutil.copyfile(warehouse.database, copy.database)
        times = [took(lambda: load_parts(copy, [part])) for part in parts]  # noqa: B023
    return best(times[1:])


def adding(warehouse: Warehouse) -> list[Row]:
    """Measure the load of one more snapshot, with publishing, in `warehouse` and an empty one.

    Returns one row, which compares the two times.
    """
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        parts = []
        for hour, text in feeds(date(2026, 1, 1), date(2026, 1, 1))[:ADDED]:
            page = Path(folder, f"{hour:%H}.xml")
            page.write_text(text, encoding="utf-8")
            (partition,) = plan([str(page)]).partitions
            parts.append(stage(partition, Path(folder)).folder)
        empty = add(Warehouse(Path(folder, "none")), parts)
        full = add(warehouse, parts)
    ratio = full.wall / empty.wall
    return [
        Row(
            "a snapshot more",
            f"{full.wall:.2f} s, when empty {empty.wall:.2f} s: {ratio:.1f} × "
            f"(CPU {full.cpu:.2f} s, {full.cpu / empty.cpu:.1f} ×)",
            "< 3 ×",
            ratio < 3,
        )
    ]


def bytes_per_reading(warehouse: Warehouse) -> Row:
    """Return a row of the report: the bytes of the published copy, divided by its readings."""
    found = warehouse.published.stat().st_size / readings_in(warehouse)
    return Row("room", f"{found:.1f} bytes a reading", "≤ 16", found <= 16)


def page(rows: list[Row], readings: int, runs: int) -> str:
    """Return the text of docs/analysis-speed.md.

    `readings` is the number of readings in the warehouse, `runs` the number of runs of a question.
    """
    return "\n".join(
        [
            "# Speed of analysis",
            "",
            "Made by `python -m benchmarks.analysis --write`. Do not edit.",
            "",
            f"{machine()}. {readings:,} readings: KMA's feed of every hour of 21 years, as",
            "`benchmarks/hours.py` makes it, through the real load path. The questions are in",
            "`benchmarks/analysis.sql`, each as asked through its view and as written by hand for",
            "one sorted Parquet file that holds everything about a reading in one row. The views",
            "read what the loads wrote: readings by snapshot, the hours and flags apart. The two",
            "answers are compared, and are the same.",
            f"Best of {runs} runs in turns, warm; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load of",
            f"the machine {os.getloadavg()[0]:.1f}.",
            "",
            table(rows),
            NOTES.read_text(encoding="utf-8"),
        ]
    )


def main() -> None:
    """Measure, print the table, and write the page if the command line asks for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of which the best counts")
    parser.add_argument("--write", action="store_true", help="renew docs/analysis-speed.md")
    asked = parser.parse_args()
    warehouse = many_years(FOLDER)
    rows = [*ask(warehouse, asked.runs), *adding(warehouse), bytes_per_reading(warehouse)]
    print(table(rows))
    if asked.write:
        DOCS.write_text(page(rows, readings_in(warehouse), asked.runs), encoding="utf-8")


if __name__ == "__main__":
    main()
