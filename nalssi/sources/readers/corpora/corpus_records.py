"""Column names, and documents from records, for the readers of JSON and Parquet corpora."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from nalssi.common.ids import document_id
from nalssi.sources.formats import FORMATS
from nalssi.sources.partition import Options
from nalssi.sources.readers.capture_times import capture_time
from nalssi.sources.readers.page_documents import RawPage, documents, documents_frame
from nalssi.sources.readers.pages.html_text import site_of

# The usual column names of web corpora; the first one that a corpus has is used. A name with a dot
# is a field of a nested object.
TEXT_COLUMNS = ("text", "content", "raw_content", "body", "html", "page_content", "document")
URL_COLUMNS = (
    *("url", "uri", "source_url", "target_uri", "WARC-Target-URI", "link"),
    *("warc_headers.warc-target-uri", "meta.url", "metadata.url", "meta.source_url"),
)
DATE_COLUMNS = (
    *("captured_at", "crawl_date", "crawled_at", "fetched_at", "warc_date", "WARC-Date"),
    *("fetch_time", "date_download", "timestamp", "date", "ts"),
    *("warc_headers.warc-date", "meta.timestamp", "metadata.timestamp", "metadata.date"),
)

_LISTED_COLUMNS = 20  # in an error message
_MAY_BE_MARKUP = r"^\s*<"
# Possessive, so that a text that begins with a thousand comments takes linear time.
_HTML = re.compile(r"(?:\s|<!--(?>.*?-->))*+<(?:!doctype\s+html|html|head|body)[\s>]", re.I | re.S)


def documents_of_records(
    texts: pl.Series, uris: pl.Series, captured: Sequence[object], options: Options
) -> pl.DataFrame:
    """Turn records of a corpus into documents, with the columns of `DOCUMENTS`.

    Give only records that print a temperature unit. `texts`, `uris` and `captured` (the values of
    the date column) have one value for each record. `options` names the time zone of dates without
    one. A text that begins as HTML is parsed as HTML. Texts without a unit after parsing, and
    repeated documents, are dropped.
    """
    captures = [capture_time(value, options.date_timezone) for value in captured]
    raw = texts.cast(pl.Binary)
    markup = texts.str.contains(_MAY_BE_MARKUP)
    if markup.any():
        rows = zip(markup, texts, uris, raw, captures, strict=True)
        return documents(
            [
                RawPage(
                    "html" if maybe and _HTML.match(text) else "text", uri, content, "utf-8", when
                )
                for maybe, text, uri, content, when in rows
            ]
        )
    return documents_frame(
        document_id=list(map(document_id, uris, captures, raw)),
        uri=uris,
        site=list(map(site_of, uris)),
        media_type=[FORMATS["text"].media_type] * len(texts),
        captured_at=captures,
        text=texts.str.strip_prefix("\ufeff"),
    )


def no_text_column(names: Sequence[str], asked: str | None) -> str:
    """Return the error message for a corpus that has no column of texts.

    `names` are the corpus's columns. `asked` is the column that the user named, if any.
    """
    missing = f"no column {asked!r}" if asked else "no text column"
    cut = ["…"] if len(names) > _LISTED_COLUMNS else []
    listed = ", ".join([*names[:_LISTED_COLUMNS], *cut])
    return f"{missing} (there is: {listed}); name it with --text-column"
