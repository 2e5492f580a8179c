"""Summarize `reconciliations`: verdicts, goodness of fit, and stations with a bias."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.sql_steps import read_steps

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
MIN_BIAS_C = 0.1
"""The smallest median difference that counts as a bias. A smaller median may come from rounding."""
MIN_READINGS = 10
"""The smallest number of readings of a station from which a bias is computed."""
MEANINGS = {
    "matched": "exactly one hour fits",
    "ambiguous": "fits an hour, but another one as well",
    "poor_fit": "fits no hour",
    "late_feed": "an hour of the evening before its date fits: the feed is late",
    "frozen_feed": "equals an hour of another date: the feed is frozen and the date is false",
    "too_few_stations": "too few stations to prove an hour (five equal ones, or eight with noise)",
    "no_observations": "its date has no official values",
}


@dataclass(frozen=True)
class ReconciliationSummary:
    """A summary of all reconciliations; `str()` gives it as text.

    - `verdicts`, a row per verdict, the most frequent first: `verdict`, `snapshots`, `timed`
      (snapshots with an hour), `distance_c` (median distance from the nearest hour in °C).
    - `stations`, a row per station with a reading beside its official value, by number:
      `station_id`; `readings`, the number of such readings; `equal`, how many of them equal the
      official value; `median_c` and `spread_c`, median and standard deviation (estimated from the
      median absolute deviation, 0.05 at least) of printed minus official values in °C; `biased`,
      True if the median is a bias that is not chance.
    - `confirmed`, `contradicted`, `undecided`: the numbers of snapshots whose feed states the hour,
      for which the comparison found the same hour, another hour or no hour.
    """

    verdicts: pl.DataFrame
    stations: pl.DataFrame
    confirmed: int
    contradicted: int
    undecided: int

    def __str__(self) -> str:
        """The summary as text."""
        lines = [_verdict_line(row) for row in self.verdicts.iter_rows(named=True)]
        if readings := int(self.stations["readings"].sum()):
            equal = int(self.stations["equal"].sum()) / readings
            lines.append(f"{readings} readings beside their official value, {equal:.1%} equal")
        biased = self.stations.filter("biased")
        lines += [
            f"station {row['station_id']} prints {row['median_c']:+.1f} °C off its official value"
            f" (median of {row['readings']})"
            for row in biased.iter_rows(named=True)
        ]
        if self.confirmed + self.contradicted + self.undecided:
            lines.append(
                f"hours stated by the feed: {self.confirmed} confirmed,"
                f" {self.contradicted} contradicted, {self.undecided} undecided"
            )
        return "\n".join(lines) or "nothing has been compared with official values"


def summarize_reconciliations(con: duckdb.DuckDBPyConnection) -> ReconciliationSummary:
    """Summarize the table `reconciliations`. `con` may be read-only."""
    limits = {"min_bias_c": MIN_BIAS_C, "min_readings": MIN_READINGS}
    return ReconciliationSummary(
        verdicts=con.sql(STEPS["verdicts"]).pl(),
        stations=con.sql(STEPS["stations"], params=limits).pl(),
        **con.sql(STEPS["feed"]).pl().row(0, named=True),
    )


def _verdict_line(row: dict[str, object]) -> str:
    distance = row["distance_c"]
    away = f", {distance:.2f} °C from the nearest" if distance is not None else ""
    return f"{row['snapshots']:>9} {row['verdict']}: {MEANINGS[str(row['verdict'])]}{away}"
