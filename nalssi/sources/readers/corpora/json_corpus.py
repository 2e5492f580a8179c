"""Read JSON corpora: an object a line (JSONL), an array of objects, or objects one after another.

Lines of JSONL are searched as bytes, many at a time, and only lines that print a temperature unit
are parsed. A JSON parser divides files of the other two forms (`json_stream`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import polars as pl

from nalssi.common.decompression import PIECE_BYTES, READ_ERRORS
from nalssi.common.errors import cause_without_file
from nalssi.common.ticker_symbols import DEGREES, UNIT
from nalssi.sources.partition import Batch, Options, SourceFile
from nalssi.sources.problems import FileProblems
from nalssi.sources.readers.corpora.corpus_records import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    URL_COLUMNS,
    documents_of_records,
    no_text_column,
)
from nalssi.sources.readers.corpora.json_stream import (
    BLOCK_BYTES,
    PeekedStream,
    Readable,
    Utf8Stream,
    has_value_per_line,
    values,
)
from nalssi.sources.readers.decompressed_file import DecompressedFile
from nalssi.sources.readers.page_documents import documents
from nalssi.sources.readers.pages.markup_detection import HEAD_BYTES
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits
from nalssi.sources.readers.text_encoding import wide_encoding
from nalssi.sources.readers.ticker_prefilter import may_hold_ticker_in_json


def read_json(
    file: SourceFile, options: Options, limits: ReadLimits = DEFAULT_LIMITS
) -> Iterator[Batch]:
    """Yield the documents of a JSON corpus in batches.

    `options` names the columns and the time zone of the corpus. Only records that print a
    temperature unit become documents. Such a record that cannot be used, a line that is too long,
    and a rest of the file that cannot be read or divided are problems. The last batch has all of
    them.
    """
    problems = FileProblems(file.source)
    number = used = 0
    unit = "line"
    try:
        piece_bytes = min(PIECE_BYTES, limits.batch_bytes)
        with DecompressedFile(file.path, piece_bytes, file.etag) as opened:
            content = _as_utf8(opened, min(HEAD_BYTES, limits.batch_bytes))
            if has_value_per_line(content.head):
                blocks = _lines(content, limits, problems)
            else:
                unit = "record"
                block_bytes = min(BLOCK_BYTES, limits.batch_bytes)
                blocks = values(content, limits.page_bytes, block_bytes)
            for lines in blocks:
                rows = list(_candidates(lines, number, unit, file, options, problems))
                texts, uris, captured = zip(*rows, strict=True) if rows else ((), (), ())
                found = documents_of_records(
                    _valid_utf8(texts), _valid_utf8(uris), captured, options
                )
                number += len(lines)
                yield Batch(found, sum(map(bool, lines)), opened.consumed() - used)
                used = opened.consumed()
    except READ_ERRORS as error:
        problems.add(error, f"after {unit} {number:,}")
    except (ValueError, RecursionError) as error:  # no later value can be found
        problems.add(f"no JSON: {cause_without_file(error)}", f"after {unit} {number:,}")
    yield Batch(documents([]), 0, file.size - used, problems.all())


def _as_utf8(opened: DecompressedFile, head_bytes: int) -> PeekedStream:
    """Return the file's content as a stream, converted to UTF-8 if it is UTF-16 or UTF-32.

    The first `head_bytes` of the result are available as its `head`.
    """
    content = PeekedStream(opened, head_bytes)
    encoding = wide_encoding(content.head)
    return PeekedStream(Utf8Stream(content, encoding), head_bytes) if encoding else content


def _lines(content: Readable, limits: ReadLimits, problems: FileProblems) -> Iterator[list[bytes]]:
    """Yield lists of whole lines, some MiB at a time.

    A line that has more than `limits.page_bytes` at the end of a block and goes on is reported, and
    an empty line is yielded instead. A line that ends within its last block can thus be up to one
    block longer than `limits.page_bytes`.
    """
    rest = b""
    number = 0
    while block := content.read(limits.batch_bytes):
        *lines, rest = (rest + block).split(b"\n")
        number += len(lines)
        yield lines
        if len(rest) > limits.page_bytes:
            number += 1
            problems.add(f"longer than {limits.page_bytes >> 20} MiB", f"line {number:,}")
            rest = _after_line_end(content, limits.batch_bytes)
            yield [b""]
    if rest:  # several lines if the file ends in the block in which a line that is too long ends
        yield rest.removesuffix(b"\n").split(b"\n")


def _after_line_end(content: Readable, block_bytes: int) -> bytes:
    """Read up to the end of a line. Returns the rest of its last block: any number of lines."""
    while block := content.read(block_bytes):
        _, line_end, rest = block.partition(b"\n")
        if line_end:
            return rest
    return b""


def _candidates(
    lines: Sequence[bytes],
    before: int,
    unit: str,
    file: SourceFile,
    options: Options,
    problems: FileProblems,
) -> Iterator[tuple[str, str, object]]:
    """Yield text, address and capture time of each record that prints a temperature unit.

    `before` is the number of records that were read before `lines`. `unit` is the word for a
    record in messages: `line` or `record`.
    """
    hits = may_hold_ticker_in_json(lines)
    for number, (line, hit) in enumerate(zip(lines, hits, strict=True), before + 1):
        if not hit:
            continue
        position = f"{unit} {number:,}"
        try:
            record = _parsed(line)
        except (ValueError, RecursionError) as error:
            problems.add(f"no JSON: {cause_without_file(error)}", position)
            continue
        if not isinstance(record, dict):
            problems.add("not a JSON object", position)
            continue
        text = _first_text(record, options.text_column)
        if text is None:
            problems.add(no_text_column(list(record), options.text_column), position)
            continue
        url = _first_value(record, options.url_column, URL_COLUMNS)
        uri = url if isinstance(url, str) and url else f"{file.uri}#{unit}={number}"
        yield text, uri, _first_value(record, options.date_column, DATE_COLUMNS)


def _parsed(line: bytes) -> object:
    """Parse a line of JSON and return its value.

    A line that is not UTF-8 is read as CP949 if it then contains `℃` or a degree sign. A comma at
    the end is ignored, because lines have one if an array was divided into lines. Raises ValueError
    or RecursionError if the line cannot be parsed.
    """
    written = line.rstrip(b", \t\r")
    try:
        return json.loads(written, object_pairs_hook=_object_with_distinct_keys)
    except UnicodeDecodeError as error:
        try:
            korean = written.decode("cp949")
        except UnicodeDecodeError:
            raise error from None
        if UNIT not in korean and not any(sign in korean for sign in DEGREES):
            raise
        return json.loads(korean, object_pairs_hook=_object_with_distinct_keys)


def _valid_utf8(strings: Sequence[str]) -> pl.Series:
    """Return the strings as a series of valid UTF-8.

    JSON can contain half of a surrogate pair, which becomes a question mark.
    """
    return pl.Series([text.encode("utf-8", "replace") for text in strings], dtype=pl.Binary).cast(
        pl.String
    )


def _object_with_distinct_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return a JSON object as a dict. Raises ValueError if a key occurs twice.

    The value of a repeated key is ambiguous.
    """
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a key occurs twice in one object")
    return record


def _first_text(record: dict[str, object], asked: str | None) -> str | None:
    """Return the text of a record: the first text column that is not blank.

    `asked` is the column that the user named, if any; then only this column counts. Returns a blank
    text if all text columns are blank, and None if the record has none.
    """
    values = _values(record, asked, TEXT_COLUMNS)
    texts = [value for value in values if isinstance(value, str)]
    return next((text for text in texts if text.strip()), texts[0] if texts else None)


def _first_value(record: dict[str, object], asked: str | None, names: Sequence[str]) -> object:
    """Return the record's value in the first of the columns `names` that is not null, or None.

    If the user named a column (`asked`), only that column is used.
    """
    return next(_values(record, asked, names), None)


def _values(record: dict[str, object], asked: str | None, names: Sequence[str]) -> Iterator[object]:
    """Yield the record's values in the columns `names`, or in `asked`, the column of the user.

    Missing columns and null values are left out. A name with dots that is no key of the record is a
    field of nested objects.
    """
    for name in (asked,) if asked else names:
        value: object = record
        for key in (name,) if name in record else name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            yield value
