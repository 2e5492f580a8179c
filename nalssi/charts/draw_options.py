"""The options of drawing: which charts, in which languages and file formats.

Flows and `nalssi.api` build a `DrawOptions` from their parameters and pass it on, so that a new
option is a field here, a parameter there, and its use in `draw` or `theme`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nalssi.charts.chart_kinds import IMAGE_FORMATS, KINDS
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.locale.locales import LOCALES, Lang


@dataclass(frozen=True)
class DrawOptions:
    """Which charts to draw, in which languages and file formats.

    The default is all charts of a warehouse, in Korean, as PNG and SVG.

    Raises ValueError for an unknown kind, language or format.
    """

    langs: Sequence[Lang] = ("ko",)
    formats: Sequence[str] = IMAGE_FORMATS
    kinds: Sequence[str] = tuple(KINDS)
    reading_filter: ReadingFilter = field(default_factory=ReadingFilter)

    def __post_init__(self) -> None:
        """Check the names of kinds, languages and formats."""
        _check_names("kind", self.kinds, tuple(KINDS))
        _check_names("language", self.langs, tuple(LOCALES))
        _check_names("format", self.formats, IMAGE_FORMATS)


def _check_names(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"unknown {what} {name!r}: choose from {', '.join(known)}")
