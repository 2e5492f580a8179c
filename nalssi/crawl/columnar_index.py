"""Query the columnar index of a crawl: Parquet files sorted by the SURT of the address.

The table is that of Common Crawl (cc-index-table). polars reads only the row groups whose
statistics allow a wanted address, and of those only the columns of a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from nalssi.common.errors import cause_without_file
from nalssi.crawl.capture_filter import CaptureFilter
from nalssi.crawl.captures import CAPTURES, PlanError, Site, key_ranges
from nalssi.sources import remote_objects
from nalssi.sources.find_objects import is_list_of_paths, listed_sources

SUBSET: Final = "subset=warc"
"""The part of Common Crawl's table that lists pages. Other parts list errors and robots.txt."""
_KEY: Final = "url_surtkey"
_DETECTED: Final = "content_mime_detected"


def index_files(index: str) -> list[str]:
    """Return the Parquet files of an index: a file, a folder, a prefix or a list of paths.

    If a list of paths has files of the part SUBSET, only these are returned. Raises PlanError if
    there is no Parquet file, and OSError if the list, folder or prefix cannot be read.
    """
    if is_list_of_paths(index):
        listed = listed_sources(index)
        files = [file for file in listed if SUBSET in file] or listed
    elif index.startswith("s3://") and not index.endswith(".parquet"):
        found = remote_objects.list_objects(index.rstrip("/") + "/")
        files = [each.address for each in found]
    elif not remote_objects.is_remote(index) and Path(index).is_dir():
        files = [str(path) for path in sorted(Path(index).rglob("*.parquet"))]
    else:
        files = [index]
    files = [file for file in files if file.endswith(".parquet")]
    if not files:
        raise PlanError(f"{index}: no Parquet file of an index")
    return files


def query_index(files: Sequence[str], sites: Sequence[Site], taken: CaptureFilter) -> pl.DataFrame:
    """Return the captures of the sites that the filter `taken` selects (columns `CAPTURES`).

    The option `one_a_day` is not applied. Raises PlanError if a file cannot be read or is no index.
    """
    key = pl.col(_KEY)
    wanted = pl.any_horizontal(
        key.is_between(pl.lit(first), pl.lit(end), closed="left")
        for first, end in key_ranges(sites)
    )
    frames = []
    for file in files:
        try:
            scan = pl.scan_parquet(file, glob=False, hive_partitioning=False)
            schema = scan.collect_schema()
            if missing := {_KEY, *CAPTURES} - {*schema}:
                listed = ", ".join(sorted(missing))
                raise PlanError(f"{file}: not an index: it has no column {listed}")
            media_type = pl.col("content_mime_type")
            if _DETECTED in schema:
                media_type = pl.coalesce(_DETECTED, media_type)
            captures = scan.filter(wanted).select(
                media_type.alias(name) if name == "content_mime_type" else _column(name, schema)
                for name in CAPTURES
            )
            frames.append(captures.filter(taken.expression()).collect())
        except (OSError, pl.exceptions.PolarsError) as error:
            cause = remote_objects.error_of_polars(error) if "://" in file else error
            raise PlanError(f"{file}: {cause_without_file(cause)}") from error
    return pl.concat(frames)


def _column(name: str, schema: pl.Schema) -> pl.Expr:
    """Return an expression: the column `name` of an index, converted to its type in `CAPTURES`.

    `schema` has the columns of the index. Times without a time zone are read as UTC.
    """
    column = pl.col(name)
    dtype = schema[name]
    if name == "fetch_time" and isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        column = column.dt.replace_time_zone("UTC")
    return column.cast(CAPTURES[name])
