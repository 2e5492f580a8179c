"""What JSONL and Parquet corpora have in common: columns, times of capture, documents.

Web corpora name their columns in a few ways; the first of these names that a corpus has is
taken. A name with a dot is a field of a nested object.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from nalssi.common.ids import document_id
from nalssi.common.korea_time import KST, KST_ZONE_NAME
from nalssi.sources.partition import MEDIA_TYPES, Options, Problem, problem
from nalssi.sources.readers.page_documents import Page, as_documents, documents
from nalssi.sources.readers.pages.html_text import site_of

TEXT_COLUMNS = ("text", "content", "raw_content", "body", "html", "page_content", "document")
URL_COLUMNS = (
    *("url", "uri", "source_url", "target_uri", "WARC-Target-URI", "link"),
    *("warc_headers.warc-target-uri", "meta.url", "metadata.url", "meta.source_url"),
)
DATE_COLUMNS = (
    *("captured_at", "crawl_date", "crawled_at", "fetched_at", "warc_date", "WARC-Date"),
    *("fetch_time", "date_download", "timestamp", "date", "ts"),
    *("warc_headers.warc-date", "meta.timestamp", "metadata.timestamp", "metadata.date"),
)

_NAMED = 20  # columns that a message names
_CDX = re.compile(r"\d{14}")
_INSTANT = re.compile(
    r"(\d{4})[-/.](\d\d)[-/.](\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?"
    r"\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?",
    re.I,
)
_DAY = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARKUP = r"^\s*<"  # all that can be HTML, and little else
# Possessive: a text that opens with a thousand comments must not be cut up in all possible ways.
_HTML = re.compile(r"(?:\s|<!--(?>.*?-->))*+<(?:!doctype\s+html|html|head|body)[\s>]", re.I | re.S)


def records(
    texts: pl.Series, uris: pl.Series, captured: Sequence[object], options: Options
) -> pl.DataFrame:
    """Records that print a unit, as documents. A record's text may itself be markup."""
    captures = [capture_time(value, options.date_timezone) for value in captured]
    raw = texts.cast(pl.Binary)
    markup = texts.str.contains(_MARKUP)
    if markup.any():
        rows = zip(markup, texts, uris, raw, captures, strict=True)
        return documents(
            [
                Page("html" if may and _HTML.match(text) else "text", uri, content, "utf-8", when)
                for may, text, uri, content, when in rows
            ]
        )
    return as_documents(
        document_id=list(map(document_id, uris, captures, raw)),
        uri=uris,
        site=list(map(site_of, uris)),
        media_type=[MEDIA_TYPES["text"]] * len(texts),
        captured_at=captures,
        text=texts.str.strip_prefix("\ufeff"),
    )


def capture_time(value: object, timezone: str | None = None) -> datetime | None:
    """A corpus's date as an instant (UTC), if it is one; never guessed.

    Instants are: times with an offset, `Z`, UTC or GMT; 14 digits (the CDX form, by definition
    UTC); numbers (seconds or milliseconds since 1970). A time without an offset counts only
    with `timezone`, in which it then is. A day alone counts only as a day in KST: the hours of
    a day elsewhere fall on two Korean days, and a capture dates a ticker.
    """
    try:
        if isinstance(value, datetime):
            return _instant(value, timezone)
        if isinstance(value, date):
            return _day(value, timezone)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _since_epoch(value)
        if isinstance(value, str):
            return _from_text(value.strip(), timezone)
        return None
    except (ValueError, OverflowError):  # no such day, no such hour, no year that a clock knows
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
        return _day(date(int(year), int(month), int(day)), timezone)
    return None


def _instant(moment: datetime, timezone: str | None) -> datetime | None:
    if moment.tzinfo is None:
        if timezone is None:
            return None
        moment = moment.replace(tzinfo=ZoneInfo(timezone))
    return moment.astimezone(UTC)


def _day(day: date, timezone: str | None) -> datetime | None:
    if timezone != KST_ZONE_NAME:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=KST).astimezone(UTC)


def _since_epoch(number: float) -> datetime | None:
    """Seconds or milliseconds, from 2001 to 2286, where the two cannot be taken for each other."""
    for scale in (1, 1000):
        if 1e9 * scale <= number < 1e10 * scale:  # not divided: JSON's integers have no end
            return _EPOCH + timedelta(seconds=number / scale)
    return None


class Problems:
    """The problems of one file: the first few, and how many more."""

    def __init__(self, source: str, shown: int = 10) -> None:
        self._source = source
        self._most = shown
        self._shown: list[Problem] = []
        self._more = 0

    def add(self, cause: str | BaseException, place: str = "") -> None:
        if len(self._shown) == self._most:
            self._more += 1
        elif isinstance(cause, str):
            self._shown.append(Problem(self._source, cause, place))
        else:
            self._shown.append(problem(self._source, cause, place))

    def all(self) -> tuple[Problem, ...]:
        if not self._more:
            return tuple(self._shown)
        return (*self._shown, Problem(self._source, f"and {self._more:,} more like these"))


def no_text_column(names: Sequence[str], asked: str | None) -> str:
    """The cause, with what there is instead."""
    missing = f"no column {asked!r}" if asked else "no text column"
    some = ", ".join([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])])
    return f"{missing} (there is: {some}); name it with --text-column"
