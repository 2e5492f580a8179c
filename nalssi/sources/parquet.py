"""Parquet corpora: searched by polars' streaming engine, a run of row groups at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow.parquet as pq

from nalssi.sources.corpora import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    URL_COLUMNS,
    Row,
    no_text_column,
    pages,
)
from nalssi.sources.literals import may_hold_ticker_text
from nalssi.sources.pages import documents
from nalssi.sources.partition import Batch, Item, Options, Problem, problem

_ROW = "__row"
_HITS = 2048
"""Rows of a batch: some MiB of text."""


def row_spans(path: str, target: int) -> list[tuple[int, int, int]]:
    """Runs of row groups of about `target` bytes on disk: first row, rows, bytes."""
    spans: list[tuple[int, int, int]] = []
    metadata = pq.read_metadata(path)
    start = rows = size = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        rows += group.num_rows
        size += sum(group.column(c).total_compressed_size for c in range(group.num_columns))
        if size >= target:
            spans.append((start, rows, size))
            start, rows, size = start + rows, 0, 0
    if rows:
        spans.append((start, rows, size))
    return spans


def read_parquet(item: Item, options: Options) -> Iterator[Batch]:
    """The rows of a Parquet file, or of some of its row groups, that print a unit."""
    try:
        scan = pl.scan_parquet(item.path, row_index_name=_ROW, glob=False)
        schema = scan.collect_schema()
        text = _column(schema, options.text_column, TEXT_COLUMNS, (pl.String, pl.Binary))
        if text is None:
            names = [name for name in schema.names() if name != _ROW]
            missing = no_text_column(names, options.text_column)
            yield _nothing(item, Problem(item.source, missing))
            return
        url = _column(schema, options.url_column, URL_COLUMNS, (pl.String,))
        captured = _column(schema, options.date_column, DATE_COLUMNS, None)
        if item.rows:
            scan = scan.slice(*item.rows)
            read = item.rows[1]
        else:
            read = scan.select(pl.len()).collect().item()
        hits = (
            scan.select(
                text.cast(pl.String).alias("text"),
                (pl.lit(None, pl.String) if url is None else url).alias("uri"),
                (pl.lit(None) if captured is None else captured).alias("captured"),
                _ROW,
            )
            .filter(may_hold_ticker_text("text"))
            .collect_batches(chunk_size=_HITS, maintain_order=True)
        )
        for frame in hits:
            rows = (
                Row(text, uri or f"{item.uri}#row={row + 1}", captured)
                for text, uri, captured, row in frame.iter_rows()
            )
            yield Batch(documents(pages(rows, options)), 0, 0)
        yield Batch(documents([]), read, item.size)
    except (OSError, pl.exceptions.PolarsError) as error:
        yield _nothing(item, problem(item.source, error))


def _nothing(item: Item, why: Problem) -> Batch:
    return Batch(documents([]), 0, item.size, (why,))


def _column(
    schema: pl.Schema,
    asked: str | None,
    names: Sequence[str],
    types: tuple[type[pl.DataType], ...] | None,
) -> pl.Expr | None:
    """The first of these columns that the file has, in one of these types."""
    for name in (asked,) if asked else names:
        top, *fields = (name,) if name in schema else name.split(".")
        dtype: object = schema.get(top)
        column = pl.col(top)
        for field in fields:
            dtype = dtype.to_schema().get(field) if isinstance(dtype, pl.Struct) else None
            column = column.struct.field(field)
        if dtype is not None and (types is None or dtype in types):
            return column
    return None
