"""Read a partition: yield its documents in batches, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import polars as pl

from nalssi.sources.formats import FORMATS, kinds_of_role, reader_of
from nalssi.sources.partition import Batch, Partition
from nalssi.sources.readers.page_documents import read_page_files
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits
from nalssi.sources.readers.warc.fetched_ranges import FetchedRanges


def read(
    partition: Partition,
    limits: ReadLimits = DEFAULT_LIMITS,
    fetched_ranges: FetchedRanges | None = None,
) -> Iterator[Batch]:
    """Yield the documents of a partition in batches, in the order of its files.

    A document that occurs several times is yielded once. A file or record that cannot be read
    becomes a problem of its batch, and reading continues with the next one if that is possible.
    `fetched_ranges` keeps the bytes that are fetched for a plan of records.
    """
    seen: set[str] = set()
    for batch in _merged(_batches(partition, limits, fetched_ranges), limits):
        ids = batch.documents["document_id"]
        documents = batch.documents.filter([name not in seen for name in ids])
        seen.update(ids)
        yield Batch(documents, batch.read, batch.bytes, batch.problems)


def _batches(
    partition: Partition, limits: ReadLimits, fetched_ranges: FetchedRanges | None
) -> Iterator[Batch]:
    """Yield the batches of a partition as the readers of its files return them.

    A partition contains either corpora of one format or page files.
    """
    if partition.files[0].kind not in kinds_of_role("corpus"):
        yield from read_page_files(partition.files, limits)
        return
    for file in partition.files:
        reader = reader_of(file.kind)
        if FORMATS[file.kind].fetches_ranges:
            reader = partial(reader, fetched_ranges=fetched_ranges)
        yield from reader(file, partition.options, limits)


def _merged(batches: Iterable[Batch], limits: ReadLimits) -> Iterator[Batch]:
    """Join small batches to larger ones, because extraction has a fixed cost for each batch."""
    waiting: list[Batch] = []
    rows = size = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.documents.height
        size += int(batch.documents.estimated_size())
        if rows >= limits.batch_rows or size >= limits.batch_bytes:
            yield _joined(waiting)
            waiting, rows, size = [], 0, 0
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[Batch]) -> Batch:
    return Batch(
        pl.concat([batch.documents for batch in batches]).unique(
            "document_id", keep="first", maintain_order=True
        ),
        sum(batch.read for batch in batches),
        sum(batch.bytes for batch in batches),
        tuple(problem for batch in batches for problem in batch.problems),
    )
