"""The web address at which a gallery is published: the setting `--site-url` or NALSSI_SITE_URL.

The pages of a gallery link to each other by relative paths, so a gallery needs no address. Some
things must be absolute: canonical links, pictures for Open Graph, the sitemap, and the code with
which other sites embed a table. Without an address the gallery leaves them out.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

SITE_URL_VARIABLE: Final = "NALSSI_SITE_URL"
_KEPT: Final = "/%:@!$&'()*+,;=~"
"""The characters of a path that are not percent-encoded: those that need not be, and `%` itself."""


@dataclass(frozen=True)
class SiteAddress:
    """The address of the start page of a gallery. It is ASCII and ends with a slash."""

    url: str

    @property
    def path(self) -> str:
        """The path of the address. It begins and ends with a slash."""
        return urlsplit(self.url).path

    def of(self, path: str) -> str:
        """Return the address of the file with this path in the gallery.

        For `FOLDER/index.html`, the result is the address of FOLDER, with a slash at the end.
        """
        folder, slash, name = path.rpartition("/")
        return self.url + quote(folder + slash if name == "index.html" else path)


def site_address(url: str | None = None) -> SiteAddress | None:
    """Return the address that a user has set, or None without one.

    `url` replaces the environment variable NALSSI_SITE_URL; an empty text counts as none. Raises
    ValueError if it is not the http or https address of a folder.
    """
    given = os.environ.get(SITE_URL_VARIABLE) if url is None else url
    if not given:
        return None
    try:
        parts = urlsplit(given)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ValueError(_problem(given, str(error))) from error
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(_problem(given, "it must begin with https:// or http:// and a host"))
    if parts.query or parts.fragment or "@" in parts.netloc or not given.isprintable():
        raise ValueError(
            _problem(given, "it must have no user name, `?`, `#` or control character")
        )
    host = f"[{host}]" if ":" in host else host
    path = quote(parts.path.rstrip("/") + "/", safe=_KEPT)
    return SiteAddress(f"{parts.scheme}://{host}{port}{path}")


def _problem(url: str, reason: str) -> str:
    return f"the site's address {url!r} cannot be used: {reason}"
