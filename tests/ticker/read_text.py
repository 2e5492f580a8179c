"""Read texts as pages, and show the results in a form that tests compare easily."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from nalssi.ticker import Extraction, document_id, extract

SEOUL, GEOJE, BUSAN, JEJU = (108, "맑음", 1.0), (294, "-", -2.8), (159, "비", 3.0), (184, "눈", 4.0)
"""Readings of the lists that several tests print."""
DATED = "2026.01.23 (금)"
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
    """Extract pages with these texts; their addresses are page:0, page:1, …"""
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


def read_each(*texts: str) -> list[Extraction]:
    """Extract many pages in one call, which takes little longer than one page. The result of each
    page has only `lines`, `rejects`, the number of ticker lines that they add up to, and a row of
    `sightings` for each list."""
    found = read(*texts)
    assert found.ticker_lines == found.lines.height + found.rejects.height
    results = []
    for number, text in enumerate(texts):
        is_page = pl.col("document_id") == document_id(f"page:{number}", None, text.encode())
        lines, rejects = found.lines.filter(is_page), found.rejects.filter(is_page)
        empty = found.documents.clear()
        results.append(
            Extraction(
                documents=empty,
                snapshots=empty,
                sightings=found.sightings.filter(is_page),
                readings=empty,
                examined=empty,
                lines=lines,
                rejects=rejects,
                ticker_lines=lines.height + rejects.height,
            )
        )
    return results


def readings(found: Extraction) -> list[tuple[int, str | None, float | None]]:
    """Return station, printed condition and temperature of each reading, in page order."""
    return found.lines.select("station_id", "condition_raw", "temperature_c").rows()


def rejects(found: Extraction) -> list[tuple[int, str]]:
    """Return line and reason of each reject, in page order."""
    return found.rejects.select("line", "reason").rows()


def counted(found: Extraction) -> tuple[int, int]:
    """Return the number of readings and of rejects, which together are all ticker lines."""
    assert found.ticker_lines == found.lines.height + found.rejects.height
    return found.lines.height, found.rejects.height
