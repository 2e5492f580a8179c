"""The date that a page prints at its ticker, and what else can date it.

Two kinds are printed: the ticker's own (`2025.12.19 (금)`) and the site's last edit (`최종편집:
2024-05-06 00:04`, `UPDATED. 2025-04-04 14:00 (금)`), which is weaker. Either stands before or after
the list, other lines may come between. An article's own date (`등록 2025.06.20 08:18:20`) is
neither, with or without its word: a bare date with a clock time that follows a list belongs to
the article below. A date that cannot be is recorded as a reject; then, or where none is printed,
only the time of capture dates the page. Nothing is ever taken from today's date.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from nalssi.common.symbols import BULLETS, END_MARK

# A bare date may be anything's, so it must touch the list. One with its weekday, or with the words
# for the last edit, is a page's; a banner or a menu may stand between it and the list.
REACH_BEFORE, REACH_AFTER, REACH_BARE = 10, 3, 1

FIRST_DATE = date(1904, 4, 1)  # KMA's first observations; an earlier date is no observation's

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


def _weekday(place: str) -> str:
    return rf"(?:[(\[]?\s*(?P<{place}>{'|'.join(_WEEKDAYS)})(?:요일|[a-z]*\.?)\s*[)\]]?)?"


_DATE = (
    r"(?:(?P<edited>최종\s*(?:편집|수정|업데이트)\S{0,3})|(?P<updated>(?:업데이트|updated?)\S{0,3})"
    r"|오늘은?|(?P<now>현재))?\s*:?\s*[\[(]?\s*"
    r"(?P<year>[0-9]{4})\s*[.\-/년]\s*(?P<month>[0-9]{1,2})\s*[.\-/월]\s*(?P<day>[0-9]{1,2})"
    rf"\s*[.일]?\s*,?\s*{_weekday('weekday')}\s*{_TIME}\s*{_weekday('weekday_after')}"
    r"\s*(?P<as_of>기준|현재)?\s*[\])]?"
)
_DATE_LINE = rf"(?i)^(?P<bullet>[{BULLETS}]|-\s)?\s*{_DATE}\s*(?P<menu>[|│][^0-9]*)?$"
DATE_IN_TEXT = rf"(?<![0-9]){_DATE}"
"""The same within a line that prints more (a Python regex; case does not count)."""


def date_tickers(tickers: pl.DataFrame, lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Date every ticker.

    `tickers`: `doc, run, first_pos, last_pos, captured_on` (KST, null if unknown), in page order;
    `lines`: the candidate lines without a unit. Returns `run, printed_on, observed_on,
    date_source` and the rejected date lines `doc, line, text, reason`.
    """
    nearest = _nearest(tickers, _date_lines(lines), lines)
    days = nearest.with_columns(
        date=pl.concat_str("year", "month", "day", separator="-").str.to_date(
            "%Y-%m-%d", strict=False
        )
    )
    impossible = (
        pl.col("date").is_null()
        | (pl.col("date") < FIRST_DATE)
        | (pl.col("date") > pl.col("captured_on")).fill_null(value=False)
    )
    weekday = pl.col("date").dt.weekday() != pl.col("weekday")
    days = days.with_columns(
        reason=pl.when(impossible)
        .then(pl.lit("impossible_date"))
        .when(weekday)
        .then(pl.lit("weekday_mismatch"))
    ).with_columns(printed_on=pl.when(pl.col("reason").is_null()).then("date"))
    rejects = (
        days.filter(pl.col("reason").is_not_null())
        .unique(["doc", "pos"], maintain_order=True)
        .select("doc", "line", "text", "reason")
    )
    # A ticker without a date line of its own has the page's, if the page prints but one.
    pages = days.group_by("doc").agg(
        page_date=pl.col("printed_on").drop_nulls().unique(),
        page_source=pl.col("source").min(),
        refused=pl.col("reason").is_not_null().any(),
    )
    only = (pl.col("page_date").list.len() == 1) & ~pl.col("refused")
    own = days.select("run", "printed_on", "source", dated=pl.lit(value=True))
    dated = (
        tickers.join(own, on="run", how="left", maintain_order="left")
        .join(pages, on="doc", how="left", maintain_order="left")
        .with_columns(inherits=pl.col("dated").is_null() & only)
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


def _date_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines that are nothing but a date, with its parts, its source and what it may date.

    `bare`: neither a weekday nor the words for the last edit; `leads_only`: dates but a list below.
    """
    weekday = pl.coalesce("weekday", "weekday_after")
    bare = weekday.is_null() & pl.col("edited").is_null()
    # articles have bullets, last updates and bars behind their dates too, but no weekdays
    needs_weekday = pl.any_horizontal(pl.col("bullet", "updated", "menu").is_not_null())
    said = pl.any_horizontal(pl.col("now", "as_of").is_not_null())
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
            leads_only=bare & pl.col("time").is_not_null() & ~said,
        )
    )


def _nearest(tickers: pl.DataFrame, dates: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """For each ticker that has a date line in reach, the one that counts.

    The ticker's own before the site's; on a page whose first list has its date before it, dates
    before their lists; then the nearest.
    """
    ends = lines.filter(pl.col("clean").str.contains(END_MARK)).select(
        "doc", last_pos=pl.col("pos") - 1, marked=True
    )
    same_page = (pl.col("doc") == pl.col("doc").shift()).fill_null(value=False)
    spans = tickers.join(
        ends, on=["doc", "last_pos"], how="left", maintain_order="left"
    ).with_columns(
        end_pos=pl.col("last_pos") + pl.col("marked").fill_null(value=False).cast(pl.Int32),
        after_pos=pl.when(same_page).then(pl.col("last_pos").shift()).otherwise(-1),
        place=pl.int_range(pl.len()),
    )
    # A date has a list before it and one behind it: of a page with a thousand lists and dates, all
    # pairs would be a million.
    at = pl.col("doc").cast(pl.Int64) * 2**32
    begins = spans.select(at + pl.col("first_pos")).to_series()
    behind = begins.search_sorted(dates.select(at + pl.col("pos")).to_series()).cast(pl.Int64)
    reach = pl.when(pl.col("bare")).then(REACH_BARE)
    return (
        pl.concat([dates.with_columns(place=behind), dates.with_columns(place=behind - 1)])
        .join(spans, on=["doc", "place"])
        .filter(pl.col("pos") > pl.col("after_pos"))
        .with_columns(
            leads=pl.col("pos") < pl.col("first_pos"),
            distance=pl.when(pl.col("pos") < pl.col("first_pos"))
            .then(pl.col("first_pos") - pl.col("pos"))
            .otherwise(pl.col("pos") - pl.col("end_pos")),
        )
        .filter(
            (pl.col("distance") > 0)
            & (pl.col("leads") | ~pl.col("leads_only"))
            & (
                pl.col("distance")
                <= reach.when(pl.col("leads")).then(REACH_BEFORE).otherwise(REACH_AFTER)
            )
        )
        .with_columns(
            page_leads=(pl.col("leads") & (pl.col("run") == pl.col("run").min().over("doc")))
            .any()
            .over("doc")
        )
        .sort(
            "run",
            pl.col("source") == "site",
            pl.col("leads") != pl.col("page_leads"),
            "distance",
        )
        .group_by("run", maintain_order=True)
        .first()
    )
