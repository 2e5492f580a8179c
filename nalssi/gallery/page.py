"""What every page of the site has: where it is, what it is made from, how it becomes a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nalssi.gallery.render import code_version, environment
from nalssi.gallery.site_files import File, digest
from nalssi.locale.locales import Locale


@dataclass(frozen=True)
class Page:
    """A page in every language: its path, template, and all that its content depends on.

    `data` decides the content, together with the code; `context` gives the template's values in
    a language and is called only where something changed.
    """

    path: str
    template: str
    section: str
    data: tuple[bytes, ...]
    context: Callable[[Locale], Mapping[str, Any]]


@dataclass(frozen=True)
class Frame:
    """What stands around every page: languages, style, scripts."""

    locales: Sequence[Locale]
    assets: Mapping[str, str]
    """Paths of style sheet and scripts by what they are."""

    def folder(self, locale: Locale) -> str:
        """Where the pages of a language are: the root for the first one, else such as `en/`."""
        return "" if locale == self.locales[0] else f"{locale.lang}/"

    def file(self, page: Page, locale: Locale) -> File:
        """The page in a language, as a file of the site that is rendered when it must be."""
        folder = self.folder(locale)
        path = folder + page.path
        root = "../" * path.count("/")
        around = repr((path, self.assets, [each.lang for each in self.locales])).encode()
        key = digest(code_version(), around, page.template.encode(), *page.data)

        def make() -> bytes:
            text = (
                environment()
                .get_template(page.template)
                .render(
                    page.context(locale),
                    locale=locale,
                    phrases=locale.gallery,
                    section=page.section,
                    root=root,
                    home=root + folder,
                    assets={name: root + asset for name, asset in self.assets.items()},
                    others=[
                        (each, f"{root}{self.folder(each)}{page.path}")
                        for each in self.locales
                        if each != locale
                    ],
                )
            )
            return text.encode()

        return File(path, key, make)
