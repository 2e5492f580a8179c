"""Plan charts: list the charts of a warehouse, with their files and with the key of each.

The key is a digest of a chart's data, of the options that change its look
(`DrawOptions.appearance`), and of the code, font and libraries that draw it. A chart's files
contain the key. If a file already contains the key of its chart, `draw` does not draw the chart
again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from nalssi.charts.chart_kinds import KINDS, OmittedChart
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.selected_data import SelectedData
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.common.code_digest import add_modules
from nalssi.locale.locales import Lang
from schemas.vocabulary import REFERENCE

CODE: Final = (
    "charts/*.py", "locale/locales.py", "locale/chart_phrases.py", "locale/*_charts.py",
    "locale/time_chart_phrases.py",
    "locale/*headline*.py", "locale/korean_particles.py",
)  # fmt: skip
"""The modules that decide how a chart looks. Phrases of the gallery are not among them."""

KEY_WITHIN_BYTES: Final = 4096
"""A file contains the key of its chart within this number of bytes from its beginning."""


@dataclass(frozen=True)
class PlannedChart:
    """A chart to draw: the arguments of its module's `figure`, the options, and the files to write.

    `snapshot_id` is None for a chart of a period. `key` must depend on everything that decides how
    the chart looks.
    """

    kind: str
    lang: Lang
    title: str
    snapshot_id: str | None
    files: Mapping[str, Path]  # by format
    key: str
    arguments: tuple[Any, ...]
    options: DrawOptions

    def is_drawn(self) -> bool:
        """Return whether all files of this chart exist and contain its key."""
        key = self.key.encode()
        for path in self.files.values():
            try:
                with path.open("rb") as file:
                    if key not in file.read(KEY_WITHIN_BYTES):
                        return False
            except FileNotFoundError:
                return False
        return True


@dataclass(frozen=True)
class ChartPlan:
    """The charts to draw, and the charts that cannot be drawn, by kind."""

    charts: Sequence[PlannedChart]
    omitted: Mapping[str, Sequence[OmittedChart]]


def plan_charts(con: duckdb.DuckDBPyConnection, folder: Path, options: DrawOptions) -> ChartPlan:
    """Plan every chart that the options select, with its files below `folder`.

    The charts of one kind come one after another, because they share a cached layout.
    """
    data = SelectedData(con, options.reading_filter, options.compared_with)
    suffix = options.reading_filter.file_suffix
    charts: list[PlannedChart] = []
    omitted: dict[str, list[OmittedChart]] = {kind: [] for kind in options.kinds}
    for kind in options.kinds:
        for chart_input in KINDS[kind].inputs(data):
            if isinstance(chart_input, OmittedChart):
                omitted[kind].append(chart_input)
                continue
            content = b"\0".join(map(_content, chart_input.arguments))
            for lang in options.langs:
                name = f"{chart_input.file_stem}{suffix}.{lang}"
                charts.append(
                    PlannedChart(
                        kind,
                        lang,
                        f"{kind} {chart_input.file_stem}",
                        chart_input.snapshot_id,
                        {form: folder / kind / f"{name}.{form}" for form in options.formats},
                        _key(kind, lang, content, options),
                        chart_input.arguments,
                        options,
                    )
                )
    return ChartPlan(charts, omitted)


def _key(kind: str, lang: Lang, content: bytes, options: DrawOptions) -> str:
    appearance = repr(options.appearance()).encode()
    parts = (_code_version(), kind.encode(), lang.encode(), appearance, content)
    return blake2b(b"\0".join(parts), digest_size=16).hexdigest()


def _content(argument: SnapshotData | pl.DataFrame) -> bytes:
    if isinstance(argument, SnapshotData):
        return argument.content
    return argument.write_csv().encode()


@cache
def _code_version() -> bytes:
    """Return a digest of the code, data files and library versions that decide how charts look."""
    digest = blake2b(digest_size=16)
    charts = Path(__file__).parent
    add_modules(digest, charts.parent, CODE)
    for file in (*sorted(charts.glob("*.json")), REFERENCE / "provinces.geojson"):
        digest.update(file.read_bytes())
    for package in ("matplotlib", "koreanize-matplotlib", "numpy", "pillow"):
        digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest().encode()
