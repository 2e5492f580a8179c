"""Ids made of content: the same document or ticker has the same id on every machine, for ever.

Sixteen hex digits of BLAKE2b; a snapshot's begin with its day. The hashes of polars and DuckDB may
change with their versions and are not used.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

import polars as pl

from schemas.extracted_tables import day_of_id

ID_BYTES = 8


def digest(*parts: bytes) -> str:
    """The id of some content, its parts kept apart by NUL."""
    return blake2b(b"\0".join(parts), digest_size=ID_BYTES).hexdigest()


def document_id(uri: str, captured_at: datetime | None, content: bytes) -> str:
    """The id of a document: where it came from, when it was captured, and its bytes as met."""
    when = captured_at.isoformat() if captured_at else ""
    return digest(uri.encode(), when.encode(), content)


def snapshot_ids(tickers: pl.DataFrame, content: pl.Expr) -> pl.Series:
    """The ids of tickers: the day first, so that they sort by it, and then of their content's
    digest what sixteen digits leave room for."""
    texts = tickers.select(content).to_series()
    digests = pl.Series([digest(text.encode()) for text in texts], dtype=pl.String)
    return tickers.select((day_of_id() + digests).str.head(2 * ID_BYTES)).to_series()
