"""Ids of documents and snapshots, made from their content.

The same document or ticker has the same id on every machine, forever. An id has sixteen hex digits
of BLAKE2b; the id of a snapshot begins with its day. The hash functions of polars and DuckDB are
not used, because they may change with a new version.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

import polars as pl

from schemas.extracted_tables import day_of_id

ID_BYTES = 8


def digest(*parts: bytes) -> str:
    """Return the id for a content that consists of several parts: 16 hex digits."""
    return blake2b(b"\0".join(parts), digest_size=ID_BYTES).hexdigest()


def document_id(uri: str, captured_at: datetime | None, content: bytes) -> str:
    """Return the id of a document, made from its address, its capture time and its bytes."""
    when = captured_at.isoformat() if captured_at else ""
    return digest(uri.encode(), when.encode(), content)


def snapshot_ids(tickers: pl.DataFrame, content: pl.Expr) -> pl.Series:
    """Return the ids of tickers. `content` is the expression for the content of a ticker.

    An id begins with the day (`observed_on`), so that ids sort by day. The other digits of the
    sixteen are the digest of the content.
    """
    texts = tickers.select(content).to_series()
    digests = pl.Series([digest(text.encode()) for text in texts], dtype=pl.String)
    return tickers.select((day_of_id() + digests).str.head(2 * ID_BYTES)).to_series()
