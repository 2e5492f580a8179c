"""Pages for the tests of the grammar, and what came out of them in a form easy to compare."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from nalssi.ticker import Extraction, document_id, extract

DOCUMENTS = {
    "document_id": pl.String,
    "uri": pl.String,
    "site": pl.String,
    "media_type": pl.String,
    "captured_at": pl.Datetime("us", "UTC"),
    "text": pl.String,
}


def read(
    *texts: str, captured_at: datetime | None = None, media_type: str = "text/plain"
) -> Extraction:
    """Extract pages with these texts, found at page:0, page:1, …"""
    rows = [
        (
            document_id(f"page:{number}", captured_at, text.encode()),
            f"page:{number}",
            None,
            media_type,
            captured_at,
            text,
        )
        for number, text in enumerate(texts)
    ]
    return extract(pl.DataFrame(rows, schema=DOCUMENTS, orient="row"))


def readings(found: Extraction) -> list[tuple[int, str | None, float | None]]:
    """Station, condition as printed and temperature of each reading, in page order."""
    return found.lines.select("station_id", "condition_raw", "temperature_c").rows()


def rejects(found: Extraction) -> list[tuple[int, str]]:
    """Line and reason of each reject, in page order."""
    return found.rejects.select("line", "reason").rows()
