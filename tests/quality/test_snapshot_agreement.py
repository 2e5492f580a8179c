"""All agreeing snapshots are found, and no others: compared with a search of all pairs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nalssi.common.station_grid import NO_VALUE, NOT_LISTED, STATIONS, Tenths, empty_grid
from nalssi.quality.agreement_join import JoinLimits
from nalssi.quality.snapshot_agreement import find_agreements
from tests.examples import examples

MIN_COMMON = 8


def all_pairs(tenths: Tenths) -> set[tuple[int, int]]:
    """Pairs of rows that agree, by comparing every pair."""
    pairs = set()
    for one, other in combinations(range(tenths.shape[0]), 2):
        common = (tenths[one] > NO_VALUE) & (tenths[other] > NO_VALUE)
        if common.sum() >= MIN_COMMON and (tenths[one] == tenths[other])[common].all():
            pairs.add((one, other))
    return pairs


def found_pairs(tenths: Tenths, limits: JoinLimits | None = None) -> set[tuple[int, int]]:
    found = find_agreements(tenths, limits=limits)
    rows: dict[int, list[int]] = {}
    for row, content in enumerate(found.content.tolist()):
        if content >= 0:
            rows.setdefault(content, []).append(row)
    pairs = {pair for same in rows.values() for pair in combinations(same, 2)}
    for left, right in zip(found.left.tolist(), found.right.tolist(), strict=True):
        pairs |= {(min(a, b), max(a, b)) for a in rows[left] for b in rows[right]}
    return pairs


def grid(seed: int, stations: int, sites: int, levels: int, hours: int, holes: float) -> Tenths:
    """A grid of 60 snapshots of some hours.

    Each snapshot has a random choice of stations, or that of one of `sites` sites. A share `holes`
    of values is missing, and in every fifth snapshot one value is a tenth off.
    """
    rng = np.random.default_rng(seed)
    rows = 60
    weather = rng.integers(-levels, levels + 1, (hours, stations))
    share = rng.choice([0.2, 0.5, 0.9], sites or rows)
    choices = rng.random((share.size, stations)) < share[:, None]
    chosen = choices if not sites else choices[rng.integers(sites, size=rows)]
    values = weather[rng.integers(hours, size=rows)]
    wrong = rng.random(rows) < 0.2
    values[np.flatnonzero(wrong), rng.integers(stations, size=int(wrong.sum()))] += 1
    tenths = empty_grid(rows)
    tenths[:, :stations] = np.where(chosen, values, NOT_LISTED)
    missing = chosen & (rng.random(chosen.shape) < holes)
    tenths[:, :stations][missing] = NO_VALUE
    return tenths


@pytest.mark.parametrize("few_pairs", [0, 30, 500_000])
@pytest.mark.parametrize("split_share", [0.0, 0.3, 2.0])
@examples(12)
@given(
    seed=st.integers(0, 2**32 - 1),
    stations=st.sampled_from([8, 12, 20]),
    sites=st.sampled_from([0, 1, 4]),
    levels=st.sampled_from([0, 2, 100]),
    hours=st.integers(1, 4),
    holes=st.sampled_from([0.0, 0.02, 0.2]),
)
def test_every_way_to_answer_tasks_finds_exactly_the_agreeing_pairs(
    split_share: float,
    few_pairs: int,
    seed: int,
    stations: int,
    sites: int,
    levels: int,
    hours: int,
    holes: float,
) -> None:
    tenths = grid(seed, stations, sites, levels, hours, holes)
    limits = JoinLimits(few_pairs=few_pairs, few_pairs_per_content=0, split_share=split_share)
    assert found_pairs(tenths, limits) == all_pairs(tenths)


def test_eight_scattered_stations_in_common_are_found_among_thousands_of_choices() -> None:
    rng = np.random.default_rng(7)
    rows, size = 6_000, len(STATIONS)
    tenths = empty_grid(rows)
    chosen = rng.random((rows, size)) < rng.choice([0.2, 0.6, 0.8], rows)[:, None]
    values = rng.integers(-100, 300, (rows, size))
    tenths[:, :size] = np.where(chosen, values, NOT_LISTED)
    planted = set()
    for number in range(50):
        both = rng.permutation(size)[: 8 + 60]
        one, other = 2 * number, 2 * number + 1
        tenths[[one, other]] = NOT_LISTED
        tenths[one, both[:38]] = values[one, both[:38]]
        tenths[other, both[:8]] = values[one, both[:8]]
        tenths[other, both[38:]] = values[other, both[38:]]
        planted.add((one, other))
        if number % 5 == 4:  # a tenth at one of the eight stations makes the snapshots differ
            tenths[other, both[3]] += 1
            planted.remove((one, other))
    assert found_pairs(tenths) == planted
