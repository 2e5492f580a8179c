"""Read Parquet corpora with polars' streaming engine.

Only the needed columns are read, and the engine returns only rows that print a temperature unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl
import pyarrow.parquet as pq

from nalssi.common.ticker_symbols import DEGREES, UNIT
from nalssi.sources.open_input import open_input
from nalssi.sources.partition import Batch, Options, SourceFile
from nalssi.sources.problems import FileProblems, Problem
from nalssi.sources.readers.corpora.corpus_records import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    URL_COLUMNS,
    documents_of_records,
    no_text_column,
)
from nalssi.sources.readers.page_documents import documents
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits
from nalssi.sources.readers.text_encoding import decode
from nalssi.sources.readers.ticker_prefilter import may_hold_ticker, may_hold_ticker_text
from nalssi.sources.remote_objects import error_of_polars

MAX_ROW_GROUP_BYTES = 8 * 2**30
"""The largest row group in decompressed bytes: polars holds a whole row group in memory."""

_ROW = "row"
_ROWS_AT_A_TIME = 2048
"""The number of rows that the engine returns together: some MiB of text."""
_CHARSETS = ("utf-8", "cp949", "utf-16-le", "utf-16-be")
_UNIT_BYTES = {
    *(sign.encode(charset) for sign in UNIT + DEGREES for charset in _CHARSETS),
    *(b"&#", b"&deg", b"&ring", b"&ordm"),
}
"""Every binary value that prints a temperature unit contains one of these byte strings."""
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
"""Capture times outside of these days are ignored: Python cannot represent all years of Parquet."""


def row_ranges(path: str, target_bytes: int) -> list[tuple[int, int, int]]:
    """Divide a Parquet file into ranges of rows with about `target_bytes` on disk each.

    A range consists of whole row groups. Returns for each range its first row (from 0), its number
    of rows and its bytes on disk. Raises OSError or ValueError if the file cannot be read.
    """
    metadata = _metadata(path)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    sizes = [
        sum(group.column(c).total_compressed_size for c in range(group.num_columns))
        for group in groups
    ]
    total = sum(sizes)
    runs = max(1, round(total / target_bytes))
    ranges: list[tuple[int, int, int]] = []
    start = rows = size = done = 0
    for group, more in zip(groups, sizes, strict=True):
        rows += group.num_rows
        size += more
        if (done + size) * runs >= total * (len(ranges) + 1):
            ranges.append((start, rows, size))
            start, done, rows, size = start + rows, done + size, 0, 0
    if rows:
        ranges.append((start, rows, size))
    return ranges


def read_parquet(
    file: SourceFile,
    options: Options,
    limits: ReadLimits = DEFAULT_LIMITS,
    max_row_group_bytes: int = MAX_ROW_GROUP_BYTES,
) -> Iterator[Batch]:
    """Yield the documents of a Parquet file, or of its range of rows (`file.rows`), in batches.

    `options` names the columns and the time zone of the corpus. Only rows that print a temperature
    unit become documents. A file that cannot be read, has no text column or has a row group larger
    than `max_row_group_bytes` is a problem; so is a text of more than `limits.page_bytes`. The last
    batch has all problems and the count of rows.
    """
    problems = FileProblems(file.source)
    try:
        metadata = _metadata(file.path, file.etag)
        largest = _largest_row_group(metadata)
        if largest > max_row_group_bytes:
            limit = f"{max_row_group_bytes >> 30} GiB"
            problems.add(f"a row group of {largest:,} bytes, more than {limit}")
            yield _empty_batch(file, *problems.all())
            return
        schema = pl.scan_parquet(file.path, glob=False).collect_schema()
        number = (
            max((_ROW, *schema), key=len) + "_"
        )  # longer than all column names, so not one of them
        scan = pl.scan_parquet(file.path, row_index_name=number, glob=False)
        texts = _columns(schema, options.text_column, TEXT_COLUMNS, (pl.String, pl.Binary))
        if not texts:
            missing = no_text_column(schema.names(), options.text_column)
            yield _empty_batch(file, Problem(file.source, missing))
            return
        text = _first_with_content(_until_full(texts, metadata), schema)
        urls = _columns(schema, options.url_column, URL_COLUMNS, (pl.String,))
        dates = _columns(schema, options.date_column, DATE_COLUMNS, None)
        url, captured = next(iter(urls.values()), None), next(iter(dates.values()), None)
        if file.rows:
            scan = scan.slice(*file.rows)
            read = file.rows[1]
        else:
            read = scan.select(pl.len()).collect().item()
        candidates = (
            scan.select(
                text.alias("text"),
                (pl.lit(None, pl.String) if url is None else url).alias("uri"),
                (pl.lit(None) if captured is None else _datable(captured, schema)).alias(
                    "captured"
                ),
                pl.col(number).alias(_ROW),
            )
            .filter(_may_hold_ticker(_type_of(text, schema)))
            .with_columns(too_large=_size(_type_of(text, schema)) > limits.page_bytes)
            .with_columns(text=pl.when(~pl.col("too_large")).then("text"))
            .collect_batches(chunk_size=_ROWS_AT_A_TIME, maintain_order=True)
        )
        for frame in candidates:
            for (row,) in frame.filter("too_large").select(_ROW).iter_rows():
                problems.add(f"larger than {limits.page_bytes >> 20} MiB", f"row {row + 1:,}")
            for block in _blocks(frame.filter(~pl.col("too_large")), limits.batch_bytes):
                hits = _with_unit(block)
                texts_read, uris = _texts(hits["text"]), _uris(hits, file)
                found = documents_of_records(texts_read, uris, hits["captured"].to_list(), options)
                yield Batch(found, 0, 0)
        if file.etag is not None:  # polars has read the object without its tag
            open_input(file.path, file.etag).close()
        yield Batch(documents([]), read, file.size, problems.all())
    except (OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        problems.add(error if file.etag is None else error_of_polars(error))
        yield _empty_batch(file, *problems.all())


def _metadata(path: str, etag: str | None = None) -> pq.FileMetaData:
    with open_input(path, etag) as file:
        return pq.read_metadata(file)


def _largest_row_group(metadata: pq.FileMetaData) -> int:
    """Return the decompressed size of the largest row group in bytes, as the metadata states it."""
    sizes = (metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    return max(sizes, default=0)


def _type_of(column: pl.Expr, schema: pl.Schema) -> pl.DataType:
    return pl.DataFrame(schema=schema).select(column).dtypes[0]


def _may_hold_ticker(dtype: pl.DataType) -> pl.Expr:
    """Return an expression that tests whether the column `text` may contain a ticker.

    `dtype` is the type of the column. Binary values are searched as bytes, because they may not be
    UTF-8.
    """
    if dtype == pl.String:
        return may_hold_ticker_text("text")
    return pl.any_horizontal(pl.col("text").bin.contains(literal) for literal in _UNIT_BYTES)


def _size(dtype: pl.DataType) -> pl.Expr:
    text = pl.col("text")
    return text.str.len_bytes() if dtype == pl.String else text.bin.size()


def _datable(captured: pl.Expr, schema: pl.Schema) -> pl.Expr:
    """Return an expression for the capture time, null where Python cannot represent the date.

    `captured` is the date column of a file with this `schema`.
    """
    if not isinstance(_type_of(captured, schema), pl.Date | pl.Datetime):
        return captured
    return pl.when(captured.dt.date().is_between(_FIRST_DAY, _LAST_DAY)).then(captured)


def _blocks(frame: pl.DataFrame, block_bytes: int) -> list[pl.DataFrame]:
    """Divide a frame into smaller frames with about `block_bytes` of text each.

    This limits memory: in a dictionary column, a few very large values can be repeated very often.
    """
    size = _size(frame.schema["text"]).cast(pl.Int64)
    block = (size.cum_sum() // block_bytes).alias("block")
    return frame.with_columns(block).partition_by("block", maintain_order=True, include_key=False)


def _with_unit(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop the rows whose text prints no temperature unit.

    Only binary texts are tested here, because they were searched only for parts of a unit before.
    """
    if frame.schema["text"] == pl.String:
        return frame
    return frame.filter(may_hold_ticker(frame["text"].to_list()))


