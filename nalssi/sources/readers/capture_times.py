"""Parse capture times: the date column of a corpus, and `WARC-Date`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from nalssi.common.korea_time import KST, KST_ZONE_NAME

_CDX = re.compile(r"\d{14}")
_INSTANT = re.compile(
    r"(\d{4})[-/.](\d\d)[-/.](\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?"
    r"\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?",
    re.I,
)
_DAY = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def capture_time(value: object, timezone: str | None = None) -> datetime | None:
    """Parse a date as an instant in UTC. Returns None if the value is not an instant.

    These values are instants: a time with an offset, `Z`, UTC or GMT; 14 digits (the form of CDX
    files, always UTC); a number of seconds or milliseconds since 1970, in the years 2001 to 2286. A
    time without an offset is an instant only if `timezone` (an IANA name) is given; it is read in
    that zone. A day is an instant, its midnight, only if `timezone` is Korea's, because a capture
    time dates a ticker, and a day elsewhere covers hours of two Korean days.
    """
    try:
        if isinstance(value, datetime):
            return _instant(value, timezone)
        if isinstance(value, date):
            return _korean_midnight(value, timezone)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _since_epoch(value)
        if isinstance(value, str):
            return _from_text(value.strip(), timezone)
        return None
    except (ValueError, OverflowError):  # an impossible day, hour or year
        return None


def _from_text(text: str, timezone: str | None) -> datetime | None:
    if _CDX.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if found := _INSTANT.fullmatch(text):
        year, month, day, clock, fraction, offset = found.groups()
        written = f"{year}-{month}-{day}T{clock}"
        if len(clock) == len("00:00"):
            written += ":00"
        written += f".{(fraction or '0')[:6]:0<6}"
        if offset:
            written += "+00:00" if offset[0] not in "+-" else offset
        return _instant(datetime.fromisoformat(written), timezone)
    if found := _DAY.fullmatch(text):
        year, month, day = found.groups()
        return _korean_midnight(date(int(year), int(month), int(day)), timezone)
    return None


def _instant(moment: datetime, timezone: str | None) -> datetime | None:
    if moment.tzinfo is None:
        if timezone is None:
            return None
        moment = moment.replace(tzinfo=ZoneInfo(timezone))
    return moment.astimezone(UTC)


def _korean_midnight(day: date, timezone: str | None) -> datetime | None:
    if timezone != KST_ZONE_NAME:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=KST).astimezone(UTC)


def _since_epoch(number: float) -> datetime | None:
    """Convert seconds or milliseconds since 1970 to a UTC time; None outside 2001 to 2286.

    In these years no number can be both.
    """
    for scale in (1, 1000):
        # The number is compared before it is divided, because JSON's integers have no limit.
        if 1e9 * scale <= number < 1e10 * scale:
            return _EPOCH + timedelta(seconds=number / scale)
    return None
