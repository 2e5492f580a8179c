"""The command `nalssi crawl plan`: find the captures of sites in the index of a crawl."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.option_groups import expand_option_groups
from nalssi.common.errors import file_and_reason
from nalssi.crawl.capture_filter import CaptureFilter
from nalssi.crawl.common_crawl import BASE, index_of_crawl

crawl = typer.Typer(help="Find pages in the index of a web crawl.", no_args_is_help=True)
app.add_typer(crawl, name="crawl")


@crawl.command()
@expand_option_groups
def plan(
    crawl_name: Annotated[
        str, typer.Argument(metavar="CRAWL", help="Name of the crawl, such as CC-MAIN-2026-40.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The plan, a Parquet file.")
    ],
    sites: Annotated[
        Path | None,
        typer.Option(
            "--sites",
            metavar="FILE",
            help="The sites, a host or address on each line.",
            show_default="the sites that are known to print tickers",
        ),
    ] = None,
    index: Annotated[
        str | None,
        typer.Option(
            "--index",
            help="A columnar index, a CDXJ file, a cluster.idx or a CDX server.",
            show_default="the columnar index of Common Crawl",
        ),
    ] = None,
    base: Annotated[
        str,
        typer.Option(
            "--base", help="Address or folder to which the names of archives are relative."
        ),
    ] = BASE,
    taken: CaptureFilter = CaptureFilter(),  # noqa: B008  # it is immutable
) -> None:
    """Find the captures of sites in the index of a crawl, and write a plan of what to fetch.

    `nalssi ingest FILE` then fetches these records only. The last line states how many records,
    archives and bytes the plan costs.
    """
    from nalssi.crawl.captures import PlanError, read_sites
    from nalssi.crawl.make_plan import KNOWN_SITES, make_plan

    base = base if base.endswith("/") else f"{base}/"
    try:
        cost = make_plan(
            index or index_of_crawl(crawl_name, base),
            base,
            read_sites(sites or KNOWN_SITES),
            taken,
            output,
        )
    except PlanError as error:
        fail([str(error)])
    except OSError as error:
        fail([file_and_reason(error, index or crawl_name)])
    print(f"{output}: {cost}")
