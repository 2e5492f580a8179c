"""KMA's XML feeds, as some archives hold them: `sfc_web_map.xml`, the source of every ticker, and
its sibling `sfc_web_now.xml`, which has the condition in `ww_ko` instead of `desc`.

`<current><weather year="2017" month="08" day="04" hour="15"><local stn_id="98" desc="-"
ta="32.8">동두천</local>…`: station ids, the hour (KST) and the weather stand in attributes. Only
the feed tells the hour. A feed is small and rare beside pages, so it is read element by element, by
expat itself, which tells the line. Entities and declared attributes are refused, so that nothing
can expand or reach outside, and so is a feed beyond `MAX_FEED`, because elements take a hundred
times the room of what is printed.
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

from nalssi.common.korea_time import KST
from nalssi.common.names import condition_words
from nalssi.ticker.dates import FIRST_DATE
from nalssi.ticker.found import DATES, LINES, Found, refuse_duplicates
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import station_ids

FEED_TYPE = "application/xml"
FEED_MARK = "<?nalssi feed?>"
"""What the text of another document begins with if it was rewritten as a feed."""

MAX_FEED = 2**20
"""Characters of the largest feed that is read; KMA's own, with all stations, has some 15,000."""

_TEMPERATURE = re.compile(r"[+-]?[0-9]{1,2}(\.[0-9])?")
_WHOLE = re.compile(r"\s*[0-9]{1,5}\s*")  # an hour, a day, a year, a station's number


class FeedError(ValueError):
    """A feed that is no well-formed XML, declares what it should not, or is too large.

    The message tells the cause and, where there is one, the line.
    """


@dataclass
class _Element:
    """A `weather` or `local` element: where it begins and what it holds."""

    line: int
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    stations: list[_Element] = field(default_factory=list)


def read_feeds(documents: pl.DataFrame) -> Found:
    """Read feeds of `doc, uri, text, captured_at`: a ticker a `weather` element."""
    lines: list[dict[str, Any]] = []
    dates: list[dict[str, Any]] = []
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
            dated = _dated(_when(weather.attributes), captured_at)
            states_no_day = text.startswith(FEED_MARK) and "day" not in weather.attributes
            if dated["printed_on"] is None and weather.stations and not states_no_day:
                dates.append(
                    {
                        "doc": doc,
                        "line": weather.line,
                        "text": _printed("weather", weather),
                        "reason": "impossible_date",
                    }
                )
            lines += [
                {"doc": doc, "run": run, **dated, **_read(station)} for station in weather.stations
            ]
    return Found(
        refuse_duplicates(pl.DataFrame(lines, schema=LINES)),
        pl.DataFrame(dates, schema=DATES),
        tuple(problems),
    )


def _weathers(text: str) -> Iterator[_Element]:
    """The `weather` elements of a feed with their `local` elements."""
    if len(text) > MAX_FEED:
        raise FeedError(f"larger than {MAX_FEED >> 20} MiB: no feed of KMA's")
    weathers: list[_Element] = []
    parser = ParserCreate()
    feed = text.lstrip()  # some servers send an empty line first, which XML allows nowhere
    above = text.count("\n", 0, len(text) - len(feed))

    def line() -> int:
        return parser.CurrentLineNumber + above

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = _Element(line(), attributes)
        name = tag.rpartition(":")[2]  # a name may have a prefix, whatever the feed calls it
        if name == "weather":
            weathers.append(element)
        elif name == "local" and weathers:
            weathers[-1].stations.append(element)

    def characters(data: str) -> None:
        if weathers and weathers[-1].stations:
            weathers[-1].stations[-1].text.append(data)

    def refuse_entity(name: str, *_: object) -> None:
        raise FeedError(f"line {line()}: declares the entity {name[:40]!r}")

    def refuse_attribute(tag: str, *_: object) -> None:
        raise FeedError(f"line {line()}: declares attributes of {tag[:40]!r}")

    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = refuse_entity
    parser.AttlistDeclHandler = refuse_attribute
    try:
        parser.Parse(feed, True)
    except ExpatError as error:
        cause = ErrorString(error.code)
        raise FeedError(f"line {error.lineno + above}: not well-formed XML ({cause})") from error
    yield from weathers


def _when(attributes: dict[str, str]) -> tuple[date, datetime | None] | None:
    """The day that a feed prints and its hour (KST; 24 is the next day's 0); null if impossible.

    Without an hour the day counts all the same.
    """
    year, month, day = (_whole(attributes.get(key, "")) for key in ("year", "month", "day"))
    printed_hour = attributes.get("hour", "").strip()
    hour = _whole(printed_hour)
    if year is None or month is None or day is None or (hour or 0) > 24:
        return None
    if printed_hour and hour is None:
        return None
    try:
        printed_on = date(year, month, day)
        if printed_on < FIRST_DATE:
            return None
        begun = datetime(year, month, day, tzinfo=KST)
        return printed_on, None if hour is None else begun + timedelta(hours=hour)
    except (ValueError, OverflowError):  # no such day; the last one that a clock knows
        return None


def _whole(text: str) -> int | None:
    """A number of a few digits, none of them of another script."""
    return int(text) if _WHOLE.fullmatch(text) else None


def _dated(
    when: tuple[date, datetime | None] | None, captured_at: datetime | None
) -> dict[str, Any]:
    """Date and hour of a ticker. An hour, or a day, after the capture cannot be."""
    captured_on = captured_at.astimezone(KST).date() if captured_at else None
    if when is not None and captured_at is not None and captured_on is not None:
        printed_on, hour = when
        if (hour is not None and hour > captured_at) or printed_on > captured_on:
            when = None
    if when is None:
        return {
            "printed_on": None,
            "observed_on": captured_on,
            "observed_at": None,
            "date_source": "capture" if captured_on else None,
        }
    printed_on, hour = when
    return {
        "printed_on": printed_on,
        "observed_on": printed_on if hour is None else hour.date(),
        "observed_at": hour,
        "date_source": "feed",
    }


def _read(station: _Element) -> dict[str, Any]:
    """What a `local` element says: a reading, or the reason why it is none."""
    codes = _codes()
    number = _whole(station.attributes.get("stn_id", ""))
    word = (station.attributes.get("desc") or station.attributes.get("ww_ko", "")).strip()
    printed = station.attributes.get("ta", "").strip()
    known = number in station_ids()
    # adding nothing turns -0.0, which KMA prints, into the zero that it is
    value = float(printed) + 0.0 if _TEMPERATURE.fullmatch(printed) else None
    reason = None
    if not known:
        reason = "unknown_station"
    elif word and "".join(word.split()) not in codes:
        reason = "unknown_condition"
    elif printed and not _is_possible(value):
        reason = "unreadable_temperature"
    return {
        "line": station.line,
        "text": _printed("local", station),
        "reason": reason,
        "station_id": number if known else None,
        "station_source": "feed" if known else None,
        "condition": codes.get("".join(word.split())),
        "condition_raw": word or None,
        "temperature_c": value,
    }


def _is_possible(value: float | None) -> bool:
    return value is not None and LOWEST_TEMPERATURE_C <= value <= HIGHEST_TEMPERATURE_C


@cache
def _codes() -> dict[str, str | None]:
    """Condition codes by word."""
    return dict(condition_words().select("word", "condition").iter_rows())


def _printed(tag: str, element: _Element) -> str:
    """An element as a reject shows it."""
    attributes = "".join(f' {key}="{value}"' for key, value in element.attributes.items())
    return f"<{tag}{attributes}>{''.join(element.text)}"
