"""Which hour a snapshot gets, and when it gets none: a wrong hour is worse than none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from nalssi import quality
from nalssi.timing import reconcile, snapshots_to_reconcile
from nalssi.timing.nearest_hours import BlockSizes
from nalssi.timing.reconcile_snapshots import ReconcileCounts
from schemas.contracts import check, polars_schema
from tests.timing.official_weather import (
    FORTY,
    SIXTEEN,
    Ticker,
    at,
    compared,
    hour,
    official,
    print_tickers,
    put,
    warehouse,
)

DAY = date(2022, 8, 10)
OFFICIAL = official(date(2022, 8, 1), days=20)
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path, OFFICIAL) as connection:
        yield connection


def table(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    rows = con.sql(f"SELECT * FROM {name} ORDER BY ALL").pl()
    instants = [column for column, dtype in rows.schema.items() if isinstance(dtype, pl.Datetime)]
    rows = rows.with_columns(pl.col(instants).dt.convert_time_zone("UTC"))
    return check(name, rows.cast(dict(polars_schema(name))))


def result(con: duckdb.DuckDBPyConnection, ticker: Ticker) -> dict[str, object]:
    print_tickers(con, {"a": ticker})
    reconcile(con)
    table(con, "reconciliations")
    return compared(con)["a"]


def test_an_exact_list_gets_its_hour_every_hour_of_the_day(
    con: duckdb.DuckDBPyConnection,
) -> None:
    hours = {f"a{h:02}": hour(DAY, h) for h in range(24)}
    print_tickers(con, {name: Ticker(DAY, at(OFFICIAL, when)) for name, when in hours.items()})
    reconcile(con)
    found = compared(con)
    assert {name: row["observed_at"] for name, row in found.items()} == hours
    assert {row["verdict"] for row in found.values()} == {"matched"}
    assert {row["distance_c"] for row in found.values()} == {0.0}


def test_an_undated_list_gets_its_hour_among_all(con: duckdb.DuckDBPyConnection) -> None:
    row = result(con, Ticker(None, at(OFFICIAL, hour(DAY, 15), noise_c=0.1)))
    assert (row["observed_at"], row["verdict"], row["searched"]) == (
        hour(DAY, 15),
        "matched",
        "all",
    )
    assert row["stations"] == 16
    assert 0 < row["distance_c"] < 0.2 < row["margin_c"]


def test_a_station_that_is_far_off_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    readings = at(OFFICIAL, hour(DAY, 15), noise_c=0.1)
    readings[108] += 12.0
    assert result(con, Ticker(DAY, readings))["observed_at"] == hour(DAY, 15)


def test_between_two_hours_there_is_no_hour(con: duckdb.DuckDBPyConnection) -> None:
    one, other = (at(OFFICIAL, hour(DAY, h)) for h in (10, 11))
    halfway = {station: round((one[station] + other[station]) / 2, 1) for station in SIXTEEN}
    assert result(con, Ticker(DAY, halfway))["observed_at"] is None


def test_some_minutes_after_an_hour_is_still_that_hour(con: duckdb.DuckDBPyConnection) -> None:
    one, other = (at(OFFICIAL, hour(DAY, h)) for h in (10, 11))
    soon = {station: round(one[station] * 0.85 + other[station] * 0.15, 1) for station in SIXTEEN}
    assert result(con, Ticker(DAY, soon))["observed_at"] == hour(DAY, 10)


def test_a_list_unlike_all_hours_fits_none(con: duckdb.DuckDBPyConnection) -> None:
    strange = {s: round(20 + 8 * np.sin(s), 1) for s in SIXTEEN}
    row = result(con, Ticker(DAY, strange))
    assert (row["observed_at"], row["verdict"]) == (None, "poor_fit")


def test_five_equal_stations_prove_the_hour_and_four_do_not(
    con: duckdb.DuckDBPyConnection,
) -> None:
    equal = at(OFFICIAL, hour(DAY, 15))
    few = {f"a{n}": dict(list(equal.items())[:n]) for n in (4, 5, 6, 7)}
    print_tickers(con, {name: Ticker(DAY, readings) for name, readings in few.items()})
    print_tickers(
        con, {name.replace("a", "b"): Ticker(None, readings) for name, readings in few.items()}
    )
    reconcile(con)
    found = compared(con)
    assert {name: row["observed_at"] for name, row in found.items()} == {
        name: None if name.endswith("4") else hour(DAY, 15) for name in found
    }
    assert {name: row["stations"] for name, row in found.items()} == {
        name: 0 if name.endswith("4") else int(name[1]) for name in found
    }
    assert found["a4"]["verdict"] == found["b4"]["verdict"] == "too_few_stations"


def test_few_stations_with_one_tenth_of_difference_prove_nothing(
    con: duckdb.DuckDBPyConnection,
) -> None:
    readings = at(OFFICIAL, hour(DAY, 15), SIXTEEN[:7])
    readings[SIXTEEN[3]] = round(readings[SIXTEEN[3]] + 0.1, 1)
    row = result(con, Ticker(DAY, readings))
    assert (row["observed_at"], row["verdict"]) == (None, "too_few_stations")


@pytest.mark.parametrize(("stations", "found"), [(6, None), (7, hour(DAY, 15))])
@pytest.mark.parametrize("on", [DAY, None])
def test_beside_a_missing_hour_seven_equal_stations_prove_the_hour(
    tmp_path: Path, stations: int, found: datetime | None, on: date | None
) -> None:
    missing = hour(DAY, 16).astimezone(UTC)
    readings = at(OFFICIAL, hour(DAY, 15), SIXTEEN[:stations])
    with warehouse(tmp_path, OFFICIAL.filter(pl.col("observed_at") != missing)) as con:
        row = result(con, Ticker(on, readings))
    assert row["observed_at"] == found
    assert row["verdict"] == ("matched" if found else "ambiguous")


@pytest.mark.parametrize(("stations", "found"), [(5, None), (6, hour(DAY, 15))])
@pytest.mark.parametrize("on", [DAY, None])
def test_on_a_day_with_a_missing_hour_six_equal_stations_prove_the_hour(
    tmp_path: Path, stations: int, found: datetime | None, on: date | None
) -> None:
    missing = hour(DAY, 3).astimezone(UTC)
    readings = at(OFFICIAL, hour(DAY, 15), SIXTEEN[:stations])
    with warehouse(tmp_path, OFFICIAL.filter(pl.col("observed_at") != missing)) as con:
        row = result(con, Ticker(on, readings))
    assert row["observed_at"] == found


def test_an_hour_that_lacks_the_stations_of_a_list_is_missing_for_it(tmp_path: Path) -> None:
    lacking = (pl.col("observed_at") == hour(DAY, 16).astimezone(UTC)) & pl.col("station_id").is_in(
        SIXTEEN[:6]
    )
    with warehouse(tmp_path, OFFICIAL.filter(~lacking)) as con:
        row = result(con, Ticker(DAY, at(OFFICIAL, hour(DAY, 15), SIXTEEN[:6])))
    assert row["verdict"] == "ambiguous"


def test_two_equal_hours_prove_nothing_at_few_stations(tmp_path: Path) -> None:
    """The twin may be an hour of the date, or one of the sixty days before."""
    for twin in (hour(DAY, 4), hour(DAY - timedelta(days=5), 20)):
        values = at(OFFICIAL, hour(DAY, 15))
        twice = OFFICIAL.with_columns(
            temperature_c=pl.when(pl.col("observed_at") == twin.astimezone(UTC))
            .then(pl.col("station_id").replace_strict(values, default=None))
            .fill_null(pl.col("temperature_c"))
        )
        with warehouse(tmp_path / str(twin.hour), twice) as con:
            row = result(con, Ticker(DAY, at(OFFICIAL, hour(DAY, 15), SIXTEEN[:7])))
        assert (row["observed_at"], row["verdict"]) == (None, "ambiguous")


def test_noise_beside_a_missing_hour_of_the_date_gets_no_hour(tmp_path: Path) -> None:
    """Real tickers are exact: a list near to an hour more probably shows the missing hour."""
    missing = hour(DAY, 3).astimezone(UTC)
    noisy = at(OFFICIAL, hour(DAY, 15), noise_c=0.1)
    with warehouse(tmp_path, OFFICIAL.filter(pl.col("observed_at") != missing)) as con:
        print_tickers(con, {
            "a": Ticker(DAY, noisy),
            "b": Ticker(NEXT, at(OFFICIAL, hour(NEXT, 15), noise_c=0.1)),
            "c": Ticker(None, noisy),
            "d": Ticker(None, at(OFFICIAL, hour(DAY + timedelta(days=6), 15), noise_c=0.1)),
        })  # fmt: skip
        reconcile(con)
        found = {name: row["observed_at"] is not None for name, row in compared(con).items()}
    assert found == {"a": False, "b": True, "c": False, "d": True}


def test_a_list_without_temperatures_is_too_short(con: duckdb.DuckDBPyConnection) -> None:
    row = result(con, Ticker(DAY, dict.fromkeys(SIXTEEN)))
    assert row["verdict"] == "too_few_stations"


def test_a_date_without_observations_has_a_verdict_of_its_own(
    con: duckdb.DuckDBPyConnection,
) -> None:
    readings = {station: 40.0 - station / 10 for station in SIXTEEN}
    row = result(con, Ticker(date(2019, 1, 1), readings))
    assert (row["observed_at"], row["verdict"]) == (None, "no_observations")
    assert (row["distance_c"], row["stations"]) == (None, 0)
    temporary = con.sql("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
    assert temporary == []


def test_without_any_observations_nothing_fails(tmp_path: Path) -> None:
    with warehouse(tmp_path, OFFICIAL.clear()) as con:
        print_tickers(
            con,
            {"a": Ticker(DAY, dict.fromkeys(SIXTEEN, 1.0)), "b": Ticker(None, {90: 1.0})},
        )
        counts = reconcile(con)
        assert [row["verdict"] for row in compared(con).values()] == [
            "no_observations",
            "too_few_stations",
        ]
    assert counts == ReconcileCounts(2, {"no_observations": 1, "too_few_stations": 1})


def test_a_list_that_became_repeated_is_compared_again(con: duckdb.DuckDBPyConnection) -> None:
    assert result(con, Ticker(DAY, at(OFFICIAL, hour(DAY, 9))))["searched"] == "date"
    con.execute(
        "INSERT INTO repeated_lists BY NAME"
        " SELECT snapshot_id, observed_on AS first_on, observed_on AS last_on,"
        " observed_on AS existed_on FROM snapshots"
    )
    unchanged = con.sql("SELECT snapshot_id FROM snapshots").pl().clear()
    assert reconcile(con, unchanged).compared == 1


def test_an_hour_affects_the_dates_of_the_sixty_days_after_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    dates = {str(later): DAY + timedelta(days=later) for later in (-1, 0, 1, 61, 62)}
    print_tickers(con, {name: Ticker(on, {108: 1.0}) for name, on in dates.items()})
    con.execute(
        "INSERT INTO reconciliations BY NAME"
        " SELECT snapshot_id, 5 AS stations, 'date' AS searched, 'matched' AS verdict"
        " FROM snapshots"
    )
    changed = pl.DataFrame({"observed_at": [hour(DAY, 0).astimezone(UTC)]})
    affected = snapshots_to_reconcile(con, changed)["snapshot_id"]
    assert [name.lstrip("a0") for name in affected] == ["", "1", "61"]


def test_a_list_of_another_date_proves_the_feed_frozen(con: duckdb.DuckDBPyConnection) -> None:
    row = result(con, Ticker(DAY + timedelta(days=6), at(OFFICIAL, hour(DAY, 15))))
    assert (row["observed_at"], row["verdict"], row["searched"]) == (
        hour(DAY, 15),
        "frozen_feed",
        "all",
    )
    flags = table(con, "quality")
    assert flags["flag"].to_list() == [4] * 16
    assert all("frozen_feed" in failed for failed in flags["failed"])


@pytest.mark.parametrize("off", [0.3, 0.1])
def test_a_list_that_is_only_like_another_date_proves_nothing(
    con: duckdb.DuckDBPyConnection, off: float
) -> None:
    readings = at(OFFICIAL, hour(DAY, 15), noise_c=off, seed=3)
    row = result(con, Ticker(DAY + timedelta(days=6), readings))
    assert row["observed_at"] is None
    assert row["verdict"] in ("poor_fit", "ambiguous")


@pytest.mark.parametrize("stations", [5, 7, 11])
def test_few_equal_stations_prove_a_frozen_feed(
    con: duckdb.DuckDBPyConnection, stations: int
) -> None:
    readings = at(OFFICIAL, hour(DAY, 15), SIXTEEN[:stations])
    row = result(con, Ticker(DAY + timedelta(days=6), readings))
    assert (row["verdict"], row["observed_at"]) == ("frozen_feed", hour(DAY, 15))


def test_one_value_everywhere_proves_nothing(tmp_path: Path) -> None:
    still = OFFICIAL.with_columns(
        temperature_c=pl.when(pl.col("observed_at") == hour(DAY, 15).astimezone(UTC))
        .then(0.0)
        .otherwise("temperature_c")
    )
    with warehouse(tmp_path, still) as con:
        later = DAY + timedelta(days=6)
        print_tickers(con, {
            "a": Ticker(later, dict.fromkeys(SIXTEEN, 0.0)),
            "b": Ticker(later, dict.fromkeys(SIXTEEN[:6], 0.0)),
            "c": Ticker(DAY, dict.fromkeys(SIXTEEN[:6], 0.0)),
        })  # fmt: skip
        reconcile(con)
        found = compared(con)
    assert found["a"]["verdict"] != "frozen_feed"
    assert found["b"]["observed_at"] is found["c"]["observed_at"] is None


def test_the_last_hours_of_the_evening_before_are_late_not_frozen(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for count, name in ((16, "a"), (6, "b")):
        print_tickers(con, {
            f"{name}{h}": Ticker(NEXT, at(OFFICIAL, hour(DAY, h), SIXTEEN[:count]))
            for h in (20, 21, 23)
        })  # fmt: skip
    reconcile(con)
    found = compared(con)
    assert {name: row["verdict"] for name, row in found.items()} == {
        name: "frozen_feed" if name.endswith("20") else "late_feed" for name in found
    }
    assert found["a23"]["observed_at"] == hour(DAY, 23)


def test_midnight_belongs_to_the_day_that_begins(con: duckdb.DuckDBPyConnection) -> None:
    midnight = at(OFFICIAL, hour(NEXT, 0))
    print_tickers(con, {"a": Ticker(DAY, midnight), "b": Ticker(NEXT, midnight)})
    reconcile(con)
    found = compared(con)
    assert found["b"]["observed_at"] == hour(NEXT, 0)
    assert found["a"]["verdict"] != "matched"
    assert found["a"]["verdict"] != "frozen_feed"  # a clock that is a little off


def test_the_hour_of_a_feed_is_compared_and_kept(con: duckdb.DuckDBPyConnection) -> None:
    told = hour(DAY, 9)
    row = result(con, Ticker(DAY, at(OFFICIAL, hour(DAY, 15)), at=told))
    assert row["observed_at"] == hour(DAY, 15)
    assert con.sql("SELECT observed_at FROM snapshots").pl().item() == told


def test_an_hour_beside_a_gap_is_not_taken_for_an_hour_in_the_gap(tmp_path: Path) -> None:
    """Noisy lists of hours that have no observations must not get the next hour."""
    gaps = [hour(DAY, h).astimezone(UTC) for h in range(0, 24, 2)]
    official_hours = OFFICIAL.filter(~pl.col("observed_at").is_in(gaps))
    tickers = {
        f"{h:02}{seed:03}".replace("0", "f"): Ticker(
            DAY, at(OFFICIAL, hour(DAY, h), noise_c=0.2, seed=seed)
        )
        for h in range(0, 24, 2)
        for seed in range(20)
    }
    with warehouse(tmp_path, official_hours) as con:
        print_tickers(con, tickers)
        reconcile(con)
        given = [name for name, row in compared(con).items() if row["observed_at"] is not None]
    assert given == []


def test_hours_that_lack_stations_are_compared_over_the_common_stations(tmp_path: Path) -> None:
    lacking = (pl.col("observed_at") == hour(DAY, 15).astimezone(UTC)) & pl.col("station_id").is_in(
        SIXTEEN[:6]
    )
    with warehouse(tmp_path, OFFICIAL.filter(~lacking)) as con:
        row = result(con, Ticker(DAY, at(OFFICIAL, hour(DAY, 15), noise_c=0.1)))
    assert (row["observed_at"], row["stations"]) == (hour(DAY, 15), 10)


def many(seed: int, days: int = 18) -> dict[str, Ticker]:
    """Every kind of list there is, of random hours."""
    rng = np.random.default_rng(seed)
    tickers = {}
    for number in range(60):
        day = date(2022, 8, 2) + timedelta(days=int(rng.integers(days)))
        stations = FORTY if number % 3 == 0 else SIXTEEN
        if number % 5 == 4:
            stations = SIXTEEN[:6]
        noise = (0.0, 0.1, 0.3)[number % 3]
        readings = at(OFFICIAL, hour(day, int(rng.integers(24))), stations, noise_c=noise)
        printed = {0: None, 1: day + timedelta(days=int(rng.integers(5)))}.get(number % 4, day)
        tickers[f"a{seed}{number:02}".replace("0", "f")] = Ticker(printed, readings)
    again = list(tickers.values())[::7]  # one list under another date: quality calls it frozen
    for number, ticker in enumerate(again):
        on = ticker.on and ticker.on + timedelta(days=2)
        tickers[f"b{seed}{number:02}".replace("0", "f")] = Ticker(on, ticker.temperatures)
    return tickers


def test_comparing_again_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    print_tickers(con, many(1))
    quality.update_quality(con, None)
    reconcile(con)
    before = [table(con, name) for name in ("reconciliations", "quality")]
    reconcile(con)
    reconcile(con, pl.DataFrame({"snapshot_id": ["a" * 16]}))
    reconcile(con, con.sql("SELECT snapshot_id FROM snapshots").pl())
    assert [table(con, name).equals(was) for name, was in zip(
        ("reconciliations", "quality"), before, strict=True
    )] == [True, True]  # fmt: skip


@pytest.mark.make_thorough
def test_updates_in_pieces_give_the_same_as_one_full_update(tmp_path: Path) -> None:
    """Tickers and observations arrive in turns; removed snapshots leave nothing."""
    early = pl.col("observed_at") < hour(DAY, 0).astimezone(UTC)
    revised = OFFICIAL.with_columns(
        temperature_c=pl.when(~early & (pl.col("station_id") == 108))
        .then(pl.col("temperature_c") + 0.5)
        .otherwise("temperature_c")
    )
    gone = list(many(3))[::3]
    start = hour(date(2022, 8, 3), 0).astimezone(UTC)
    removed = [start + timedelta(hours=29 * number) for number in range(12)]
    is_removed = pl.col("observed_at").is_in(removed[::2]) | (
        pl.col("observed_at").is_in(removed) & pl.col("station_id").is_in(SIXTEEN[:5])
    )
    with warehouse(tmp_path / "pieces", OFFICIAL.filter(early)) as con:
        arrive(con, many(1))
        reconcile(con, ids(many(1)))
        more(con, OFFICIAL.filter(~early))
        arrive(con, many(2) | many(3))
        reconcile(con, ids(many(2) | many(3)))
        con.execute("DELETE FROM observations")
        more(con, revised)
        forget(con, gone)
        reconcile(con, ids(gone))
        con.execute("DELETE FROM observations")
        put(con, "observations", revised.filter(~is_removed))
        changed = pl.DataFrame({"observed_at": removed})
        reconcile(con, snapshots_to_reconcile(con, changed))
        pieces = [table(con, name) for name in ("reconciliations", "quality")]
    with warehouse(tmp_path / "whole", revised.filter(~is_removed)) as con:
        arrive(con, many(1) | many(2) | many(3))
        forget(con, gone)
        quality.update_quality(con, None)
        reconcile(con)
        whole = [table(con, name) for name in ("reconciliations", "quality")]
    assert pieces[0].equals(whole[0])
    assert pieces[1].equals(whole[1])
    assert set(whole[0]["verdict"]) >= {"matched", "frozen_feed", "ambiguous"}


def ids(names: dict[str, Ticker] | list[str]) -> pl.DataFrame:
    return pl.DataFrame({"snapshot_id": ["a" + name.zfill(15) for name in names]})


def arrive(con: duckdb.DuckDBPyConnection, tickers: dict[str, Ticker]) -> None:
    """Do what a load does: insert the lists and update the quality."""
    print_tickers(con, tickers)
    quality.update_quality(con, ids(tickers))


def forget(con: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    con.register("gone", ids(names).to_arrow())
    for name in ("snapshots", "readings"):
        con.execute(f"DELETE FROM {name} WHERE snapshot_id IN (SELECT snapshot_id FROM gone)")
    con.unregister("gone")
    quality.update_quality(con, ids(names))


def more(con: duckdb.DuckDBPyConnection, observations: pl.DataFrame) -> None:
    """Add observations, and compare the snapshots that they affect."""
    put(con, "observations", observations)
    reconcile(con, snapshots_to_reconcile(con, observations.select("observed_at").unique()))


def test_small_blocks_give_the_same_result(
    con: duckdb.DuckDBPyConnection,
) -> None:
    arrive(con, many(1))
    reconcile(con)
    before = table(con, "reconciliations")
    sizes = BlockSizes(snapshots=7, lists=3, span_hours=50, windows=5, scored_lists=4)
    con.execute("DELETE FROM quality")
    con.execute("DELETE FROM reconciliations")
    reconcile(con, sizes=sizes)
    assert table(con, "reconciliations").equals(before)


def test_observations_affect_only_snapshots_that_were_compared_with_them(
    con: duckdb.DuckDBPyConnection,
) -> None:
    tickers = {
        "a": Ticker(DAY, at(OFFICIAL, hour(DAY, 15))),
        "b": Ticker(None, at(OFFICIAL, hour(DAY, 16))),
        "c": Ticker(NEXT, at(OFFICIAL, hour(DAY, 12))),
    }
    print_tickers(con, tickers)
    reconcile(con)

    def names(*hours: datetime) -> set[str]:
        frame = pl.DataFrame({"observed_at": list(hours)}, schema={"observed_at": pl.Datetime})
        frame = frame.with_columns(pl.col("observed_at").dt.replace_time_zone("UTC"))
        return set(
            snapshots_to_reconcile(con, frame)["snapshot_id"].str.slice(1).str.strip_chars("0")
        )

    assert names() == set()
    assert names(datetime(2022, 8, 10, 5)) == {"a", "b", "c"}
    assert names(datetime(2022, 8, 10, 15)) == {"b", "c"}  # 0:00 of the next day in Korea
    assert names(datetime(2020, 1, 1)) == {"b", "c"}
    assert names(datetime(2022, 7, 1)) == {"a", "b", "c"}  # a frozen feed may be that old
