"""The table of a day: stations in rows, the lists of the day in columns.

The page has the values of all lists only in this table. Scripts read the table to show another
list, so its form is a contract: see `lists_table.html`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import Any, Final

from nalssi.charts.symbol_shapes import weather_symbol
from nalssi.gallery.day_snapshots import Snapshot
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.html_templates import degrees, has_weather
from nalssi.locale.locales import Locale

LETTERS: Final = ascii_letters + digits
"""The letters that stand for words for weather: the first letter for the first word, and so on.
Words after the last letter have none."""
NO_WEATHER: Final = "-"
"""The letter of a reading without weather, and of a station that a list does not have."""

Cell = tuple[str, bool]
"""The temperature of a station in a list as text, and whether the reading is excluded. The text is
empty if the list has no temperature of the station."""


@dataclass(frozen=True)
class StationRow:
    """A row of the table: a station with a cell for each list.

    `weather` has a letter for each list: that of the weather (LETTERS), or NO_WEATHER.
    """

    station_id: int
    name: str
    weather: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class ListsTable:
    """The table of the stations (rows) and lists (columns) of a day.

    `words` are the words for weather, in order of their letters, and `symbols` the names of their
    symbols (`nalssi.charts.symbol_shapes`: `clear`, `rain`, …). `regions` are the regions with
    their stations from north to south. Stations without a region come last, with the region None.
    """

    words: Sequence[str]
    symbols: Sequence[str]
    regions: Sequence[tuple[Row | None, Sequence[StationRow]]]


def lists_table(lists: Sequence[Snapshot], regions: Sequence[Row], locale: Locale) -> ListsTable:
    """Return the table of the lists of a page. Its columns are the lists, in the order given.

    `regions` are all regions from north to south; they order the rows.
    """
    words: dict[str, str] = {}
    stations: dict[int, Row] = {}
    cells: dict[int, list[Cell]] = {}
    weather: dict[int, list[str]] = {}
    for column, each in enumerate(lists):
        for row in each.readings.iter_rows(named=True):
            number = row["station_id"]
            if number not in stations:
                stations[number] = row
                cells[number] = [("", False)] * len(lists)
                weather[number] = [NO_WEATHER] * len(lists)
            cells[number][column] = (_text(row), not row["used"])
            weather[number][column] = _letter(row, words, locale)
    rows: dict[int | None, list[Row]] = {}
    for station in sorted(stations.values(), key=_north_to_south):
        rows.setdefault(station["region_id"], []).append(station)

    def of_region(region_id: int | None) -> Sequence[StationRow]:
        return [
            StationRow(number, locale.name(row), "".join(weather[number]), cells[number])
            for row in rows[region_id]
            for number in [row["station_id"]]
        ]

    by_id: Mapping[int | None, Row | None] = {row["region_id"]: row for row in regions}
    numbers: Iterator[int | None] = (each for each in [*by_id, None] if each in rows)
    table = [(by_id.get(number), of_region(number)) for number in numbers]
    return ListsTable(tuple(words), tuple(words.values()), table)


def _north_to_south(row: Row) -> tuple[float, int]:
    # A closed station has no place in the readings.
    latitude = row["latitude"]
    return (-latitude if latitude is not None else 0.0, row["station_id"])


def _text(row: Mapping[str, Any]) -> str:
    temperature = row["temperature_c"]
    return "" if temperature is None else degrees(temperature)


def _letter(row: Mapping[str, Any], words: dict[str, str], locale: Locale) -> str:
    """Return the letter of a reading's weather (LETTERS), or NO_WEATHER.

    `row` is the reading. `words` has the words for weather so far, in order of their letters, each
    with the name of its symbol. A new word is added to it.
    """
    if not has_weather(row):
        return NO_WEATHER
    word = row[locale.condition_column]
    words.setdefault(word, weather_symbol(row["condition"], row["condition_group"]))
    index = list(words).index(word)
    return LETTERS[index] if index < len(LETTERS) else NO_WEATHER
