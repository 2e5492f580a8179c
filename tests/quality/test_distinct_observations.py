"""Lists that show one hour are one observation, whatever the order in which they were loaded."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nalssi.common.station_grid import empty_grid, station_columns
from nalssi.quality.distinct_observations import join_lists
from tests.examples import examples

DAY = date(2025, 12, 19)
HOUR_US = 3_600_000_000
MIDNIGHT = int(DAY.toordinal() - date(1970, 1, 1).toordinal()) * 24 * HOUR_US - 9 * HOUR_US
"""Midnight of DAY in Korea."""
STATIONS = (90, 98, 105, 108, 112, 114, 119, 127)

Lists = dict[str, dict[str, Any]]


def a_list(
    values: dict[int, float],
    *,
    day: int = 0,
    hour: int | None = None,
    since: float = -1,
    until: float = 23.9,
) -> dict[str, Any]:
    """A list with its interval in hours of its day, and its hour of that day if it is known."""
    start = MIDNIGHT + day * 24 * HOUR_US
    ends = (since, until) if hour is None else (hour, hour)
    return {
        "day": DAY + timedelta(day),
        "hour": None if hour is None else start + hour * HOUR_US,
        "earliest": start + int(ends[0] * HOUR_US),
        "latest": start + int(ends[1] * HOUR_US),
        "values": values,
    }


def joined(lists: Lists) -> dict[str, str]:
    """The id of the list with which each list counts, for the rule of unknown hours."""
    frame = pl.DataFrame(
        [{"snapshot_id": name} | facts for name, facts in lists.items()],
        schema={
            "snapshot_id": pl.String,
            "day": pl.Date,
            "hour": pl.Int64,
            "earliest": pl.Int64,
            "latest": pl.Int64,
        },
    )
    tenths = empty_grid(frame.height)
    for row, facts in enumerate(lists.values()):
        for station, value in facts["values"].items():
            tenths[row, station_columns()[station]] = round(value * 10)
    ids = list(lists)
    return {name: ids[row] for name, row in zip(ids, join_lists(frame, tenths), strict=True)}


WARM = {station: 10.0 + number for number, station in enumerate(STATIONS)}
COLD = {station: value - 8 for station, value in WARM.items()}


def some(values: dict[int, float], first: int, last: int) -> dict[int, float]:
    return dict(list(values.items())[first:last])


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        pytest.param(
            {"a": a_list(some(WARM, 0, 5)), "b": a_list(WARM)}, {"a": "b", "b": "b"}, id="five"
        ),
        pytest.param(
            {"a": a_list(some(WARM, 0, 4)), "b": a_list(WARM)}, {"a": "a", "b": "b"}, id="four"
        ),
        pytest.param(
            {"a": a_list(WARM | {90: 9.9}), "b": a_list(WARM)}, {"a": "a", "b": "b"}, id="differ"
        ),
        pytest.param(
            {"a": a_list(WARM, until=12), "b": a_list(WARM, since=12.5)},
            {"a": "a", "b": "b"},
            id="disjoint intervals",
        ),
        pytest.param(
            {"a": a_list(WARM), "b": a_list(WARM, day=1)},
            {"a": "a", "b": "b"},
            id="two dates of unknown hour",
        ),
        pytest.param(
            {"a": a_list(WARM, hour=14), "b": a_list(some(WARM, 1, 7))},
            {"a": "a", "b": "a"},
            id="a known hour",
        ),
        pytest.param(
            {"a": a_list(WARM, hour=14), "b": a_list(WARM, until=13)},
            {"a": "a", "b": "b"},
            id="a known hour outside the interval",
        ),
        pytest.param(
            {"a": a_list(WARM, hour=23), "b": a_list(WARM, day=1)},
            {"a": "a", "b": "a"},
            id="23:00 of the evening before",
        ),
        pytest.param(
            {"a": a_list(WARM, hour=22), "b": a_list(WARM, day=1)},
            {"a": "a", "b": "b"},
            id="22:00 of the evening before",
        ),
        pytest.param(
            {
                "a": a_list(some(WARM, 0, 6) | {127: 0.0}, hour=3),
                "b": a_list(some(WARM, 0, 7), hour=5),
                "c": a_list(some(WARM, 0, 7)),
            },
            {"a": "a", "b": "b", "c": "b"},
            id="the hour with the most common stations",
        ),
        pytest.param(
            {
                "a": a_list(WARM),
                "b": a_list(some(WARM, 0, 6) | {119: 0.0}),
                "c": a_list(some(WARM, 0, 5)),
            },
            {"a": "a", "b": "b", "c": "a"},
            id="a short list joins the longest and does not tie two that differ",
        ),
        pytest.param(
            {
                "a": a_list(WARM, since=0, until=10),
                "b": a_list(some(WARM, 0, 7), since=8, until=20),
                "c": a_list(some(WARM, 0, 6), since=11, until=20),
            },
            {"a": "a", "b": "a", "c": "c"},
            id="an observation has one interval",
        ),
    ],
)
def test_lists_that_can_share_an_hour_and_agree_are_one_observation(
    lists: Lists, expected: dict[str, str]
) -> None:
    assert joined(lists) == expected


@st.composite
def many_lists(draw: st.DrawFn) -> Lists:
    """Lists of a few days and values, so that they often agree."""
    made = {}
    for number in range(draw(st.integers(0, 12))):
        stations = draw(st.sampled_from([STATIONS, STATIONS[:6], STATIONS[2:], STATIONS[1:6]]))
        values = dict.fromkeys(stations, draw(st.sampled_from([1.0, 2.0])))
        if draw(st.booleans()):
            values[stations[0]] = 3.0
        since = draw(st.integers(-1, 23))
        made[f"{number:02}"] = a_list(
            values,
            day=draw(st.integers(0, 5)),
            hour=draw(st.none() | st.sampled_from([0, 12, 23])),
            since=since,
            until=draw(st.integers(since, 24)),
        )
    return made


@examples(60)
@given(lists=many_lists(), data=st.data())
def test_the_order_of_lists_does_not_matter_and_an_observation_has_one_value_per_station(
    lists: Lists, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(sorted(lists)))
    assert joined({name: lists[name] for name in shuffled}) == joined(lists)
    for one, other in combinations([n for n in lists if lists[n]["hour"] is None], 2):
        a, b = lists[one], lists[other]
        if joined(lists)[one] == joined(lists)[other] and lists[joined(lists)[one]]["hour"] is None:
            assert a["day"] == b["day"]
            assert max(a["earliest"], b["earliest"]) <= min(a["latest"], b["latest"])
            assert all(a["values"][s] == b["values"][s] for s in a["values"].keys() & b["values"])
