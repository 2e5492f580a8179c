"""Find the drawn charts of a warehouse, and make them files of the gallery.

The folder of charts is the one that `nalssi.charts.draw.draw_all` writes. In the gallery, the name
of a chart contains a digest of its content, so that no browser cache shows an old chart.
"""

from __future__ import annotations

import re
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
PNG_KEY: Final = re.compile(rb"Identifier\0([0-9a-f]+)")
"""Finds the key of a chart in its PNG file (`nalssi.charts.picture_files`)."""


@dataclass(frozen=True)
class ChartImage:
    """The files of a chart in the gallery. A format that is not drawn is None."""

    kind: str
    png: SiteFile | None
    svg: SiteFile | None

    @property
    def files(self) -> Sequence[SiteFile]:
        """The files of the chart in the formats that are drawn."""
        return [file for file in (self.png, self.svg) if file]


ChartImages = Mapping[str, ChartImage]
"""The chart files that a page shows, by kind of chart."""


@dataclass(frozen=True)
class ChartFolder:
    """The folder of the drawn charts, in which `find` looks up the charts of a page."""

    folder: Path
    langs: Sequence[Lang]
    """The languages of the gallery."""

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        """The names of the chart files in the folder, by kind.

        `_file` looks names up here first, because most days have no charts (`charts.picture_days`).
        """
        if not self.folder.is_dir():
            return {}
        kinds = [path for path in self.folder.iterdir() if path.is_dir()]
        return {kind.name: frozenset(file.name for file in kind.iterdir()) for kind in kinds}

    @cached_property
    def stems(self) -> frozenset[str]:
        """The file stems of all chart files, such as the day `2026-11-29` or a period."""
        return frozenset(name.partition(".")[0] for own in self._names.values() for name in own)

    def find(self, kinds: Iterable[str], stem: str) -> Mapping[Lang, ChartImages]:
        """Return the charts of some kinds whose file names begin with `stem`, by language and kind.

        A page shows charts in its own language only. If a chart is not drawn in a language, that
        language has no entry for it.
        """
        return {
            lang: {kind: chart for kind in kinds if (chart := self._chart(kind, f"{stem}.{lang}"))}
            for lang in self.langs
        }

    def _chart(self, kind: str, name: str) -> ChartImage | None:
        """Return the files of a chart in the gallery, or None if it is not drawn.

        `kind` is the kind of chart, `name` its file stem and the language, such as `2026-11-29.ko`.
        Usually only PNG files are drawn. An SVG file that is older than the PNG file shows an older
        list, so it is left out.
        """
        png, svg = self._file(kind, f"{name}.png"), self._file(kind, f"{name}.svg")
        if png and svg and (key := PNG_KEY.search(png.head)) and key[1] not in svg.head:
            svg = None
        if not png and not svg:
            return None
        return ChartImage(kind, png.file if png else None, svg.file if svg else None)

    def _file(self, kind: str, name: str) -> _ChartFile | None:
        if name not in self._names.get(kind, ()):
            return None
        source = self.folder / kind / name
        try:
            with source.open("rb") as file:
                head = file.read(HEAD_BYTES)
        except FileNotFoundError:
            return None
        key = digest(head, str(source.stat().st_size).encode())
        stem, _, suffix = name.rpartition(".")
        path = f"charts/{kind}/{stem}.{key[:10]}.{suffix}"
        return _ChartFile(SiteFile(path, key, source), head)


@dataclass(frozen=True)
class _ChartFile:
    file: SiteFile
    head: bytes
