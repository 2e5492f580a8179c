"""The base class of all pages of the gallery, and how a page becomes files.

To add a page, write a subclass of `GalleryPage` and its template, and yield its files in
`nalssi.gallery.site_plan` or, if it depends on finished days only, in
`nalssi.gallery.finished_files`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from hashlib import blake2b
from typing import Any, ClassVar

from nalssi.common.site_address import SiteAddress
from nalssi.gallery.chart_files import ChartImages
from nalssi.gallery.code_version import code_version
from nalssi.gallery.html_templates import environment
from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.month_table import week_rows
from nalssi.gallery.site_files import SiteFile
from nalssi.locale.locales import Lang, Locale

Row = Mapping[str, Any]
"""Values by column name, as `DataFrame.to_dicts` gives them."""


@dataclass(frozen=True, kw_only=True)
class GalleryPage:
    """A page of the gallery, in all languages.

    The fields are everything that the content of the page depends on. The page is rendered again
    when a field or the code changes. That is why `context` must use nothing but the fields and the
    locale.
    """

    template: ClassVar[str]
    """The file name of the page's template."""
    any_depth: ClassVar[bool] = False
    """Whether a server sends the page for addresses in any folder. Its links are then absolute
    paths, and search engines are told not to list it."""
    path: str
    """The path of the page in the folder of a language."""
    section: str
    """The entry of the main menu to which the page belongs."""
    charts: Mapping[Lang, ChartImages] = field(default_factory=dict)
    """The charts that the page shows, by language and kind."""
    tables: Sequence[SiteFile] = ()
    """The CSV files that the page offers."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template in a language: the fields, and what a subclass adds.

        The template also gets `locale`, `phrases` and the paths that `PageRenderer` adds. `charts`
        has only the charts in this language, by kind.
        """
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return values | {"charts": self.charts.get(locale.lang, {})}

    def description(self, locale: Locale) -> str:
        """Return a sentence that describes the page to search engines and in link previews."""
        return locale.publication.site_description

    def linked_files(self) -> Iterator[SiteFile]:
        """Yield the tables and charts that the page links to, as files of the gallery."""
        yield from self.tables
        for charts in self.charts.values():
            for chart in charts.values():
                yield from chart.files


@dataclass(frozen=True)
class PageRenderer:
    """Makes the files of pages: one file a language, all with the same menu and style."""

    locales: Sequence[Locale]
    """The languages of the gallery. Pages in the first language are at its root, those in any other
    language in a folder."""
    assets: Mapping[str, str]
    """The paths of the style sheet and the scripts, by the names that `layout.html` uses."""
    site: SiteAddress | None = None
    """The site address of the gallery, if it is known."""

    def files(self, page: GalleryPage) -> Iterator[SiteFile]:
        """Yield the files that a page links to, then the page in each language.

        The page in the first language of the gallery comes last.
        """
        yield from page.linked_files()
        inputs = input_digest(page)
        for locale in reversed(self.locales):
            path = self.folder(locale) + page.path
            text = "\0".join((self.surroundings, path, page.template, inputs))
            key = blake2b(text.encode(), digest_size=8).hexdigest()
            yield SiteFile(path, key, partial(self._render, page, locale))

    @cached_property
    def surroundings(self) -> str:
        """A digest of everything that all pages share: code, assets, languages and site address."""
        langs = [each.lang for each in self.locales]
        return input_digest((code_version(), self.assets, langs, self.site))

    def folder(self, locale: Locale) -> str:
        """Return the folder of a language, such as `en/`. It is empty for the first language."""
        return "" if locale == self.locales[0] else f"{locale.lang}/"

    def _render(self, page: GalleryPage, locale: Locale) -> bytes:
        folder = self.folder(locale)
        root = "../" * (folder + page.path).count("/")
        if page.any_depth:
            root = self.site.path if self.site else "/"
        template = environment().get_template(page.template)
        text = template.render(
            page.context(locale),
            locale=locale,
            phrases=locale.gallery,
            root=root,
            home=root + folder,
            folder=folder,
            site=self.site,
            any_depth=page.any_depth,
            description=page.description(locale),
            assets={name: root + asset for name, asset in self.assets.items()},
            others=[
                (each, f"{root}{self.folder(each)}{page.path}")
                for each in self.locales
                if each != locale
            ],
            week_rows=week_rows,
            paths_by_lang={each.lang: self.folder(each) + page.path for each in self.locales},
        )
        return text.encode()
