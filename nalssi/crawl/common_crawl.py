"""The addresses of Common Crawl's data. The command line imports this module for its defaults."""

from __future__ import annotations

from typing import Final

BASE: Final = "s3://commoncrawl/"
"""The address of all data of Common Crawl. `https://data.commoncrawl.org/` has the same paths."""


def index_of_crawl(crawl: str, base: str) -> str:
    """Return the address of the columnar index of a crawl, such as CC-MAIN-2026-40.

    `base` is the address of all data, such as `BASE`. At an `s3://` address the index is a folder,
    else a list of paths.
    """
    if base.startswith("s3://"):
        return f"{base}cc-index/table/cc-main/warc/crawl={crawl}/subset=warc/"
    return f"{base}crawl-data/{crawl}/cc-index-table.paths.gz"
