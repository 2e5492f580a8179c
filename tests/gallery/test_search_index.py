"""The data of the search: in which order it has the places."""

from __future__ import annotations

import json

import polars as pl

from nalssi.gallery.search_index import places_script
from schemas.vocabulary import REFERENCE

SEOUL, BUSAN = 108, 159


def test_towns_with_a_station_come_before_towns_that_lead_elsewhere() -> None:
    stations = pl.read_csv(REFERENCE / "stations.csv").to_dicts()
    regions = pl.read_csv(REFERENCE / "regions.csv").to_dicts()
    script = places_script(regions, stations, {SEOUL, BUSAN}).decode()
    index = json.loads(script.removeprefix("window.nalssiIndex = ").removesuffix(";\n"))
    distances = [town[-1] for town in index["towns"]]
    here = [town for town in index["towns"] if town[-1] == 0]
    assert 0 < len(here) < len(distances)
    assert distances[: len(here)] == [0] * len(here)
    assert {index["stations"][station][3] for *_, station, _ in here} == {SEOUL, BUSAN}
