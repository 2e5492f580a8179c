"""The options of drawing: which charts, in which languages and file formats.

To add an option that changes how charts look, such as a resolution, add a field with its
`CommandOption` here, and use it in `theme.theme` or, by `theme.options_in_force()`, in the module
that draws. The command `nalssi charts`, the flow `charts`, the keys of charts and the cache of maps
take the field from here. (The key of a chart is a digest in its file, see `chart_plan`.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final

from nalssi.charts.chart_kinds import DEFAULT_KINDS, HOURS_AFTER_DAY, KIND_OF_TODAY, KINDS
from nalssi.charts.compared_with import ComparedWith
from nalssi.charts.picture_formats import DEFAULT_FORMATS, IMAGE_FORMATS
from nalssi.charts.picture_size import (
    DPI,
    PAGE_WIDTH,
    WEB_DPI,
    resolution,
    width_in_inches,
    width_in_pixels,
)
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.command_option import CommandOption
from nalssi.common.korea_time import KST
from nalssi.locale.locales import LOCALES, Lang

SELECTING_FIELDS: Final = frozenset(
    {
        "langs",
        "formats",
        "kinds",
        "reading_filter",
        "compared_with",
        "every_list",
        "newest_days",
        "now",
    }
)
"""The options that select charts and files. All other options change how a chart looks."""

SCALES: Final = ("fixed", "day")
"""The color scales of temperatures (`color_scale`)."""


@dataclass(frozen=True)
class DrawOptions:
    """Which charts to draw, in which languages and file formats, and how they look.

    By default, the charts of DEFAULT_KINDS are drawn for each day and for the whole period, in
    Korean, as PNG and SVG.

    Raises ValueError for an unknown kind, language, format or scale, for an impossible width, and
    for a comparison that does not say what to compare.
    """

    langs: Annotated[
        Sequence[Lang],
        CommandOption(
            "Language of the charts; may be repeated.", name="--lang", choices=tuple(LOCALES)
        ),
    ] = ("ko",)
    formats: Annotated[
        Sequence[str],
        CommandOption("File format; may be repeated.", name="--format", choices=IMAGE_FORMATS),
    ] = DEFAULT_FORMATS
    kinds: Annotated[
        Sequence[str],
        CommandOption("Only this kind; may be repeated.", name="--kind", choices=tuple(KINDS)),
    ] = DEFAULT_KINDS
    reading_filter: ReadingFilter = field(default_factory=ReadingFilter)
    compared_with: ComparedWith = field(default_factory=ComparedWith)
    every_list: Annotated[
        bool,
        CommandOption(
            "Also draw each list of a day, and undated lists, into folders `lists`. By default, one"
            " list represents its day; without any day, undated lists are drawn."
        ),
    ] = False
    newest_days: Annotated[
        int | None,
        CommandOption(
            "Keep charts of days for this number of the newest days; remove older ones.",
            minimum=1,
        ),
    ] = None
    now: datetime | None = None
    """The time of an hourly run, which draws only maps of a day that is not over. The other charts
    of the day follow in the hours after its end (`HOURS_AFTER_DAY`). None: all charts are drawn."""
    width: Annotated[
        str | None,
        CommandOption("Width of the picture: 170mm, 17cm, 6.5in or 600px."),
    ] = None
    dpi: Annotated[
        int | None,
        CommandOption(
            f"Dots per inch of PNG files; {DPI} by default, {WEB_DPI} for a width in px.",
            minimum=20,
            maximum=1200,
        ),
    ] = None
    text: Annotated[
        bool, CommandOption("Keep texts in SVG files editable: they need the font NanumGothic.")
    ] = False
    scale: Annotated[
        str,
        CommandOption(
            "Colour scale of maps and charts by region: the same in all charts, or one for the"
            " temperatures of the list.",
            choices=SCALES,
        ),
    ] = "fixed"
    title: str | None = None
    """A title that replaces the title of the chart. The lines below the title, with day and hour,
    stay."""

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown name, an impossible width or an incomplete comparison."""
        _check_names("kind", self.kinds, tuple(KINDS))
        _check_names("language", self.langs, tuple(LOCALES))
        _check_names("format", self.formats, IMAGE_FORMATS)
        _check_names("scale", (self.scale,), SCALES)
        if "comparison" in self.kinds:
            selected = self.reading_filter
            self.compared_with.check(selected.since, selected.until, selected.station)
        width_in_pixels(self.width_in_inches or PAGE_WIDTH, self.resolution)  # raises ValueError

    @property
    def width_in_inches(self) -> float | None:
        """The width of the picture in inches; None if `width` is not set."""
        return None if self.width is None else width_in_inches(self.width, self.dpi)

    @property
    def resolution(self) -> int:
        """The dots per inch of PNG files (`picture_size.resolution`)."""
        return resolution(self.width, self.dpi)

    def draws(self, kind: str, day: date) -> bool:
        """Return whether charts of a kind are drawn for a day, which depends on `now`."""
        if self.now is None or kind == KIND_OF_TODAY:
            return True
        end = datetime.combine(day + timedelta(days=1), time(), KST)
        return self.now >= end + timedelta(hours=HOURS_AFTER_DAY.get(kind, 0))

    def appearance(self) -> tuple[tuple[str, object], ...]:
        """Return the names and values of the options that change how a chart looks."""
        names = [each.name for each in fields(self) if each.name not in SELECTING_FIELDS]
        return tuple((name, getattr(self, name)) for name in names)


def _check_names(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"unknown {what} {name!r}: choose from {', '.join(known)}")
