"""Pages: raw contents of text, HTML or feed documents, wherever they came from.

Files on disk, answers of a web server and records of an archive all become `Page`s; this
module turns many of them at once into documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import polars as pl

from nalssi.sources.charset import decode
from nalssi.sources.files import NotReadError, read_page
from nalssi.sources.html import page_texts, site_of
from nalssi.sources.literals import UNITS, may_hold_ticker
from nalssi.sources.partition import (
    DOCUMENTS,
    MEDIA_TYPES,
    READ_ERRORS,
    Batch,
    Item,
    Kind,
    Problem,
    problem,
)
from nalssi.ticker.identity import document_id

BLOCK = 16 * 2**20
"""Raw bytes of pages that are looked through, and held, at a time."""


class Page(NamedTuple):
    """A page as it was met."""

    kind: Kind
    uri: str
    raw: bytes
    charset: str | None = None
    captured_at: datetime | None = None


def read_files(items: Iterable[Item]) -> Iterator[Batch]:
    """Pages that lie in files of their own."""
    pages: list[Page] = []
    problems: list[Problem] = []
    size = used = 0
    for item in items:
        used += item.size
        try:
            raw = read_page(item.path)
        except (*READ_ERRORS, NotReadError) as error:
            problems.append(problem(item.source, error))
            continue
        pages.append(Page(item.kind, item.uri, raw, item.charset, item.captured_at))
        size += len(raw)
        if size >= BLOCK:
            yield Batch(documents(pages), len(pages), used, tuple(problems))
            pages, problems, size, used = [], [], 0, 0
    if used or problems:
        yield Batch(documents(pages), len(pages), used, tuple(problems))


def documents(pages: list[Page]) -> pl.DataFrame:
    """The candidates among pages, as documents; those that print no unit are passed over."""
    hits = may_hold_ticker([page.raw for page in pages])
    # A feed has a field for the temperature and prints no unit.
    candidates = [p for p, hit in zip(pages, hits, strict=True) if hit or p.kind == "xml"]
    contents = [decode(page.raw, page.charset) for page in candidates]
    markups = [c for p, c in zip(candidates, contents, strict=True) if p.kind == "html"]
    from_markup = page_texts(markups)
    rows = []
    for page, content in zip(candidates, contents, strict=True):
        text, own_host = next(from_markup) if page.kind == "html" else (content, None)
        if page.kind == "xml" or any(unit in text for unit in UNITS):
            name = document_id(page.uri, page.captured_at, page.raw)
            site = site_of(page.uri) or own_host
            media_type = MEDIA_TYPES[page.kind]
            rows.append((name, page.uri, site, media_type, page.captured_at, text))
    return pl.DataFrame(rows, schema=DOCUMENTS, orient="row").unique(
        "document_id", keep="first", maintain_order=True
    )
