"""How good are the quality checks? Known faults are put into clean weather and looked for.

    python -m studies.quality_study [ASOS.csv …] [--write]

Clean weather is synthetic (`synthetic_weather`) and, when files of hourly ASOS observations are
given, real. The tables show, for each check: recall (the share of faults found), precision (the
share of flagged readings that are faults), and the share of sound readings flagged. Then follow
the chance that two hours agree, time and memory. `--write` replaces the tables in docs/quality.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from studies.markdown_tables import DOCS, markdown_table, replace_table
from studies.quality_faults import (
    OPEN,
    SCORE_COLUMNS,
    frozen_scores,
    hour_scores,
    spatial_scores,
    stuck_scores,
    value_scores,
)
from studies.quality_timings import timings
from studies.synthetic_weather import Series, asos, synthetic

PAGE = DOCS / "quality.md"


def chance_of_agreement(clean: Series) -> Iterator[tuple[str, ...]]:
    """Yield table rows: how often a station has the same temperature at two hours by chance.

    The threshold `frozen_common_stations` is based on these numbers.
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


def measure(files: list[Path], snapshots: int, compared: int) -> Iterator[tuple[str, str]]:
    """Run the study; yield the name and the text of each table in docs/quality.md."""
    clean = [synthetic(60, 1), *([asos(files)] if files else [])]
    rows, chances = [], []
    for series in clean:
        rng = np.random.default_rng(0)
        for scores in (spatial_scores, frozen_scores, value_scores, hour_scores):
            rows += [score.row() for score in scores(series, rng)]
        chances += chance_of_agreement(series)
    rows += [score.row() for score in stuck_scores(3)]
    yield "scores", markdown_table(SCORE_COLUMNS, rows)
    header = ("data", "hours apart", "equal values", "at most", "8 stations equal", "16")
    yield "chance", markdown_table(header, chances)
    yield "time", markdown_table(("what", "time", ""), timings(snapshots, compared))


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
