"""Read KMA's table of current weather, an HTML page (`currentweather.jsp`, `city-obs.do`).

The text of the page is not enough: the station's number is in links, conditions and temperatures
are in cells among eleven others, and the hour is above the table and in links. So the table is
rewritten as KMA's XML feed, which has the same facts in attributes, and `nalssi.ticker` reads the
feed.

Columns are found by their headings, in the layout of 2012 to 2020 (`table_develop3`) and in the
later one (`weather_table`). Each row with a station becomes a line of the feed.
"""

from __future__ import annotations

import re
from html import escape

import polars as pl
from selectolax.lexbor import LexborHTMLParser, LexborNode

from nalssi.common.known_names import station_names
from nalssi.common.ticker_symbols import FEED_MARK, UNIT

_CONDITION_HEADING, _TEMPERATURE_HEADING = "현재일기", "현재기온"
_STATION_LINK = "stn="
_STATION = re.compile(r"[?&;]stn=0*([0-9]{1,5})(?![0-9])")
_HOUR = re.compile(
    r"(?:[?&;]tm=|^|[^0-9])([12][0-9]{3})\.([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{1,2})(?::|%3A)([0-9]{2})"
)
_ABOVE = ".table_topinfo, .cmp-table-topinfo, input[name=tm]"
_NOT_OBSERVED = "-"  # as a temperature; as a condition, `-` is a word of KMA's
_PRINTED = re.compile(r"[^\s\x00-\x1f\ufdd0-\ufdef]+")


def may_hold_table(pages: pl.Series) -> pl.Series:
    """Return a series of booleans: whether each page may contain KMA's table.

    The test is cheap: such a page contains `stn=`, as in links to stations, and `일기`, as in the
    heading of the conditions.
    """
    links, heading = (pages.str.contains(text, literal=True) for text in (_STATION_LINK, "일기"))
    return links & heading


def feed_of_table(tree: LexborHTMLParser) -> str | None:
    """Return KMA's table, rewritten as KMA's feed, or None if the page does not contain the table.

    The table is the first one that has the headings of conditions and temperatures and at least one
    row with a station.
    """
    for table in tree.css("table"):
        columns = _columns(table)
        if columns is not None:
            rows = (_station(row, *columns) for row in table.css("tr"))
            stations = [station for station in rows if station is not None]
            if stations:
                weather = f"<weather{_hour(tree, table)} unit={UNIT!r}>"
                begin, end = f"{FEED_MARK}<current>{weather}", "</weather></current>"
                return "\n".join([begin, *stations, end])
    return None


def _columns(table: LexborNode) -> tuple[int, int, int] | None:
    """Return the number of headings, and the indices of the condition and temperature columns.

    Returns None if the table does not have these two headings.
    """
    for row in table.css("tr"):
        names = ["".join(_text(cell).split()) for cell in row.css("th, td")]
        if _CONDITION_HEADING in names and _TEMPERATURE_HEADING in names:
            return len(names), names.index(_CONDITION_HEADING), names.index(_TEMPERATURE_HEADING)
    return None


def _station(row: LexborNode, headings: int, condition: int, temperature: int) -> str | None:
    """Convert a table row to an element of KMA's feed; None if the row has no station.

    `headings` is the number of headings in the head of the table; `condition` and `temperature` are
    the indices of two of them. Cells are counted from the end of the row, because the heading of
    the station column may be in the row above the other headings.
    """
    cells = row.css("td, th")
    name = _text(cells[0]) if cells else ""
    links = [link.attributes.get("href") or "" for link in row.css("a")]
    found = next((match for link in links if (match := _STATION.search(link))), None)
    number = found[1] if found else _number_of(name)
    if number is None:
        return None
    first = len(cells) - headings
    if first in (0, 1):
        word, value = _text(cells[first + condition]), _text(cells[first + temperature])
    else:  # cells are missing or joined: the ticker parser rejects the whole text of the row
        word, value = "", " ".join(map(_text, cells[1:])) or "?"
    value = "" if value == _NOT_OBSERVED else value
    attributes = {"stn_id": number, "desc": word, "ta": value}
    printed = " ".join(f'{key}="{escape(said)}"' for key, said in attributes.items())
    return f"<local {printed}>{escape(name)}</local>"


def _number_of(name: str) -> str | None:
    """Return the number of the station with this name, or None."""
    names = station_names().filter(name="".join(name.split()))
    return str(names["station_id"][0]) if names.height else None


def _hour(tree: LexborHTMLParser, table: LexborNode) -> str:
    """Return the hour that a page prints as XML attributes of the feed, with a blank before each.

    The times are those above `table` and in its links. If they are several hours of one day, or not
    full hours, the attributes name only the day. If they have several days, or there are none, the
    result is empty.
    """
    above = [_text(node) or node.attributes.get("value") or "" for node in tree.css(_ABOVE)]
    links = [link.attributes.get("href") or "" for link in table.css("a")]
    hours = {_moment(found) for text in [*above, *links] if (found := _HOUR.search(text))}
    days = {hour[:3] for hour in hours}
    if len(days) != 1:
        return ""
    said = hours.pop() if len(hours) == 1 else days.pop()
    names = ("year", "month", "day", "hour")
    return "".join(f' {name}="{value:02}"' for name, value in zip(names, said, strict=False))


def _moment(found: re.Match[str]) -> tuple[int, ...]:
    """Return year, month, day and hour of a match, without the hour if the minute is not 0."""
    *hour, minute = map(int, found.groups())
    return tuple(hour if minute == 0 else hour[:3])


def _text(node: LexborNode) -> str:
    """Return the text of a table cell on one line, without the marks that `html_text` inserts."""
    return " ".join(_PRINTED.findall(node.text()))
