"""Captures of sites: the columns of a plan, and the ranges of an index that hold a site.

An index is sorted by the SURT of the address (Sort-friendly URI Reordering Transform): the host
with its labels reversed, then the path, such as `kr,co,press)/news/1`. The captures of a site are
therefore a few ranges of the index.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import polars as pl

CAPTURES: Final = {
    "url": pl.String(),
    "fetch_time": pl.Datetime("us", "UTC"),
    "fetch_status": pl.Int16(),
    "content_mime_type": pl.String(),
    "content_digest": pl.String(),
    "warc_filename": pl.String(),
    "warc_record_offset": pl.Int64(),
    "warc_record_length": pl.Int64(),
}
"""The columns of a plan, named as in Common Crawl's columnar index (cc-index-table)."""


class PlanError(ValueError):
    """A plan cannot be made.

    The message names the file or request, the position in it if there is one, and the cause.
    """


@dataclass(frozen=True)
class Site:
    """A host with its subdomains, or the pages of a host below a path."""

    surt: str
    """The beginning of the SURTs of its pages: `kr,co,press` or `kr,co,press)/news`."""
    whole_host: bool

    def ranges(self) -> list[tuple[str, str]]:
        """Return the ranges of SURTs that contain the captures of the site.

        A range is a pair: its first SURT, and the SURT after its last one.
        """
        if not self.whole_host:
            return [(self.surt, _after(self.surt))]
        return [(f"{self.surt})", f"{self.surt}*"), (f"{self.surt},", f"{self.surt}-")]

    @property
    def host(self) -> str:
        """The host of the site, without `www.`."""
        return ".".join(reversed(self.surt.partition(")")[0].split(",")))

    @property
    def path(self) -> str:
        """The path with which the pages of the site begin, in lower case; empty for a whole host.

        It includes the query of the address.
        """
        return self.surt.partition(")")[2]


def site_of(text: str) -> Site:
    """Return the site that a text names: a host, or an address with which its pages begin.

    An address without a path names the whole host. Raises ValueError if the text is neither a host
    of two or more labels nor such an address.
    """
    parts = urlsplit(text if "://" in text else f"//{text}")
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError(f"no host: {text!r}") from None
    labels = host.split(".")
    if len(labels) < 2 or not all(labels) or parts.username:
        raise ValueError(f"no host: {text!r}")
    surt = ",".join(reversed(labels))
    path = (parts.path + (f"?{parts.query}" if parts.query else "")).lower()
    return Site(f"{surt}){path}", whole_host=False) if path.strip("/") else Site(surt, True)


def read_sites(file: Path) -> list[Site]:
    """Read a list of sites: the first word of each line. Lines that begin with `#` are comments.

    A site that is listed twice is returned once. Raises PlanError for a line that names no host and
    for an empty list, OSError if the file cannot be read, UnicodeDecodeError if it is not in UTF-8.
    """
    sites: list[Site] = []
    for number, line in enumerate(file.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            site = site_of(line.split()[0])
        except ValueError as error:
            raise PlanError(f"{file}: line {number}: {error}") from None
        if site not in sites:
            sites.append(site)
    if not sites:
        raise PlanError(f"{file}: no site in it")
    return sites


def key_ranges(sites: Iterable[Site]) -> list[tuple[str, str]]:
    """Return the ranges of SURTs of sites (`Site.ranges`), sorted.

    Ranges that overlap or touch are merged.
    """
    merged: list[tuple[str, str]] = []
    for first, end in sorted(found for site in sites for found in site.ranges()):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((first, end))
    return merged


def _after(text: str) -> str:
    """Return the text that sorts directly after all texts that begin with `text`."""
    return text[:-1] + chr(ord(text[-1]) + 1)
