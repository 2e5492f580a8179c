"""Cutting an input into partitions.

Pages, small corpus files and small archives go together, a big Parquet file is cut by row
groups, any other big file is one. Where a group of small files ends depends on their names alone,
so that one file more in a folder changes one partition and not all that follow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from hashlib import blake2b, sha256
from pathlib import Path

from nalssi.sources.find_files import find
from nalssi.sources.partition import (
    PAGES,
    READ_ERRORS,
    WRAPPED,
    Item,
    Kind,
    Options,
    Partition,
    Plan,
    Problem,
    Skipped,
    not_read,
    problem,
)

TARGET = 128 * 2**20
"""Bytes on disk of a partition, about: some seconds of work, some ten thousand candidates."""
_FEWEST, _MEAN, _MOST = 128, 1024, 4096
"""Small files in a group."""
_WHOLE = 64 * 2**20
"""Up to this size a file's whole content is its fingerprint."""
_SAMPLE, _SAMPLES = 2**16, 128
"""Of a larger file, this many blocks of this size, evenly spread."""


def plan(
    sources: Sequence[str],
    kind: Kind | None = None,
    options: Options | None = None,
    spool: Path | None = None,
) -> Plan:
    """Partitions of everything that `sources` name, and a problem for each that cannot be used.

    `kind` overrides what content and name say. `spool` is where standard input and fetched
    pages are kept (default: a folder that is removed when the process ends; workers on other
    machines need one that they share).
    """
    options = options or Options()
    result = Plan()
    items: list[Item] = []
    for found in find(sources, kind, spool):
        if isinstance(found, Item):
            items.append(found)
        elif isinstance(found, Skipped):
            result.skipped.append(found)
        else:
            result.problems.append(found)
    named = (file for file in result.skipped if file.named)
    result.problems.extend(Problem(file.source, file.cause) for file in named)
    if counted := not_read(result.skipped):
        result.problems.append(Problem("", counted))
    with ThreadPoolExecutor() as pool:
        digested = list(zip(items, pool.map(_digest, items), strict=True))
    result.problems.extend(d for _, d in digested if isinstance(d, Problem))
    good = [(item, digest) for item, digest in digested if isinstance(digest, bytes)]
    for group in _groups(good, result.problems):
        fingerprint = _fingerprint(group, options)
        result.partitions.append(Partition(tuple(i for i, _ in group), fingerprint, options))
    return result


_Digested = tuple[Item, bytes]


def _groups(items: list[_Digested], problems: list[Problem]) -> Iterator[list[_Digested]]:
    pages = [d for d in items if d[0].kind in (*PAGES, *WRAPPED)]
    yield from _together(pages)
    for kind in ("jsonl", "parquet", "warc"):
        corpora = [d for d in items if d[0].kind == kind]
        yield from _together([d for d in corpora if d[0].size <= TARGET // 4])
        for digested in corpora:
            if digested[0].size > TARGET // 4:
                try:
                    yield from ([part] for part in _parts(*digested))
                except (*READ_ERRORS, ValueError) as error:  # pyarrow's are both
                    problems.append(problem(digested[0].source, error))


def _together(items: list[_Digested]) -> Iterator[list[_Digested]]:
    group: list[_Digested] = []
    size = 0
    for digested in items:
        group.append(digested)
        size += digested[0].size
        enough = len(group) >= _FEWEST and _ends_group(digested[0])
        if enough or size >= TARGET or len(group) >= _MOST:
            yield group
            group, size = [], 0
    if group:
        yield group


def _parts(item: Item, digest: bytes) -> Iterator[_Digested]:
    """A big file: Parquet in runs of row groups, any other as it is."""
    if item.kind != "parquet":
        yield item, digest
        return
    from nalssi.sources.readers.corpora.parquet_corpus import (
        row_spans,  # pyarrow takes a third of a second to import
    )

    for start, rows, size in row_spans(item.path, TARGET):
        yield replace(item, rows=(start, rows), size=size), digest


def _ends_group(item: Item) -> bool:
    number = int.from_bytes(blake2b(item.uri.encode(), digest_size=4).digest(), "big")
    return number % _MEAN == 0


def _digest(item: Item) -> bytes | Problem:
    """A digest of the file's content.

    Reading a large file twice would cost as much as searching it. It is known by its length,
    its time of change and blocks of its content; a file copied or touched is read anew, which
    costs time and changes nothing.
    """
    try:
        with Path(item.path).open("rb") as file:
            if item.size <= _WHOLE:
                return sha256(file.read(_WHOLE)).digest()
            digest = sha256(f"{item.size} {Path(item.path).stat().st_mtime_ns}".encode())
            for sample in range(_SAMPLES):
                file.seek(sample * (item.size - _SAMPLE) // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE))
            return digest.digest()
    except READ_ERRORS as error:
        return problem(item.source, error)


def _fingerprint(group: list[_Digested], options: Options) -> str:
    # Only what was asked for: an option that is added later changes no fingerprint.
    asked = {f.name: v for f in fields(options) if (v := getattr(options, f.name)) != f.default}
    digest = blake2b(repr(sorted(asked.items())).encode(), digest_size=16)
    for item, content in group:
        place = (item.kind, item.uri, item.charset, item.captured_at, item.rows)
        digest.update(repr(place).encode() + content)
    return digest.hexdigest()
