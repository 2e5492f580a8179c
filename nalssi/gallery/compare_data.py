"""The scripts of daily temperatures that the page of comparison loads on demand.

A script has the days of a station or region in one year, so that a new day changes one small file
of each. `static/compare.js` reads them.

A script calls nothing: it sets `nalssiDaily["108-2025"]` to a text with an entry for each day,
separated by `;`. An entry is `day of the year, mean in hundredths, low in tenths, high in tenths`,
in °C. If the day is not representative, four values on its lists follow: their number, the time of
the first and of the last list (KST, `HHMM`; empty if unknown), and a number that is the same for
places in the same lists of that day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import polars as pl

from nalssi.common.korea_time import KST
from nalssi.gallery.code_version import code_version
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.input_digest import input_digest, rows_digest
from nalssi.gallery.site_files import SiteFile

FOLDER = "data/compare"
_SHOWN: Final = (
    "observed_on", "mean_c", "low_c", "high_c", "lists", "first_at", "last_at", "representative",
    "in_lists",
)  # fmt: skip


def compare_files(data: GalleryData, year: int) -> Iterator[SiteFile]:
    """Yield the scripts of all stations and regions in a year, as files of the gallery."""
    of_year = pl.col("observed_on").dt.year() == year
    for frame, by, prefix in _frames(data):
        lists = "lists_of_regions" if by == "region_id" else "lists_of_stations"
        in_lists = data.summaries.frame(lists).drop("unit").filter(of_year)
        joined = frame.filter(of_year).join(in_lists, on=["observed_on", by], how="left")
        days = joined.select(by, *_SHOWN).sort(by, "observed_on")
        scripts = _Scripts(days.with_columns(digest=days.hash_rows(seed=0)), by)
        rows = scripts.days.group_by(by, maintain_order=True).agg("digest")
        for number, own in zip(rows[by], rows["digest"], strict=True):
            name = f"{prefix}{number}-{year}"
            key = input_digest((code_version(), rows_digest(own)))
            yield SiteFile(f"{FOLDER}/{name}.js", key, partial(scripts.script, number, name))


@dataclass(frozen=True)
class _Scripts:
    """The scripts of all stations or regions in a year.

    All texts are made when the first is needed. `days` has the statistics of the days of that year,
    `by` is the column with the id of the place: `station_id` or `region_id`.
    """

    days: pl.DataFrame
    by: str

    @cached_property
    def _texts(self) -> Mapping[int, str]:
        entries = self.days.select(self.by, entry=_entry())
        return dict(
            entries.group_by(self.by, maintain_order=True).agg(pl.col("entry").str.join(";")).rows()
        )

    def script(self, number: int, name: str) -> bytes:
        return f'(window.nalssiDaily ??= {{}})["{name}"] = "{self._texts[number]}";\n'.encode()


def years_by_place(data: GalleryData) -> Mapping[str, Sequence[int]]:
    """Return the years in which stations and regions have data, in order.

    The key is `108` for a station and `r3` for a region.
    """
    years: dict[str, Sequence[int]] = {}
    for frame, by, prefix in _frames(data):
        found = frame.group_by(by).agg(pl.col("observed_on").dt.year().unique().sort()).sort(by)
        years |= {f"{prefix}{number}": own for number, own in found.iter_rows()}
    return years


def _frames(data: GalleryData) -> Iterator[tuple[pl.DataFrame, str, str]]:
    yield data.region_days, "region_id", "r"
    yield data.station_days, "station_id", ""


def _entry() -> pl.Expr:
    def clock(name: str) -> pl.Expr:
        return pl.col(name).dt.convert_time_zone(str(KST)).dt.strftime("%H%M").fill_null("")

    values = [
        pl.col("observed_on").dt.ordinal_day().cast(pl.String),
        (pl.col("mean_c") * 100).round().cast(pl.Int32).cast(pl.String),
        (pl.col("low_c") * 10).round().cast(pl.Int32).cast(pl.String),
        (pl.col("high_c") * 10).round().cast(pl.Int32).cast(pl.String),
    ]
    in_lists = (pl.col("in_lists") % 10**7).cast(pl.String)
    lists = [
        pl.col("lists").cast(pl.String),
        clock("first_at"),
        clock("last_at"),
        in_lists.fill_null(""),
    ]
    return (
        pl.when("representative")
        .then(pl.concat_str(values, separator=","))
        .otherwise(pl.concat_str([*values, *lists], separator=","))
    )
