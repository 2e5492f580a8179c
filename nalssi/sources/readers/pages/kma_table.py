"""KMA's table of current weather (`currentweather.jsp`, `city-obs.do`), an HTML page.

Its text says little: the station's number stands in the links, conditions and temperatures in cells
among eleven others, the hour above the table and in the links. So the table is rewritten as KMA's
XML feed, which holds the same facts in attributes, and read as one (`nalssi.ticker.kma_feed`).

Columns are found by their headings, in the layout of 2012 to 2020 (`table_develop3`) and in the one
since (`weather_table`). A row is a station; the rows are the lines of the feed.
"""

from __future__ import annotations

import re
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nalssi.common.known_names import station_names
from nalssi.common.ticker_symbols import FEED_MARK, UNIT

_CONDITION, _TEMPERATURE = "현재일기", "현재기온"
_LINK = "stn="
_STATION = re.compile(r"[?&;]stn=0*([0-9]{1,5})(?![0-9])")
_HOUR = re.compile(
    r"(?:[?&;]tm=|^|[^0-9])([12][0-9]{3})\.([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{1,2})(?::|%3A)([0-9]{2})"
)
_ABOVE = ".table_topinfo, .cmp-table-topinfo, input[name=tm]"
_NOT_OBSERVED = "-"  # in a cell of numbers; in one of conditions it is KMA's word
_PRINTED = re.compile(r"[^\s\x00-\x1f\ufdd0-\ufdef]+")


def may_hold_table(markup: bytes) -> bool:
    """The cheap test: links to stations, and the heading of the conditions."""
    return _LINK.encode() in markup and "일기".encode() in markup


def as_feed(tree: LexborHTMLParser) -> str | None:
    """KMA's table as its feed; None if the page holds none. Adds nothing and leaves no row out."""
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
    """Headings in the row that names the columns, and the places of condition and temperature."""
    for row in table.css("tr"):
        names = ["".join(_text(cell).split()) for cell in row.css("th, td")]
        if _CONDITION in names and _TEMPERATURE in names:
            return len(names), names.index(_CONDITION), names.index(_TEMPERATURE)
    return None


def _station(row: LexborNode, headings: int, condition: int, temperature: int) -> str | None:
    """A row as the feed's element; None if it is none of a station's.

    The station's own column may have its heading in the row above, so cells are counted from the
    end.
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
    else:  # cells are missing or joined: the row is refused as it stands
        word, value = "", " ".join(map(_text, cells[1:])) or "?"
    value = "" if value == _NOT_OBSERVED else value
    attributes = {"stn_id": number, "desc": word, "ta": value}
    printed = " ".join(f'{key}="{escape(said)}"' for key, said in attributes.items())
    return f"<local {printed}>{escape(name)}</local>"


def _number_of(name: str) -> str | None:
    names = station_names().filter(name="".join(name.split()))
    return str(names["station_id"][0]) if names.height else None


def _hour(tree: LexborHTMLParser, table: LexborNode) -> str:
    """The hour as the feed's attributes; only the day if the page states several, or nothing."""
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
    """Year, month, day and hour; without the hour if the table is of another minute."""
    *hour, minute = map(int, found.groups())
    return tuple(hour if minute == 0 else hour[:3])


def _text(node: LexborNode) -> str:
    """What a cell prints, in one line, without the marks of `html`."""
    return " ".join(_PRINTED.findall(node.text()))
