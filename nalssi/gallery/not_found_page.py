"""The page that a web server sends for an unknown address: `404.html`.

The server sends it for addresses of any depth, so its links begin at the root of the host. They do
not work from a file. The style is part of the page, so the page is readable from a file, too. A
server has one such page for all languages, so it also has a line in the other languages.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar

from markupsafe import Markup

from nalssi.gallery.gallery_page import GalleryPage
from nalssi.gallery.stylesheet import stylesheet
from nalssi.locale.locales import LOCALES, Locale


@dataclass(frozen=True, kw_only=True)
class NotFoundPage(GalleryPage):
    """The page for unknown addresses, `404.html`."""

    template: ClassVar[str] = "not_found.html"
    any_depth: ClassVar[bool] = True
    path: str = "404.html"
    section: str = ""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, and

        - `phrases_of`: the phrases of all languages, by language
        - `style`: the style sheet, and `style_digest` (SHA-256, base64) for the page's
          Content-Security-Policy
        """
        style = stylesheet()
        return super().context(locale) | {
            "phrases_of": {each.lang: each.publication for each in LOCALES.values()},
            "style": Markup(style.decode()),  # noqa: S704
            "style_digest": b64encode(sha256(style).digest()).decode(),
        }
