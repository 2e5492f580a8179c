"""Find the date of each ticker: the date that the page prints near it, or else the day of capture.

Pages print two kinds of dates: the ticker's own (`2025.12.19 (금)`) and the site's last edit
(`최종편집: 2024-05-06 00:04`, `UPDATED. 2025-04-04 14:00 (금)`), which is weaker. Both can stand
before or after the list, with other lines in between. The date of an article (`등록 2025.06.20
08:18:20`) is not used, with or without the word `등록`: a bare date with a clock time after a list
belongs to the article below. A ticker without a date near it gets the date of the other tickers of
its page, if they all have the same and none is rejected. An impossible date becomes a reject. Its
ticker, and a ticker on a page without a date, gets the day of its capture time. Today's date is
never used.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from nalssi.common.ticker_symbols import BULLETS_IN_CLASS, END_MARK

LINES_BEFORE_LIST, LINES_AFTER_LIST = 10, 3
"""The largest distances in lines between a list and its date: for a date before the list, and for a
date after it. A banner or a menu may be between list and date."""
LINES_TO_BARE_DATE = 1
"""The largest distance in lines between a list and a bare date. A bare date has neither a weekday
nor the words for the last edit, so farther away it may belong to something else on the page."""

FIRST_DATE = date(1904, 4, 1)
"""The date of KMA's first observations. An earlier date is impossible."""

_WEEKDAYS = {
    name: number
    for names in (
        "월화수목금토일",
        "月火水木金土日",
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    )
    for number, name in enumerate(names, 1)
}
_HALF = r"(?:오전|오후|AM|PM)?"
_CLOCK = r"[0-9]{1,2}\s*[:시]\s*(?:[0-9]{1,2}\s*분?)?(?::[0-9]{2})?"
_TIME = rf"(?P<time>{_HALF}\s*{_CLOCK}\s*{_HALF})?"


def _weekday(group: str) -> str:
    return rf"(?:[(\[]?\s*(?P<{group}>{'|'.join(_WEEKDAYS)})(?:요일|[a-z]*\.?)\s*[)\]]?)?"


_DATE = (
    r"(?:(?P<edited>최종\s*(?:편집|수정|업데이트)\S{0,3})|(?P<updated>(?:업데이트|updated?)\S{0,3})"
    r"|오늘은?|(?P<now>현재))?\s*:?\s*[\[(]?\s*"
    r"(?P<year>[0-9]{4})\s*[.\-/년]\s*(?P<month>[0-9]{1,2})\s*[.\-/월]\s*(?P<day>[0-9]{1,2})"
    rf"\s*[.일]?\s*,?\s*{_weekday('weekday')}\s*{_TIME}\s*{_weekday('weekday_after')}"
    r"\s*(?P<as_of>기준|현재)?\s*[\])]?"
)
_DATE_LINE = rf"(?i)^(?P<bullet>[{BULLETS_IN_CLASS}]|-\s)?\s*{_DATE}\s*(?P<menu>[|│][^0-9]*)?$"
DATE_IN_TEXT = rf"(?<![0-9]){_DATE}"
"""A Python regex for a date in a line that also has other text. Use it with `re.IGNORECASE`."""


