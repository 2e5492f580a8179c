"""The summary of reconciliations: verdicts, biased stations, hours stated by a feed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from nalssi.timing import reconcile, summarize_reconciliations
from nalssi.timing.nearest_hours import MIN_STATIONS, NOISE_STATIONS
from nalssi.timing.reconciliation_summary import MEANINGS, ReconciliationSummary
from schemas.vocabulary import VERDICTS
from tests.timing.official_weather import Ticker, at, hour, official, print_tickers, warehouse

DAY = date(2022, 8, 10)
OFFICIAL = official(date(2022, 8, 1), days=20)


def test_every_verdict_has_a_meaning() -> None:
    assert set(MEANINGS) == set(VERDICTS)


def test_the_summary_can_be_printed_as_text() -> None:
    verdicts = pl.DataFrame(
        {
            "verdict": VERDICTS,
            "snapshots": range(1, len(VERDICTS) + 1),
            "distance_c": [None, *[0.125] * (len(VERDICTS) - 1)],
        }
    )
    stations = pl.DataFrame(
        {
            "station_id": [90, 108],
            "readings": [30, 10],
            "equal": [25, 5],
            "median_c": [-0.25, 0.0],
            "biased": [True, False],
        }
    )
    first, *others = str(ReconciliationSummary(verdicts, stations, 2, 2, 0)).splitlines()
    assert first == f"        1 {VERDICTS[0]}: {MEANINGS[VERDICTS[0]]}"
    assert others[: len(VERDICTS) - 1] == [
        f"{number:>9} {verdict}: {MEANINGS[verdict]}, 0.12 °C from the nearest"
        for number, verdict in enumerate(VERDICTS[1:], 2)
    ]
    assert others[len(VERDICTS) - 1 :] == [
        "40 readings beside their official value, 75.0% equal",
        "station 90 prints -0.2 °C off its official value (median of 30)",
        "hours stated by the feed: 2 confirmed, 2 contradicted, 0 undecided",
    ]


def test_the_meanings_state_the_numbers_of_stations() -> None:
    words = {5: "five", 8: "eight"}
    assert MEANINGS["too_few_stations"] == (
        f"too few stations to prove an hour ({words[MIN_STATIONS]} equal ones, or"
        f" {words[NOISE_STATIONS]} with noise)"
    )
    assert MEANINGS["ambiguous"] == "fits an hour, but another one as well"


def test_the_summary_says_when_nothing_was_compared(tmp_path: Path) -> None:
    with warehouse(tmp_path, OFFICIAL) as con:
        assert (
            str(summarize_reconciliations(con)) == "nothing has been compared with official values"
        )


def test_a_biased_station_is_found_and_no_other(tmp_path: Path) -> None:
    tickers = {}
    for number in range(1, 25):
        readings = at(OFFICIAL, hour(DAY, number - 1), noise_c=0.1, seed=number)
        if number < 10:  # too few readings for a bias
            readings |= {90: round(at(OFFICIAL, hour(DAY, number - 1), [90])[90] + 0.6, 1)}
        tickers[f"a{number:02}"] = Ticker(DAY, readings | {156: round(readings[156] + 0.6, 1)})
    with warehouse(tmp_path, OFFICIAL) as con:
        print_tickers(con, tickers)
        reconcile(con)
        found = summarize_reconciliations(con)
    biased = found.stations.filter("biased")
    assert biased["station_id"].to_list() == [156]
    assert abs(biased["median_c"].item() - 0.6) < 0.1
    assert "station 156 prints +0.6 °C off" in str(found)
    of_others = found.stations.filter(pl.col("station_id") != 90)
    assert of_others["readings"].sum() == 16 * found.verdicts["timed"].sum()
    assert found.stations.filter(station_id=90)["median_c"].item() == pytest.approx(0.6, abs=0.1)


def test_hours_stated_by_a_feed_are_confirmed_or_contradicted(tmp_path: Path) -> None:
    right, wrong = hour(DAY, 9), hour(DAY, 10)
    strange = {station: float(station % 40) for station in range(90, 110) if station in at_all()}
    with warehouse(tmp_path, OFFICIAL) as con:
        print_tickers(
            con,
            {
                "a": Ticker(DAY, at(OFFICIAL, right), at=right),
                "b": Ticker(DAY, at(OFFICIAL, right), at=wrong),
                "c": Ticker(DAY, strange, at=right),
                "d": Ticker(
                    DAY + timedelta(days=1), at(OFFICIAL, hour(DAY + timedelta(days=1), 3))
                ),
            },
        )
        reconcile(con)
        found = summarize_reconciliations(con)
    assert (found.confirmed, found.contradicted, found.undecided) == (1, 1, 1)
    assert "1 confirmed, 1 contradicted, 1 undecided" in str(found)
    assert found.stations["equal"].sum() == found.stations["readings"].sum() == 3 * 16


def at_all() -> set[int]:
    return set(OFFICIAL["station_id"].to_list())
