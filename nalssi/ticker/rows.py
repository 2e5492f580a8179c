"""Lines that stand one below the other → runs: where a list goes on and where it ends.

Between two lines of a list, lines that nobody can read belong to the list, each a reject. A menu
between two lists looks much the same: bulleted lines without a number. It is told by what follows:
a list that goes on names further stations, another list begins anew.
"""

from __future__ import annotations

import polars as pl

FEWEST_LINES = 3
"""Lines with known names, one of them with its temperature, that it takes to make a ticker."""
_MOST_STRANGE = 5
"""Lines in a row, none of which looks like a ticker's, that a list goes on behind."""


def in_runs(lines: pl.DataFrame) -> pl.DataFrame:
    """Members and the lines between them, with `run`.

    `lines` (members and lines that can stand between two): `doc, pos, member, alike, bulleted,
    core, whole, station_id`, in page order.
    """
    member = pl.col("member")
    below = (pl.col("doc") == pl.col("doc").shift()) & (pl.col("pos") == pl.col("pos").shift() + 1)
    lines = lines.with_columns(row=(~below).fill_null(value=True).cum_sum())
    # the bullet of the member before, whatever stands between
    style = pl.when(member).then("bulleted").forward_fill().shift()
    other = member & (style != pl.col("bulleted")).fill_null(value=False)
    lines = lines.with_columns(run=(pl.col("row") + other.cum_sum()).rle_id())
    lines = _without_ends(lines)
    if lines["member"].all():
        return lines.drop("row")
    return _without_ends(_parted_by_menus(lines)).drop("row")


def _without_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """Runs from their first to their last member."""
    if lines["member"].all():
        return lines
    member = pl.col("member").cast(pl.Int32)
    before = member.cum_sum().over("run")
    behind = member.cum_sum(reverse=True).over("run")
    return lines.filter((before > 0) & (behind > 0))


def _parted_by_menus(lines: pl.DataFrame) -> pl.DataFrame:
    """Runs, parted where lines between two members are a menu between two lists."""
    begins = (pl.col("run") != pl.col("run").shift()) | (
        pl.col("member") != pl.col("member").shift()
    )
    lines = lines.with_columns(part=begins.fill_null(value=True).cum_sum())
    named = pl.col("station_id").drop_nulls()
    parts = lines.group_by("part", maintain_order=True).agg(
        pl.col("run", "member").first(),
        lines=pl.len(),
        alike=pl.col("alike").mean() >= 0.5,
        first_station=named.first(),
        last_station=named.last(),
        stations=named,
        is_list=(pl.col("core").sum() >= FEWEST_LINES) & pl.col("whole").any(),
    )
    before, behind = (pl.col("stations").shift(by) for by in (1, -1))
    anew = (before.list.set_intersection(behind).list.len() > 0) | (
        pl.col("first_station").shift(-1) < pl.col("last_station").shift()
    ).fill_null(value=False)
    two_lists = pl.col("is_list").shift() & pl.col("is_list").shift(-1) & anew
    menus = parts.filter(
        ~pl.col("member") & ~pl.col("alike") & (two_lists | (pl.col("lines") > _MOST_STRANGE))
    )["part"]
    menu = pl.col("part").is_in(menus.implode())
    return (
        lines.with_columns(run=pl.concat_list("run", menu.cum_sum().cast(pl.UInt32)).rle_id())
        .filter(~menu)
        .drop("part")
    )
