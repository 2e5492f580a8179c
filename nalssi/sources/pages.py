"""Pages: raw contents of text, HTML or feed documents, wherever they came from.

Files on disk, answers of a web server and records of an archive all become `Page`s; this
module turns many of them at once into documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import NamedTuple

import polars as pl

from nalssi.sources.charset import decode
from nalssi.sources.files import NotReadError, read_page
from nalssi.sources.html import read_pages, site_of
from nalssi.sources.literals import may_hold_ticker
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
from nalssi.ticker.lines import holds_unit

BLOCK = 16 * 2**20
"""Raw bytes of candidates that make a batch."""
SIFT = 2 * 2**20
"""Raw bytes of pages that are looked through at a time: they stay in the processor's cache."""

_BESIDE = ThreadPoolExecutor(pl.thread_pool_size(), "beside-reading")


class Page(NamedTuple):
    """A page as it was met."""

    kind: Kind
    uri: str
    raw: bytes
    charset: str | None = None
    captured_at: datetime | None = None


def read_files(items: Iterable[Item]) -> Iterator[Batch]:
    """Pages that lie in files of their own."""
    block = Block()
    problems: list[Problem] = []
    for item in items:
        block.used += item.size
        try:
            raw = read_page(item.path)
        except (*READ_ERRORS, NotReadError) as error:
            problems.append(problem(item.source, error))
            continue
        page = Page(item.kind, item.uri, raw, item.charset, item.captured_at)
        block.add(item.kind, raw, partial(_itself, page))
        if block.full:
            yield block.batch(problems)
            block, problems = Block(), []
    yield block.batch(problems)


def _itself(page: Page) -> Page:
    return page


class Block:
    """Pages on their way to be documents: sifted by the MiB, read when enough candidates are."""

    def __init__(self) -> None:
        self.used = 0
        """Bytes on disk that have gone into it."""
        self._read = 0
        self._fresh: list[tuple[Kind, bytes, Callable[[], Page]]] = []
        self._fresh_bytes = 0
        self._candidates: list[Page] = []
        self._bytes = 0

    @property
    def full(self) -> bool:
        """Whether it is time for a batch."""
        return self._bytes >= BLOCK

    def add(self, kind: Kind, raw: bytes, page: Callable[[], Page]) -> None:
        """Count a page and, if it prints a unit, take it: `page` is called for those alone."""
        self._read += 1
        self._fresh.append((kind, raw, page))
        self._fresh_bytes += len(raw)
        if self._fresh_bytes >= SIFT:
            self._sift()

    def batch(self, problems: Sequence[Problem] = ()) -> Batch:
        """All that has gone into it."""
        self._sift()
        return Batch(documents(self._candidates), self._read, self.used, tuple(problems))

    def _sift(self) -> None:
        hits = may_hold_ticker([raw for _, raw, _ in self._fresh])
        for (kind, raw, page), hit in zip(self._fresh, hits, strict=True):
            if hit or kind == "xml":  # a feed prints no unit
                self._candidates.append(page())
                self._bytes += len(raw)
        self._fresh, self._fresh_bytes = [], 0


def documents(pages: Sequence[Page]) -> pl.DataFrame:
    """Candidates as documents; a page whose unit turns out to stand in no text is left out."""
    # Hashing lets go of Python's lock: it is done while the markup is parsed.
    ids = _BESIDE.submit(lambda: [document_id(p.uri, p.captured_at, p.raw) for p in pages])
    read = read_pages([(p.raw, p.charset) for p in pages if p.kind == "html"])
    sites, texts = [], []
    for page in pages:
        site = site_of(page.uri)
        if page.kind == "html":
            found = next(read)
            texts.append(found.text)
            site = site or found.own_host()
        else:
            texts.append(decode(page.raw, page.charset))
        sites.append(site)
    return as_documents(
        document_id=ids.result(),
        uri=[page.uri for page in pages],
        site=sites,
        media_type=[MEDIA_TYPES[page.kind] for page in pages],
        captured_at=[page.captured_at for page in pages],
        text=texts,
    )


def as_documents(**columns: Sequence[object] | pl.Series) -> pl.DataFrame:
    """The columns of DOCUMENTS as a frame, of each document one, and only what can hold a ticker:
    a feed, or a text that prints a unit."""
    met = pl.DataFrame(columns, schema=DOCUMENTS)
    feed = met["media_type"] == MEDIA_TYPES["xml"]
    return met.filter(feed | holds_unit(met["text"])).unique(
        "document_id", keep="first", maintain_order=True
    )
