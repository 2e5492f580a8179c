"""What every page of the site has: where it is, what it is made from, how it becomes a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nalssi.gallery.render import Tongue, code_version, environment
from nalssi.gallery.site_files import File, digest


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
    context: Callable[[Tongue], Mapping[str, Any]]


@dataclass(frozen=True)
class Frame:
    """What stands around every page: languages, style, scripts."""

    tongues: Sequence[Tongue]
    assets: Mapping[str, str]
    """Paths of style sheet and scripts by what they are."""

    def file(self, page: Page, tongue: Tongue) -> File:
        """The page in a language, as a file of the site that is rendered when it must be."""
        path = tongue.folder + page.path
        root = "../" * path.count("/")
        around = repr((path, self.assets, [each.folder for each in self.tongues])).encode()
        key = digest(code_version(), around, page.template.encode(), *page.data)

        def make() -> bytes:
            text = (
                environment()
                .get_template(page.template)
                .render(
                    page.context(tongue),
                    tongue=tongue,
                    w=tongue.phrases,
                    section=page.section,
                    root=root,
                    home=root + tongue.folder,
                    assets={name: root + asset for name, asset in self.assets.items()},
                    others=[
                        (each, f"{root}{each.folder}{page.path}")
                        for each in self.tongues
                        if each != tongue
                    ],
                )
            )
            return text.encode()

        return File(path, key, make)
