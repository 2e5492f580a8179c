"""Find the drawn charts of a warehouse, and make them files of the site.

The folder of charts is the one that `nalssi.charts.draw.draw_all` writes. On the site, the name of
a chart contains a digest of its content, so that no browser cache shows an old chart.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from nalssi.common.ids import digest
from nalssi.gallery.site_files import SiteFile
from nalssi.locale.locales import Lang

HEAD_BYTES: Final = 4096
"""The number of bytes that are read from the beginning of a chart file. They contain its key."""
LARGEST_SVG_BYTES: Final = 800_000
"""The size up to which a page shows the SVG of a chart. Of a larger chart it shows the PNG."""
SVG_SIZE: Final = re.compile(rb'<svg[^>]*viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
PIXELS_PER_POINT: Final = 4 / 3


@dataclass(frozen=True)
class ChartImage:
    """A chart on the site: the file that a page shows, its formats, and its size in pixels."""

    kind: str
    shown: SiteFile
    png: SiteFile | None
    svg: SiteFile | None
    width: int
    height: int

    @property
    def files(self) -> Sequence[SiteFile]:
        """The files of the chart."""
        return [file for file in (self.png, self.svg) if file]


ChartImages = Mapping[str, ChartImage]
"""Charts by kind."""


@dataclass(frozen=True)
class ChartFolder:
    """The folder of the drawn charts."""

    folder: Path
    langs: Sequence[Lang]
    """The languages of the site."""

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        """The names of the files of each kind. Most days have none (`charts.picture_days`)."""
        if not self.folder.is_dir():
            return {}
        kinds = [path for path in self.folder.iterdir() if path.is_dir()]
        return {kind.name: frozenset(file.name for file in kind.iterdir()) for kind in kinds}

    def find(self, kinds: Iterable[str], stem: str) -> Mapping[Lang, ChartImages]:
        """Find the charts of these kinds whose file names begin with `stem`, by language and kind.

        A page shows charts in its own language only. If a chart is not drawn in a language, that
        language has no entry for it.
        """
        return {
            lang: {kind: chart for kind in kinds if (chart := self._chart(kind, f"{stem}.{lang}"))}
            for lang in self.langs
        }

    def _chart(self, kind: str, name: str) -> ChartImage | None:
        png, svg = self._file(kind, f"{name}.png"), self._file(kind, f"{name}.svg")
        small_svg = svg if svg and svg.size <= LARGEST_SVG_BYTES else None
        if not (shown := small_svg or png or svg):
            return None
        return ChartImage(
            kind, shown.file, png.file if png else None, svg.file if svg else None, *shown.pixels
        )

    def _file(self, kind: str, name: str) -> _ChartFile | None:
        if name not in self._names.get(kind, ()):
            return None
        source = self.folder / kind / name
        try:
            with source.open("rb") as file:
                head = file.read(HEAD_BYTES)
        except FileNotFoundError:
            return None
        size = source.stat().st_size
        key = digest(head, str(size).encode())
        stem, _, suffix = name.rpartition(".")
        path = f"charts/{kind}/{stem}.{key[:10]}.{suffix}"
        return _ChartFile(SiteFile(path, key, source), size, _pixels(head))


@dataclass(frozen=True)
class _ChartFile:
    file: SiteFile
    size: int
    pixels: tuple[int, int]


def _pixels(head: bytes) -> tuple[int, int]:
    """Return width and height of a picture, for which the page reserves space while it loads."""
    if head.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", head[16:24])
        return int(width), int(height)
    if size := SVG_SIZE.search(head):
        return round(float(size[1]) * PIXELS_PER_POINT), round(float(size[2]) * PIXELS_PER_POINT)
    return 1, 1
