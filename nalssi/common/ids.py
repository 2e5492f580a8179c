"""Ids of documents, snapshots and loads.

The id of a document or snapshot is made from its content, so the same document or ticker has the
same id on every machine, forever. An id has sixteen hex digits of BLAKE2b, and the first of them is
a letter: no spreadsheet, pandas or R reads an id as a number. The id of a snapshot begins with its
day. The hash functions of polars and DuckDB are not used, because they may change with a new
version.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from functools import cache
from hashlib import blake2b

import polars as pl

from schemas.ids import LAST_DAY_OF_IDS

ID_BYTES = 8
"""The number of bytes of a digest."""
ID_LENGTH = 2 * ID_BYTES
"""The number of hex digits of an id."""
FIRST_DIGITS = str.maketrans("0123456789", "abcdefabcd")
"""The letters that replace a decimal digit at the beginning of a digest. Letters stay."""


def digest(*parts: bytes) -> str:
    """Return the digest of a content that consists of several parts: 16 hex digits."""
    return blake2b(b"\0".join(parts), digest_size=ID_BYTES).hexdigest()


def id_of_digest(digits: str) -> str:
    """Return the id for a digest of hex digits: the first digit becomes a letter if it is decimal.

    An id is returned unchanged. Older versions stored digests as ids without this change; they are
    converted before they are compared with ids.
    """
    return digits[0].translate(FIRST_DIGITS) + digits[1:]


def document_id(uri: str, captured_at: datetime | None, content: bytes) -> str:
    """Return the id of a document, made from its address, its capture time and its bytes."""
    when = captured_at.isoformat() if captured_at else ""
    return id_of_digest(digest(uri.encode(), when.encode(), content))


def random_id() -> str:
    """Return a new random id, for a load."""
    return id_of_digest(secrets.token_hex(ID_BYTES))


@cache
def day_of_id(day: date | None) -> str:
    """Return the beginning of the ids of a day's snapshots.

    It is `a` and the days since 1970-01-01 as four hex digits, or `f` if the day is unknown. Ids
    sort by day. Days before 1970 or after 2149 do not fit, and have the number of the nearest day
    that fits.
    """
    if day is None:
        return "f"
    days = (day - date(1970, 1, 1)).days
    return f"a{min(max(days, 0), LAST_DAY_OF_IDS):04x}"


def snapshot_id(day: date | None, content: bytes) -> str:
    """Return the id of a snapshot: `day_of_id`, then the digest of its content, 16 digits in all.

    `content` identifies the readings of the snapshot.
    """
    return (day_of_id(day) + digest(content))[:ID_LENGTH]


def snapshot_ids(tickers: pl.DataFrame, content: pl.Expr) -> pl.Series:
    """Return the snapshot ids of tickers, one for each row of the frame.

    `tickers` has the column `observed_on`, the day of a ticker, which is null if it is unknown.
    `content` is an expression for the text that identifies the readings of a ticker.
    """
    rows = tickers.select("observed_on", content.alias("content"))
    ids = [snapshot_id(day, text.encode()) for day, text in rows.iter_rows()]
    return pl.Series(ids, dtype=pl.String)
