"""Read tickers from KMA's XML feeds, `sfc_web_map.xml` and `sfc_web_now.xml`.

The tickers of all web pages come from `sfc_web_map.xml`:
`<current><weather year="2017" month="08" day="04" hour="15"><local stn_id="98" desc="-"
ta="32.8">동두천</local>…`: the attributes hold the station's id, the hour (KST) and the weather. In
`sfc_web_now.xml` the condition is in `ww_ko` instead of `desc`. The feed states the hour of its
values; pages do not.

Feeds are small and rare, so expat reads them element by element and reports the line of each. For
safety, a feed must not declare entities or attributes, so that nothing can expand or refer to the
outside. A feed larger than `MAX_FEED` is not read, because parsed elements take a hundred times its
size in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

import polars as pl

from nalssi.common.known_names import condition_words
from nalssi.common.korea_time import KST
from nalssi.common.ticker_symbols import FEED_MARK
from nalssi.ticker.printed_dates import FIRST_DATE
from nalssi.ticker.reject_reasons import reject_contradictions
from nalssi.ticker.ticker_lines import LINE_COLUMNS, REJECTED_DATE_COLUMNS, Tickers
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import station_ids

FEED_TYPE = "application/xml"
MAX_FEED = 2**20
"""The largest number of characters of a feed. KMA's feed of all stations has about 15,000."""

_TEMPERATURE = re.compile(r"[+-]?[0-9]{1,2}(\.[0-9])?")
_WHOLE_NUMBER = re.compile(r"\s*[0-9]{1,5}\s*")  # an hour, a day, a year, a station id


class FeedError(ValueError):
    """A feed is not well-formed XML, declares entities or attributes, or is too large.

    The message states the cause and, if known, the line.
    """


@dataclass
class _Element:
    """A `weather` or `local` element of a feed, and the line on which it begins.

    `text` are the pieces of the text of a `local` element. `stations` are the `local` elements in a
    `weather` element.
    """

    line: int
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    stations: list[_Element] = field(default_factory=list)


def read_feeds(documents: pl.DataFrame) -> Tickers:
    """Read the tickers of feeds. Each `weather` element is a ticker.

    `documents` has the columns `doc, uri, text, captured_at`. A feed that cannot be read is in
    `Tickers.problems`.
    """
    lines: list[dict[str, Any]] = []
    rejected_dates: list[dict[str, Any]] = []
    problems: list[tuple[str, str]] = []
    run = -1
    for doc, uri, text, captured_at in documents.select(
        "doc", "uri", "text", "captured_at"
    ).iter_rows():
        try:
            weathers = list(_weathers(text))
        except FeedError as error:
            problems.append((uri, str(error)))
            continue
        for weather in weathers:
            run += 1
            dates = _date_columns(_printed_time(weather.attributes), captured_at)
            states_no_day = text.startswith(FEED_MARK) and "day" not in weather.attributes
            if dates["printed_on"] is None and weather.stations and not states_no_day:
                rejected_dates.append(
                    {
                        "doc": doc,
                        "line": weather.line,
                        "text": _as_text("weather", weather),
                        "reason": "impossible_date",
                    }
                )
            lines += [
                {"doc": doc, "run": run, **dates, **_station_columns(station)}
                for station in weather.stations
            ]
    return Tickers(
        reject_contradictions(pl.DataFrame(lines, schema=LINE_COLUMNS)),
        pl.DataFrame(rejected_dates, schema=REJECTED_DATE_COLUMNS),
        tuple(problems),
    )


def _weathers(text: str) -> Iterator[_Element]:
    """Yield the `weather` elements of a feed with their `local` elements.

    Raises FeedError before the first one if the feed cannot be read.
    """
    if len(text) > MAX_FEED:
        raise FeedError(f"larger than {MAX_FEED >> 20} MiB: not a feed of KMA")
    weathers: list[_Element] = []
    parser = ParserCreate()
    feed = text.lstrip()  # some servers send an empty line first, which XML does not allow
    skipped_lines = text.count("\n", 0, len(text) - len(feed))

    def line() -> int:
        return parser.CurrentLineNumber + skipped_lines

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = _Element(line(), attributes)
        name = tag.rpartition(":")[2]  # without a namespace prefix
        if name == "weather":
            weathers.append(element)
        elif name == "local" and weathers:
            weathers[-1].stations.append(element)

    def characters(data: str) -> None:
        if weathers and weathers[-1].stations:
            weathers[-1].stations[-1].text.append(data)

    def reject_entity(name: str, *_: object) -> None:
        raise FeedError(f"line {line()}: declares the entity {name[:40]!r}")

    def reject_attribute(tag: str, *_: object) -> None:
        raise FeedError(f"line {line()}: declares attributes of {tag[:40]!r}")

    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = reject_entity
    parser.AttlistDeclHandler = reject_attribute
    try:
        parser.Parse(feed, True)
    except ExpatError as error:
        cause = ErrorString(error.code)
        raise FeedError(
            f"line {error.lineno + skipped_lines}: not well-formed XML ({cause})"
        ) from error
    yield from weathers


