"""Select the captures of a plan by day, status and type. The command line has these options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from nalssi.common.command_option import CommandOption
from nalssi.common.day_range import DayRange
from nalssi.common.korea_time import korean_day

if TYPE_CHECKING:
    import polars as pl

PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class CaptureFilter(DayRange):
    """Options that select captures for a plan. `since` and `until` are days of capture (KST)."""

    status: Annotated[
        int, CommandOption("Only captures with this HTTP status; 0 takes every status.")
    ] = 200
    types: Annotated[
        Sequence[str],
        CommandOption(
            "Only this media type; may be repeated. `*` takes every type.", name="--type"
        ),
    ] = PAGE_TYPES
    one_a_day: Annotated[
        bool, CommandOption("Only the first capture of each page on each day (KST).")
    ] = False

    def expression(self) -> pl.Expr:
        """Return an expression: True for captures that the options except `one_a_day` select."""
        import polars as pl

        tests = [pl.lit(True)]
        day = korean_day(pl.col("fetch_time"))
        if self.since:
            tests.append(day >= self.since)
        if self.until:
            tests.append(day <= self.until)
        if self.status:
            tests.append(pl.col("fetch_status") == self.status)
        if "*" not in self.types:
            media_type = pl.col("content_mime_type").str.to_lowercase()
            tests.append(media_type.is_in(list(self.types)).fill_null(False))
        return pl.all_horizontal(tests)

    def apply(self, captures: pl.DataFrame) -> pl.DataFrame:
        """Return the captures that the options select, sorted by archive and position.

        The argument and the result have the columns `CAPTURES`. Equal rows are returned once.
        """
        taken = captures.filter(self.expression()).unique()
        if self.one_a_day:
            taken = _first_of_day(taken)
        return taken.sort("warc_filename", "warc_record_offset")


def _first_of_day(captures: pl.DataFrame) -> pl.DataFrame:
    """Return the first capture of each address on each day (KST)."""
    import polars as pl

    ordered = captures.sort("fetch_time", "warc_filename", "warc_record_offset")
    with_day = ordered.with_columns(day=korean_day(pl.col("fetch_time")))
    return with_day.unique(("url", "day"), keep="first", maintain_order=True).drop("day")
