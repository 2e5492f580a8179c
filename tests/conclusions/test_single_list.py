"""The time of the only list of a document, by its date, the feed's hour and the capture."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from nalssi.common.korea_time import KST
from nalssi.conclusions.single_list import ConcludedTime, ListEvidence, conclude_single_list

DAY = date(2026, 1, 2)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=KST)


@pytest.mark.parametrize(
    ("printed_on", "feed_hour", "captured_at", "concluded"),
    [
        (None, at(2, 5), at(2, 6), ConcludedTime(DAY, at(2, 5), "feed", at(2, 5), "feed")),
        (DAY, None, at(1, 22, 59), ConcludedTime(None, None, None, None, None)),
        (DAY, None, at(1, 23), ConcludedTime(DAY, None, None, None, None)),
        (DAY, None, at(2, 7), ConcludedTime(DAY, None, None, at(2, 7), "capture")),
        (DAY, None, at(3, 0), ConcludedTime(DAY, None, None, None, None)),
        (DAY, None, None, ConcludedTime(DAY, None, None, None, None)),
        (None, None, at(2, 7), ConcludedTime(None, None, None, None, None)),
    ],
)
def test_the_evidence_of_one_document_gives_its_time(
    printed_on: date | None,
    feed_hour: datetime | None,
    captured_at: datetime | None,
    concluded: ConcludedTime,
) -> None:
    evidence = ListEvidence(printed_on, feed_hour, captured_at)
    assert conclude_single_list(evidence) == concluded
