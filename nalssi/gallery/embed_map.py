"""The page `embed/map.html`: the newest list on a map, for a frame of another site.

It is made like the other pages for frames (`embed_pages`), but it is larger, because it has the
outline of the country: about 30 kB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from nalssi.charts.headlines import list_headline
from nalssi.gallery.embed_pages import frame_style, moment, sites_text
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.map_svg import page_map
from nalssi.gallery.newest_list import NewestList
from nalssi.locale.locales import Locale


@dataclass(frozen=True, kw_only=True)
class MapEmbedPage(GalleryPage):
    """A page for a frame of another site: the map of the newest list.

    Every field is a variable of its template. `newest` is None if no list has a usable reading.
    """

    template: ClassVar[str] = "embed_map.html"
    path: str = "embed/map.html"
    section: str = "embed"
    newest: NewestList | None
    regions: Sequence[Row]
    full_page: str = "index.html"

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, and

        - `title`; `style` and `style_digest` (`frame_style`); `sites`: the sites that print the
          list, as text
        - `map`: the variables of the macro `map` (`page_map`), or None without a usable reading
        - `headline` and `moment` (the time of the list), if there is a usable reading
        """
        used = [row for row in self.newest.readings if row["usable"]] if self.newest else []
        style, style_digest = frame_style((row["temperature_c"] for row in used), "embed_map.css")
        context = super().context(locale) | {
            "title": locale.gallery.map_title,
            "style": style,
            "style_digest": style_digest,
            "map": None,
            "sites": sites_text(self.newest.sites if self.newest else [], locale),
        }
        if self.newest and used:
            headline = list_headline(locale, used, self.regions)
            context |= {
                "headline": headline,
                "map": page_map(used, (), (), headline, locale),
                "moment": moment(self.newest.time, locale),
            }
        return context
