"""The summary of reconciliations: verdicts, biased stations, hours stated by a feed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from nalssi.timing import reconcile, summarize_reconciliations
from nalssi.timing.reconciliation_summary import MEANINGS
from schemas.vocabulary import VERDICTS
from tests.timing.official_weather import Ticker, at, hour, official, print_tickers, warehouse

DAY = date(2022, 8, 10)
OFFICIAL = official(date(2022, 8, 1), days=20)


def test_every_verdict_has_a_meaning() -> None:
    assert set(MEANINGS) == set(VERDICTS)


def test_the_summary_says_when_nothing_was_compared(tmp_path: Path) -> None:
    with warehouse(tmp_path, OFFICIAL) as con:
        assert (
            str(summarize_reconciliations(con)) == "nothing has been compared with official values"
        )


def test_a_biased_station_is_found_and_no_other(tmp_path: Path) -> None:
    tickers = {}
    for number in range(1, 25):
        readings = at(OFFICIAL, hour(DAY, number - 1), noise_c=0.1, seed=number)
        tickers[f"a{number:02}"] = Ticker(DAY, readings | {156: round(readings[156] + 0.6, 1)})
    with warehouse(tmp_path, OFFICIAL) as con:
        print_tickers(con, tickers)
        reconcile(con)
        found = summarize_reconciliations(con)
    biased = found.stations.filter("biased")
    assert biased["station_id"].to_list() == [156]
    assert abs(biased["median_c"].item() - 0.6) < 0.1
    assert "station 156 prints +0.6 °C off" in str(found)
    assert found.stations["readings"].sum() == 16 * found.verdicts["timed"].sum()


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


def at_all() -> set[int]:
    return set(OFFICIAL["station_id"].to_list())
