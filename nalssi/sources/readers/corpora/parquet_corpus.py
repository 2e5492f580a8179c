"""Parquet corpora: searched by polars' streaming engine, a run of row groups at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl
import pyarrow.parquet as pq

from nalssi.common.ticker_symbols import DEGREES, UNIT
from nalssi.sources.partition import Batch, Item, Options, Problem
from nalssi.sources.readers.corpora.corpus_columns import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    URL_COLUMNS,
    Problems,
    no_text_column,
    records,
)
from nalssi.sources.readers.page_documents import BLOCK, documents
from nalssi.sources.readers.text_encoding import decode
from nalssi.sources.readers.ticker_prefilter import may_hold_ticker, may_hold_ticker_text
from nalssi.sources.readers.unpacked_file import MAX_PAGE

MAX_ROW_GROUP = 8 * 2**30
"""Bytes that the text of a row group may have, unpacked: polars holds a whole one in memory."""

_ROW = "row"
_HITS = 2048
"""Rows looked at together: some MiB of text."""
_CHARSETS = ("utf-8", "cp949", "utf-16-le", "utf-16-be")
_IN_BYTES = {
    *(sign.encode(charset) for sign in UNIT + DEGREES for charset in _CHARSETS),
    *(b"&#", b"&deg", b"&ring", b"&ordm"),
}
"""One of these is in every content, as bytes, that prints a unit."""
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
"""A time of capture is between; Parquet can spell years that Python cannot."""


def row_spans(path: str, target: int) -> list[tuple[int, int, int]]:
    """Runs of row groups, all of a size, about `target` bytes: first row, rows, bytes on disk."""
    metadata = pq.read_metadata(path)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    sizes = [
        sum(group.column(c).total_compressed_size for c in range(group.num_columns))
        for group in groups
    ]
    total = sum(sizes)
    runs = max(1, round(total / target))
    spans: list[tuple[int, int, int]] = []
    start = rows = size = done = 0
    for group, more in zip(groups, sizes, strict=True):
        rows += group.num_rows
        size += more
        if (done + size) * runs >= total * (len(spans) + 1):
            spans.append((start, rows, size))
            start, done, rows, size = start + rows, done + size, 0, 0
    if rows:
        spans.append((start, rows, size))
    return spans


def read_parquet(item: Item, options: Options) -> Iterator[Batch]:
    """The rows of a Parquet file, or of some of its row groups, that print a unit."""
    problems = Problems(item.source)
    try:
        if largest := _too_large(item):
            problems.add(f"a row group of {largest:,} bytes, more than {MAX_ROW_GROUP >> 30} GiB")
            yield _nothing(item, *problems.all())
            return
        schema = pl.scan_parquet(item.path, glob=False).collect_schema()
        number = max((_ROW, *schema), key=len) + "_"  # longer than any column's name, so none's
        scan = pl.scan_parquet(item.path, row_index_name=number, glob=False)
        texts = _columns(schema, options.text_column, TEXT_COLUMNS, (pl.String, pl.Binary))
        if not texts:
            missing = no_text_column(schema.names(), options.text_column)
            yield _nothing(item, Problem(item.source, missing))
            return
        text = _first_with_content(_until_full(texts, item.path), schema)
        urls = _columns(schema, options.url_column, URL_COLUMNS, (pl.String,))
        dates = _columns(schema, options.date_column, DATE_COLUMNS, None)
        url, captured = next(iter(urls.values()), None), next(iter(dates.values()), None)
        if item.rows:
            scan = scan.slice(*item.rows)
            read = item.rows[1]
        else:
            read = scan.select(pl.len()).collect().item()
        hits = (
            scan.select(
                text.alias("text"),
                (pl.lit(None, pl.String) if url is None else url).alias("uri"),
                (pl.lit(None) if captured is None else _datable(captured, schema)).alias(
                    "captured"
                ),
                pl.col(number).alias(_ROW),
            )
            .filter(_may_hold_ticker(_type_of(text, schema)))
            .with_columns(too_large=_size(_type_of(text, schema)) > MAX_PAGE)
            .with_columns(text=pl.when(~pl.col("too_large")).then("text"))
            .collect_batches(chunk_size=_HITS, maintain_order=True)
        )
        for frame in hits:
            for (row,) in frame.filter("too_large").select(_ROW).iter_rows():
                problems.add(f"larger than {MAX_PAGE >> 20} MiB", f"row {row + 1:,}")
            for block in _blocks(frame.filter(~pl.col("too_large"))):
                some = _sifted(block)
                contents, uris = _texts(some["text"]), _uris(some, item)
                yield Batch(records(contents, uris, some["captured"].to_list(), options), 0, 0)
        yield Batch(documents([]), read, item.size, problems.all())
    except (OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        problems.add(error)  # pyarrow's errors are OSError or ValueError
        yield _nothing(item, *problems.all())


def _too_large(item: Item) -> int | None:
    """The size that the largest row group says it unpacks to, if that is too much."""
    metadata = pq.read_metadata(item.path)
    sizes = (metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    largest = max(sizes, default=0)
    return largest if largest > MAX_ROW_GROUP else None


def _type_of(column: pl.Expr, schema: pl.Schema) -> pl.DataType:
    return pl.DataFrame(schema=schema).select(column).dtypes[0]


def _may_hold_ticker(dtype: pl.DataType) -> pl.Expr:
    """The test for the column of texts. Bytes need not be UTF-8, so they are looked at as such."""
    if dtype == pl.String:
        return may_hold_ticker_text("text")
    return pl.any_horizontal(pl.col("text").bin.contains(literal) for literal in _IN_BYTES)


def _size(dtype: pl.DataType) -> pl.Expr:
    text = pl.col("text")
    return text.str.len_bytes() if dtype == pl.String else text.bin.size()


def _datable(captured: pl.Expr, schema: pl.Schema) -> pl.Expr:
    """The time of capture, null where it is none that Python can hold."""
    if not isinstance(_type_of(captured, schema), pl.Date | pl.Datetime):
        return captured
    return pl.when(captured.dt.date().is_between(_FIRST_DAY, _LAST_DAY)).then(captured)


def _blocks(frame: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows of a frame, some MiB of text at a time: few values can be repeated very often."""
    size = _size(frame.schema["text"]).cast(pl.Int64)
    block = (size.cum_sum() // BLOCK).alias("block")
    return frame.with_columns(block).partition_by("block", maintain_order=True, include_key=False)


def _sifted(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that may hold a ticker. In bytes, only signs of a unit have been looked for."""
    if frame.schema["text"] == pl.String:
        return frame
    return frame.filter(may_hold_ticker(frame["text"].to_list()))


def _texts(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        return column
    return pl.Series([decode(content) for content in column], dtype=pl.String)


def _uris(frame: pl.DataFrame, item: Item) -> pl.Series:
    row = pl.concat_str(pl.lit(f"{item.uri}#row="), pl.col(_ROW) + 1)
    own = pl.when(pl.col("uri").str.len_bytes() > 0).then("uri")
    return frame.select(pl.coalesce(own, row)).to_series()


def _nothing(item: Item, *why: Problem) -> Batch:
    return Batch(documents([]), 0, item.size, why)


def _until_full(columns: dict[str, pl.Expr], path: str) -> list[pl.Expr]:
    """The columns up to the first one that has content in every row.

    The file's statistics tell which rows are null and, for short texts, whether one is empty.
    Columns that are null in every row are left out; if all are, the first one stays.
    """
    found: list[pl.Expr] = []
    metadata = pq.read_metadata(path)
    for name, column in columns.items():
        nulls, may_be_empty = _statistics(metadata, name)
        if nulls == metadata.num_rows and len(columns) > 1:
            continue
        found.append(column)
        if nulls == 0 and not may_be_empty:
            break
    return found or list(columns.values())[:1]


def _statistics(metadata: pq.FileMetaData, name: str) -> tuple[int | None, bool]:
    """How many rows of a column are null, if the file says so, and whether a text may be blank."""
    nulls, may_be_empty = 0, False
    indices = [
        index for index in range(metadata.num_columns) if metadata.schema.column(index).path == name
    ]
    for group in range(metadata.num_row_groups):
        for index in indices:
            statistics = metadata.row_group(group).column(index).statistics
            if statistics is None or not statistics.has_null_count:
                return None, True
            nulls += statistics.null_count
            may_be_empty |= not statistics.has_min_max or _may_be_blank(statistics.min)
    return (nulls, may_be_empty) if indices else (None, True)


def _may_be_blank(least: object) -> bool:
    """Whether a column with this least text may hold a blank one: ASCII blanks sort first."""
    text = least.decode("utf-8", "replace") if isinstance(least, bytes) else str(least or "")
    return text[:1] <= " "


def _first_with_content(columns: Sequence[pl.Expr], schema: pl.Schema) -> pl.Expr:
    """In each row, the first of these columns that is neither null nor blank."""
    if len(columns) == 1:
        return columns[0]
    types = {_type_of(column, schema) for column in columns}
    if len(types) > 1:
        columns = [column.cast(pl.Binary) for column in columns]
    written = [  # what is no UTF-8 is no blank
        column.is_not_null()
        & column.cast(pl.String, strict=False).str.contains(r"\S").fill_null(True)
        for column in columns
    ]
    return pl.coalesce(
        *(pl.when(test).then(column) for test, column in zip(written, columns, strict=True)),
        columns[0],
    )


def _columns(
    schema: pl.Schema,
    asked: str | None,
    names: Sequence[str],
    types: tuple[type[pl.DataType], ...] | None,
) -> dict[str, pl.Expr]:
    """Those of these columns that the file has in one of these types, in this order, by name."""
    found: dict[str, pl.Expr] = {}
    for name in (asked,) if asked else names:
        top, *fields = (name,) if name in schema else name.split(".")
        dtype: object = schema.get(top)
        column = pl.col(top)
        for field in fields:
            dtype = dtype.to_schema().get(field) if isinstance(dtype, pl.Struct) else None
            column = column.struct.field(field)
        if types and pl.String in types and isinstance(dtype, pl.Categorical | pl.Enum):
            found[name] = column.cast(pl.String)  # texts that the file has as a dictionary
        elif dtype is not None and (types is None or dtype in types):
            found[name] = column
    return found
