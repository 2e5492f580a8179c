"""The scripts of daily temperatures that the page of comparison loads on demand.

A script has the days of a station or region in one year, so that a new day changes one small file
of each. `static/compare.js` reads them.

A script calls nothing: it sets `nalssiDaily["108-2025"]` to a text with an entry for each day,
separated by `;`. An entry is `day of the year, mean in hundredths, low in tenths, high in tenths`,
in °C. Of a day that is not representative, it goes on with what its lists are: their number, and
the hour and minute of the first and the last in KST as `HHMM`, or nothing if they are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from nalssi.common.korea_time import KST
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.site_files import SiteFile, content_file

FOLDER = "data/compare"


def compare_files(data: GalleryData) -> Iterator[SiteFile]:
    """Yield the scripts of all stations and regions, in order of their names."""
    for frame, by, prefix in _frames(data):
        entries = (
            frame.select(by, "observed_on", entry=_entry())
            .sort(by, "observed_on")
            .group_by(by, year=pl.col("observed_on").dt.year(), maintain_order=True)
            .agg(pl.col("entry").str.join(";"))
        )
        for number, year, text in entries.iter_rows():
            name = f"{prefix}{number}-{year}"
            script = f'(window.nalssiDaily ??= {{}})["{name}"] = "{text}";\n'
            yield content_file(f"{FOLDER}/{name}.js", script.encode())


def years_by_place(data: GalleryData) -> Mapping[str, Sequence[int]]:
    """Return the years in which a station or region has days, by `108` or, of a region, `r3`."""
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
    lists = [pl.col("lists").cast(pl.String), clock("first_at"), clock("last_at")]
    return (
        pl.when("representative")
        .then(pl.concat_str(values, separator=","))
        .otherwise(pl.concat_str([*values, *lists], separator=","))
    )
