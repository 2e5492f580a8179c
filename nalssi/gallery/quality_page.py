"""The page on the quality of the data: flags, failed checks, sites and rejected lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

import polars as pl

from nalssi.gallery.chart_files import ChartFolder
from nalssi.gallery.csv_tables import csv_bytes
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.site_files import content_file

NEWEST_DAYS: Final = 100
"""The largest number of days in the table of flags. The CSV file has all days."""
EXAMPLES: Final = 20
"""The largest number of rejected lines that the page shows for a reason. The CSV file has all."""
FLAG_COUNTS: Final[Mapping[str, Any]] = {
    "day": pl.Date,
    "flag": pl.Int64,
    "failed": pl.List(pl.String),
    "used": pl.Boolean,
    "count": pl.Int64,
}


@dataclass(frozen=True, kw_only=True)
class QualityPage(GalleryPage):
    """The page on quality. Every field is a variable of `quality.html`."""

    template: ClassVar[str] = "quality.html"
    total: int
    """The number of all readings."""
    used: int
    """The number of usable readings."""
    flags: Mapping[int, int]
    """The number of readings by flag."""
    checks: Mapping[str, int]
    """The number of excluded readings by failed check, the largest number first."""
    days: Sequence[tuple[date | None, Mapping[int, int]]]
    """The newest days, the newest first, each with the number of readings by flag. The day None,
    for undated readings, comes last."""
    sites: Sequence[Row]
    reasons: Mapping[str, int]
    """The number of rejected lines by reason, the largest number first."""
    examples: Mapping[str, Sequence[Row]]
    """Some rejected lines of each reason."""
    most_examples: int = EXAMPLES


def flag_counts(readings: pl.DataFrame) -> pl.DataFrame:
    """Count readings by day, flag, failed checks and use: `day, flag, failed, used, count`.

    `day` is the day of observation, else the printed date, else null.
    """
    day = pl.coalesce("observed_on", "printed_on")
    counts = readings.group_by("flag", "failed", "used", day=day).agg(count=pl.len())
    counts = counts.select("day", "flag", "failed", "used", "count")
    return counts.cast({"count": pl.Int64})


def quality_page(
    data: GalleryData, charts: ChartFolder, counts_of_spans: Sequence[pl.DataFrame]
) -> QualityPage:
    """Return the page on quality. `counts_of_spans` are the `flag_counts` of all readings."""
    counts = pl.concat([pl.DataFrame(schema=FLAG_COUNTS), *counts_of_spans]).sort(
        "day", "flag", pl.col("failed").list.join(" "), nulls_last=True
    )
    excluded = counts.filter(~pl.col("used")).explode(
        "failed", keep_nulls=False, empty_as_null=False
    )
    reasons = _most_frequent_first(dict(data.rejects["reason"].value_counts().iter_rows()))
    return QualityPage(
        path="quality.html",
        section="quality",
        charts=charts.find(["quality"], "all"),
        tables=[
            content_file("data/quality.csv", csv_bytes(counts.drop("used"))),
            content_file("data/rejects.csv", csv_bytes(data.rejects)),
        ],
        total=int(counts["count"].sum()),
        used=int(counts.filter("used")["count"].sum()),
        flags=dict(sorted(_totals(counts, "flag").items())),
        checks=_most_frequent_first(_totals(excluded, "failed")),
        days=_flags_by_day(counts),
        sites=data.sites.to_dicts(),
        reasons=reasons,
        examples={
            reason: data.rejects.filter(reason=reason).head(EXAMPLES).to_dicts()
            for reason in reasons
        },
    )


def _totals(counts: pl.DataFrame, by: str) -> Mapping[Any, int]:
    return dict(counts.group_by(by).agg(pl.col("count").sum()).iter_rows())


def _most_frequent_first(counts: Mapping[str, int]) -> Mapping[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _flags_by_day(counts: pl.DataFrame) -> Sequence[tuple[date | None, Mapping[int, int]]]:
    """Return the newest days, the newest first, each with the number of readings by flag.

    Undated readings are at the end, with the day None.
    """
    totals = counts.group_by("day", "flag").agg(pl.col("count").sum())
    days: dict[date | None, dict[int, int]] = {}
    ordered = totals.sort("day", "flag", descending=[True, False], nulls_last=True)
    for day, flag, count in ordered.iter_rows():
        days.setdefault(day, {})[flag] = count
    undated = [(None, days.pop(None))] if None in days else []
    return [*list(days.items())[:NEWEST_DAYS], *undated]
