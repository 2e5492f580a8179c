"""Anything that tickers exist in, as documents: text, and where it came from.

`plan` cuts files, folders, globs, web addresses and standard input into partitions; `read`
gives a partition's documents, batch by batch. Only *candidates* are passed on: documents
whose raw content prints a temperature unit, and KMA's feeds. All documents are counted.
"""

from nalssi.sources.partition import (
    KINDS,
    Batch,
    Item,
    Kind,
    Options,
    Partition,
    Plan,
    Problem,
    Skipped,
)
from nalssi.sources.planning import plan
from nalssi.sources.readers.read_partition import read

__all__ = [
    "KINDS",
    "Batch",
    "Item",
    "Kind",
    "Options",
    "Partition",
    "Plan",
    "Problem",
    "Skipped",
    "plan",
    "read",
]
