"""Parse the hour of a row in an official-hours table.

KMA's portal writes `2022-08-08 01:00`, `2006-01-01 0:00` or, in its "Excel" form, `2025.5.1 1:00`.
Other programs change it. Excel writes `2022-08-08 오전 1:00` or `2022-08-08 1:00 AM`, pandas
`2022-08-08 01:00:00` or `2022-08-08T01:00:00+09:00`, and KMA's API hub `202208080100`. Others omit
the minutes (`2022080801`, `2022-08-08 01`). Each of these has one meaning and is read. `24:00` is
0:00 of the next day. A text with more than one meaning is rejected with its cause, because a wrong
hour is worse than none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import polars as pl

from nalssi.common.korea_time import KST_HOURS

FIRST_YEAR = 1904
"""The first possible year of an hour: KMA's first stations began to observe in March 1904."""
CLOCK_ERROR = timedelta(days=1)
"""If this machine's clock is slow, valid hours seem to be in the future. Hours up to this much
later than now are accepted."""

_YEAR_FIRST = (
    r"(?P<year>\d{4})(?:\s*(?P<sign>[-./])\s*(?P<month>\d{1,2})\s*(?P=sign)\s*(?P<day>\d{1,2})\s*\.?"
    r"|\s*년\s*(?P<month_ko>\d{1,2})\s*월\s*(?P<day_ko>\d{1,2})\s*일)"
)
_YEAR_LAST = (
    r"(?P<one>\d{1,2})\s*(?P<sign>[-./])\s*(?P<other>\d{1,2})\s*(?P=sign)\s*(?P<year>\d{4})"
)
_CLOCK = (
    r"(?:T|\s)\s*(?P<before>오전|오후|[AP]\.?M\.?)?\s*(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d\d)(?::(?P<second>\d\d(?:\.\d+)?))?|\s*시(?:\s*(?P<minute_ko>\d{1,2})\s*분)?)?"
    r"\s*(?P<after>오전|오후|[AP]\.?M\.?)?\s*(?P<zone>Z|UTC|GMT|KST|[+-]\d\d(?::?\d\d)?)?"
)
_SPELLINGS = (
    re.compile(_YEAR_FIRST + _CLOCK, re.IGNORECASE),
    re.compile(_YEAR_LAST + _CLOCK, re.IGNORECASE),
    re.compile(
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)[T ]?(?P<hour>\d\d)"
        r"(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d))?)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?",
        re.IGNORECASE,
    ),
)
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}\s*([-./])\s*\d{1,2}\s*\1\s*\d{1,2}(?!\d)")
_KOREAN_ZONE = re.compile(r"KST|\+09(?::?00)?", re.IGNORECASE)


def hours(texts: pl.Series) -> pl.DataFrame:
    """Parse each distinct text as an hour. Columns: `time` (the text), `observed_at`, `time_fault`.

    The texts are Korean times; none may be null. `observed_at` is the time in UTC. `time_fault` is
    null, or the reason why the text is not an hour of observation. `observed_at` is null for the
    reasons `unreadable_time`, `two_digit_year`, `ambiguous_date` (day and month may be swapped) and
    `not_korean_time` (another offset than +09:00). It has the time that was read for the reasons
    `impossible_year` (before 1904), `future_time` (by more than CLOCK_ERROR) and `not_on_the_hour`.
    The rows are in no order.
    """
    distinct = texts.unique().alias("time").to_frame()
    usual = pl.col("time").str.contains(r"^\d{4}-")
    local = pl.col("time").str.to_datetime("%Y-%m-%d %H:%M", strict=False, time_unit="us")
    distinct = distinct.with_columns(local=pl.when(usual).then(local))
    others = distinct.filter(pl.col("local").is_null())["time"]
    read = [(text, *_local(text)) for text in others]
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "time": pl.String,
        "other": pl.Datetime("us"),
        "fault": pl.String,
    }
    distinct = distinct.join(pl.DataFrame(read, schema, orient="row"), on="time", how="left")
    distinct = distinct.with_columns(local=pl.coalesce("local", "other"))
    latest = (datetime.now(UTC) + CLOCK_ERROR).replace(tzinfo=None)
    utc = pl.col("local") - pl.duration(hours=KST_HOURS)
    causes = {
        "unreadable_time": pl.col("local").is_null(),
        "impossible_year": pl.col("local").dt.year() < FIRST_YEAR,
        "future_time": utc > latest,
        "not_on_the_hour": pl.col("local") != pl.col("local").dt.truncate("1h"),
    }
    fault = [pl.when(test).then(pl.lit(name)) for name, test in causes.items()]
    return distinct.select(
        "time",
        observed_at=utc.dt.replace_time_zone("UTC"),
        time_fault=pl.coalesce("fault", *fault),
    )


def _local(text: str) -> tuple[datetime | None, str | None]:
    """Parse a text as a Korean time. Returns the time, or else None and the fault.

    The fault is None if there is a time, and also if the text is not a time at all.
    """
    for spelling in _SPELLINGS:
        if found := spelling.fullmatch(text):
            break
    else:
        return None, "two_digit_year" if _TWO_DIGIT_YEAR.match(text) else None
    parts = {name: value for name, value in found.groupdict().items() if value}
    if (zone := parts.get("zone")) and not _KOREAN_ZONE.fullmatch(zone):
        return None, "not_korean_time"
    month, day = _month_and_day(parts)
    if not month:
        return None, "ambiguous_date"
    try:
        midnight = datetime(int(parts["year"]), month, day)  # in Korea
        return midnight + _since_midnight(parts), None
    except (ValueError, OverflowError):
        return None, None


def _month_and_day(parts: dict[str, str]) -> tuple[int, int]:
    """Return the month and the day that `parts`, the groups of a `_SPELLINGS` match, state.

    If either number may be the month, both results are 0.
    """
    if "one" not in parts:
        return (
            int(parts.get("month") or parts["month_ko"]),
            int(parts.get("day") or parts["day_ko"]),
        )
    one, other = int(parts["one"]), int(parts["other"])
    if one == other or other > 12:
        return one, other
    return (other, one) if one > 12 else (0, 0)


def _since_midnight(parts: dict[str, str]) -> timedelta:
    """Return the time since midnight that `parts`, the groups of a `_SPELLINGS` match, state.

    Raises ValueError if there is no such time of day.
    """
    hour = int(parts["hour"])
    minute = int(parts.get("minute") or parts.get("minute_ko") or 0)
    second = float(parts.get("second") or 0)
    halves = [parts[name] for name in ("before", "after") if name in parts]
    if halves:
        if len(halves) > 1 or hour > 12:
            raise ValueError("a 12-hour clock has one half and at most 12 hours")
        hour = hour % 12 + (12 if halves[0][0] in "오Pp" and halves[0] != "오전" else 0)
    if hour > 24 or minute > 59 or second >= 60 or (hour == 24 and (minute or second)):
        raise ValueError("no such time of day")
    return timedelta(hours=hour, minutes=minute, seconds=second)