def _texts(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String:
        return column
    return pl.Series([decode(content) for content in column], dtype=pl.String)


def _uris(frame: pl.DataFrame, file: SourceFile) -> pl.Series:
    row = pl.concat_str(pl.lit(f"{file.uri}#row="), pl.col(_ROW) + 1)
    own = pl.when(pl.col("uri").str.len_bytes() > 0).then("uri")
    return frame.select(pl.coalesce(own, row)).to_series()


def _empty_batch(file: SourceFile, *problems: Problem) -> Batch:
    return Batch(documents([]), 0, file.size, problems)


def _until_full(columns: dict[str, pl.Expr], metadata: pq.FileMetaData) -> list[pl.Expr]:
    """Choose the columns of texts to read. `columns` has them by name, in order of preference.

    Columns behind the first one without a blank value are not needed. The file's statistics show
    how many rows are null and, for short texts, whether a value may be blank. Columns that are null
    in every row are skipped; if all are, the first one is chosen.
    """
    found: list[pl.Expr] = []
    for name, column in columns.items():
        nulls, may_be_empty = _statistics(metadata, name)
        if nulls == metadata.num_rows and len(columns) > 1:
            continue
        found.append(column)
        if nulls == 0 and not may_be_empty:
            break
    return found or list(columns.values())[:1]


def _statistics(metadata: pq.FileMetaData, name: str) -> tuple[int | None, bool]:
    """Return the number of null rows of the column `name`, and whether a text in it may be blank.

    Both are from the statistics in the file's metadata. The number is None if the file does not
    have them; then a text may be blank.
    """
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


def _may_be_blank(smallest: object) -> bool:
    """Whether a column may contain a blank text. `smallest` is the smallest text in the column.

    Blank texts sort before all others.
    """
    text = (
        smallest.decode("utf-8", "replace") if isinstance(smallest, bytes) else str(smallest or "")
    )
    return text[:1] <= " "


def _first_with_content(columns: Sequence[pl.Expr], schema: pl.Schema) -> pl.Expr:
    """Return an expression: in each row, the first of these columns that is not null or blank.

    `schema` is the schema of the file.
    """
    if len(columns) == 1:
        return columns[0]
    types = {_type_of(column, schema) for column in columns}
    if len(types) > 1:
        columns = [column.cast(pl.Binary) for column in columns]
    has_content = [  # a value that is not UTF-8 is not blank
        column.is_not_null()
        & column.cast(pl.String, strict=False).str.contains(r"\S").fill_null(True)
        for column in columns
    ]
    return pl.coalesce(
        *(pl.when(test).then(column) for test, column in zip(has_content, columns, strict=True)),
        columns[0],
    )


def _columns(
    schema: pl.Schema,
    asked: str | None,
    names: Sequence[str],
    types: tuple[type[pl.DataType], ...] | None,
) -> dict[str, pl.Expr]:
    """Return an expression for each column of texts, addresses or dates that the file has, by name.

    `names` are the usual names of such columns, in order of preference; `a.b` is the field `b` of
    column `a`. If the user named a column (`asked`), only that one is returned. A column is skipped
    if its type is not one of `types`.
    """
    found: dict[str, pl.Expr] = {}
    for name in (asked,) if asked else names:
        top, *fields = (name,) if name in schema else name.split(".")
        dtype: object = schema.get(top)
        column = pl.col(top)
        for field in fields:
            dtype = dtype.to_schema().get(field) if isinstance(dtype, pl.Struct) else None
            column = column.struct.field(field)
        if types and pl.String in types and isinstance(dtype, pl.Categorical | pl.Enum):
            found[name] = column.cast(pl.String)  # texts that the file stores as a dictionary
        elif dtype is not None and (types is None or dtype in types):
            found[name] = column
    return found
