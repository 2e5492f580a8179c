"""Reading a partition: batches of documents, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from nalssi.sources.partition import PAGES, WRAPPED, Batch, Item, Options, Partition
from nalssi.sources.readers.page_documents import read_files

_ROWS, _BYTES = 4096, 16 * 2**20


def read(partition: Partition) -> Iterator[Batch]:
    """The documents of a partition, in its order, some tens of MiB of text at a time.

    What cannot be read is a problem in the batch where it was met; reading goes on behind it
    as far as it can. A document that comes twice comes once.
    """
    seen: set[str] = set()
    for batch in _merged(_read(partition)):
        ids = batch.documents["document_id"]
        documents = batch.documents.filter([name not in seen for name in ids])
        seen.update(ids)
        yield Batch(documents, batch.read, batch.bytes, batch.problems)


def _read(partition: Partition) -> Iterator[Batch]:
    if partition.items[0].kind in (*PAGES, *WRAPPED):
        yield from read_files(partition.items)
        return
    for item in partition.items:
        yield from _read_one(item, partition.options)


def _read_one(item: Item, options: Options) -> Iterator[Batch]:
    # Imported where they are used: each brings a library that a small page does not need.
    match item.kind:
        case "jsonl":
            from nalssi.sources.readers.corpora.json_corpus import read_jsonl

            return read_jsonl(item, options)
        case "parquet":
            from nalssi.sources.readers.corpora.parquet_corpus import read_parquet

            return read_parquet(item, options)
        case "warc":
            from nalssi.sources.readers.warc.warc_archive import read_warc

            return read_warc(item)
        case _:
            return read_files([item])


def _merged(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The same, with small batches put together: what follows costs as much for each."""
    held: list[Batch] = []
    rows = size = 0
    for batch in batches:
        held.append(batch)
        rows += batch.documents.height
        size += int(batch.documents.estimated_size())
        if rows >= _ROWS or size >= _BYTES:
            yield _joined(held)
            held, rows, size = [], 0, 0
    if held:
        yield _joined(held)


def _joined(batches: list[Batch]) -> Batch:
    return Batch(
        pl.concat([batch.documents for batch in batches]).unique(
            "document_id", keep="first", maintain_order=True
        ),
        sum(batch.read for batch in batches),
        sum(batch.bytes for batch in batches),
        tuple(problem for batch in batches for problem in batch.problems),
    )
