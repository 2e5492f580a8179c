"""Draw one picture, and show it in a notebook or save it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nalssi.api.arguments import day_argument

if TYPE_CHECKING:
    from nalssi.charts.compared_with import ComparedWith
    from nalssi.charts.draw_options import DrawOptions
    from nalssi.charts.reading_filter import ReadingFilter
    from nalssi.locale.locales import Lang


def draw(
    kind: str,
    *sources: str | Path,
    snapshot: str | None = None,
    day: date | str | None = None,
    region: int | None = None,
    station: int | None = None,
    lang: Lang = "ko",
    formats: Sequence[str] = ("png", "svg"),
    **appearance: Any,
) -> Picture:
    """Draw one picture of pages, without a warehouse.

    `sources` are files, folders, globs or URLs. Only readings of `day` (KST), `region` and
    `station`, both numbers, are drawn if these are given. A picture of one list shows the list with
    the id `snapshot`, or else the newest list. The other arguments and the errors are those of
    `Weather.chart`. Warns of every source that cannot be used, and of facts that one list alone
    cannot show, such as a frozen feed.
    """
    from nalssi.charts.reading_filter import ReadingFilter
    from nalssi.drawing.one_picture import draw_sources
    from nalssi.drawing.source_lists import read_sources

    on = day_argument("day", day)
    selected = ReadingFilter(on, on, region, station)
    options = draw_options(kind, lang, formats, selected, appearance)
    drawn, problems = draw_sources(read_sources(list(map(str, sources))), options, snapshot)
    for message in (*problems, *drawn.notes):
        warnings.warn(message, stacklevel=2)
    return Picture(drawn.name, drawn.files)


def draw_options(
    kind: str,
    lang: Lang,
    formats: Sequence[str],
    selected: ReadingFilter,
    appearance: Mapping[str, Any],
    compared_with: ComparedWith | None = None,
) -> DrawOptions:
    """Return the options of one picture of the kind `kind`.

    `selected` chooses the readings to draw, `compared_with` what they are compared with.
    `appearance` has values of fields of `DrawOptions`, such as `title` or `dpi`, by name. Raises
    ValueError for an unknown name, and for a value that `DrawOptions` refuses.
    """
    from nalssi.charts.compared_with import ComparedWith
    from nalssi.charts.draw_options import DrawOptions

    options = DrawOptions(
        (lang,), tuple(formats), (kind,), selected, compared_with or ComparedWith()
    )
    if unknown := appearance.keys() - dict(options.appearance()):
        raise ValueError(f"unknown option {min(unknown)!r}")
    return replace(options, **appearance)


@dataclass(frozen=True)
class Picture:
    """A drawn chart. A notebook displays it if it has the format `png`.

    `title` is the kind of the chart, then its day and snapshot or its period. `formats` has the
    contents of the chart's files by format: `png`, `svg` or `pdf`.
    """

    title: str
    formats: Mapping[str, bytes] = field(repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the chart to a file, in the format of the file's suffix, and return the path.

        Raises ValueError if the chart was not drawn in this format, and OSError if the file cannot
        be written.
        """
        path = Path(path)
        form = path.suffix.removeprefix(".").lower()
        if form not in self.formats:
            drawn = " or ".join(f".{each}" for each in self.formats)
            raise ValueError(f"{path}: the suffix of this chart must be {drawn}")
        path.write_bytes(self.formats[form])
        return path

    def _repr_png_(self) -> bytes | None:
        return self.formats.get("png")  # a notebook shows `repr` instead of None
