"""Every check against its table of cases: what goes in, what is flagged, and why.

`golden/<test>.yaml` has a `base` list (station: temperature, or [condition, temperature]) and
cases; a list of a case is the base (or `all` open stations at one temperature) with `but` other
values, `only` some stations, a `date` of `source`, at a `site`, `at` an hour that the feed tells
or an `hour` that the comparison found. `expect` gives for each list the flags by station, or one
flag for all its stations.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from nalssi.common.reference import reference
from nalssi.quality import frozen_feed_check, sequence_checks, spatial_check
from nalssi.quality.quality_table import Batch, read
from schemas.vocabulary import QUALITY_TESTS
from tests.quality.ticker_warehouse import Reading, Ticker, put, warehouse

GOLDEN = Path(__file__).parent / "golden"


def finding(test: str) -> Callable[[Batch], pl.DataFrame]:
    return lambda batch: batch.findings.filter(pl.col("test") == test)


CHECKS: dict[str, Callable[[Batch], pl.DataFrame]] = {
    "missing": finding("missing"),
    "range": finding("range"),
    "closed_station": finding("closed_station"),
    "consistency": lambda batch: pl.concat(
        [finding("consistency")(batch), sequence_checks.one_hour_two_values(batch.lists)]
    ),
    "frozen_feed": lambda batch: frozen_feed_check.frozen_feed(batch.lists),
    "stuck_station": lambda batch: sequence_checks.stuck_station(batch.lists),
    "spatial": lambda batch: spatial_check.spatial(batch.lists),
    "step": lambda batch: sequence_checks.step(batch.lists),
}


def cases() -> list[Any]:
    return [
        pytest.param(path.stem, table["base"], case, id=f"{path.stem}: {case['name']}")
        for path in sorted(GOLDEN.glob("*.yaml"))
        for table in [yaml.safe_load(path.read_text(encoding="utf-8"))]
        for case in table["cases"]
    ]


def reading(value: Any) -> Reading:
    return (value[0], value[1]) if isinstance(value, list) else (None, value)


def ticker(base: dict[int, Any], spec: dict[str, Any], name: str) -> Ticker:
    everywhere = dict.fromkeys(reference("stations")["station_id"], spec.get("all"))
    values = (everywhere if "all" in spec else base) | spec.get("but", {})
    hour = spec.get("hour")
    return Ticker(
        readings={
            station: reading(value)
            for station, value in values.items()
            if station in spec.get("only", values)
        },
        observed_on=spec.get("date"),
        date_source=spec.get("source", "ticker"),
        site=spec.get("site", "example.kr"),
        observed_at=datetime.fromisoformat(spec["at"]) if "at" in spec else None,
        verdict=spec.get("verdict", "matched" if hour else None),
        reconciled_at=datetime.fromisoformat(hour) if hour else None,
        name=name,
    )


@pytest.mark.parametrize(("test", "base", "case"), cases())
def test_golden_case(test: str, base: dict[int, Any], case: dict[str, Any]) -> None:
    tickers = [ticker(base, spec, str(place)) for place, spec in enumerate(case["lists"])]
    con = warehouse()
    put(con, tickers)
    batch = read(con, None)
    found = CHECKS[test](batch)
    ids = batch.lists.snapshots["snapshot_id"].to_list()
    flags = {(ids[row], station): flag for row, station, flag, _ in found.iter_rows()}
    assert len(flags) == found.height, "a reading is flagged twice"

    expected = {}
    for one, expect in zip(tickers, case["expect"], strict=True):
        each = expect if isinstance(expect, dict) else dict.fromkeys(one.readings, expect)
        expected |= {(one.snapshot_id, station): flag for station, flag in each.items()}
    assert flags == expected


def test_every_test_has_a_table() -> None:
    assert {path.stem for path in GOLDEN.glob("*.yaml")} == set(CHECKS) == set(QUALITY_TESTS)
