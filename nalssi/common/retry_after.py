"""Read the HTTP header `Retry-After`, with which a server asks for a pause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_PAUSE = timedelta(days=1)


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return the pause that a `Retry-After` header asks for, from zero to a day.

    `value` is the header's text: seconds, or a date, of which `now` (with a time zone) is
    subtracted. A date in the past gives a pause of zero. Returns None without a valid header.
    """
    if not value:
        return None
    value = value.strip()
    if not value.isascii():  # `isdecimal` accepts digits of other scripts
        return None
    if value.isdecimal():
        seconds = int(value[:10])
        return min(timedelta(seconds=seconds), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(value)
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(timedelta(0), min(until - now, _LONGEST_PAUSE))
    except (ValueError, OverflowError):
        return None
