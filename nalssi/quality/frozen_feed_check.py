"""The check `frozen_feed`: one list of temperatures under several dates.

A site's feed stops, and the page prints the same numbers under each new date. Two snapshots that
agree (see `snapshot_agreement`) under different dates show one list, so at most one of the dates
is true. Conditions are not compared, because sites word them differently or do not print them.

Chance agreement is rare. From one official hour to the next, one value in ten is equal on
average and one in four at worst. Eight given stations are equal in about one of a million such
pairs, and consecutive hours have different dates only across midnight (docs/quality.md).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.station_grid import NOT_LISTED, Bools, Ints
from nalssi.quality.flags import findings_at
from nalssi.quality.snapshot_agreement import Agreements
from nalssi.quality.snapshot_grid import NO_DAY, SnapshotGrid
from schemas.vocabulary import FLAG_FAIL, FLAG_SUSPECT

TEST = "frozen_feed"


def frozen_feed(
    grid: SnapshotGrid, agreements: Agreements, rows: Bools | None = None
) -> pl.DataFrame:
    """Flag every reading of a list that is printed under more than one date.

    - The earliest date is suspect: the feed may have stopped before it was first seen.
    - A later date printed at the list or in the feed fails, if an earlier date shows that the
      list already existed. A date of capture shows that. The site's last edit (`site`) does not,
      because the edit may precede the list; a later date is then suspect.
    - A later date that is only `site` or `capture` is suspect.
    - An undated copy of such a list is suspect. An undated copy of a list with one date passes.
    - A list that the comparison with official hours proved frozen fails.

    A list that the comparison assigned to the evening before its date (`late_feed`) counts for
    the date of that evening: an hour that is still printed after midnight is no frozen feed.
    Without such a comparison it is one list under two dates, and is flagged.

    Returns findings for the snapshots marked in `rows` (default: all).
    """
    flags = snapshot_flags(grid, agreements)
    if rows is not None:
        flags = np.where(rows, flags, 0)
    findings = []
    for flag in (FLAG_SUSPECT, FLAG_FAIL):
        flagged = np.flatnonzero(flags == flag)
        findings.append(findings_at(grid.tenths[flagged] != NOT_LISTED, flag, TEST, flagged))
    return pl.concat(findings)


def snapshot_flags(grid: SnapshotGrid, agreements: Agreements) -> npt.NDArray[np.int8]:
    """Return the flag of each snapshot; 0 if the check finds nothing wrong with the snapshot."""
    content = agreements.content
    compared = content >= 0
    date_source = grid.snapshots["date_source"]
    dated = compared & (grid.days != NO_DAY)
    day = np.where(dated & grid.snapshots["late_feed"].to_numpy(), grid.days - 1, grid.days)
    is_weak_date = date_source.is_in(["site", "capture"]).fill_null(False).to_numpy()
    proves_existence = dated & (date_source != "site").fill_null(False).to_numpy()

    first, last = _day_span(agreements, day, dated)
    first_proven, _ = _day_span(agreements, day, proves_existence)
    flags = np.zeros(day.size, np.int8)
    several_dates = np.zeros(day.size, np.bool_)
    several_dates[compared] = (first < last)[content[compared]]
    is_later = np.zeros(day.size, np.bool_)
    is_later[compared] = first_proven[content[compared]] < day[compared]
    flags[several_dates] = FLAG_SUSPECT
    flags[several_dates & is_later & dated & ~is_weak_date] = FLAG_FAIL
    flags[grid.snapshots["proven_frozen"].to_numpy()] = FLAG_FAIL
    return flags


def _day_span(agreements: Agreements, day: Ints, rows: Bools) -> tuple[Ints, Ints]:
    """Return the first and the last day on which each distinct list is printed.

    The days of lists that agree with it count too. Only snapshots marked in `rows` count. A list
    without such a snapshot has the days NO_DAY and -NO_DAY.
    """
    first = np.full(agreements.contents, NO_DAY, np.int64)
    last = np.full(agreements.contents, -NO_DAY, np.int64)
    np.minimum.at(first, agreements.content[rows], day[rows])
    np.maximum.at(last, agreements.content[rows], day[rows])
    own_first, own_last = first.copy(), last.copy()
    for one, other in (
        (agreements.left, agreements.right),
        (agreements.right, agreements.left),
    ):
        np.minimum.at(first, one, own_first[other])
        np.maximum.at(last, one, own_last[other])
    return first, last
