"""Make a warehouse of 17 million readings from KMA's feed of every hour, as a user would make it.

The feeds of 21 years are in a gzipped archive (WARC) per year, as a crawler that fetches the feed
once an hour would store them. Each feed lists the stations that were open. The weather is that of
`studies.synthetic_weather`. For each year, the archive is made, extracted into a staged part and
deleted; then all parts are loaded at once. The warehouse is kept in build/benchmarks, because
making it takes minutes.
"""

from __future__ import annotations

import io
import shutil
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.corpora import CONDITIONS
from nalssi.common.korea_time import KST
from nalssi.common.reference import reference
from nalssi.common.station_grid import STATIONS
from nalssi.quality.value_checks import station_periods
from nalssi.sources import plan
from nalssi.staging import stage
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from studies.synthetic_weather import START, column_of, weather

MADE = 2
"""The version of the warehouse, a part of its folder's name. Raise it if the content changes, so
that an old warehouse is not used."""
FIRST, LAST = date(2004, 9, 1), date(2025, 12, 31)
URI = "http://www.kma.go.kr/XML/weather/sfc_web_map.xml"
FOUR_YEARS = 24 * (4 * 365 + 1)
"""The hours of four years, after which the synthetic weather repeats on the same day of a year."""
MISSING = 0.005
OBSERVED = 0.25
"""The share of stations whose condition the feed states. The other stations have no observer."""


def feed(hour: datetime, rows: list[tuple[int, str, str, str]]) -> str:
    """Return KMA's feed of an hour (KST) as XML text.

    A row has `station_id, name, condition, temperature`, the last three as printed.
    """
    stations = "\n".join(
        f'\t\t<local stn_id="{number}" icon="" desc="{condition}" ta="{temperature}">{name}</local>'
        for number, name, condition, temperature in rows
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<current xmlns="current">\n'
        f'\t<weather year="{hour:%Y}" month="{hour:%m}" day="{hour:%d}" hour="{hour:%H}">\n'
        f"{stations}\n\t</weather>\n</current>\n"
    )


def feeds(since: date, until: date) -> list[tuple[datetime, str]]:
    """Return each hour (KST) from the day `since` to the day `until`, with the text of its feed."""
    hours = np.arange(
        24 * (since - START.date()).days, 24 * ((until - START.date()).days + 1), dtype=np.int64
    )
    random = np.random.default_rng(since.year)
    temperatures = weather(hours % FOUR_YEARS, since.year)
    stations = (
        reference("stations")
        .select("station_id", "name_ko")
        .join(station_periods(), on="station_id")
        .sort("station_id")
    )
    known = list(stations.select("station_id", "name_ko", "opened_on", "closed_on").iter_rows())
    observed = random.random(len(STATIONS)) < OBSERVED
    found = []
    for number, hour in enumerate(hours.tolist()):
        at = START + timedelta(hours=hour)
        word = CONDITIONS[int(random.integers(len(CONDITIONS)))]
        gaps = random.random(len(STATIONS)) < MISSING
        rows = []
        for station, name, opened, closed in known:
            if opened <= at.date() and (closed is None or at.date() < closed):
                column = column_of(station)
                printed = "" if gaps[column] else f"{temperatures[number, column]:.1f}"
                rows.append((station, name, word if observed[column] else "-", printed))
        found.append((at.replace(tzinfo=KST), feed(at, rows)))
    return found


def archive(path: Path, pages: list[tuple[datetime, str]]) -> Path:
    """Write a gzipped archive (WARC) of feeds, each captured ten minutes past its hour.

    `pages` has the hour and the text of each feed. Returns `path`.
    """
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for hour, text in pages:
            fetched = (hour + timedelta(minutes=10)).astimezone(UTC)
            writer.write_record(
                writer.create_warc_record(
                    URI,
                    "response",
                    payload=io.BytesIO(text.encode()),
                    http_headers=StatusAndHeaders(
                        "200 OK", [("Content-Type", "text/xml; charset=utf-8")], "HTTP/1.1"
                    ),
                    warc_headers_dict={"WARC-Date": f"{fetched:%Y-%m-%dT%H:%M:%SZ}"},
                )
            )
    return path


def staged(folder: Path, since: date, until: date) -> Path:
    """Make and extract the archive of a period; return the folder of the part.

    Does nothing if the part exists. The archive is deleted.
    """
    place = folder / f"{since:%Y%m%d}-{until:%Y%m%d}"
    if not place.exists():
        work = archive(folder / f"{since:%Y%m%d}.warc.gz", feeds(since, until))
        (partition,) = plan([str(work)]).partitions
        stage(partition, folder).folder.rename(place)
        work.unlink()
    return place


def parts(folder: Path) -> list[Path]:
    """Make the part of each year with `staged`, and return the folders of the parts."""
    years = range(FIRST.year, LAST.year + 1)
    since = [max(FIRST, date(year, 1, 1)) for year in years]
    until = [date(year, 12, 31) for year in years]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:  # polars does not survive a fork
        return list(pool.map(staged, [folder] * len(since), since, until))


def many_years(folder: Path) -> Warehouse:
    """Return the warehouse of 17 million readings. Make it if `folder` does not have it."""
    place = folder / f"{MADE}-hours"
    if not place.exists():
        being_made = folder / f"{MADE}-hours.being-made"
        shutil.rmtree(being_made, ignore_errors=True)
        load_parts(Warehouse(being_made), parts(folder / f"{MADE}-hours-staged"))
        being_made.rename(place)
    with Warehouse(place).writer():  # renews views that have changed since
        pass
    return Warehouse(place)


def readings_in(warehouse: Warehouse) -> int:
    """Return the number of readings of a warehouse."""
    with warehouse.reader() as con:
        found: pl.DataFrame = con.sql("SELECT count(*) FROM readings").pl()
    return int(found.item())
