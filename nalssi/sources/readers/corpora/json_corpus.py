"""JSON corpora: an object a line (JSONL), an array of objects, or objects one after another.

Lines are looked through as bytes, many at a time; only those that print a unit are parsed. The
other forms are divided by a parser (`nalssi.sources.readers.corpora.json_stream`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import polars as pl

from nalssi.common.errors import cause_without_file
from nalssi.common.ticker_symbols import DEGREES, UNIT
from nalssi.sources.partition import READ_ERRORS, Batch, Item, Options
from nalssi.sources.readers.corpora.corpus_columns import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    URL_COLUMNS,
    Problems,
    no_text_column,
    records,
)
from nalssi.sources.readers.corpora.json_stream import (
    Peeked,
    Readable,
    Utf8,
    a_value_a_line,
    values,
)
from nalssi.sources.readers.page_documents import documents
from nalssi.sources.readers.text_encoding import wide_encoding
from nalssi.sources.readers.ticker_prefilter import may_hold_ticker_in_json
from nalssi.sources.readers.unpacked_file import HEAD, MAX_PAGE, Content

_BLOCK = 16 * 2**20


def read_jsonl(item: Item, options: Options) -> Iterator[Batch]:
    """The records of a JSON file that print a unit; a bad one is passed over and reported."""
    problems = Problems(item.source)
    number = used = 0
    form = "line"
    try:
        with Content(item.path) as file:
            content = _as_utf8(file)
            if not a_value_a_line(content.head):
                form = "record"
            for lines in _blocks(content, problems) if form == "line" else values(content):
                rows = list(_candidates(lines, number, form, item, options, problems))
                texts, uris, captured = zip(*rows, strict=True) if rows else ((), (), ())
                found = records(_whole(texts), _whole(uris), captured, options)
                number += len(lines)
                yield Batch(found, sum(map(bool, lines)), file.consumed() - used)
                used = file.consumed()
    except READ_ERRORS as error:
        problems.add(error, f"after {form} {number:,}")
    except (ValueError, RecursionError) as error:  # no value can be found behind this one
        problems.add(f"no JSON: {cause_without_file(error)}", f"after {form} {number:,}")
    yield Batch(documents([]), 0, item.size - used, problems.all())


def _as_utf8(file: Content) -> Peeked:
    """The content; what is in UTF-16 or UTF-32 as UTF-8."""
    content = Peeked(file, HEAD)
    encoding = wide_encoding(content.head)
    return Peeked(Utf8(content, encoding), HEAD) if encoding else content


def _blocks(file: Readable, problems: Problems) -> Iterator[list[bytes]]:
    """Whole lines, some MiB at a time. A line that is longer than any page comes empty."""
    rest = b""
    number = 0
    while block := file.read(_BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        number += len(lines)
        yield lines
        if len(rest) > MAX_PAGE:
            number += 1
            problems.add(f"longer than {MAX_PAGE >> 20} MiB", f"line {number:,}")
            rest = _after_line_end(file)
            yield [b""]
    if rest:
        yield [rest]


def _after_line_end(file: Readable) -> bytes:
    while block := file.read(_BLOCK):
        _, line_end, rest = block.partition(b"\n")
        if line_end:
            return rest
    return b""


def _candidates(
    lines: Sequence[bytes],
    before: int,
    form: str,
    item: Item,
    options: Options,
    problems: Problems,
) -> Iterator[tuple[str, str, object]]:
    """Text, address and time of capture of each record that prints a unit."""
    hits = may_hold_ticker_in_json(lines)
    for number, (line, hit) in enumerate(zip(lines, hits, strict=True), before + 1):
        if not hit:
            continue
        place = f"{form} {number:,}"
        try:
            record = _parsed(line)
        except (ValueError, RecursionError) as error:
            problems.add(f"no JSON: {cause_without_file(error)}", place)
            continue
        if not isinstance(record, dict):
            problems.add("not a JSON object", place)
            continue
        text = _first_text(record, options.text_column)
        if text is None:
            problems.add(no_text_column(list(record), options.text_column), place)
            continue
        url = _first(record, options.url_column, URL_COLUMNS)
        uri = url if isinstance(url, str) and url else f"{item.uri}#{form}={number}"
        yield text, uri, _first(record, options.date_column, DATE_COLUMNS)


def _parsed(line: bytes) -> object:
    """The value of a line; one that is not UTF-8 may be CP949, if that makes a unit of it."""
    written = line.rstrip(b", \t\r")  # a comma: someone has cut an array into lines
    try:
        return json.loads(written, object_pairs_hook=_each_key_once)
    except UnicodeDecodeError as error:
        try:
            korean = written.decode("cp949")
        except UnicodeDecodeError:
            raise error from None
        if UNIT not in korean and not any(sign in korean for sign in DEGREES):
            raise
        return json.loads(korean, object_pairs_hook=_each_key_once)


def _whole(strings: Sequence[str]) -> pl.Series:
    """Strings as UTF-8; JSON can spell half a character, which becomes a question mark."""
    return pl.Series([text.encode("utf-8", "replace") for text in strings], dtype=pl.Binary).cast(
        pl.String
    )


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; of one that has a key twice nobody can say which value was meant."""
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return record


def _first_text(record: dict[str, object], asked: str | None) -> str | None:
    """The first column for texts that holds one; if none does, an empty one."""
    values = _values(record, asked, TEXT_COLUMNS)
    texts = [value for value in values if isinstance(value, str)]
    return next((text for text in texts if text.strip()), texts[0] if texts else None)


def _first(record: dict[str, object], asked: str | None, names: Sequence[str]) -> object:
    """The value of the first of these columns that the record has."""
    return next(_values(record, asked, names), None)


def _values(record: dict[str, object], asked: str | None, names: Sequence[str]) -> Iterator[object]:
    """The values that the record has in these columns."""
    for name in (asked,) if asked else names:
        value: object = record
        for key in (name,) if name in record else name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            yield value
