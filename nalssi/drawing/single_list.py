"""The readings of a page with one list, as charts take them, without a warehouse.

`list_readings` returns what `chart_readings.sql` returns for a warehouse that holds nothing but the
page: the conclusions and the checks are the same, and a test compares both. Checks that compare
several lists (`frozen_feed`, `stuck_station`, `step`) find nothing in one list.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import numpy as np
import polars as pl

from nalssi.charts.snapshot_data import FLAG_CLOSED_STATION
from nalssi.common.korea_time import KST_ZONE_NAME
from nalssi.common.reference import reference
from nalssi.conclusions.single_list import ConcludedTime, ListEvidence, conclude_single_list
from nalssi.quality.flags import names_of_tests
from nalssi.quality.quality_table import judge
from nalssi.quality.snapshot_batch import batch_of
from nalssi.quality.snapshot_grid import SNAPSHOT_SCHEMA
from nalssi.ticker import Extraction
from schemas.vocabulary import DATE_SOURCES, FLAG_GOOD, FLAG_MISSING, USABLE_FLAGS


def is_single_list(extraction: Extraction) -> bool:
    """Return whether an extraction consists of one list that one document shows."""
    return extraction.snapshots.height == 1 and extraction.documents.height == 1


def list_readings(extraction: Extraction) -> pl.DataFrame:
    """Return the readings of an extraction that has a single list (`is_single_list`).

    The columns and the order of the rows are those of `chart_readings.selected_readings`.
    """
    snapshot = extraction.snapshots.row(0, named=True)
    document = extraction.documents.row(0, named=True)
    time = conclude_single_list(
        ListEvidence(snapshot["observed_on"], snapshot["observed_at"], document["captured_at"])
    )
    is_missing = pl.col("temperature_c").is_null()
    listed = pl.col("failed").list.contains("missing")
    usable = ~is_missing & pl.col("flag").is_in(USABLE_FLAGS) & ~listed
    has_closed = pl.col("latitude").is_null()
    return (
        extraction.readings.join(_flags(extraction, time), on="station_id", how="left")
        .with_columns(pl.col("flag").fill_null(FLAG_GOOD), pl.col("failed").fill_null([]))
        .join(_stations(), on="station_id", how="left")
        .join(_meanings(), on="condition_raw", how="left")
        .join(_groups(), on="condition", how="left")
        .select(
            "snapshot_id",
            pl.lit(time.day, pl.Date).alias("observed_on"),
            _instant(time.observed_at).dt.convert_time_zone(KST_ZONE_NAME).alias("observed_at"),
            pl.lit(time.hour_source, pl.String).alias("hour_source"),
            _instant(time.clock_at).dt.convert_time_zone(KST_ZONE_NAME).alias("clock_at"),
            pl.lit(time.clock_source, pl.String).alias("clock_source"),
            pl.lit(snapshot["observed_on"] if time.day is None else None, pl.Date).alias(
                "printed_on"
            ),
            "station_id",
            "name_ko",
            "name_en",
            "region_id",
            "latitude",
            "longitude",
            "condition",
            pl.col("condition_raw").alias("condition_ko"),
            pl.coalesce("meaning_en", "condition").alias("condition_en"),
            "condition_group",
            "temperature_c",
            pl.when(is_missing)
            .then(FLAG_MISSING)
            .when(has_closed & usable)
            .then(FLAG_CLOSED_STATION)
            .otherwise("flag")
            .cast(pl.Int64)
            .alias("flag"),
            "failed",
            (usable & ~has_closed).alias("usable"),
        )
        .sort(
            "region_id", "latitude", "station_id", descending=[False, True, False], nulls_last=True
        )
    )


def _instant(instant: datetime | None) -> pl.Expr:
    return pl.lit(instant and instant.astimezone(UTC), pl.Datetime("us", "UTC"))


def _flags(extraction: Extraction, time: ConcludedTime) -> pl.DataFrame:
    """Return the flags of the list's readings that failed a check: `station_id, flag, failed`.

    `time` is when the list was observed, which some checks need. `failed` are the names of the
    checks.
    """
    sources = set(extraction.sightings["date_source"])
    sites = extraction.documents["site"].drop_nulls().to_list()
    snapshots = extraction.snapshots.select(
        "snapshot_id",
        "observed_on",
        pl.lit(next((each for each in DATE_SOURCES if each in sources), None)).alias("date_source"),
        _instant(time.observed_at).alias("observed_at"),
        "station_count",
        pl.lit(value=False).alias("proven_frozen"),
        pl.lit(sites or None, pl.List(pl.String)).alias("sites"),
    ).cast(SNAPSHOT_SCHEMA)
    batch = batch_of(snapshots, extraction.readings)
    (flags,) = judge(batch, np.ones(1, np.bool_))
    return flags.join(names_of_tests(flags["tests"]), on="tests").select(
        "station_id", "flag", "failed"
    )


@cache
def _stations() -> pl.DataFrame:
    """Return all stations: `station_id, name_ko, name_en, region_id, latitude, longitude`.

    Closed stations have only their last Korean name, in both columns of names.
    """
    last_names = (
        reference("station_history")
        .sort("valid_from")
        .group_by("station_id")
        .agg(pl.col("name_ko").last().alias("last_name"))
    )
    stations = reference("stations").select(
        "station_id", "name_ko", "name_en", "region_id", "latitude", "longitude"
    )
    return last_names.join(stations, on="station_id", how="left").select(
        "station_id",
        pl.coalesce("name_ko", "last_name").alias("name_ko"),
        pl.coalesce("name_en", "last_name").alias("name_en"),
        "region_id",
        "latitude",
        "longitude",
    )


@cache
def _meanings() -> pl.DataFrame:
    return reference("conditions").select(pl.col("word").alias("condition_raw"), "meaning_en")


@cache
def _groups() -> pl.DataFrame:
    """Return the group of each condition code: `condition, condition_group`."""
    return (
        reference("conditions")
        .select(pl.col("code").alias("condition"), pl.col("group").alias("condition_group"))
        .drop_nulls("condition")
        .unique()
    )
