"""Lines → tickers: which lines belong to one, and what each of them says.

A ticker is a run of three or more lines of a ticker's shape, bulleted alike; a bulleted line, or
several, between two of them belong to it, whatever they say. Menus, prose, numbers without names
and bare rows of names and numbers do not.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.names import GLUED_BULLET, known_texts, squeezed_name, why_unknown
from nalssi.common.symbols import END_MARK, FORECAST_ENDS
from nalssi.ticker.headings import runs_below_headings
from nalssi.ticker.rows import FEWEST_LINES, in_runs
from nalssi.ticker.shapes import NOT_IN_NAMES, tell_kinds

_UNKNOWN = "unknown"
_NEEDED_NO_MORE = (
    *("last", "before", "after", "name_like"),
    *("shaped", "shaped_or_whole", "begun", "strange", "garbled", "alike", "odd_unit"),
)
_NAMES_PROVIDER = pl.col("clean").str.contains("기상청", literal=True)


def find_tickers(lines: pl.DataFrame) -> pl.DataFrame:
    """The ticker lines among named lines, in their order, with `run` (a ticker's index).

    Adds `followed`: another line of the ticker or the end mark comes next.
    """
    without_unit = pl.when(pl.col("unit").is_null()).then("clean")
    lines = (
        tell_kinds(lines)
        .with_columns(ends=without_unit.str.contains(END_MARK).fill_null(value=False))
        .with_columns(between=pl.col("between") & ~pl.col("ends"))
    )
    lines = lines.with_columns(end_next=_ends_next()).with_columns(
        # what stands directly before the end mark belongs to the list
        member=pl.col("member") | (pl.col("strange") & pl.col("end_next"))
    )
    runs = (
        in_runs(lines.filter(pl.col("member") | pl.col("between")))
        .filter(
            (pl.col("core").sum().over("run") >= FEWEST_LINES)
            & (pl.col("whole") & pl.col("shaped")).any().over("run")
        )
        .drop(_NEEDED_NO_MORE)
    )
    plain = runs.filter(~pl.col("bulleted"))
    if not plain.is_empty():
        bare = _bare_runs(plain, lines)
        runs = runs.filter(~pl.col("run").is_in(bare.implode()))
    first = runs.group_by("run", maintain_order=True).agg(pl.col("doc", "pos").first())
    other = runs_below_headings(first, lines)
    if not other.is_empty():
        runs = runs.filter(~pl.col("run").is_in(other.implode()))
    return runs.pipe(_split_repeated_lists).with_columns(
        followed=(pl.col("run") == pl.col("run").shift(-1)).fill_null(value=False)
        | pl.col("end_next")
        | _NAMES_PROVIDER
    )


def _bare_runs(runs: pl.DataFrame, lines: pl.DataFrame) -> pl.Series:
    """Runs without bullets and end mark that are no tickers.

    Names and numbers alone may be records, or temperatures of the sea; and what a heading calls a
    forecast is one.
    """
    runs = runs.group_by("run", maintain_order=True).agg(
        pl.col("doc").first(),
        pl.col("pos").first() - 1,
        worded=pl.col("word").is_not_null().any(),
        marked=(pl.col("end_next") | _NAMES_PROVIDER).any(),
    )
    unmarked = runs.filter(~pl.col("marked")).join(
        lines.select("doc", "pos", above="clean"), on=["doc", "pos"], how="left"
    )
    foretold = pl.col("above").str.contains(FORECAST_ENDS).fill_null(value=False)
    return unmarked.filter(~pl.col("worded") | foretold)["run"]


def _ends_next() -> pl.Expr:
    """True where the end mark stands on the next line."""
    next_line = (pl.col("doc") == pl.col("doc").shift(-1)) & (
        pl.col("pos") + 1 == pl.col("pos").shift(-1)
    )
    return (next_line & pl.col("ends").shift(-1)).fill_null(value=False)


def _split_repeated_lists(lines: pl.DataFrame) -> pl.DataFrame:
    """Two lists without a line between them are two tickers: where the first two stations recur.

    As many lines without a station as lead the first list lead the second.
    """
    row, run, station = pl.col("row"), pl.col("run"), pl.col("station_id")
    begins = (run != run.shift()).fill_null(value=True)
    lines = lines.with_row_index("row")
    named = lines.select(
        "row", "run", "station_id", leading=row - pl.when(begins).then(row).forward_fill()
    ).filter(station.is_not_null())
    following = pl.when(run == run.shift(-1)).then(station.shift(-1))
    # what a list begins with, on each of its lines; -1 is no station, so nothing equals it
    first, second, leading = (
        pl.when(begins).then(column).forward_fill()
        for column in (station, following.fill_null(-1), pl.col("leading"))
    )
    again = named.select(
        start=row - pl.min_horizontal(leading, row - row.shift() - 1),
        again=(station == first) & (following == second) & ~begins,
    ).filter("again")["start"]
    if again.is_empty():
        return lines.with_columns(run=run.rle_id().cast(pl.Int32)).drop("row")
    parted = lines.with_columns(part=(begins | row.is_in(again.implode())).cum_sum()).drop("row")
    parts = parted.group_by("part", maintain_order=True).agg(
        pl.col("run").first(), whole=pl.col("core").sum() >= FEWEST_LINES
    )
    numbers = parts.select(
        "part",
        # numbered apart: the parts of a run that is split upwards, other runs downwards
        run=pl.when(pl.col("whole").all().over("run"))
        .then(pl.col("part").cast(pl.Int64))
        .otherwise(-pl.col("run").cast(pl.Int64)),
    )
    return (
        parted.drop("run")
        .join(numbers, on="part", how="left", maintain_order="left")
        .with_columns(run=pl.col("run").rle_id().cast(pl.Int32))
        .drop("part")
    )


def judge(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `reason` to ticker lines; null is a reading, as far as they tell."""
    number, unit, known = pl.col("number"), pl.col("unit").is_not_null(), pl.col("known")
    # `서울 - 5.9℃` is 5.9 beside the condition `-`, or -5.9: nobody can tell
    # unless the list's other lines have their condition there
    doubtful_sign = pl.col("key_before").str.ends_with("-") & pl.col("unsigned")
    if lines.select(doubtful_sign.any()).item():
        doubtful_sign &= ~_condition_in_the_middle()
    nameless_number = (
        (pl.col("key_before") == "") & (pl.col("key_after") == "") & number.is_not_null()
    )
    unreadable = ~pl.col("readable") | doubtful_sign
    reason = (
        pl.when((number.is_not_null() & ~unit) | pl.col("cut"))
        .then(pl.lit("cut_line"))
        .when((known | nameless_number) & unreadable)
        .then(pl.lit("unreadable_temperature"))
        .when(~known & ~nameless_number)
        .then(pl.lit(_UNKNOWN))
        .when(number.is_null() & ~unit & pl.col("word").is_null())
        .then(pl.lit("unreadable_temperature"))
        .when(number.is_null() & ~unit & ~pl.col("followed"))
        .then(pl.lit("cut_line"))
    )
    judged = lines.with_columns(reason=reason)
    unknown = (
        judged.filter(pl.col("reason") == _UNKNOWN)
        .select("clean", "key_before", "key_after")
        .unique()
    )
    explained = unknown.select(
        "clean", why=pl.Series([_why(*row) for row in unknown.rows()], dtype=pl.String)
    )
    return (
        judged.join(explained, on="clean", how="left", maintain_order="left")
        .with_columns(reason=pl.when(pl.col("reason") == _UNKNOWN).then("why").otherwise("reason"))
        .drop("why")
    )


def _condition_in_the_middle() -> pl.Expr:
    """True in a list that prints station, condition and temperature in this order throughout."""
    named = (pl.col("known") & pl.col("name").is_not_null()).fill_null(value=False)
    worded = named & (pl.col("word") != GLUED_BULLET)
    middle = pl.col("key_before") == pl.col("name") + pl.col("word")
    return (worded.any() & (middle.fill_null(value=False) | ~named).all()).over("run")


def _why(clean: str, before: str | None, after: str | None) -> str:
    """The reject reason of a line whose names, as they stand, are in no table."""
    text = before if before is not None else squeezed_name(clean)
    if not text and not after:
        return "unnamed_station"
    name = text.rstrip(NOT_IN_NAMES)
    # known names, with something before the unit that is no number
    if (name != text or (before is None and not after)) and name in known_texts():
        return "unreadable_temperature"
    return why_unknown(text, after or "")
