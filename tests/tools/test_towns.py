"""The towns of the gallery's search: named once, named rightly, and with a station that is near."""

from __future__ import annotations

import math

import polars as pl
import pytest

from nalssi.common.reference import reference
from nalssi.gallery.towns import km_between, provinces, towns
from schemas.reference_tables import Provinces, Towns
from tools.towns import english_name, romanize, town_of

STATIONS = reference("stations")
TOWNS = towns()


def test_towns_and_provinces_keep_their_contracts() -> None:
    assert Towns.validate(TOWNS).height == 229  # within Korea's bounds, once in a province
    assert Provinces.validate(provinces()).height == 17
    assert set(TOWNS["province"]) == set(provinces()["province"])
    assert set(STATIONS["province"]) <= set(provinces()["province"])


def test_a_town_has_the_station_that_is_in_it() -> None:
    inside = TOWNS.drop_nulls("station_id").join(
        STATIONS, on="station_id", how="left", validate="1:1", suffix="_of_station"
    )
    assert inside["name_ko_of_station"].null_count() == 0
    assert inside.filter(pl.col("province") != pl.col("province_of_station")).is_empty()
    named = dict(inside.select("name_ko", "name_ko_of_station").iter_rows())
    assert named["울릉군"] == "울릉도"
    assert named["서귀포시"] == "서귀포"  # and not Seongsan, which is in it too
    far = [km_between(row, row, "_of_station") for row in inside.to_dicts()]
    assert max(far) < 90  # the islands of Sinan
    assert sorted(far)[-4] < 40


@pytest.mark.parametrize(
    ("town", "station", "km"),
    [
        ("가평군", "춘천", 30),
        ("담양군", "순창군", 20),
        ("울주군", "울산", 25),
        ("속초시", "속초", 15),
    ],
)
def test_the_nearest_station_of_a_town_without_one_is_the_one_on_the_map(
    town: str, station: str, km: float
) -> None:
    row = TOWNS.row(by_predicate=pl.col("name_ko") == town, named=True)
    nearest = min(STATIONS.to_dicts(), key=lambda other: km_between(row, other))
    assert row["station_id"] is None
    assert (nearest["name_ko"], km_between(row, nearest) < km) == (station, True)


def test_the_distance_is_that_on_a_sphere() -> None:
    seoul, busan = (
        STATIONS.row(by_predicate=pl.col("name_ko") == name, named=True)
        for name in ("서울", "부산")
    )
    assert math.isclose(km_between(seoul, busan), 331, abs_tol=1)


def test_romanized_names_are_those_of_the_stations() -> None:
    plain = STATIONS.filter(~pl.col("name_en").str.contains("-"))
    assert plain.height > 80
    assert {name: romanize(name) for name in plain["name_ko"]} == dict(
        plain.select("name_ko", "name_en").iter_rows()
    )


@pytest.mark.parametrize(
    ("name", "english"),
    [("종로구", "Jongno-gu"), ("영등포구", "Yeongdeungpo-gu"), ("세종특별자치시", "Sejong-si"),
     ("밀양시", "Miryang-si"), ("울릉군", "Ulleung-gun"), ("구리시", "Guri-si")],
)  # fmt: skip
def test_the_suffix_of_a_town_is_written_behind_a_hyphen(name: str, english: str) -> None:
    assert english_name(name) == english


@pytest.mark.parametrize(
    ("source", "town"),
    [
        (("경기도", "수원시장안구"), ("경기도", "수원시")),
        (("경기도", "일산동구"), ("경기도", "고양시")),
        (("서울특별시", "서울시성북구"), ("서울특별시", "성북구")),
        (("경상북도", "군위군"), ("대구광역시", "군위군")),
        (("전라북도", "전주시덕진구"), ("전북특별자치도", "전주시")),
        (("대구광역시", "남구"), ("대구광역시", "남구")),
    ],
)
def test_districts_of_a_city_and_old_names_become_the_town_of_today(
    source: tuple[str, str], town: tuple[str, str]
) -> None:
    assert town_of(*source) == town
