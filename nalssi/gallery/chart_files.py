"""Drawn charts as the gallery shows them: found by name, linked under a name with a digest."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nalssi.gallery.site_files import File, digest
from nalssi.locale.locales import Lang

HEAD: Final = 4096  # bytes in which a chart's key stands: who has read it knows the chart
LARGEST_SVG: Final = 800_000  # bytes; beyond, a page shows the PNG
SIZE: Final = re.compile(rb'<svg[^>]*viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


@dataclass(frozen=True)
class Figure:
    """A chart on the site: paths from its root, and size in pixels."""

    kind: str
    shown: str
    png: str | None
    svg: str | None
    width: int
    height: int


@dataclass
class Figures:
    """The charts of a folder; remembers which were asked for, to be linked into the site."""

    folder: Path
    used: dict[str, File] = field(default_factory=dict)

    def find(self, kind: str, stem: str, lang: Lang) -> Figure | None:
        """The chart of that kind and name in that language, None if it is not drawn.

        A chart in another language is none: half of its words would be foreign to the page.
        """
        png = self._use(kind, f"{stem}.{lang}.png")
        svg = self._use(kind, f"{stem}.{lang}.svg")
        small = svg if svg and svg.size <= LARGEST_SVG else None
        if not (shown := small or png or svg):
            return None
        return Figure(
            kind,
            shown.path,
            png.path if png else None,
            svg.path if svg else None,
            *shown.pixels,
        )

    def files(self) -> Iterator[File]:
        """What was asked for since the last time."""
        used, self.used = self.used, {}
        yield from (used[path] for path in sorted(used))

    def _use(self, kind: str, name: str) -> _Chart | None:
        source = self.folder / kind / name
        try:
            with source.open("rb") as file:
                head = file.read(HEAD)
        except FileNotFoundError:
            return None
        size = source.stat().st_size
        key = digest(head, str(size).encode())
        stem, _, suffix = name.rpartition(".")
        path = f"charts/{kind}/{stem}.{key[:10]}.{suffix}"
        self.used[path] = File(path, key, source)
        return _Chart(path, size, _pixels(head))


@dataclass(frozen=True)
class _Chart:
    path: str
    size: int
    pixels: tuple[int, int]


def _pixels(head: bytes) -> tuple[int, int]:
    """Width and height, so that a page does not jump when the picture arrives."""
    if head.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", head[16:24])
        return int(width), int(height)
    if found := SIZE.search(head):
        return round(float(found[1]) * 4 / 3), round(float(found[2]) * 4 / 3)  # pt to px
    return 1, 1
