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

from nalssi.common.ids import document_id
from nalssi.common.text_spelling import contains_unit
from nalssi.sources.partition import (
    DOCUMENTS,
    MEDIA_TYPES,
    READ_ERRORS,
    WRAPPED,
    Batch,
    Item,
    Kind,
    Problem,
    problem,
)
from nalssi.sources.readers.pages.embedded_page import unwrap
from nalssi.sources.readers.pages.html_text import read_pages, site_of
from nalssi.sources.readers.text_encoding import decode
from nalssi.sources.readers.ticker_prefilter import may_hold_ticker
from nalssi.sources.readers.unpacked_file import read_page
from nalssi.sources.unsupported_formats import NotReadError

BLOCK = 16 * 2**20
"""Raw bytes of candidates that make a batch."""
SIFT = 2 * 2**20
"""Raw bytes of pages that are looked through at a time: they stay in the processor's cache."""
_HASHED_TOGETHER = 32
"""Pages that are hashed in one go: handing over a single one costs as much as its hash."""

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
            pages = _pages(item)
        except (*READ_ERRORS, NotReadError) as error:
            problems.append(problem(item.source, error))
            continue
        for page in pages:
            block.add(page.kind, page.raw, partial(_itself, page))
        if block.full:
            yield block.batch(problems)
            block, problems = Block(), []
    yield block.batch(problems)


def _pages(item: Item) -> list[Page]:
    """The page in a file, or the pages that the file wraps."""
    raw = read_page(item.path)
    if item.kind not in WRAPPED:
        return [Page(item.kind, item.uri, raw, item.charset, item.captured_at)]
    return [
        Page(
            inner.kind,
            inner.address or (f"{item.uri}#{inner.part}" if inner.part else item.uri),
            inner.raw,
            inner.charset,
            inner.captured_at or item.captured_at,
        )
        for inner in unwrap(item.kind, raw)
    ]


def _itself(page: Page) -> Page:
    return page


class Block:
    """Pages on their way to be documents: sifted by the MiB, read when enough candidates are."""

    def __init__(self) -> None:
        self.used = 0
        """Bytes on disk that have gone into it."""
        self._read = 0
        self._fresh: list[tuple[Kind, bytes, Callable[[], Page | None]]] = []
        self._fresh_bytes = 0
        self._candidates: list[Page] = []
        self._bytes = 0

    @property
    def full(self) -> bool:
        """Whether it is time for a batch."""
        return self._bytes >= BLOCK

    def add(self, kind: Kind, raw: bytes, page: Callable[[], Page | None]) -> None:
        """Count a page and, if it prints a unit, take it: `page` is called for those alone.

        It returns None if the page cannot be used after all; that is no page that was read.
        """
        self._read += 1
        self._fresh.append((kind, raw, page))
        self._fresh_bytes += len(raw)
        if self._fresh_bytes >= SIFT:
            self.sift()

    def batch(self, problems: Sequence[Problem] = ()) -> Batch:
        """All that has gone into it."""
        self.sift()
        return Batch(documents(self._candidates), self._read, self.used, tuple(problems))

    def sift(self) -> None:
        """Look for candidates among the pages added last."""
        hits = may_hold_ticker([raw for _, raw, _ in self._fresh])
        for (kind, raw, page), hit in zip(self._fresh, hits, strict=True):
            if hit or kind == "xml":  # a feed prints no unit
                if (candidate := page()) is None:
                    self._read -= 1
                    continue
                self._candidates.append(candidate)
                self._bytes += len(raw)
        self._fresh, self._fresh_bytes = [], 0


def documents(pages: Sequence[Page]) -> pl.DataFrame:
    """Candidates as documents; a page whose unit turns out to stand in no text is left out.

    A saved page, known by its file alone, gets the address and the time that it claims.
    """
    read = read_pages([(p.raw, p.charset) for p in pages if p.kind == "html"])
    placed, sites, texts, ids = [], [], [], []
    hashed = 0
    for page in pages:
        site, address, saved_at = site_of(page.uri), None, None
        if page.kind == "html":
            found = next(read)
            texts.append(found.text)
            if site is None:
                address, saved_at = found.claim()
        else:
            texts.append(decode(page.raw, page.charset))
        placed.append(_placed(page, address, saved_at))
        # Hashing lets go of Python's lock: it is done while the next pages are parsed.
        if len(placed) - hashed == _HASHED_TOGETHER:
            ids.append(_BESIDE.submit(_ids_of, placed[hashed:]))
            hashed = len(placed)
        sites.append(site or site_of(address or ""))
    known = [name for some in ids for name in some.result()] + _ids_of(placed[hashed:])
    return as_documents(
        document_id=known,
        uri=[page.uri for page in placed],
        site=sites,
        media_type=[MEDIA_TYPES[page.kind] for page in placed],
        captured_at=[page.captured_at for page in placed],
        text=texts,
    )


def _is_saved(page: Page) -> bool:
    """Whether a page is a saved one: HTML in a file of its own, or from standard input."""
    local = page.uri.startswith("file:") or page.uri == "stdin:"
    return page.kind == "html" and local and "#" not in page.uri  # that is a corpus's record


def _placed(page: Page, address: str | None, saved_at: datetime | None) -> Page:
    """A saved page under the address that it claims."""
    if not _is_saved(page):
        return page
    captured_at = page.captured_at or saved_at
    return page._replace(uri=address or page.uri, captured_at=captured_at)


def _ids_of(pages: Sequence[Page]) -> list[str]:
    return [document_id(page.uri, page.captured_at, page.raw) for page in pages]


def as_documents(**columns: Sequence[object] | pl.Series) -> pl.DataFrame:
    """The columns of DOCUMENTS as a frame, of each document one, and only what can hold a ticker:
    a feed, or a text that prints a unit."""
    met = pl.DataFrame(columns, schema=DOCUMENTS)
    feed = met["media_type"] == MEDIA_TYPES["xml"]
    return met.filter(feed | contains_unit(met["text"])).unique(
        "document_id", keep="first", maintain_order=True
    )
