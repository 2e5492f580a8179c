"""Make the plan of a crawl: search its index, and write the list of records to fetch."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files
from nalssi.crawl.capture_filter import CaptureFilter
from nalssi.crawl.captures import PlanError, Site
from nalssi.crawl.cdx_files import is_cdx_file, search_cdx
from nalssi.crawl.cdx_server import ask_server
from nalssi.crawl.columnar_index import index_files, query_index
from nalssi.sources.readers.warc.planned_records import fetch_ranges
from nalssi.sources.remote_objects import SCHEMES

KNOWN_SITES: Final = Path(__file__).with_name("known_sites.txt")
"""The file that lists the sites known to print tickers, one a line."""


@dataclass(frozen=True)
class PlanCost:
    """The cost of a plan: the numbers of records, bytes and requests that a run must fetch."""

    records: int
    sites: int
    """The number of searched hosts of which the plan has a record."""
    archives: int
    record_bytes: int
    fetched_bytes: int
    """The bytes of all requests: those of the records, and those between neighbouring records."""
    requests: int

    def __str__(self) -> str:
        """Return the cost as one line of text."""
        return (
            f"{self.records:,} records of {self.sites:,} sites in {self.archives:,} archives:"
            f" {self.record_bytes / 1e6:,.1f} MB, fetched as {self.fetched_bytes / 1e6:,.1f} MB in"
            f" {self.requests:,} requests"
        )


def make_plan(
    index: str,
    base: str,
    sites: Sequence[Site],
    taken: CaptureFilter,
    output: Path,
) -> PlanCost:
    """Search an index for the captures of sites, and write the plan to the Parquet file `output`.

    `index` is the address of a columnar index, a CDXJ file, a `cluster.idx` or a CDX server; `base`
    is the address or folder that the names of archives in the index are relative to, and ends with
    `/`. `taken` selects captures. The folder of `output` is created. Returns the cost of the plan.
    Raises PlanError, also if there is no capture, and OSError if a file cannot be read or written.
    """
    answers = output.with_name(f".{output.name}.answers")
    if is_cdx_file(index):
        found = search_cdx(index, sites)
    elif index.startswith(("https://", "http://")) and not index.endswith(
        (".parquet", ".gz", ".paths")
    ):
        found = ask_server(index, sites, answers)
    else:
        found = query_index(index_files(index), sites, taken)
    captures = taken.apply(found).with_columns(_with_base(base))
    if captures.is_empty():
        raise PlanError(f"{index}: no capture of these sites that the options select")
    output.parent.mkdir(parents=True, exist_ok=True)
    remove_stale_temporary_files(output.parent)
    with atomic_write(output) as partial:
        captures.write_parquet(partial)
    shutil.rmtree(answers, ignore_errors=True)
    return plan_cost(captures, sites)


def plan_cost(plan: pl.DataFrame, sites: Sequence[Site]) -> PlanCost:
    """Return the cost of a plan (columns `CAPTURES`). `sites` are the sites that were searched."""
    ranges = list(fetch_ranges(plan))
    hosts = plan["url"].str.extract(r"^[a-z]+://([^/:?#]+)").str.strip_prefix("www.").unique()
    names = {site.host for site in sites}
    with_record = {
        name for host in hosts.drop_nulls() for name in names if f".{host}".endswith(f".{name}")
    }
    return PlanCost(
        records=plan.height,
        sites=len(with_record),
        archives=plan["warc_filename"].n_unique(),
        record_bytes=int(plan["warc_record_length"].sum()),
        fetched_bytes=sum(each.end - each.start for each in ranges),
        requests=len(ranges),
    )


def _with_base(base: str) -> pl.Expr:
    """Return an expression for the names of archives, with `base` put before relative names."""
    name = pl.col("warc_filename")
    is_address = pl.any_horizontal(name.str.starts_with(scheme) for scheme in SCHEMES)
    return pl.when(is_address).then(name).otherwise(pl.lit(base) + name)