def date_tickers(tickers: pl.DataFrame, lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find the date of every ticker.

    `tickers` has the columns `doc, run, first_pos, last_pos, captured_on` (the day in Korea; null
    if unknown), in page order. `lines` are the candidate lines without a unit.

    Returns the dates (`run, printed_on, observed_on, date_source`), one row per ticker, and the
    rejected date lines (`doc, line, text, reason`), each once. `observed_on` is `printed_on`, or
    else the day of the capture. It and `date_source` are null if neither is known.
    """
    dates = _check_dates(_nearest_dates(tickers, _date_lines(lines), lines))
    rejects = (
        dates.filter(pl.col("reason").is_not_null())
        .unique(["doc", "pos"], maintain_order=True)
        .select("doc", "line", "text", "reason")
    )
    # A ticker without a date line has the date of its page, if the page prints only one.
    pages = dates.group_by("doc").agg(
        page_date=pl.col("printed_on").drop_nulls().unique(),
        page_source=pl.col("source").min(),
        has_reject=pl.col("reason").is_not_null().any(),
    )
    one_date = (pl.col("page_date").list.len() == 1) & ~pl.col("has_reject")
    own = dates.select("run", "printed_on", "source", dated=pl.lit(value=True))
    dated = (
        tickers.join(own, on="run", how="left", maintain_order="left")
        .join(pages, on="doc", how="left", maintain_order="left")
        .with_columns(inherits=pl.col("dated").is_null() & one_date)
        .with_columns(
            printed_on=pl.when("inherits")
            .then(pl.col("page_date").list.first())
            .otherwise("printed_on"),
            source=pl.when("inherits").then("page_source").otherwise("source"),
        )
        .select(
            "run",
            "printed_on",
            observed_on=pl.coalesce("printed_on", "captured_on"),
            date_source=pl.when(pl.col("printed_on").is_not_null())
            .then("source")
            .when(pl.col("captured_on").is_not_null())
            .then(pl.lit("capture")),
        )
    )
    return dated, rejects


def _check_dates(dates: pl.DataFrame) -> pl.DataFrame:
    """Check date lines: add the columns `printed_on` and `reason`, of which exactly one is null.

    The column `date` is added too: the day, null if it is not in the calendar. `dates` is the
    result of `_date_lines`, with `captured_on`. `printed_on` is the date, if it is valid. `reason`
    is `impossible_date` (no such day, before FIRST_DATE, or after the capture) or
    `weekday_mismatch` (the printed weekday is not that of the date).
    """
    day = pl.concat_str("year", "month", "day", separator="-")
    dates = dates.with_columns(date=day.str.to_date("%Y-%m-%d", strict=False))
    impossible = (
        pl.col("date").is_null()
        | (pl.col("date") < FIRST_DATE)
        | (pl.col("date") > pl.col("captured_on")).fill_null(value=False)
    )
    other_weekday = pl.col("date").dt.weekday() != pl.col("weekday")
    return dates.with_columns(
        reason=pl.when(impossible)
        .then(pl.lit("impossible_date"))
        .when(other_weekday)
        .then(pl.lit("weekday_mismatch"))
    ).with_columns(printed_on=pl.when(pl.col("reason").is_null()).then("date"))


def _date_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that consist of a date, with the parts of the date.

    Columns: `doc, pos, line, text` of the line; `year, month, day` as texts; `weekday`, from 1 for
    Monday, null if not printed; `source, bare, before_only`.

    `source` is `ticker` (the ticker's own date) or `site` (the site's last edit). `bare` is True if
    the date has neither a weekday nor the words for the last edit. `before_only` is True if the
    date can be the date of a list below it only.
    """
    weekday = pl.coalesce("weekday", "weekday_after")
    bare = weekday.is_null() & pl.col("edited").is_null()
    # the dates of articles can have bullets, last updates and bars, too, but no weekdays
    needs_weekday = pl.any_horizontal(pl.col("bullet", "updated", "menu").is_not_null())
    says_now = pl.any_horizontal(pl.col("now", "as_of").is_not_null())
    return (
        lines.filter(pl.col("clean").str.contains(_DATE_LINE))
        .with_columns(pl.col("clean").str.extract_groups(_DATE_LINE).struct.unnest())
        .filter(~(bare & needs_weekday))
        .select(
            "doc",
            "pos",
            "line",
            "text",
            "year",
            pl.col("month", "day").str.zfill(2),
            weekday=weekday.str.to_lowercase().replace_strict(
                _WEEKDAYS, default=None, return_dtype=pl.Int8
            ),
            source=pl.when(pl.any_horizontal(pl.col("edited", "updated").is_not_null()))
            .then(pl.lit("site"))
            .otherwise(pl.lit("ticker")),
            bare=bare,
            before_only=bare & pl.col("time").is_not_null() & ~says_now,
        )
    )


def _nearest_dates(tickers: pl.DataFrame, dates: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Choose one date line for each ticker that has date lines near it.

    `dates` are the date lines (`_date_lines`), `lines` the candidate lines without a unit. The
    result has one row per such ticker, with the columns of `tickers` and of `dates`.

    The ticker's own date wins over the date of the site's last edit. Then, if the first list of the
    page has a date before it, dates before lists win on that page, otherwise dates after lists.
    Then the nearest date wins.
    """
    end_marks = lines.filter(pl.col("clean").str.contains(END_MARK)).select(
        "doc", last_pos=pl.col("pos") - 1, has_end_mark=True
    )
    same_page = (pl.col("doc") == pl.col("doc").shift()).fill_null(value=False)
    spans = tickers.join(
        end_marks, on=["doc", "last_pos"], how="left", maintain_order="left"
    ).with_columns(
        end_pos=pl.col("last_pos") + pl.col("has_end_mark").fill_null(value=False).cast(pl.Int32),
        after_pos=pl.when(same_page).then(pl.col("last_pos").shift()).otherwise(-1),
        index=pl.int_range(pl.len()),
    )
    # Compare a date only with the list before and the list after it. A page with a thousand lists
    # and a thousand dates has a million pairs.
    page_pos = pl.col("doc").cast(pl.Int64) * 2**32
    starts = spans.select(page_pos + pl.col("first_pos")).to_series()
    next_list = starts.search_sorted(dates.select(page_pos + pl.col("pos")).to_series())
    next_list = next_list.cast(pl.Int64)
    reach = pl.when(pl.col("bare")).then(LINES_TO_BARE_DATE)
    is_before = pl.col("pos") < pl.col("first_pos")
    return (
        pl.concat([dates.with_columns(index=next_list), dates.with_columns(index=next_list - 1)])
        .join(spans, on=["doc", "index"])
        .filter(pl.col("pos") > pl.col("after_pos"))
        .with_columns(
            is_before=is_before,
            distance=pl.when(is_before)
            .then(pl.col("first_pos") - pl.col("pos"))
            .otherwise(pl.col("pos") - pl.col("end_pos")),
        )
        .filter(
            (pl.col("distance") > 0)
            & (pl.col("is_before") | ~pl.col("before_only"))
            & (
                pl.col("distance")
                <= reach.when(pl.col("is_before"))
                .then(LINES_BEFORE_LIST)
                .otherwise(LINES_AFTER_LIST)
            )
        )
        .with_columns(
            page_has_before=(
                pl.col("is_before") & (pl.col("run") == pl.col("run").min().over("doc"))
            )
            .any()
            .over("doc")
        )
        .sort(
            "run",
            pl.col("source") == "site",
            pl.col("is_before") != pl.col("page_has_before"),
            "distance",
        )
        .group_by("run", maintain_order=True)
        .first()
    )
