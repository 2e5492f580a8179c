"""The page on the quality of the data: flags, failed checks, sites and rejected lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

import polars as pl

from nalssi.gallery.code_version import code_version
from nalssi.gallery.csv_tables import csv_bytes, csv_file
from nalssi.gallery.gallery_data import GalleryData, with_public_addresses
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.quality_plot import flags_plot
from nalssi.gallery.site_files import SiteFile
from nalssi.locale.locales import Locale

NEWEST_DAYS: Final = 100
"""The largest number of days in the table of flags. The CSV file has all days."""
EXAMPLES: Final = 20
"""The largest number of rejected lines that the page shows for each reason. The CSV file has all
lines."""


@dataclass(frozen=True, kw_only=True)
class QualityPage(GalleryPage):
    """The page on quality. Every field is a variable of `quality.html`.

    `sites` are rows of the view `sites`, the site with most pages first. `most_examples` is the
    largest number of examples for a reason.
    """

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
    """The newest days, the newest first, each with the number of readings by flag. An undated
    reading counts on its printed date; the day None, for readings without any date, comes last."""
    flag_days: pl.DataFrame
    """The numbers of readings by day and flag, as `period_data.flag_days` returns them."""
    sites: Sequence[Row]
    reasons: Mapping[str, int]
    """The number of rejected lines by reason, the largest number first."""
    examples: Mapping[str, Sequence[Row]]
    """Some rejected lines, by reason."""
    most_examples: int = EXAMPLES

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields, and `plot`.

        `plot` is the plot of flags over time, or None if no reading has a day.
        """
        return super().context(locale) | {"plot": flags_plot(self.flag_days, locale)}


def quality_page(data: GalleryData) -> QualityPage:
    """Return the page on quality. It counts the readings of all days, also of open ones."""
    counts = (
        data.summaries.frame("flags")
        .group_by("day", "flag", "failed", "used")  # undated lists may print the same day
        .agg(pl.col("count").sum())
        .sort("day", "flag", pl.col("failed").list.join(" "), "used", nulls_last=True)
    )
    excluded = counts.filter(~pl.col("used")).explode(
        "failed", keep_nulls=False, empty_as_null=False
    )
    reasons = _most_frequent_first(dict(data.rejects["reason"].value_counts().iter_rows()))
    return QualityPage(
        path="quality.html",
        section="quality",
        tables=[
            csv_file("data/quality.csv", counts.drop("used")),
            _rejects_file(data.rejects),
        ],
        total=int(counts["count"].sum()),
        used=int(counts.filter("used")["count"].sum()),
        flags=dict(sorted(_totals(counts, "flag").items())),
        checks=_most_frequent_first(_totals(excluded, "failed")),
        days=_flags_by_day(counts),
        flag_days=counts.group_by(
            "day", "flag", frozen=pl.col("failed").list.contains("frozen_feed")
        )
        .agg(pl.col("count").sum())
        .sort("day", "flag", "frozen", nulls_last=True),
        sites=data.sites.to_dicts(),
        reasons=reasons,
        examples={
            reason: with_public_addresses(
                data.rejects.filter(reason=reason).head(EXAMPLES)
            ).to_dicts()
            for reason in reasons
        },
    )


def _rejects_file(rejects: pl.DataFrame) -> SiteFile:
    """Return the CSV file of all rejected lines.

    When the file is written, addresses lose the parts that must not be published (`public_links`).
    """
    return SiteFile(
        "data/rejects.csv",
        input_digest((code_version(), rejects)),
        lambda: csv_bytes(with_public_addresses(rejects)),
    )


def _totals(counts: pl.DataFrame, by: str) -> Mapping[Any, int]:
    return dict(counts.group_by(by).agg(pl.col("count").sum()).iter_rows())


def _most_frequent_first(counts: Mapping[str, int]) -> Mapping[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _flags_by_day(counts: pl.DataFrame) -> Sequence[tuple[date | None, Mapping[int, int]]]:
    """Return the newest days, at most NEWEST_DAYS, each with the number of readings by flag.

    `counts` has the columns of `period_data.flag_days`. The newest day is first. Readings without
    any date are at the end, with the day None.
    """
    totals = counts.group_by("day", "flag").agg(pl.col("count").sum())
    days: dict[date | None, dict[int, int]] = {}
    ordered = totals.sort("day", "flag", descending=[True, False], nulls_last=True)
    for day, flag, count in ordered.iter_rows():
        days.setdefault(day, {})[flag] = count
    undated = [(None, days.pop(None))] if None in days else []
    return [*list(days.items())[:NEWEST_DAYS], *undated]
