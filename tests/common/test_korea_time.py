from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from nalssi.common.korea_time import KST, KST_HOURS, KST_OFFSET, korean_day, korean_iso_text

EVENING_UTC = datetime(2025, 12, 18, 15, 30, tzinfo=UTC)


def test_every_form_of_the_offset_is_that_of_the_zone() -> None:
    assert KST.utcoffset(EVENING_UTC) == timedelta(hours=KST_HOURS)
    assert EVENING_UTC.astimezone(KST).isoformat().endswith(KST_OFFSET)


def test_an_evening_in_utc_is_the_next_day_in_korea() -> None:
    instants = pl.DataFrame({"at": [EVENING_UTC, None]}, schema={"at": pl.Datetime("us", "UTC")})
    shown = instants.select(day=korean_day(pl.col("at")), text=korean_iso_text(pl.col("at")))
    assert shown.rows() == [(date(2025, 12, 19), "2025-12-19T00:30:00+09:00"), (None, None)]
