"""Measure how good the quality checks are: put faults into clean weather, and count those found.

    python -m studies.quality_study [ASOS.csv …] [--write]

Clean weather is synthetic (`synthetic_weather`) and, when files of hourly ASOS observations are
given, real. The tables show, for each check and season: recall (the share of faults found) and the
share of sound readings flagged. Files of single stations only show how often `step` flags real
changes (`real_steps`). Then follow the chance that two hours agree, time and memory. `--write`
replaces the tables in docs/quality.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from studies.markdown_tables import DOCS, markdown_table, replace_table
from studies.official_series import by_season, official_series
from studies.quality_faults import (
    OPEN,
    Score,
    frozen_scores,
    hour_scores,
    spatial_scores,
    stuck_scores,
    value_scores,
)
from studies.quality_timings import timings
from studies.real_steps import (
    CROSS_HEADER,
    DATA_HEADER,
    STEP_HEADER,
    cross_rows,
    data_rows,
    step_rows,
)
from studies.synthetic_weather import Series, synthetic

PAGE = DOCS / "quality.md"
MIN_NETWORK = 8
"""The smallest number of stations in a file whose hours are used as lists."""


def chance_of_agreement(clean: Series) -> Iterator[tuple[str, ...]]:
    """Yield rows of the table `chance`: how often stations have equal temperatures at two hours.

    Columns: series, hours apart, mean and largest share of equal stations, and the chance that 8
    and that 16 stations are equal. The threshold `frozen_common_stations` is based on them.
    """
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


def score_table(scores: list[Score]) -> str:
    """Return a Markdown table with a row for each check and fault, and a column for each series."""
    series = list(dict.fromkeys(one.data for one in scores))
    cells = {(one.check, one.fault, one.data): one.cell() for one in scores}
    faults = dict.fromkeys((one.check, one.fault) for one in scores)
    rows = [(*row, *(cells.get((*row, data), "") for data in series)) for row in faults]
    return markdown_table(("check", "fault put in", *series), rows)


def measure(files: list[Path], snapshots: int, compared: int) -> Iterator[tuple[str, str]]:
    """Run the study; yield the name and the text of each table in docs/quality.md.

    `files` are hourly ASOS files. `snapshots` and `compared` are those of `quality_timings`.
    """
    weather = synthetic(60, 1)
    official = official_series(files)
    networks = [one for one in official if network_size(one) >= MIN_NETWORK]
    clean = [
        Series(f"{part.name}, {season}", part.starts, part.temperatures)
        for season, part in by_season(weather)
    ]
    scores = []
    for series in [*clean, *networks]:
        rng = np.random.default_rng(0)
        for scores_of in (spatial_scores, frozen_scores, value_scores, hour_scores):
            scores += list(scores_of(series, rng))
    scores += stuck_scores(3)
    yield "scores", score_table(scores)
    if official:
        yield "official", markdown_table(DATA_HEADER, data_rows(official))
        yield "steps", markdown_table(STEP_HEADER, step_rows(official))
        yield "cross", markdown_table(CROSS_HEADER, cross_rows(official))
    header = ("data", "hours apart", "equal values", "at most", "8 stations equal", "16")
    chances = [row for series in (weather, *networks) for row in chance_of_agreement(series)]
    yield "chance", markdown_table(header, chances)
    yield "time", markdown_table(("what", "time", ""), timings(snapshots, compared))


def network_size(series: Series) -> int:
    """Return the number of stations that have temperatures in a series."""
    return int(np.count_nonzero(~np.isnan(series.temperatures).all(axis=0)))


def main(argv: list[str] | None = None) -> None:
    """Print the tables; with `--write`, also write them into docs/quality.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("asos", nargs="*", type=Path, help="files of hourly ASOS observations")
    parser.add_argument(
        "--lists", type=int, default=100_000, help="snapshots in the timed warehouse"
    )
    parser.add_argument(
        "--compared",
        type=int,
        default=1_000_000,
        help="snapshots among which frozen feeds are looked for",
    )
    parser.add_argument("--write", action="store_true", help="renew docs/quality.md")
    options = parser.parse_args(argv)
    for name, table in measure(options.asos, options.lists, options.compared):
        print(f"{table}\n", flush=True)
        if options.write:
            replace_table(PAGE, name, table)


if __name__ == "__main__":
    main()