def _printed_time(attributes: dict[str, str]) -> tuple[date, datetime | None] | None:
    """Return the day and the hour (KST) that a feed prints; None if there are no such day and hour.

    None is also returned for a day before FIRST_DATE. `attributes` are the attributes of a
    `weather` element. The hour is None if the feed prints only a day. Hour 24 is hour 0 of the next
    day.
    """
    year, month, day = (_whole_number(attributes.get(key, "")) for key in ("year", "month", "day"))
    printed_hour = attributes.get("hour", "").strip()
    hour = _whole_number(printed_hour)
    if year is None or month is None or day is None or (hour or 0) > 24:
        return None
    if printed_hour and hour is None:
        return None
    try:
        printed_on = date(year, month, day)
        if printed_on < FIRST_DATE:
            return None
        midnight = datetime(year, month, day, tzinfo=KST)
        return printed_on, None if hour is None else midnight + timedelta(hours=hour)
    except (ValueError, OverflowError):  # no such day, or hour 24 of the last day of year 9999
        return None


def _whole_number(text: str) -> int | None:
    """Convert a text of one to five ASCII digits to a number; return None for any other text.

    White space around the digits is ignored.
    """
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


def _date_columns(
    printed: tuple[date, datetime | None] | None, captured_at: datetime | None
) -> dict[str, Any]:
    """Return `printed_on, observed_on, observed_at, date_source` of a ticker, by column name.

    `printed` is the day and the hour (KST) that the feed prints; the hour may be None. They are
    used, with the `date_source` "feed". If `printed` is None, or after the capture time and so
    impossible, `observed_on` is the day of the capture (KST) and `date_source` is "capture". Both
    are None if the capture time is unknown, too.
    """
    captured_on = captured_at.astimezone(KST).date() if captured_at else None
    if printed is not None and captured_at is not None and captured_on is not None:
        printed_on, hour = printed
        if (hour is not None and hour > captured_at) or printed_on > captured_on:
            printed = None
    if printed is None:
        return {
            "printed_on": None,
            "observed_on": captured_on,
            "observed_at": None,
            "date_source": "capture" if captured_on else None,
        }
    printed_on, hour = printed
    return {
        "printed_on": printed_on,
        "observed_on": printed_on if hour is None else hour.date(),
        "observed_at": hour,
        "date_source": "feed",
    }


def _station_columns(station: _Element) -> dict[str, Any]:
    """Convert a `local` element to a ticker line: its values by column name (`LINE_COLUMNS`).

    `reason` is None for a reading. `temperature_c` (°C) is None if the feed prints none or no
    number. The result lacks `doc`, `run` and the columns of the date.
    """
    codes = _codes_by_word()
    number = _whole_number(station.attributes.get("stn_id", ""))
    word = (station.attributes.get("desc") or station.attributes.get("ww_ko", "")).strip()
    key = "".join(word.split())
    printed = station.attributes.get("ta", "").strip()
    known = number in station_ids()
    # KMA also prints -0.0; adding zero makes it 0.0
    value = float(printed) + 0.0 if _TEMPERATURE.fullmatch(printed) else None
    reason = None
    if not known:
        reason = "unknown_station"
    elif word and key not in codes:
        reason = "unknown_condition"
    elif printed and not _is_possible(value):
        reason = "unreadable_temperature"
    return {
        "line": station.line,
        "text": _as_text("local", station),
        "reason": reason,
        "station_id": number if known else None,
        "station_source": "feed" if known else None,
        "condition": codes.get(key),
        "condition_raw": word or None,
        "temperature_c": value,
    }


def _is_possible(value: float | None) -> bool:
    return value is not None and LOWEST_TEMPERATURE_C <= value <= HIGHEST_TEMPERATURE_C


@cache
def _codes_by_word() -> dict[str, str | None]:
    return dict(condition_words().select("word", "condition").iter_rows())


def _as_text(tag: str, element: _Element) -> str:
    """Return the opening tag and the text of an element, which are stored with a line.

    The text is for readers: it has no closing tag, and characters are not escaped.
    """
    attributes = "".join(f' {key}="{value}"' for key, value in element.attributes.items())
    return f"<{tag}{attributes}>{''.join(element.text)}"
