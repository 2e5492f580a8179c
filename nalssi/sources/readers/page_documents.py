"""Turn raw pages (text, HTML and KMA's feed) into documents.

Files, responses of web servers, records of web archives and values of corpora become `RawPage`s.
`PageBatch` searches them for a temperature unit, and `documents` parses those that have one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import NamedTuple

import polars as pl

from nalssi.common.decompression import READ_ERRORS
from nalssi.common.freed_memory import keep_freed_memory
from nalssi.common.ids import document_id
from nalssi.common.text_spelling import contains_unit
from nalssi.sources.formats import FORMATS, Kind, reader_of
from nalssi.sources.partition import Batch, SourceFile
from nalssi.sources.problems import Problem, UnreadableError, problem_of
from nalssi.sources.readers.decompressed_file import read_whole
from nalssi.sources.readers.pages.embedded_page import EmbeddedPage
from nalssi.sources.readers.pages.html_text import read_html, site_of
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits
from nalssi.sources.readers.text_encoding import decode
from nalssi.sources.readers.ticker_prefilter import may_hold_ticker

DOCUMENTS = pl.Schema(
    {
        "document_id": pl.String(),
        "uri": pl.String(),
        "site": pl.String(),
        "media_type": pl.String(),
        "captured_at": pl.Datetime("us", "UTC"),
        "text": pl.String(),
    }
)
"""The columns of a batch's documents. `site` is the host of an http(s) `uri` without `www.`, or of
the address that a saved page states for itself; null without such an address."""

_HASHED_TOGETHER = 32
"""The number of pages that one task hashes: starting a task costs as much as hashing one page."""
_PARSED_TOGETHER = 2**21
"""The size in bytes of pages that are parsed together, because each call has a fixed cost."""
_HASHING = ThreadPoolExecutor(pl.thread_pool_size(), "page-hashing")


class RawPage(NamedTuple):
    """A page as it was stored or sent, before it is decoded and parsed."""

    kind: Kind
    uri: str
    raw: bytes
    charset: str | None = None
    """The charset that came with the page, from HTTP or a mail header."""
    captured_at: datetime | None = None


def read_page_files(
    files: Iterable[SourceFile], limits: ReadLimits = DEFAULT_LIMITS
) -> Iterator[Batch]:
    """Yield batches of pages, from files that are a page or contain a few pages (such as MHTML).

    A file that cannot be read is a problem of its batch. The last batch may be empty.
    """
    batch = PageBatch(limits)
    problems: list[Problem] = []
    for file in files:
        batch.bytes_on_disk += file.size
        try:
            pages = _pages_of(file, limits)
        except (*READ_ERRORS, UnreadableError) as error:
            problems.append(problem_of(file.source, error))
            continue
        for page in pages:
            batch.add(page.kind, page.raw, partial(_page_itself, page))
        if batch.is_full:
            yield batch.finish(problems)
            batch, problems = PageBatch(limits), []
    yield batch.finish(problems)


def _pages_of(file: SourceFile, limits: ReadLimits) -> list[RawPage]:
    raw = read_whole(file.path, limits.page_bytes, file.etag)
    if FORMATS[file.kind].role == "page":
        return [RawPage(file.kind, file.uri, raw, file.charset, file.captured_at)]
    pages: Sequence[EmbeddedPage] = reader_of(file.kind)(raw, limits)
    return [
        RawPage(
            page.kind,
            page.address or (f"{file.uri}#{page.part}" if page.part else file.uri),
            page.raw,
            page.charset,
            page.captured_at or file.captured_at,
        )
        for page in pages
    ]


def _page_itself(page: RawPage) -> RawPage:
    return page


class PageBatch:
    """Collects pages for a batch, and keeps only those that may contain a ticker.

    Usage::

        batch = PageBatch()
        batch.add("html", raw, lambda: RawPage("html", uri, raw))
        if batch.is_full:
            yield batch.finish()
    """

    def __init__(self, limits: ReadLimits = DEFAULT_LIMITS) -> None:
        self.bytes_on_disk = 0
        """The number of bytes on disk that were read for this batch; the caller counts them."""
        self._limits = limits
        self._pages_read = 0
        self._unsearched: list[tuple[Kind, bytes, Callable[[], RawPage | None]]] = []
        self._unsearched_bytes = 0
        self._candidates: list[RawPage] = []
        self._candidate_bytes = self._parsed_bytes = 0
        self._parsed = ParsedPages()
        keep_freed_memory()

    @property
    def is_full(self) -> bool:
        """Whether the kept pages are large enough together to make a batch."""
        return self._candidate_bytes >= self._limits.batch_bytes

    def count(self, pages: int) -> None:
        """Add `pages`, a number of pages that cannot contain a ticker, to the pages read."""
        self._pages_read += pages

    def add(self, kind: Kind, raw: bytes, make_page: Callable[[], RawPage | None]) -> None:
        """Count a page, and keep it if it may contain a ticker.

        A page may contain a ticker if `may_hold_ticker` finds a temperature unit in `raw`, or if
        `kind` is `xml`, KMA's feed. The content is searched later (`search`), and only then
        `make_page` is called, for the pages that are kept. If it returns None, the page is unusable
        and is not counted.
        """
        self._pages_read += 1
        self._unsearched.append((kind, raw, make_page))
        self._unsearched_bytes += len(raw)
        if self._unsearched_bytes >= self._limits.prefilter_bytes:
            self.search()

    def finish(self, problems: Sequence[Problem] = ()) -> Batch:
        """Return the batch of all pages that were added, with the given problems.

        Its documents are only those that may contain a ticker. The object cannot be used again.
        """
        self.search()
        self._parse()
        found = self._parsed.documents()
        return Batch(found, self._pages_read, self.bytes_on_disk, tuple(problems))

    def search(self) -> None:
        """Search the pages added since the last search. Keep those that may contain a ticker."""
        hits = may_hold_ticker([raw for _, raw, _ in self._unsearched])
        for (kind, raw, make_page), hit in zip(self._unsearched, hits, strict=True):
            if hit or kind == "xml":  # a feed prints no unit
                if (candidate := make_page()) is None:
                    self._pages_read -= 1
                    continue
                self._candidates.append(candidate)
                self._candidate_bytes += len(raw)
        self._unsearched, self._unsearched_bytes = [], 0
        if self._candidate_bytes - self._parsed_bytes >= _PARSED_TOGETHER:
            self._parse()

    def _parse(self) -> None:
        """Parse the kept pages, so that their raw content need not be kept longer."""
        self._parsed.parse(self._candidates)
        self._candidates, self._parsed_bytes = [], self._candidate_bytes


def documents(pages: Sequence[RawPage]) -> pl.DataFrame:
    """Parse pages into documents, with the columns of DOCUMENTS.

    Pages whose text prints no temperature unit are dropped, unless they are KMA's feed; so are
    repeated documents. A saved HTML page, in a file of its own, gets the address and, if it has
    none, the capture time that it states for itself (`saved_page_address`).
    """
    parsed = ParsedPages()
    parsed.parse(pages)
    return parsed.documents()


class ParsedPages:
    """Parses pages, some at a time, and makes one frame of all documents.

    Usage::

        parsed = ParsedPages()
        parsed.parse(pages)
        parsed.documents()
    """

    def __init__(self) -> None:
        self._uris: list[str] = []
        self._sites: list[str | None] = []
        self._kinds: list[Kind] = []
        self._captured_at: list[datetime | None] = []
        self._texts: list[str] = []
        self._ids: list[Future[list[str]]] = []

    def parse(self, pages: Sequence[RawPage]) -> None:
        """Parse pages. Their raw content is not kept."""
        html = read_html([(p.raw, p.charset) for p in pages if p.kind == "html"])
        located: list[RawPage] = []
        for page in pages:
            site, claimed_address, saved_at = site_of(page.uri), None, None
            if page.kind == "html":
                read = next(html)
                self._texts.append(read.text)
                if site is None:
                    claimed_address, saved_at = read.claim()
            else:
                self._texts.append(decode(page.raw, page.charset))
            self._sites.append(site or site_of(claimed_address or ""))
            located.append(_with_claims(page, claimed_address, saved_at))
            # Hashing releases Python's lock, so it runs while the next pages are parsed.
            if len(located) == _HASHED_TOGETHER:
                self._locate(located)
                located = []
        self._locate(located)

    def _locate(self, pages: list[RawPage]) -> None:
        """Add the addresses, formats and capture times of pages to the columns of the frame.

        Their ids are computed in another thread.
        """
        self._uris += [page.uri for page in pages]
        self._kinds += [page.kind for page in pages]
        self._captured_at += [page.captured_at for page in pages]
        self._ids.append(_HASHING.submit(_ids_of, pages))

    def documents(self) -> pl.DataFrame:
        """Return the documents of all parsed pages, in order, with the columns of DOCUMENTS.

        Pages that cannot contain a ticker, and repeated documents, are dropped (`documents_frame`).
        """
        return documents_frame(
            document_id=[name for ids in self._ids for name in ids.result()],
            uri=self._uris,
            site=self._sites,
            media_type=[FORMATS[kind].media_type for kind in self._kinds],
            captured_at=self._captured_at,
            text=self._texts,
        )


def _with_claims(page: RawPage, address: str | None, saved_at: datetime | None) -> RawPage:
    """Give a saved page the address and the capture time that it states for itself.

    A capture time that the page has already is kept. A saved page is HTML in a file of its own or
    from standard input. Other pages are returned unchanged, also records of a corpus, whose URI
    contains a `#`.
    """
    is_local = page.uri.startswith(("file:", "s3:")) or page.uri == "stdin:"
    if page.kind != "html" or not is_local or "#" in page.uri:
        return page
    return page._replace(uri=address or page.uri, captured_at=page.captured_at or saved_at)


def _ids_of(pages: Sequence[RawPage]) -> list[str]:
    return [document_id(page.uri, page.captured_at, page.raw) for page in pages]


def documents_frame(**columns: Sequence[object] | pl.Series) -> pl.DataFrame:
    """Make a frame of the given columns, which are those of DOCUMENTS, without duplicates.

    Only documents that may contain a ticker are kept: KMA's feed, and texts that print a
    temperature unit.
    """
    frame = pl.DataFrame(columns, schema=DOCUMENTS)
    feed = frame["media_type"] == FORMATS["xml"].media_type
    return frame.filter(feed | contains_unit(frame["text"])).unique(
        "document_id", keep="first", maintain_order=True
    )
