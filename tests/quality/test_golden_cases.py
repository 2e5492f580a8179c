"""Every check against its table of cases: which readings are flagged.

`golden/<test>.yaml` has a `base` snapshot (station: temperature, or [condition, temperature]) and
cases. A snapshot of a case is the base, or `all` open stations at one temperature. `but` replaces
values, `only` keeps some stations. It has a `date` with a `source`, a `site`, and an hour: `at`
from the feed, or `hour` from the comparison. `expect` gives for each snapshot the flags by
station, or one flag for all its stations. A value outside the limits of `temperature_limits` is
rejected, so it is no reading and has no flag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from nalssi.common.reference import reference
from nalssi.conclusions import conclude_times
from nalssi.quality import consistency_check, frozen_feed_check, spatial_check, step_check
from nalssi.quality.snapshot_batch import SnapshotBatch, read_batch
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import QUALITY_TESTS
from tests.quality.ticker_warehouse import Reading, Ticker, put, warehouse

GOLDEN = Path(__file__).parent / "golden"


def value_findings(test: str) -> Callable[[SnapshotBatch], pl.DataFrame]:
    return lambda batch: batch.value_findings.filter(pl.col("test") == test)


CHECKS: dict[str, Callable[[SnapshotBatch], pl.DataFrame]] = {
    "missing": value_findings("missing"),
    "range": value_findings("range"),
    "closed_station": value_findings("closed_station"),
    "consistency": lambda batch: pl.concat(
        [value_findings("consistency")(batch), consistency_check.one_hour_two_values(batch.grid)]
    ),
    "frozen_feed": lambda batch: frozen_feed_check.frozen_feed(batch.grid, batch.repeated),
    "stuck_station": lambda batch: batch.stuck_findings,
    "spatial": lambda batch: spatial_check.spatial(batch.grid),
    "step": lambda batch: step_check.step(batch.grid),
}


@cache
def cases() -> list[Any]:
    return [
        pytest.param(path.stem, table["base"], case, id=f"{path.stem}: {case['name']}")
        for path in sorted(GOLDEN.glob("*.yaml"))
        for table in [yaml.safe_load(path.read_text(encoding="utf-8"))]
        for case in table["cases"]
    ]


def reading(value: Any) -> Reading:
    return (value[0], value[1]) if isinstance(value, list) else (None, value)


def is_possible(temperature_c: float | None) -> bool:
    return temperature_c is None or (LOWEST_TEMPERATURE_C <= temperature_c <= HIGHEST_TEMPERATURE_C)


def ticker(base: dict[int, Any], spec: dict[str, Any], name: str) -> Ticker:
    everywhere = dict.fromkeys(reference("stations")["station_id"], spec.get("all"))
    values = (everywhere if "all" in spec else base) | spec.get("but", {})
    hour = spec.get("hour")
    return Ticker(
        readings={
            station: reading(value)
            for station, value in values.items()
            if station in spec.get("only", values) and is_possible(reading(value)[1])
        },
        observed_on=spec.get("date"),
        date_source=spec.get("source", "ticker"),
        site=spec.get("site", "example.kr"),
        observed_at=datetime.fromisoformat(spec["at"]) if "at" in spec else None,
        verdict=spec.get("verdict", "matched" if hour else None),
        reconciled_at=datetime.fromisoformat(hour) if hour else None,
        name=name,
    )


def tickers_of(base: dict[int, Any], case: dict[str, Any]) -> list[Ticker]:
    return [ticker(base, spec, str(number)) for number, spec in enumerate(case["lists"])]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in which every case replaces all facts."""
    with warehouse() as connection:
        yield connection


def test_the_tickers_of_all_cases_obey_the_contracts(con: duckdb.DuckDBPyConnection) -> None:
    tickers = [one for case in cases() for one in tickers_of(*case.values[1:])]
    assert put(con, tickers).height > len(cases())


@pytest.mark.parametrize(("test", "base", "case"), cases())
def test_the_flags_of_a_golden_case_are_the_expected_ones(
    test: str, base: dict[int, Any], case: dict[str, Any], con: duckdb.DuckDBPyConnection
) -> None:
    tickers = tickers_of(base, case)
    put(con, tickers, checked=False)  # checked above, for all cases at once
    conclude_times(con, None)
    batch = read_batch(con)
    found = CHECKS[test](batch)
    ids = batch.grid.snapshots["snapshot_id"].to_list()
    flags = {(ids[row], station): flag for row, station, flag, _ in found.iter_rows()}
    assert len(flags) == found.height, "a reading is flagged twice"

    expected = {}
    for one, expect in zip(tickers, case["expect"], strict=True):
        each = expect if isinstance(expect, dict) else dict.fromkeys(one.readings, expect)
        expected |= {(one.snapshot_id, s): each[s] for s in one.readings.keys() & each.keys()}
    assert flags == expected


def test_every_check_has_a_table_of_cases() -> None:
    assert {path.stem for path in GOLDEN.glob("*.yaml")} == set(CHECKS) == set(QUALITY_TESTS)
