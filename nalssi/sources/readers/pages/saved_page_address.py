"""The address and time that a saved page claims for itself.

Browsers and add-ons note where a page was saved from; a page names its own address for search
engines (`rel=canonical`) and for social networks (`og:url`). All of this is a claim: anyone can
write any address into a page. It gives a page its place and its site, and is never fetched.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

MAX_ADDRESS = 2048
"""Characters of an address; browsers and search engines take no longer ones."""
_HEAD = 4096
_OWN_ADDRESS = 'base[href], link[rel="canonical"], meta[property="og:url"], meta[name="og:url"]'
_NOT_IN_ADDRESS = frozenset(' <>"\\')

# Internet Explorer, Chrome, Edge and Firefox; `about:internet` is the mark of the web alone.
_SAVED_FROM = re.compile(rb"<!--\s*(?i:saved from url)=(?:\(\d+\))?(\S+?)\s*-->")
_SINGLE_FILE = re.compile(
    rb"<!--\s*(?i:Page saved with SingleFile)\s+url:\s*(\S+)(?:\s+saved date:([^\n]{,80}))?"
)
_MONOLITH = re.compile(rb"<!--\s*Saved from (\S+)(?: at (\S+))? using monolith")
_SAVE_PAGE_WE = b"savepage-url"
# JavaScript's `Date.toString()`: always English, always with an offset.
_JS_DATE = re.compile(r"\w{3} (\w{3}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})\b")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]*[^\W\d][\w-]*")


def saved_address(claimed: str) -> str | None:
    """An absolute http(s) address without its fragment, or None for anything else.

    Credentials, control characters, and hosts without a dot or by number are refused: they are
    no address of a public page.
    """
    claimed = claimed.strip()
    if len(claimed) > MAX_ADDRESS or not claimed.isprintable() or _NOT_IN_ADDRESS & set(claimed):
        return None
    try:
        parts = urlsplit(claimed)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    return parts._replace(fragment="").geturl()


def claim(markup: bytes, tree: LexborHTMLParser) -> tuple[str | None, datetime | None]:
    """The address and the time of saving that a page claims.

    In this order: what saved the page (a browser, SingleFile, monolith, Save Page WE), then
    `rel=canonical`, then `og:url`. Some sites call their front page the canonical address of every
    article, so an address without a path yields to `og:url`. A relative address counts if the page
    has an absolute `<base>`; one without a scheme (`//host/path`) is taken for https.
    """
    saved_from, saved_at = _saved_from(markup, tree)
    if saved_from:
        return saved_from, saved_at
    nodes = tree.css(_OWN_ADDRESS)  # once: it looks through the whole page
    bases = (node.attributes.get("href") or "" for node in nodes if node.tag == "base")
    base = saved_address(next(bases, ""))
    front_page = None
    for tag, attribute in (("link", "href"), ("meta", "content")):
        for node in nodes:
            claimed = node.attributes.get(attribute) if node.tag == tag else None
            address = _resolved(claimed or "", base)
            if address and not _is_front_page(address):
                return address, saved_at
            front_page = front_page or address
    return front_page, saved_at


def _resolved(claimed: str, base: str | None) -> str | None:
    """An address as a page with this base means it; None for one that stays relative."""
    claimed = claimed.strip()
    if not claimed or len(claimed) > MAX_ADDRESS or not claimed.isprintable():
        return None
    try:
        return saved_address(urljoin(base or "https:", claimed))
    except ValueError:
        return None


def _is_front_page(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query


def _saved_from(markup: bytes, tree: LexborHTMLParser) -> tuple[str | None, datetime | None]:
    """What the program that saved a page noted in it."""
    found = _SAVED_FROM.search(markup, 0, _HEAD)
    if found and (address := saved_address(_text(found[1]))):
        return address, None
    for pattern in (_SINGLE_FILE, _MONOLITH):
        if found := pattern.search(markup, 0, _HEAD):
            return saved_address(_text(found[1])), _saved_at(_text(found[2] or b""))
    if _SAVE_PAGE_WE in markup:
        noted = {
            name: node.attributes.get("content") or ""
            for name in ("savepage-url", "savepage-date")
            for node in tree.css(f'meta[name="{name}"]')[:1]
        }
        if address := saved_address(noted.get("savepage-url", "")):
            return address, _saved_at(noted.get("savepage-date", ""))
    return None, None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _saved_at(written: str) -> datetime | None:
    """A time with an offset, as JavaScript or ISO 8601 writes it; never guessed."""
    try:
        if found := _JS_DATE.search(written):
            month, day, year, clock, offset = found.groups()
            moment = parsedate_to_datetime(f"{day} {month} {year} {clock} {offset}")
        else:
            moment = datetime.fromisoformat(written.strip())
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):  # no date, no such day, no year that a clock knows
        return None
