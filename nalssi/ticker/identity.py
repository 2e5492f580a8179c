"""Ids made of content: the same document or ticker has the same id on every machine, for ever.

Sixteen hex digits of BLAKE2b. The hashes of polars and DuckDB may change with their versions and
are not used.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

import polars as pl

ID_BYTES = 8


def digest(*parts: bytes) -> str:
    """The id of some content, its parts kept apart by NUL."""
    return blake2b(b"\0".join(parts), digest_size=ID_BYTES).hexdigest()


def document_id(uri: str, captured_at: datetime | None, content: bytes) -> str:
    """The id of a document: where it came from, when it was captured, and its bytes as met."""
    when = captured_at.isoformat() if captured_at else ""
    return digest(uri.encode(), when.encode(), content)


def digests(texts: Iterable[str]) -> pl.Series:
    """The ids of many texts."""
    return pl.Series([digest(text.encode()) for text in texts], dtype=pl.String)
