"""Make the warehouse of the benchmark `site_cost`: two years of hourly lists, and a crawl.

One site prints KMA's whole list (97 stations), and nalssi captures it every hour. 20,000 more lists
are from a crawl of 14 sites over eight years. Temperatures follow latitude, season, hour and
passing fronts. The same seed gives the same warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from nalssi.common.ids import digest, id_of_digest, snapshot_id
from nalssi.common.korea_time import KST
from nalssi.common.reference import reference
from nalssi.staging import COUNTS
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from schemas.contracts import polars_schema

FIRST_HOUR = datetime(2024, 11, 29, tzinfo=KST)
HOURS = 2 * 365 * 24
CRAWLED = 20_000
CRAWL_FIRST, CRAWL_DAYS = datetime(2018, 1, 1, 9, tzinfo=KST), 3200
SITES = 14
CONDITIONS = (
    ("clear", "맑음"),
    ("mostly_cloudy", "구름많음"),
    ("overcast", "흐림"),
    ("rain", "비"),
)
REJECTED_EVERY = 5
"""One in this number of crawled pages has a line that cannot be read."""


@dataclass(frozen=True)
class Weather:
    """Synthetic weather: temperatures and conditions of all stations at any hour (`at`)."""

    stations: NDArray[np.int64]
    base: NDArray[np.float64]
    fronts: NDArray[np.float64]
    noise: NDArray[np.float64]

    @classmethod
    def made(cls, seed: int = 18) -> Weather:
        """Return random weather. The same seed gives the same weather."""
        random = np.random.default_rng(seed)
        rows = reference("stations").sort("station_id")
        latitude, elevation = rows["latitude"].to_numpy(), rows["elevation_m"].to_numpy()
        base = 13 + (36 - latitude) * 1.2 - 0.0065 * elevation
        fronts = np.convolve(random.normal(0, 1.2, 5000), np.ones(12) / 3, "same")
        return cls(rows["station_id"].to_numpy(), base, fronts, random.normal(0, 1, (4096, 97)))

    def at(self, when: datetime) -> tuple[list[float], list[int]]:
        """Return the temperature (°C) and the index in CONDITIONS of each station, by number."""
        hours = int(when.timestamp() // 3600)
        season = 14 * np.sin((when.timetuple().tm_yday - 110) / 365 * 2 * np.pi)
        day = 4 * np.sin((when.hour - 9) / 24 * 2 * np.pi)
        front = self.fronts[hours // 12 % self.fronts.size]
        values = self.base + season + day + front + self.noise[hours % 4096]
        conditions = np.clip((front + self.noise[hours // 5 % 4096] + 1) * 1.2, 0, 3).astype(int)
        return (values.round(1) + 0.0).tolist(), conditions.tolist()


@dataclass(frozen=True)
class PrintedList:
    """A list as a page prints it: its hour, its stations, its page and its capture.

    `stations` are indexes of the stations, sorted by number. `rejected` is a line that cannot be
    read, or None.
    """

    hour: datetime
    stations: Sequence[int]
    uri: str
    site: str
    captured_at: datetime
    rejected: str | None = None


def hourly_lists(hours: int = HOURS) -> Iterator[PrintedList]:
    """Yield the hourly lists of one site, captured 15 minutes after the hour."""
    everywhere = range(97)
    for number in range(hours):
        hour = FIRST_HOUR + timedelta(hours=number)
        captured = hour + timedelta(minutes=15)
        yield PrintedList(
            hour, everywhere, "https://www.hourly.example/", "hourly.example", captured
        )


def crawled_lists(count: int = CRAWLED, seed: int = 7) -> Iterator[PrintedList]:
    """Yield `count` lists of a crawl. Each site always prints the same choice of stations."""
    random = np.random.default_rng(seed)
    choices = [np.sort(random.choice(97, size, replace=False)).tolist()
               for size in random.choice((16, 16, 19, 22, 29, 60), SITES)]  # fmt: skip
    for number in range(count):
        hour = CRAWL_FIRST + timedelta(
            days=int(random.integers(CRAWL_DAYS)), hours=int(random.integers(12))
        )
        site = int(random.integers(SITES))
        rejected = f"• 맑음{number}.5℃" if number % REJECTED_EVERY == 0 else None
        uri = f"https://www.site{site}.example/news/articleView.html?idxno={number}"
        captured = hour + timedelta(minutes=int(random.integers(1, 3000)))
        yield PrintedList(hour, choices[site], uri, f"site{site}.example", captured, rejected)


def write_part(folder: Path, lists: Iterator[PrintedList], weather: Weather) -> Path:
    """Write lists as a staged part into the new folder `folder`, and return it.

    The pages print the date of a list but not its hour.
    """
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in ("documents", "snapshots",
        "sightings", "readings", "rejects")}  # fmt: skip
    numbers = weather.stations.tolist()
    lines = 0
    for each in lists:
        temperatures, conditions = weather.at(each.hour)
        shown = [(numbers[i], CONDITIONS[conditions[i]], temperatures[i]) for i in each.stations]
        day = each.hour.date()
        snapshot = snapshot_id(day, repr(shown).encode())
        captured = each.captured_at.astimezone(UTC)
        document = id_of_digest(digest(each.uri.encode(), captured.isoformat().encode()))
        rows["documents"].append((document, each.uri, each.site, "text/html", captured))
        rows["snapshots"].append((snapshot, day, None, len(shown)))
        rows["sightings"].append((document, snapshot, 1, day, "ticker", 1))
        rows["readings"] += [
            (snapshot, number, "name", code, word, value) for number, (code, word), value in shown
        ]
        lines += len(shown)
        if each.rejected:
            rows["rejects"].append((document, len(shown) + 1, each.rejected, "unnamed_station", 1))
    documents, rejected = len(rows["documents"]), len(rows["rejects"])
    counts = dict.fromkeys(COUNTS, 0) | {
        "documents_read": documents, "documents_with_ticker": documents,
        "ticker_lines": lines + rejected, "reading_lines": lines, "rejected_lines": rejected,
    }  # fmt: skip
    folder.mkdir(parents=True)
    for name, own in rows.items():
        schema = dict(polars_schema(name))
        schema.pop("load_id", None)
        pl.DataFrame(own, schema, orient="row").unique(
            ["snapshot_id", "station_id"] if name == "readings" else None, maintain_order=True
        ).write_parquet(folder / f"{name}.parquet")
    pl.DataFrame(schema={"document_id": pl.String}).write_parquet(folder / "examined.parquet")
    schema = dict.fromkeys(COUNTS, pl.Int64) | {"parser_version": pl.Int32}
    pl.DataFrame([counts | {"parser_version": 1}], schema).write_parquet(folder / "counts.parquet")
    return folder


def write_corpus(file: Path, lists: Iterable[PrintedList], weather: Weather) -> Path:
    """Write lists as a Parquet corpus of pages, which every version of nalssi reads.

    Columns: `text, url, date`. Returns `file`.
    """
    names = reference("stations").sort("station_id")["name_ko"].to_list()
    rows = []
    for each in lists:
        temperatures, conditions = weather.at(each.hour)
        day = each.hour.date()
        lines = [f"{day:%Y.%m.%d} ({'월화수목금토일'[day.weekday()]})"]
        lines += [
            f"• {CONDITIONS[conditions[i]][1]}{names[i]} {temperatures[i]:.1f}℃"
            for i in each.stations
        ]
        lines += [each.rejected] if each.rejected else []
        text = "\n".join([*lines, "기상청 제공"])
        rows.append((text, each.uri, each.captured_at.astimezone(UTC).isoformat()))
    file.parent.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(
        rows, {"text": pl.String, "url": pl.String, "date": pl.String}, orient="row"
    )
    frame.write_parquet(file, row_group_size=5000)
    return file


def fill(folder: Path, hours: int = HOURS, crawled: int = CRAWLED) -> Warehouse:
    """Make the warehouse in `folder`, in one load of hourly and crawled lists."""
    warehouse = Warehouse(folder)
    weather = Weather.made()
    parts = [write_part(folder / "made" / "hourly", hourly_lists(hours), weather)]
    if crawled:
        parts.append(write_part(folder / "made" / "crawl", crawled_lists(crawled), weather))
    load_parts(warehouse, parts)
    return warehouse
