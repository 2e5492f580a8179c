"""The address and the time of saving that a saved page states for itself.

Browsers and add-ons note where they saved a page from. Pages name their own address for search
engines (`rel=canonical`) and for social networks (`og:url`). All of this is a claim, because anyone
can write any address into a page. The claim becomes the document's address and is never fetched.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

MAX_ADDRESS = 2048
"""The longest address, in characters; browsers and search engines accept no longer ones."""
_HEAD = 4096
_OWN_ADDRESS = 'base[href], link[rel="canonical"], meta[property="og:url"], meta[name="og:url"]'
_NOT_IN_ADDRESS = frozenset(' <>"\\')

# Internet Explorer, Chrome, Edge and Firefox. `about:internet` marks a page as from the web, but is
# no address.
_SAVED_FROM = re.compile(rb"<!--\s*(?i:saved from url)=(?:\(\d+\))?(\S+?)\s*-->")
_SINGLE_FILE = re.compile(
    rb"<!--\s*(?i:Page saved with SingleFile)\s+url:\s*(\S+)(?:\s+saved date:([^\n]{,80}))?"
)
_MONOLITH = re.compile(rb"<!--\s*Saved from (\S+)(?: at (\S+))? using monolith")
_SAVE_PAGE_WE = b"savepage-url"
# JavaScript's `Date.toString()`: always in English, always with an offset.
_JS_DATE = re.compile(r"\w{3} (\w{3}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})\b")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]*[^\W\d][\w-]*")


def saved_address(claimed: str) -> str | None:
    """Return a claimed address without its fragment, or None if it is not a public http(s) address.

    Addresses with credentials, an IP address or a host without a dot are not public. Invalid
    addresses, and those with blanks, control characters or more than MAX_ADDRESS characters, also
    give None.
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


def claimed_origin(markup: bytes, tree: LexborHTMLParser) -> tuple[str | None, datetime | None]:
    """Return the address and the time of saving (UTC) that an HTML page states for itself.

    Each is None if the page does not state it, or states no public address. Only the note of a
    program states the time. `markup` and `tree` are those of the page (`ParsedPage`). The note of
    the program that saved the page comes first (a browser, SingleFile, monolith, Save Page WE),
    then `rel=canonical`, then `og:url`. Some sites name their front page as the canonical address
    of every article, so `og:url` is preferred to a canonical address without a path. A relative
    address is used if the page has an absolute `<base>`. An address without a scheme
    (`//host/path`) is read as https.
    """
    saved_from, saved_at = _saved_from(markup, tree)
    if saved_from:
        return saved_from, saved_at
    nodes = tree.css(_OWN_ADDRESS)  # one search for all, because it reads the whole page
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
    """Return a claimed address, resolved against the page's base.

    Returns None if it stays relative or is no public address (`saved_address`).
    """
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
    """Return the address and the time that the saving program noted in the page.

    The program is a browser, an add-on or monolith. A value is None if the page does not have it,
    or if the address is not public.
    """
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
    """Parse a time with an offset, in JavaScript's or ISO 8601's form; None for other texts."""
    try:
        if found := _JS_DATE.search(written):
            month, day, year, clock, offset = found.groups()
            moment = parsedate_to_datetime(f"{day} {month} {year} {clock} {offset}")
        else:
            moment = datetime.fromisoformat(written.strip())
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):  # not a date, or an impossible one
        return None
