"""The filter that selects readings for charts and for pages of the gallery.

Exports have a filter of their own, `nalssi.export.selection`, which also selects by flag.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from nalssi.common.command_option import CommandOption
from nalssi.common.day_range import DayRange
from schemas.vocabulary import region_ids

LAST_REGION = max(region_ids())


@dataclass(frozen=True)
class ReadingFilter(DayRange):
    """Which readings to read; a field that is None selects everything.

    `since` and `until` are days (KST), both included. `region` is a region's number; 0 selects
    the readings of closed stations, which belong to no region. `undated` selects only readings
    without a day. `printed` selects readings whose day is unknown by their printed date, although
    it is false: the quality chart needs them.
    """

    region: Annotated[
        int | None,
        CommandOption(f"Only this region, 1 to {LAST_REGION}.", minimum=1, maximum=LAST_REGION),
    ] = None
    station: Annotated[int | None, CommandOption("Only the station with this number.")] = None
    undated: bool = False
    printed: bool = False

    @property
    def file_suffix(self) -> str:
        """The end of a file stem, such as `.region-3`; empty if no region or station is set."""
        parts = []
        if self.region is not None:
            parts.append(f".region-{self.region}")
        if self.station is not None:
            parts.append(f".station-{self.station}")
        return "".join(parts)

    @property
    def period_name(self) -> str:
        """The file stem of a chart of the period: `<since>_<until>`, or `all` if neither is set."""
        if self.since is None and self.until is None:
            return "all"
        return f"{self.since or ''}_{self.until or ''}"
