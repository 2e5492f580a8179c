"""What all pages of the gallery have in common: their inputs, and how they become files.

To add a page, write a subclass of `GalleryPage` and its template, and yield it in
`nalssi.gallery.build`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, ClassVar

from nalssi.gallery.chart_files import ChartImages
from nalssi.gallery.code_version import code_version
from nalssi.gallery.html_templates import environment
from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.site_files import SiteFile
from nalssi.locale.locales import Lang, Locale

Row = Mapping[str, Any]
"""Values by column name, as `DataFrame.to_dicts` gives them."""


@dataclass(frozen=True, kw_only=True)
class GalleryPage:
    """A page in every language. Its fields are everything that its content depends on.

    A page is rendered again when one of its fields changes, or the code does. That is why
    `context` must use nothing but the fields and the locale.
    """

    template: ClassVar[str]
    """File name of the template."""
    path: str
    """Path below the folder of a language."""
    section: str
    """The entry of the main menu to which the page belongs."""
    charts: Mapping[Lang, ChartImages] = field(default_factory=dict)
    """The charts that the page shows."""
    tables: Sequence[SiteFile] = ()
    """The CSV files that the page offers."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return what the template sees in a language: the fields, unless a subclass adds more.

        The template also sees `locale`, `phrases` and the paths that `PageRenderer` adds.
        `charts` are those of the language, by kind.
        """
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return values | {"charts": self.charts.get(locale.lang, {})}

    def linked_files(self) -> Iterator[SiteFile]:
        """The tables and charts that the page links to."""
        yield from self.tables
        for charts in self.charts.values():
            for chart in charts.values():
                yield from chart.files


@dataclass(frozen=True)
class PageRenderer:
    """Makes files of pages: one per language, each with the same surroundings."""

    locales: Sequence[Locale]
    """The languages of the site. The pages of the first are at the root, others in a folder."""
    assets: Mapping[str, str]
    """Paths of the style sheet and the scripts, by the names that `layout.html` uses."""

    def files(self, page: GalleryPage) -> Iterator[SiteFile]:
        """The files that a page links to, then the page; that of the first language comes last."""
        yield from page.linked_files()
        inputs = input_digest(page)
        for locale in reversed(self.locales):
            path = self._folder(locale) + page.path
            surroundings = (path, self.assets, [each.lang for each in self.locales])
            key = input_digest((code_version(), surroundings, page.template, inputs))
            yield SiteFile(path, key, partial(self._render, page, locale))

    def _folder(self, locale: Locale) -> str:
        return "" if locale == self.locales[0] else f"{locale.lang}/"

    def _render(self, page: GalleryPage, locale: Locale) -> bytes:
        folder = self._folder(locale)
        root = "../" * (folder + page.path).count("/")
        template = environment().get_template(page.template)
        text = template.render(
            page.context(locale),
            locale=locale,
            phrases=locale.gallery,
            root=root,
            home=root + folder,
            assets={name: root + asset for name, asset in self.assets.items()},
            others=[
                (each, f"{root}{self._folder(each)}{page.path}")
                for each in self.locales
                if each != locale
            ],
        )
        return text.encode()
