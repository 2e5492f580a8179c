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
    """The files of the pages of days: what they are planned from, and how they are rendered.

    `order` has all days that have a page.
    """

    data: GalleryData
    reader: DayReader
    charts: ChartFolder
    order: DayOrder
    renderer: PageRenderer
    site: SiteFolder

    def files(self, units: Mapping[str, Unit]) -> Iterator[SiteFile]:
        """Yield the files of the pages of some units, in the order of `pages`."""
        for _, files in self.pages(units):
            yield from files

    def pages(self, units: Mapping[str, Unit]) -> Iterator[tuple[DayPage, Sequence[SiteFile]]]:
        """Yield the page of each unit with its files: first the pages that are up to date.

        A page is up to date if `site`, the folder of the gallery, has its files. The others are
        yielded span by span, after `reader` has read the lists of the span, so that rendering
        needs no query.
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
