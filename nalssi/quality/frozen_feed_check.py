"""The check `frozen_feed`: one list of temperatures under several dates.

A site's feed stops, and the page prints the same numbers under each new date. Two snapshots that
agree (see `snapshot_agreement`) under different dates show one list, so at most one of the dates
is true. Conditions are not compared, because sites word them differently or do not print them.

Chance agreement is rare. From one official hour to the next, one value in ten is equal on
average and one in four at worst. Eight given stations are equal in about one of a million such
pairs, and consecutive hours have different dates only across midnight (docs/quality.md).

The search for such lists needs no hours. Its result, the table `repeated_lists`, is evidence for
the hours and is written before them. The flags need hours, and come after them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.station_grid import NOT_LISTED, Bools, Ints
from nalssi.quality.flags import findings_at
from nalssi.quality.snapshot_agreement import Agreements
from nalssi.quality.snapshot_grid import NO_DAY, SnapshotGrid
from schemas.vocabulary import FLAG_FAIL, FLAG_SUSPECT

TEST = "frozen_feed"
REPEATED_SCHEMA = pl.Schema(
    {
        "snapshot_id": pl.String(),
        "first_on": pl.Date(),
        "last_on": pl.Date(),
        "existed_on": pl.Date(),
    }
)
"""The columns of the table `repeated_lists`."""
HOURS_LATE = 1
"""A list is not frozen if its hour is at most this number of hours before its printed date begins:
sites print 23:00 after midnight."""


@dataclass(frozen=True)
class RepeatedLists:
    """For each snapshot of a grid: the dates under which its list is printed.

    `first` and `last` are the first and the last date (days since 1970-01-01), with the dates of
    lists that agree. `existed` is the first date that shows that the list existed on that day, or
    NO_DAY. `is_repeated` is False where the list is printed under one date only, or none; the other
    values have no meaning there.
    """

    is_repeated: Bools
    first: Ints
    last: Ints
    existed: Ints

    def rows(self, grid: SnapshotGrid, wanted: Bools) -> pl.DataFrame:
        """Return the rows of the table `repeated_lists` for the snapshots marked in `wanted`."""
        row = np.flatnonzero(self.is_repeated & wanted)
        days = {
            name: pl.Series(values[row]).replace(NO_DAY, None).cast(pl.Int32).cast(pl.Date)
            for name, values in (
                ("first_on", self.first),
                ("last_on", self.last),
                ("existed_on", self.existed),
            )
        }
        ids = grid.snapshots["snapshot_id"].gather(row)
        return pl.DataFrame({"snapshot_id": ids, **days}, schema=REPEATED_SCHEMA)


def find_repeated_lists(grid: SnapshotGrid, agreements: Agreements) -> RepeatedLists:
    """Find the lists that are printed under several dates. The hours of snapshots are not used.

    `agreements` are those of the snapshots in `grid`. The result has a value for each of them.

    A date shows that the list existed on that day if it is printed at the list, stated by a feed,
    or the day of a capture. The site's last edit (`site`) does not, because the edit may precede
    the list.
    """
    content = agreements.content
    compared = content >= 0
    date_source = grid.snapshots["date_source"]
    dated = compared & (grid.days != NO_DAY)
    proves_existence = dated & (date_source != "site").fill_null(False).to_numpy()
    first, last = _day_span(agreements, grid.days, dated)
    existed, _ = _day_span(agreements, grid.days, proves_existence)
    # Snapshots that were not compared get the values of a list without a date.
    number = np.where(compared, content, first.size)
    first, last = np.append(first, NO_DAY)[number], np.append(last, -NO_DAY)[number]
    return RepeatedLists(first < last, first, last, np.append(existed, NO_DAY)[number])


def frozen_feed(
    grid: SnapshotGrid, repeated: RepeatedLists, rows: Bools | None = None
) -> pl.DataFrame:
    """Return findings for every reading of a list that is printed under more than one date.

    `repeated` is the result of `find_repeated_lists` for `grid`. The rules, of which a later one
    overrides those before it:

    - The earliest date is suspect: the feed may have stopped before it was first seen.
    - A later date printed at the list or in the feed fails, if an earlier date shows that the list
      already existed.
    - A later date from elsewhere is suspect: the last edit of the page, or the capture.
    - An undated copy of such a list is suspect. An undated copy of a list with one date passes.
    - A list that the comparison with official hours proved frozen fails.
    - A list whose hour is known passes if the hour agrees with the printed date: it is of that day
      or 23:00 of the evening before, which pages show shortly after midnight. An undated list whose
      hour is known passes always.

    The findings are for the snapshots marked in `rows` (default: all).
    """
    flags = snapshot_flags(grid, repeated)
    if rows is not None:
        flags = np.where(rows, flags, 0)
    findings = []
    for flag in (FLAG_SUSPECT, FLAG_FAIL):
        flagged = np.flatnonzero(flags == flag)
        findings.append(findings_at(grid.tenths[flagged] != NOT_LISTED, flag, TEST, flagged))
    return pl.concat(findings)


def snapshot_flags(grid: SnapshotGrid, repeated: RepeatedLists) -> npt.NDArray[np.int8]:
    """Return the flag (3 suspect, 4 fail) of each snapshot of `grid`; 0 if it passes the check.

    The rules are those of `frozen_feed`.
    """
    dated = grid.days != NO_DAY
    is_weak_date = grid.snapshots["date_source"].is_in(["site", "capture"]).fill_null(False)
    is_later = dated & (repeated.existed < grid.days)
    flags = np.zeros(grid.height, np.int8)
    flags[repeated.is_repeated] = FLAG_SUSPECT
    flags[repeated.is_repeated & is_later & ~is_weak_date.to_numpy()] = FLAG_FAIL
    flags[grid.snapshots["proven_frozen"].to_numpy()] = FLAG_FAIL
    flags[_hour_agrees_with_date(grid)] = 0
    return flags


def _hour_agrees_with_date(grid: SnapshotGrid) -> Bools:
    """Return True for each snapshot whose known hour does not contradict its date."""
    midnight = grid.days * 24 - KST_HOURS
    of_date = (grid.hours >= midnight - HOURS_LATE) & (grid.hours < midnight + 24)
    agrees: Bools = of_date | ((grid.days == NO_DAY) & ~np.isnan(grid.hours))
    return agrees


def _day_span(agreements: Agreements, day: Ints, rows: Bools) -> tuple[Ints, Ints]:
    """Return the first and the last day under which each distinct list is printed.

    The days of lists that agree with it count too. Only snapshots marked in `rows` count. A list
    without such a snapshot has the days NO_DAY and -NO_DAY. Days are numbers since 1970-01-01.
    `day` has the day of each grid row; the results have a value for each distinct list.
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
