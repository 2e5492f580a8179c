"""JSONL corpora: a JSON object a line, plain or packed.

Lines are looked through as bytes, many at a time; only those that print a unit are parsed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import polars as pl

from nalssi.sources.corpora import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    URL_COLUMNS,
    Problems,
    no_text_column,
    records,
)
from nalssi.sources.files import MAX_PAGE, Content
from nalssi.sources.literals import may_hold_ticker_in_json
from nalssi.sources.pages import documents
from nalssi.sources.partition import READ_ERRORS, Batch, Item, Options, cause

_BLOCK = 16 * 2**20


def read_jsonl(item: Item, options: Options) -> Iterator[Batch]:
    """The records of a JSONL file that print a unit; a bad line is passed over and reported."""
    problems = Problems(item.source)
    number = used = 0
    try:
        with Content(item.path) as file:
            for lines in _blocks(file, problems):
                rows = list(_candidates(lines, number, item, options, problems))
                texts, uris, captured = zip(*rows, strict=True) if rows else ((), (), ())
                found = records(_whole(texts), _whole(uris), captured, options)
                number += len(lines)
                yield Batch(found, sum(map(bool, lines)), file.consumed() - used)
                used = file.consumed()
    except READ_ERRORS as error:
        problems.add(error, f"after line {number:,}")
    yield Batch(documents([]), 0, item.size - used, problems.all())


def _blocks(file: Content, problems: Problems) -> Iterator[list[bytes]]:
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


def _after_line_end(file: Content) -> bytes:
    while block := file.read(_BLOCK):
        _, line_end, rest = block.partition(b"\n")
        if line_end:
            return rest
    return b""


def _candidates(
    lines: Sequence[bytes], before: int, item: Item, options: Options, problems: Problems
) -> Iterator[tuple[str, str, object]]:
    """Text, address and time of capture of each record that prints a unit."""
    hits = may_hold_ticker_in_json(lines)
    for number, (line, hit) in enumerate(zip(lines, hits, strict=True), before + 1):
        if not hit:
            continue
        place = f"line {number:,}"
        try:
            record = json.loads(line, object_pairs_hook=_each_key_once)
        except (ValueError, RecursionError) as error:
            problems.add(f"no JSON: {cause(error)}", place)
            continue
        if not isinstance(record, dict):
            problems.add("not a JSON object", place)
            continue
        text = _first(record, options.text_column, TEXT_COLUMNS)
        if not isinstance(text, str):
            problems.add(no_text_column(list(record), options.text_column), place)
            continue
        url = _first(record, options.url_column, URL_COLUMNS)
        uri = url if isinstance(url, str) and url else f"{item.uri}#line={number}"
        yield text, uri, _first(record, options.date_column, DATE_COLUMNS)


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


def _first(record: dict[str, object], asked: str | None, names: Sequence[str]) -> object:
    """The value of the first of these columns that the record has."""
    for name in (asked,) if asked else names:
        value: object = record
        for key in (name,) if name in record else name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None
