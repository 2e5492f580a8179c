"""Pages of the whole: the charts of all days together, and the quality of the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nalssi.charts.snapshot_data import IS_DRAWN
from nalssi.gallery.chart_files import Figures
from nalssi.gallery.gallery_data import Facts, csv
from nalssi.gallery.page import Page
from nalssi.gallery.render import degrees
from nalssi.gallery.site_files import File, content, digest
from nalssi.locale.locales import Locale

NEWEST: Final = 100
"""Days in the tables of these pages, which have a column a region; the CSV holds all."""
NEWEST_OF_STATIONS: Final = 14
"""Days in the table with a row a station."""
FLAG_DAYS: Final[Any] = {
    "observed_on": pl.Date, "flag": pl.Int64, "failed": pl.List(pl.String), "count": pl.Int64,
}  # fmt: skip
EXAMPLES: Final = 20
"""Refused lines shown for each reason; the CSV holds all."""


@dataclass(frozen=True)
class Overview:
    """The pages on the whole warehouse."""

    facts: Facts
    figures: Figures
    locales: Sequence[Locale]

    def parts(self, flags: Sequence[pl.DataFrame]) -> Iterator[File | Page]:
        """Tables and pages; `flags`: counts of readings by `observed_on, flag, failed`."""
        regions = content("data/regions.csv", csv(self.facts.region_days))
        stations = content("data/stations.csv", csv(self.facts.station_days))
        yield from (regions, stations)
        yield self._period(regions.key, stations.key)
        counts = _flag_days(flags)
        days, rejects = csv(counts), content("data/rejects.csv", csv(self.facts.rejects))
        yield from (content("data/quality.csv", days), rejects)
        yield self._quality(counts, digest(days), rejects.key)

    def _charts(self, kind: str) -> bytes:
        return repr([self.figures.find(kind, "all", t.lang) for t in self.locales]).encode()

    def _period(self, *keys: str) -> Page:
        region_days, station_days = self.facts.region_days, self.facts.station_days

        def context(locale: Locale) -> Mapping[str, Any]:
            return {
                "series": self.figures.find("series", "all", locale.lang),
                "heatmap": self.figures.find("heatmap", "all", locale.lang),
                "regions": self.facts.regions.to_dicts(),
                "region_rows": _wide(region_days, "region_id", NEWEST),
                "stations": self._stations(station_days, locale),
                "station_days": _newest_days(station_days, NEWEST_OF_STATIONS)[::-1],
                "station_count": station_days["station_id"].n_unique(),
                "days": region_days["observed_on"].n_unique(),
                "first": region_days["observed_on"].min(),
                "last": region_days["observed_on"].max(),
                "summary": _summary(region_days, locale),
            }

        data = (repr(keys).encode(), self._charts("series"), self._charts("heatmap"))
        return Page("period.html", "period.html", "period", data, context)

    def _stations(self, days: pl.DataFrame, locale: Locale) -> Sequence[Mapping[str, Any]]:
        """Stations with their newest days' means."""
        newest = days.filter(pl.col("observed_on").is_in(_newest_days(days, NEWEST_OF_STATIONS)))
        means: dict[int, dict[Any, float]] = {}
        for row in newest.select("station_id", "observed_on", "mean_c").iter_rows():
            means.setdefault(row[0], {})[row[1]] = row[2]
        rows = self.facts.stations.to_dicts()
        return [
            {"id": row["station_id"], "name": locale.name(row), "means": means[row["station_id"]]}
            for row in rows
            if row["station_id"] in means
        ]

    def _quality(self, counts: pl.DataFrame, *keys: str) -> Page:
        rejects = self.facts.rejects
        flags = _totals(counts, "flag").sort("flag")
        stopped = counts.filter(~IS_DRAWN).explode("failed", keep_nulls=False, empty_as_null=False)
        tests = _totals(stopped, "failed").sort("count", "failed", descending=[True, False])
        reasons = dict(
            rejects.group_by("reason")
            .len()
            .sort("len", "reason", descending=[True, False])
            .iter_rows()
        )
        sites = self.facts.sites.to_dicts()

        def context(locale: Locale) -> Mapping[str, Any]:
            return {
                "chart": self.figures.find("quality", "all", locale.lang),
                "total": int(counts["count"].sum()),
                "used": int(counts.filter(IS_DRAWN)["count"].sum()),
                "flags": dict(flags.iter_rows()),
                "tests": dict(tests.iter_rows()),
                "day_rows": _wide_counts(counts),
                "reasons": reasons,
                "examples": {
                    reason: rejects.filter(reason=reason).head(EXAMPLES).to_dicts()
                    for reason in reasons
                },
                "examples_shown": EXAMPLES,
                "sites": sites,
            }

        data = (repr((keys, sites)).encode(), self._charts("quality"))
        return Page("quality.html", "quality.html", "quality", data, context)


def _flag_days(flags: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Readings by day, flag and failed tests: `observed_on, flag, failed, count`."""
    if not flags:
        return pl.DataFrame(schema=FLAG_DAYS)
    counts = pl.concat(flags).with_columns(pl.col("count").cast(pl.Int64))
    return counts.sort("observed_on", "flag", pl.col("failed").list.join(" "), nulls_last=True)


def _totals(counts: pl.DataFrame, by: str) -> pl.DataFrame:
    return counts.group_by(by).agg(pl.col("count").sum())


def _newest_days(days: pl.DataFrame, count: int) -> Sequence[Any]:
    return days["observed_on"].unique().sort()[-count:].to_list()


def _wide(days: pl.DataFrame, by: str, count: int) -> Sequence[tuple[Any, Mapping[Any, float]]]:
    """The newest days, each with its means by region or station."""
    rows: dict[Any, dict[Any, float]] = {day: {} for day in _newest_days(days, count)[::-1]}
    for day, key, mean in days.select("observed_on", by, "mean_c").iter_rows():
        if day in rows:
            rows[day][key] = mean
    return list(rows.items())


def _wide_counts(flag_days: pl.DataFrame) -> Sequence[tuple[Any, Mapping[int, int]]]:
    """The newest days, each with its readings by flag; those of no day at the end."""
    counted = flag_days.group_by("observed_on", "flag").agg(pl.col("count").sum())
    rows: dict[Any, dict[int, int]] = {}
    ordered = counted.sort("observed_on", "flag", descending=[True, False], nulls_last=True)
    for day, flag, count in ordered.iter_rows():
        rows.setdefault(day, {})[flag] = count
    undated = [(None, rows.pop(None))] if None in rows else []
    return [*list(rows.items())[:NEWEST], *undated]


def _summary(region_days: pl.DataFrame, locale: Locale) -> str:
    """Each region's lowest and highest daily mean, in words."""
    spans = region_days.group_by("region_id", f"name_{locale.lang}").agg(
        low=pl.col("mean_c").min(), high=pl.col("mean_c").max()
    )
    return ", ".join(
        f"{name} {degrees(low)}~{degrees(high)}°C"
        if locale.lang == "ko"
        else f"{name} {degrees(low)} to {degrees(high)}°C"
        for _, name, low, high in spans.sort("region_id").iter_rows()
    )
