"""Join lines into runs, and keep the runs that are tickers.

A ticker has three or more lines that look like readings, one of them complete and with one decimal.
Either all of them have a bullet, or none has. A line with a bullet between two ticker lines belongs
to the ticker even if it is not a reading; it becomes a reject. Menus, prose, numbers without names,
and lists of names and numbers without conditions are not tickers. Lines between two parts of a list
can be a menu or rejected lines. The lines after them decide: the same list continues with other
stations, and a new list repeats the first stations.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.ticker_symbols import END_MARK, FORECAST_ENDS, PROVIDER
from nalssi.ticker.line_kinds import add_line_kinds
from nalssi.ticker.other_value_headings import runs_below_headings
from nalssi.ticker.ticker_lines import FEWEST_READINGS

_LONGEST_GAP = 5
"""The largest number of consecutive lines inside a ticker that do not resemble ticker lines."""
_USED_ONLY_HERE = (
    *("last", "before", "after", "name_like", "odd_unit"),
    *("one_decimal", "one_decimal_or_whole", "start_of_number"),
    *("unknown_names", "garbled_number", "similar"),
)
_NAMES_PROVIDER = pl.col("clean").str.contains(PROVIDER, literal=True)


def find_tickers(lines: pl.DataFrame) -> pl.DataFrame:
    """Find the tickers in lines, and return the ticker lines in page order.

    `lines` has the columns of `read_names` and `read_numbers`. Added columns: `run`, the index of
    the ticker; `followed`, True if another line of the ticker or the end mark comes next, or if the
    line itself names the provider; `is_end_mark`, `end_mark_next`; `complete, cut, counted, member,
    inner` of `add_line_kinds`. The columns that only this module needs (`_USED_ONLY_HERE`) are
    dropped.
    """
    without_unit = pl.when(pl.col("unit").is_null()).then("clean")
    lines = (
        add_line_kinds(lines)
        .with_columns(is_end_mark=without_unit.str.contains(END_MARK).fill_null(value=False))
        .with_columns(inner=pl.col("inner") & ~pl.col("is_end_mark"))
    )
    lines = lines.with_columns(end_mark_next=_end_mark_next()).with_columns(
        # a line directly before the end mark belongs to the list
        member=pl.col("member") | (pl.col("unknown_names") & pl.col("end_mark_next"))
    )
    runs = (
        _number_runs(lines.filter(pl.col("member") | pl.col("inner")))
        .filter(
            (pl.col("counted").sum().over("run") >= FEWEST_READINGS)
            & (pl.col("complete") & pl.col("one_decimal")).any().over("run")
        )
        .drop(_USED_ONLY_HERE)
    )
    plain = runs.filter(~pl.col("bulleted"))
    if not plain.is_empty():
        others = _runs_of_other_values(plain, lines)
        runs = runs.filter(~pl.col("run").is_in(others.implode()))
    first_lines = runs.group_by("run", maintain_order=True).agg(pl.col("doc", "pos").first())
    others = runs_below_headings(first_lines, lines)
    if not others.is_empty():
        runs = runs.filter(~pl.col("run").is_in(others.implode()))
    return runs.pipe(_split_repeated_lists).with_columns(
        followed=(pl.col("run") == pl.col("run").shift(-1)).fill_null(value=False)
        | pl.col("end_mark_next")
        | _NAMES_PROVIDER
    )


def _end_mark_next() -> pl.Expr:
    """Return an expression: True for each line that is directly before the end mark."""
    next_line = (pl.col("doc") == pl.col("doc").shift(-1)) & (
        pl.col("pos") + 1 == pl.col("pos").shift(-1)
    )
    return (next_line & pl.col("is_end_mark").shift(-1)).fill_null(value=False)


def _number_runs(lines: pl.DataFrame) -> pl.DataFrame:
    """Join lines into runs: add the column `run`, the number of the run.

    A run is consecutive lines; of its lines with `member` True, all or none have a bullet. The
    first and the last line of a run have `member` True. Lines outside of all runs are removed.
    """
    member = pl.col("member")
    below = (pl.col("doc") == pl.col("doc").shift()) & (pl.col("pos") == pl.col("pos").shift() + 1)
    lines = lines.with_columns(block=(~below).fill_null(value=True).cum_sum())
    # a run ends where one member is bulleted and the next is not, whatever stands between them
    bulleted_before = pl.when(member).then("bulleted").forward_fill().shift()
    changes = member & (bulleted_before != pl.col("bulleted")).fill_null(value=False)
    lines = lines.with_columns(run=(pl.col("block") + changes.cum_sum()).rle_id())
    lines = _trim_to_members(lines)
    if lines["member"].all():
        return lines.drop("block")
    return _trim_to_members(_split_at_menus(lines)).drop("block")


def _trim_to_members(lines: pl.DataFrame) -> pl.DataFrame:
    """Remove the lines of each run before its first and after its last line marked `member`."""
    if lines["member"].all():
        return lines
    member = pl.col("member").cast(pl.Int32)
    before = member.cum_sum().over("run")
    after = member.cum_sum(reverse=True).over("run")
    return lines.filter((before > 0) & (after > 0))


def _split_at_menus(lines: pl.DataFrame) -> pl.DataFrame:
    """Split each run where it joins two lists across a menu or other text, and drop the text.

    The text is consecutive lines that are not marked `member` and mostly do not resemble ticker
    lines (`similar`). It is dropped if it has more than `_LONGEST_GAP` lines, or if it is between
    two lists and the second begins anew: it repeats a station of the first, or its first station id
    is lower than the last one of the first. Otherwise the text stays in the run, and its lines
    become rejects. `run` is numbered anew.
    """
    begins = (pl.col("run") != pl.col("run").shift()) | (
        pl.col("member") != pl.col("member").shift()
    )
    lines = lines.with_columns(section=begins.fill_null(value=True).cum_sum())
    stations = pl.col("station_id").drop_nulls()
    sections = lines.group_by("section", maintain_order=True).agg(
        pl.col("run", "member").first(),
        lines=pl.len(),
        similar=pl.col("similar").mean() >= 0.5,
        first_station=stations.first(),
        last_station=stations.last(),
        stations=stations,
        is_list=(pl.col("counted").sum() >= FEWEST_READINGS) & pl.col("complete").any(),
    )
    before, after = (pl.col("stations").shift(by) for by in (1, -1))
    begins_again = (before.list.set_intersection(after).list.len() > 0) | (
        pl.col("first_station").shift(-1) < pl.col("last_station").shift()
    ).fill_null(value=False)
    two_lists = pl.col("is_list").shift() & pl.col("is_list").shift(-1) & begins_again
    menus = sections.filter(
        ~pl.col("member") & ~pl.col("similar") & (two_lists | (pl.col("lines") > _LONGEST_GAP))
    )["section"]
    menu = pl.col("section").is_in(menus.implode())
    return (
        lines.with_columns(run=pl.concat_list("run", menu.cum_sum().cast(pl.UInt32)).rle_id())
        .filter(~menu)
        .drop("section")
    )


def _runs_of_other_values(runs: pl.DataFrame, lines: pl.DataFrame) -> pl.Series:
    """Return the numbers of the runs that list records, sea temperatures or forecasts.

    `runs` are the lines of runs without bullets, `lines` are all candidate lines. A run without an
    end mark is not a ticker if it has no conditions, or if the line above it says that it is a
    forecast.
    """
    runs = runs.group_by("run", maintain_order=True).agg(
        pl.col("doc").first(),
        pl.col("pos").first() - 1,
        has_condition=pl.col("word").is_not_null().any(),
        has_end_mark=(pl.col("end_mark_next") | _NAMES_PROVIDER).any(),
    )
    without_end_mark = runs.filter(~pl.col("has_end_mark")).join(
        lines.select("doc", "pos", above="clean"), on=["doc", "pos"], how="left"
    )
    forecast = pl.col("above").str.contains(FORECAST_ENDS).fill_null(value=False)
    return without_end_mark.filter(~pl.col("has_condition") | forecast)["run"]


def _split_repeated_lists(lines: pl.DataFrame) -> pl.DataFrame:
    """Split runs that consist of several lists without a line between them; renumber all runs.

    A new list begins where the first two stations of the run occur again. If the run begins with
    lines without a station, at most the same number of such lines belongs to the start of the new
    list. A run is split only if each part has FEWEST_READINGS lines that look like readings.
    """
    row, run, station = pl.col("row"), pl.col("run"), pl.col("station_id")
    begins = (run != run.shift()).fill_null(value=True)
    lines = lines.with_row_index("row")
    with_station = lines.select(
        "row", "run", "station_id", leading=row - pl.when(begins).then(row).forward_fill()
    ).filter(station.is_not_null())
    next_station = pl.when(run == run.shift(-1)).then(station.shift(-1))
    # the first and the second station of the run, on each of its lines; -1 equals no station
    first, second, leading = (
        pl.when(begins).then(column).forward_fill()
        for column in (station, next_station.fill_null(-1), pl.col("leading"))
    )
    starts = with_station.select(
        start=row - pl.min_horizontal(leading, row - row.shift() - 1),
        repeats=(station == first) & (next_station == second) & ~begins,
    ).filter("repeats")["start"]
    if starts.is_empty():
        return lines.with_columns(run=run.rle_id().cast(pl.Int32)).drop("row")
    split = lines.with_columns(section=(begins | row.is_in(starts.implode())).cum_sum()).drop("row")
    sections = split.group_by("section").agg(
        pl.col("run").first(), is_list=pl.col("counted").sum() >= FEWEST_READINGS
    )
    numbers = sections.select(
        "section",
        # A run is split only if each section is a list. Sections get positive numbers and unsplit
        # runs negative ones, so that no two are equal.
        run=pl.when(pl.col("is_list").all().over("run"))
        .then(pl.col("section").cast(pl.Int64))
        .otherwise(-pl.col("run").cast(pl.Int64)),
    )
    return (
        split.drop("run")
        .join(numbers, on="section", how="left", maintain_order="left")
        .with_columns(run=pl.col("run").rle_id().cast(pl.Int32))
        .drop("section")
    )
