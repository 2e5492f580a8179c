"""The page that a web server sends for an unknown address: `404.html`.

The server sends it for addresses of any depth, so its links begin at the root of the host. The page
needs a server: it does not work from a file. A server has one such page for all languages, so it
also has a line in the other languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from nalssi.gallery.gallery_page import GalleryPage
from nalssi.locale.locales import LOCALES, Locale


@dataclass(frozen=True, kw_only=True)
class NotFoundPage(GalleryPage):
    """The page for unknown addresses, `404.html`."""

    template: ClassVar[str] = "not_found.html"
    any_depth: ClassVar[bool] = True
    path: str = "404.html"
    section: str = ""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields, and `phrases_of`.

        `phrases_of` has the phrases of all languages, by language.
        """
        phrases = {each.lang: each.publication for each in LOCALES.values()}
        return super().context(locale) | {"phrases_of": phrases}
