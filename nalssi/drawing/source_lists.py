"""Read the sources of a picture: one list, or a temporary database with all lists.

Most pages have one list. Nothing can be compared with it, so no database is made for it, because
that would take longer than drawing the picture (`single_list`). Several lists are evidence about
each other: which is the newest, and whether a feed is frozen. They are loaded into a database in
memory, so that they are judged as in a warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from nalssi.drawing.single_list import is_single_list, list_readings
from nalssi.sources.formats import Kind
from nalssi.sources.partition import NO_OPTIONS, Options, Partition
from nalssi.sources.planning import plan
from nalssi.sources.readers.read_partition import read
from nalssi.ticker import extract


@dataclass(frozen=True)
class SourceLists:
    """The lists that sources contain.

    `problems` has a line for each source that cannot be used. `single` are the readings of the only
    list (`single_list.list_readings`), or None if there are several lists or none. `partitions`
    contain all lists.
    """

    problems: Sequence[str]
    partitions: Sequence[Partition]
    single: pl.DataFrame | None


def read_sources(
    sources: Sequence[str], kind: Kind | None = None, options: Options = NO_OPTIONS
) -> SourceLists:
    """Read sources: files, folders, globs, web addresses, `-` for standard input.

    A source that is one file is read at once. Any other sources are only planned as partitions; the
    caller loads these into a database.
    """
    planned = plan(sources, kind, options)
    problems = [str(problem) for problem in planned.problems]
    single = None
    if len(planned.partitions) == 1 and len(planned.partitions[0].files) == 1:
        partition = planned.partitions[0]
        batches = list(read(partition))
        if len(batches) == 1:
            extraction = extract(batches[0].documents)
            if is_single_list(extraction):
                found = (*batches[0].problems, *partition.problems_of(extraction.problems))
                problems += map(str, found)
                single = list_readings(extraction)
    return SourceLists(problems, planned.partitions, single)
