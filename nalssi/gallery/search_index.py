"""The scripts that the search of the gallery reads: the places, and the days that have a page.

They are scripts, not JSON, because a page that is opened from a file may load nothing else.
`static/search.js` and `static/dates.js` read them.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from nalssi.common.safe_text import safe_text
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.towns import km_between, provinces, towns

DAYS_FILE: Final = "data/days.js"
"""The path of the script with the days. Its name has no digest: all pages load the script, and
would change with every new day."""


def places_script(
    regions: Sequence[Row], stations: Sequence[Row], with_days: Collection[int]
) -> bytes:
    """Return the script with the stations, regions, provinces and towns.

    Places that match a search equally well are listed in this order: stations, regions, provinces,
    towns with a station, other towns.

    `with_days` are the ids of the stations with usable readings. A town leads to the station of
    `with_days` in it, or else to the nearest one. If none of these stations is open, all open
    stations are used.
    """
    open_stations = [row for row in stations if row["region_id"] is not None]
    useful = [row for row in open_stations if row["station_id"] in with_days] or open_stations
    position = {row["station_id"]: index for index, row in enumerate(stations)}
    return _script(
        "nalssiIndex",
        {
            "stations": [
                [*_names(row), row["region_id"] or 0, row["station_id"]] for row in stations
            ],
            "regions": [[*_names(row), row["region_id"]] for row in regions],
            "provinces": _provinces(open_stations, position),
            "towns": _towns(useful, position),
        },
    )


def days_script(days: Sequence[date]) -> bytes:
    """Return the script with the days that have a page. `days` are in order.

    The script has the first day, `first`, and a bit for each day from then on, which is set if the
    day has a page. In each byte, the lowest bit is the earliest day. Twenty years take about 1,200
    bytes.
    """
    if not days:
        return _script("nalssiDays", {"first": "", "bits": ""})
    first = days[0]
    bits = bytearray((days[-1] - first).days // 8 + 1)
    for day in days:
        number = (day - first).days
        bits[number // 8] |= 1 << number % 8
    return _script("nalssiDays", {"first": f"{first}", "bits": b64encode(bits).decode()})


def _script(name: str, value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"window.{name} = {text};\n".encode()


def _provinces(stations: Sequence[Row], position: Mapping[int, int]) -> list[list[Any]]:
    """Return a row for each province: names, the index of its station, the ids of its regions.

    The names are the full one, the short one, the one in Latin letters, and a list of further
    names. A city leads to the station with its short name; the index of all other provinces is -1.
    `position` has the index of a station in the script, by its id.
    """
    cities = {row["name_ko"]: position[row["station_id"]] for row in stations}
    regions: dict[str, set[int]] = {}
    for row in stations:
        regions.setdefault(row["province"], set()).add(row["region_id"])
    return [
        [
            province,
            short,
            english,
            others.split(";") if others else [],
            cities.get(short, -1) if province.endswith("시") else -1,
            sorted(regions.get(province, ())),
        ]
        for province, short, english, others in provinces().iter_rows()
    ]


def _towns(stations: Sequence[Row], position: Mapping[int, int]) -> list[list[Any]]:
    """Return a row for each town: names, index of its province, index of its station, km to it.

    The distance is 0 if the station is in the town. Towns with a station come first. `position` has
    the index of a station in the script, by its id.
    """
    numbers = {name: index for index, name in enumerate(provinces()["province"])}
    of_town = {row["station_id"]: row for row in stations}
    rows = []
    for town in towns().to_dicts() if stations else []:
        station = of_town.get(town["station_id"])
        if inside := station is not None:
            nearest = station
        else:
            nearest = min(stations, key=lambda row: km_between(town, row))
        km = 0 if inside else max(1, round(km_between(town, nearest)))
        rows.append(
            [town["name_ko"], town["name_en"], numbers[town["province"]],
             position[nearest["station_id"]], km]
        )  # fmt: skip
    return sorted(rows, key=lambda row: row[-1] > 0)


def _names(row: Row) -> list[str]:
    """Return the Korean and the English name of a row, with invisible characters escaped."""
    return [safe_text(row["name_ko"]), safe_text(row["name_en"])]
