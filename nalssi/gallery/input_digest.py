"""A digest of the values that a page shows, to tell whether the page must be rendered again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Any

import polars as pl

from nalssi.gallery.site_files import SiteFile


class Digested(ABC):
    """A value that states its own digest, so that it need not be read to compute one."""

    @property
    @abstractmethod
    def digest(self) -> str:
        """A text that changes when the value changes."""


class SharedRows(tuple[Mapping[str, Any], ...], Digested):
    """Rows that are a field of many pages. Their digest is computed once."""

    @cached_property
    def digest(self) -> str:
        """The digest of the rows."""
        return input_digest(list(self))


def input_digest(value: object) -> str:
    """Return 16 hex digits that change when the value changes. They are the same in every process.

    The value may be a plain value, a data frame, a file of the site, or a mapping, sequence or
    dataclass of these, or `Digested`. Raises TypeError for anything else, such as a function or a
    connection: their content could change without changing the digest.
    """
    digest = blake2b(digest_size=8)
    _add(digest.update, value)
    return digest.hexdigest()


def _add(update: Callable[[bytes], None], value: object) -> None:
    if value is None or isinstance(value, str | int | float | date):  # a datetime is a date
        update(repr(value).encode())
        update(b"\0")
    elif isinstance(value, Digested):
        _add(update, ("digest", value.digest))
    elif isinstance(value, Mapping):
        update(b"mapping %d\0" % len(value))
        for key, entry in value.items():
            _add(update, key)
            _add(update, entry)
    elif isinstance(value, Sequence):
        update(b"sequence %d\0" % len(value))
        for entry in value:
            _add(update, entry)
    elif isinstance(value, pl.DataFrame):
        update(repr(value.schema).encode())
        for column in value.select(pl.all().to_physical()):
            update(b"column %d\0" % column.len())
            update(_column_bytes(column))
    elif isinstance(value, SiteFile):
        _add(update, (value.path, value.key))
    elif is_dataclass(value):
        for field in fields(value):
            _add(update, getattr(value, field.name))
    else:
        raise TypeError(f"a page cannot depend on a {type(value).__name__}")


def _column_bytes(column: pl.Series) -> bytes:
    """Return bytes that change with a column's values, without making a Python object of each."""
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        nulls = column.is_null().to_numpy().tobytes() if column.null_count() else b""
        return (
            nulls + column.fill_null(0 if column.dtype.is_numeric() else False).to_numpy().tobytes()
        )
    if column.dtype == pl.String:
        return column.hash(seed=0).to_numpy().tobytes()
    return repr(column.to_list()).encode()
