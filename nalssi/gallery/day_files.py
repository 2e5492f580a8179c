"""Plan the files of the pages of days and of undated lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nalssi.charts.day_units import Unit
from nalssi.gallery.chart_files import ChartFolder
from nalssi.gallery.day_order import DayOrder
from nalssi.gallery.day_page import DayPage, day_page
from nalssi.gallery.day_reader import DayReader
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import PageRenderer
from nalssi.gallery.site_files import SiteFile, SiteFolder


@dataclass(frozen=True)
class DayFiles:
    """Plans and renders the files of the pages of days and of undated lists.

    `data` and `reader` read the warehouse, `charts` has the chart files, and `order` has all days
    that have a page. `renderer` makes the files, and `site` is the folder of the gallery.
    """

    data: GalleryData
    reader: DayReader
    charts: ChartFolder
    order: DayOrder
    renderer: PageRenderer
    site: SiteFolder

    def files(self, units: Mapping[str, Unit]) -> Iterator[SiteFile]:
        """Yield the files of the pages of units (days, undated lists), in the order of `pages`."""
        for _, files in self.pages(units):
            yield from files

    def pages(self, units: Mapping[str, Unit]) -> Iterator[tuple[DayPage, Sequence[SiteFile]]]:
        """Yield the page of each unit (a day or an undated list), with its files.

        First come the pages that are up to date: `site`, the folder of the gallery, has their
        files. The other pages are yielded one span of days after another. `reader` has then read
        the lists of the span, so that rendering a page needs no query.
        """
        to_write: dict[str, tuple[DayPage, Sequence[SiteFile]]] = {}
        for page in self._planned(units):
            files = list(self.renderer.files(page))
            if all(map(self.site.is_current, files)):
                yield page, files
            else:
                to_write[page.lists.unit.name] = page, files
        for group in self.reader.spans([page.lists.unit for page, _ in to_write.values()]):
            self.reader.read(group)
            for unit in group:
                yield to_write.pop(unit.name)

    def _planned(self, units: Mapping[str, Unit]) -> Iterator[DayPage]:
        regions, false_dates = self.data.region_rows, self.data.false_dates
        for unit in units.values():
            yield day_page(unit, self.reader, regions, self.order, self.charts, false_dates)
