"""The sitemap (sitemaps.org) and robots.txt of the gallery, if its site address is known.

`lastmod` is the time of the newest load that added something to a page, so the sitemap does not
change without new data. A sitemap has at most 50,000 addresses; a larger one becomes an index of
several sitemaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from nalssi.common.site_address import SiteAddress
from nalssi.gallery.site_files import SiteFile, content_file
from nalssi.locale.locales import Lang

SITEMAP: Final = "sitemap.xml"
ROBOTS: Final = "robots.txt"
MOST_ADDRESSES: Final = 50_000
"""The largest number of addresses that the protocol of sitemaps allows in a sitemap."""
HEADER: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def listed_pages(paths: Iterable[str], folders: Iterable[str]) -> list[str]:
    """Return the pages of places and periods among some files, in the first language, sorted.

    `paths` are all paths of files, `folders` the folders of the languages after the first. Pages of
    days, of undated lists and of `embed/` are left out: `publication.sitemap` adds the pages of
    days. Pages of undated lists and of `embed/` are not in the sitemap.
    """
    others = ("dates/", "undated/", "embed/", *folders)
    return sorted(each for each in paths if each.endswith(".html") and not each.startswith(others))


@dataclass(frozen=True)
class SitemapPage:
    """A page: its path in the folder of a language, and the time of its newest data."""

    path: str
    modified_at: datetime | None


def sitemap_files(
    pages: Sequence[SitemapPage],
    folders: Sequence[tuple[Lang, str]],
    site: SiteAddress,
    most_addresses: int = MOST_ADDRESSES,
) -> Iterator[SiteFile]:
    """Yield the sitemap, or several sitemaps and an index of them, then perhaps robots.txt.

    `folders` are the languages of the gallery with their folders. A page has an address in each
    language; a sitemap has at most `most_addresses` addresses. Crawlers read robots.txt only at the
    root of a host, so it is left out if the gallery is in a folder of the host.
    """
    size = max(most_addresses // len(folders), 1)
    parts = [pages[start : start + size] for start in range(0, len(pages), size)]
    if len(parts) <= 1:
        yield content_file(SITEMAP, _sitemap(pages, folders, site))
    else:
        entries = []
        for number, part in enumerate(parts, 1):
            path = f"sitemap-{number}.xml"
            yield content_file(path, _sitemap(part, folders, site))
            newest = max(filter(None, (page.modified_at for page in part)), default=None)
            entries.append(_entry("sitemap", site.of(path), newest))
        yield content_file(SITEMAP, _document("sitemapindex", entries))
    if site.path == "/":
        yield content_file(
            ROBOTS, f"User-agent: *\nDisallow:\nSitemap: {site.of(SITEMAP)}\n".encode()
        )


def _sitemap(
    pages: Sequence[SitemapPage], folders: Sequence[tuple[Lang, str]], site: SiteAddress
) -> bytes:
    entries = []
    for page in pages:
        addresses = {lang: site.of(folder + page.path) for lang, folder in folders}
        languages = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href={quoteattr(address)}/>'
            for lang, address in addresses.items()
            if len(addresses) > 1
        )
        for address in addresses.values():
            entries.append(_entry("url", address, page.modified_at, languages))
    return _document("urlset", entries, ' xmlns:xhtml="http://www.w3.org/1999/xhtml"')


def _entry(name: str, address: str, modified_at: datetime | None, more: str = "") -> str:
    modified = (
        f"<lastmod>{modified_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>"
        if modified_at
        else ""
    )
    return f"<{name}><loc>{escape(address)}</loc>{modified}{more}</{name}>\n"


def _document(name: str, entries: Sequence[str], namespaces: str = "") -> bytes:
    head = f'{HEADER}<{name} xmlns="{NAMESPACE}"{namespaces}>\n'
    return f"{head}{''.join(entries)}</{name}>\n".encode()
