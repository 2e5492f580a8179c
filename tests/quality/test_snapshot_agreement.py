"""All lists that agree are found, and no others: held to a comparison of all pairs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nalssi.quality import snapshot_agreement
from nalssi.quality.snapshot_agreement import agreements
from nalssi.quality.snapshot_grid import COLUMNS, NO_VALUE, NOT_LISTED, STATIONS, Tenths

LEAST = 8


def all_pairs(tenths: Tenths) -> set[tuple[int, int]]:
    """Rows that agree, by comparing every two."""
    found = set()
    for one, other in combinations(range(tenths.shape[0]), 2):
        common = (tenths[one] > NO_VALUE) & (tenths[other] > NO_VALUE)
        if common.sum() >= LEAST and (tenths[one] == tenths[other])[common].all():
            found.add((one, other))
    return found


def pairs_found(tenths: Tenths) -> set[tuple[int, int]]:
    found = agreements(tenths)
    rows: dict[int, list[int]] = {}
    for row, content in enumerate(found.content.tolist()):
        if content >= 0:
            rows.setdefault(content, []).append(row)
    pairs = {pair for same in rows.values() for pair in combinations(same, 2)}
    for left, right in zip(found.left.tolist(), found.right.tolist(), strict=True):
        pairs |= {(min(a, b), max(a, b)) for a in rows[left] for b in rows[right]}
    return pairs


def grid(seed: int, stations: int, sites: int, levels: int, hours: int, holes: float) -> Tenths:
    """Lists of some hours, each a random choice of stations (or one of so many sites' choices),
    with values missing here and there, and a tenth wrong now and then."""
    rng = np.random.default_rng(seed)
    rows = 60
    weather = rng.integers(-levels, levels + 1, (hours, stations))
    share = rng.choice([0.2, 0.5, 0.9], sites or rows)
    choices = rng.random((share.size, stations)) < share[:, None]
    chosen = choices if not sites else choices[rng.integers(sites, size=rows)]
    values = weather[rng.integers(hours, size=rows)]
    wrong = rng.random(rows) < 0.2
    values[np.flatnonzero(wrong), rng.integers(stations, size=int(wrong.sum()))] += 1
    tenths = np.full((rows, COLUMNS), NOT_LISTED, np.int16)
    tenths[:, :stations] = np.where(chosen, values, NOT_LISTED)
    missing = chosen & (rng.random(chosen.shape) < holes)
    tenths[:, :stations][missing] = NO_VALUE
    return tenths


@pytest.mark.parametrize("few", [0, 30, 500_000])
@pytest.mark.parametrize("splits_off", [0.0, 0.3, 2.0])
@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    stations=st.sampled_from([8, 12, 20]),
    sites=st.sampled_from([0, 1, 4]),
    levels=st.sampled_from([0, 2, 100]),
    hours=st.integers(1, 4),
    holes=st.sampled_from([0.0, 0.02, 0.2]),
)
def test_whichever_way_tasks_are_answered_exactly_the_agreeing_pairs_are_found(
    splits_off: float,
    few: int,
    seed: int,
    stations: int,
    sites: int,
    levels: int,
    hours: int,
    holes: float,
) -> None:
    tenths = grid(seed, stations, sites, levels, hours, holes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot_agreement, "FEW_PAIRS", few)
        patch.setattr(snapshot_agreement, "FEW_PAIRS_A_ROW", 0)
        patch.setattr(snapshot_agreement, "SPLITS_OFF", splits_off)
        assert pairs_found(tenths) == all_pairs(tenths)


def test_eight_scattered_stations_in_common_are_found_among_thousands_of_choices() -> None:
    rng = np.random.default_rng(7)
    rows, size = 6_000, len(STATIONS)
    tenths = np.full((rows, COLUMNS), NOT_LISTED, np.int16)
    chosen = rng.random((rows, size)) < rng.choice([0.2, 0.6, 0.8], rows)[:, None]
    values = rng.integers(-100, 300, (rows, size))
    tenths[:, :size] = np.where(chosen, values, NOT_LISTED)
    planted = set()
    for place in range(50):
        both = rng.permutation(size)[: 8 + 60]
        one, other = 2 * place, 2 * place + 1
        tenths[[one, other]] = NOT_LISTED
        tenths[one, both[:38]] = values[one, both[:38]]
        tenths[other, both[:8]] = values[one, both[:8]]
        tenths[other, both[38:]] = values[other, both[38:]]
        planted.add((one, other))
        if place % 5 == 4:  # a tenth at one of the eight makes it another list
            tenths[other, both[3]] += 1
            planted.remove((one, other))
    assert pairs_found(tenths) == planted
