"""Read the tickers in the texts of pages, without a warehouse: `parse_text` and `parse_texts`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl


@dataclass(frozen=True)
class Page:
    """The readings and rejects of one page.

    `readings` has the columns `line, snapshot_id, observed_on, observed_at, station_id,
    station_name, station_source, condition, condition_raw, temperature_c`, in the order of the
    page; `observed_at` is ISO 8601 text in KST, `temperature_c` is in °C. `rejects` has the columns
    `line, text, reason`. `ticker_lines` is the number of ticker lines: readings and rejected ticker
    lines. Rejected date lines are not counted.
    """

    readings: pl.DataFrame
    rejects: pl.DataFrame
    ticker_lines: int


def parse_text(text: str, *, captured_at: datetime | None = None) -> Page:
    """Read the tickers in the text of a page, in HTML or in KMA's XML feed.

    `captured_at` dates a ticker without a date, or with an impossible date. It must have a UTC
    offset. Raises TypeError for a page that is not text, and ValueError for a time without an
    offset and for a feed that is not well-formed.

    >>> page = parse_text("• 맑음서울 3.2℃\\n• 비부산 9.0℃\\n• 눈대전 -1.5℃")
    >>> page.readings.select("station_name", "condition", "temperature_c").rows()
    [('서울', 'clear', 3.2), ('부산', 'rain', 9.0), ('대전', 'snow', -1.5)]
    """
    page = parse_texts([text], captured_at=captured_at)
    number = "text_number"
    return Page(page.readings.drop(number), page.rejects.drop(number), page.ticker_lines)


def parse_texts(texts: Iterable[str], *, captured_at: datetime | None = None) -> Page:
    """Read the tickers in the texts of many pages, faster than `parse_text` for each of them.

    The frames of the returned `Page` have another column before all others: `text_number`, the
    number of the text, from 0. All texts are in memory. `captured_at` and the errors are those of
    `parse_text`. Also raises TypeError if `texts` is one text.
    """
    if isinstance(texts, str):
        raise TypeError("texts: expected texts, not one text: use parse_text")
    if captured_at is not None and captured_at.utcoffset() is None:
        raise ValueError(f"captured_at: {captured_at} has no UTC offset: give it a time zone")
    from nalssi.parse import printed_columns
    from nalssi.sources.format_detection import kind_of
    from nalssi.sources.formats import kinds_of_role
    from nalssi.sources.readers.page_documents import RawPage, documents
    from nalssi.ticker import extract

    pages = []
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(
                f"text {number}: expected str, not {type(text).__name__}: decode it, or give the"
                " file to nalssi.load, which finds the encoding"
            )
        raw = text.encode()
        kind = kind_of("", raw)
        is_page = kind in kinds_of_role("page")
        pages.append(
            RawPage(kind if is_page else "text", f"text:{number}", raw, "utf-8", captured_at)
        )
    extraction = extract(documents(pages))
    for uri, cause in extraction.problems:
        raise ValueError(f"{uri.replace(':', ' ')}: {cause}")
    text_number = pl.col("uri").str.strip_prefix("text:").cast(pl.Int64).alias("text_number")
    readings, rejects = (
        frame.select(text_number, pl.exclude("document_id", "uri"))
        for frame in printed_columns(extraction)
    )
    return Page(readings, rejects, extraction.ticker_lines)
