"""Frozen feeds: one list under several dates.

A site's feed stops and the page goes on printing the same numbers under each new date. Two
lists that agree on every station they have in common, eight or more (`agreement`), under
different dates are one list: at most one of the dates is true.

Conditions are not compared: sites word them differently or leave them out, and the
temperatures decide alone. Of consecutive official hours one in ten values is equal, one in four at
worst: eight given stations are equal by chance in about one of a million such pairs, and
different dates they have only across midnight (docs/quality.md).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.quality.snapshot_grid import NO_DAY, NOT_LISTED, Bools, Lists, rows_of
from schemas.vocabulary import FLAG_FAIL, FLAG_SUSPECT

TEST = "frozen_feed"


def frozen_feed(lists: Lists, rows: Bools | None = None) -> pl.DataFrame:
    """Flag every reading of a list that stands under more than one date.

    - the earliest date: suspect (the feed may have stopped before it was first seen);
    - a later date printed at the list or in the feed: fail, if an earlier date shows that the
      list existed before. A date of capture does. The site's last edit (`site`) does not: it may
      lie before the list, so a later date is then suspect too;
    - a later date that is only `site` or `capture`: suspect;
    - an undated copy of such a list: suspect; an undated copy of a list with one date: nothing;
    - a list that the comparison with official observations proved frozen: fail.

    A list that the comparison found to be of the evening before its date (`late_feed`) counts for
    the date of that evening: one hour printed before and after midnight is no frozen feed.
    Without such a comparison it is one list under two dates, and flagged so.

    Returns rows for the snapshots marked in `rows` (default all).
    """
    flags = lists.frozen if rows is None else np.where(rows, lists.frozen, 0)
    found = []
    for flag in (FLAG_SUSPECT, FLAG_FAIL):
        whole = np.flatnonzero(flags == flag)
        found.append(rows_of(lists.tenths[whole] != NOT_LISTED, flag, TEST, whole))
    return pl.concat(found)


def flags_of(lists: Lists) -> npt.NDArray[np.int8]:
    """The flag of each list as a whole; 0 where there is nothing to say."""
    found = lists.agreements
    known = found.content >= 0
    day = lists.days
    dated = known & (day != NO_DAY)
    day = np.where(dated & lists.snapshots["late_feed"].to_numpy(), day - 1, day)
    source = lists.snapshots["date_source"]
    weak = source.is_in(["site", "capture"]).fill_null(False).to_numpy()
    proves = dated & (source != "site").fill_null(False).to_numpy()

    first = np.full(found.contents, NO_DAY, np.int64)
    last = np.full(found.contents, -NO_DAY, np.int64)
    proof = np.full(found.contents, NO_DAY, np.int64)
    np.minimum.at(first, found.content[dated], day[dated])
    np.maximum.at(last, found.content[dated], day[dated])
    np.minimum.at(proof, found.content[proves], day[proves])
    own_first, own_last, own_proof = first.copy(), last.copy(), proof.copy()
    for a, b in ((found.left, found.right), (found.right, found.left)):
        np.minimum.at(first, a, own_first[b])
        np.maximum.at(last, a, own_last[b])
        np.minimum.at(proof, a, own_proof[b])

    flags = np.zeros(day.size, np.int8)
    content = found.content[known]
    several = np.zeros(day.size, np.bool_)
    several[known] = first[content] < last[content]
    later = np.zeros(day.size, np.bool_)
    later[known] = proof[content] < day[known]
    flags[several] = FLAG_SUSPECT
    flags[several & later & dated & ~weak] = FLAG_FAIL
    flags[lists.snapshots["proven_frozen"].to_numpy()] = FLAG_FAIL
    return flags
