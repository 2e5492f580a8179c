"""Reference data are unique and consistent, and no ticker line is ambiguous."""

from __future__ import annotations

import re
from collections import defaultdict

import polars as pl
import pytest

from nalssi.common.reference import FILES, reference
from schemas import vocabulary
from schemas.contracts import check, polars_schema

STATIONS = reference("stations")
HISTORY = reference("station_history")
REGIONS = reference("regions")
CONDITIONS = reference("conditions")


@pytest.mark.parametrize("table", FILES)
def test_every_reference_file_keeps_its_contract(table: str) -> None:
    frame = reference(table)
    assert frame.schema == polars_schema(table)
    assert check(table, frame).height > 0  # the contract bounds the coordinates


@pytest.mark.parametrize("table", FILES)
def test_no_cell_has_stray_white_space(table: str) -> None:
    texts = reference(table).select(pl.col(pl.String).drop_nulls().implode())
    for column in texts.columns:
        for text in texts[column].item():
            assert text == text.strip() != "", f"{table}.{column}: {text!r}"


def test_stations_are_in_the_order_of_the_feed_and_none_is_listed_twice() -> None:
    assert STATIONS["station_id"].to_list() == sorted(set(STATIONS["station_id"]))


def test_no_two_stations_stand_on_the_same_spot() -> None:
    assert STATIONS.select("latitude", "longitude").is_unique().all()


def test_stations_known_from_the_map_stand_where_the_map_has_them() -> None:
    """Swapped or shifted columns would keep within Korea's bounds but not within 0.1 degrees."""
    for name, latitude, longitude in [
        ("서울", 37.57, 126.97),
        ("백령도", 37.97, 124.71),
        ("울릉도", 37.48, 130.90),
        ("서귀포", 33.25, 126.57),
        ("부산", 35.10, 129.03),
    ]:
        station = STATIONS.row(by_predicate=pl.col("name_ko") == name, named=True)
        assert station["latitude"] == pytest.approx(latitude, abs=0.1)
        assert station["longitude"] == pytest.approx(longitude, abs=0.1)


def test_every_station_is_in_one_region_and_every_region_has_stations() -> None:
    assert REGIONS["region_id"].to_list() == list(range(1, REGIONS.height + 1))
    joined = STATIONS.join(REGIONS, on="region_id", how="left", validate="m:1")
    assert joined["name_en_right"].null_count() == 0
    assert set(joined["region_id"]) == set(REGIONS["region_id"])


def test_a_province_lies_in_one_region_except_gangwon_which_the_ridge_divides() -> None:
    regions = STATIONS.group_by("province").agg(pl.col("region_id").unique().sort())
    divided = regions.filter(pl.col("region_id").list.len() > 1)
    assert divided.rows() == [("강원특별자치도", [2, 3])]


def test_the_history_has_one_current_period_for_every_open_station_and_none_for_a_closed() -> None:
    current = HISTORY.filter(pl.col("valid_to").is_null())
    assert current["station_id"].is_unique().all()
    assert set(current["station_id"]) == set(STATIONS["station_id"])


@pytest.mark.parametrize("column", ["name_ko", "latitude", "longitude", "elevation_m"])
def test_the_current_period_agrees_with_the_station(column: str) -> None:
    current = HISTORY.filter(pl.col("valid_to").is_null())
    both = STATIONS.join(current, on="station_id", suffix="_then")
    differing = both.filter(pl.col(column) != pl.col(f"{column}_then"))
    assert differing.is_empty(), differing.select("station_id", column, f"{column}_then")


def test_a_station_opened_when_its_first_period_began() -> None:
    first = HISTORY.group_by("station_id").agg(pl.col("valid_from").min())
    differing = STATIONS.join(first, on="station_id").filter(
        pl.col("opened_on") != pl.col("valid_from")
    )
    assert differing.is_empty(), differing.select("station_id", "opened_on", "valid_from")


def test_the_periods_of_a_station_follow_each_other() -> None:
    following = HISTORY.sort("station_id", "valid_from").with_columns(
        next_from=pl.col("valid_from").shift(-1).over("station_id")
    )
    assert following.filter(pl.col("valid_to") <= pl.col("valid_from")).is_empty()
    assert following.filter(pl.col("valid_to") > pl.col("next_from")).is_empty()
    open_ended = following.filter(pl.col("valid_to").is_null() & pl.col("next_from").is_not_null())
    assert open_ended.is_empty()


def test_no_name_had_two_holders_on_the_same_day() -> None:
    """성산 is the one exception: 187 and 188 shared it until 2008, before any known ticker."""
    periods = HISTORY.with_columns(pl.col("valid_to").fill_null(pl.date(9999, 1, 1)))
    clashes = periods.join(periods, on="name_ko").filter(
        pl.col("station_id") < pl.col("station_id_right"),
        pl.col("valid_from") < pl.col("valid_to_right"),
        pl.col("valid_from_right") < pl.col("valid_to"),
    )
    assert clashes.select("name_ko", "station_id", "station_id_right").rows() == [
        ("성산", 187, 188)
    ]


def test_the_vocabulary_read_without_polars_is_the_same() -> None:
    assert vocabulary.station_ids() == tuple(HISTORY["station_id"].unique().sort())
    assert vocabulary.condition_codes() == tuple(CONDITIONS["code"].drop_nulls().unique().sort())
    assert vocabulary.region_ids() == tuple(REGIONS["region_id"])


def test_only_not_observed_has_no_code() -> None:
    assert CONDITIONS.filter(pl.col("code").is_null())["word"].to_list() == ["-"]
    assert CONDITIONS.filter(pl.col("group") == "none")["word"].to_list() == ["-"]


def test_the_words_of_one_code_are_one_kind_of_weather() -> None:
    groups = CONDITIONS.drop_nulls("code").group_by("code").agg(pl.col("group").n_unique())
    assert groups.filter(pl.col("group") > 1).is_empty()


def test_codes_are_plain_identifiers() -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in vocabulary.condition_codes())


def test_words_that_differ_by_white_space_only_mean_the_same() -> None:
    squeezed = CONDITIONS.with_columns(pl.col("word").str.replace_all(r"\s", ""))
    codes = squeezed.group_by("word").agg(pl.col("code").n_unique())
    assert codes.filter(pl.col("code") > 1).is_empty()


def test_every_word_is_unambiguous_when_glued_to_every_station_name() -> None:
    """Each text without its number means one condition at one station.

    The texts are condition and station (맑음고창), station and condition (고창맑음), a condition
    alone (맑음) and a station alone (고창), all without spaces. They include closed stations and
    former names.
    """
    meanings: dict[str, set[tuple[str | None, str | None]]] = defaultdict(set)
    names = HISTORY["name_ko"].unique().to_list()
    for name in names:
        meanings[name].add((None, name))
    for word, code in CONDITIONS.select("word", "code").iter_rows():
        squeezed = "".join(word.split())
        seen = code or word  # `-` is a condition printed, though it has no code
        meanings[squeezed].add((seen, None))
        for name in names:
            meanings[squeezed + name].add((seen, name))
            meanings[name + squeezed].add((seen, name))
    ambiguous = {text: read for text, read in meanings.items() if len(read) > 1}
    assert not ambiguous
    assert len(meanings) > 15_000  # 80-odd words x 110-odd names, both ways
