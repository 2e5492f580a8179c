"""A digest of the values that a page shows, to tell whether the page must be rendered again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, cached_property
from hashlib import blake2b
from typing import Any, Final

import polars as pl

from nalssi.gallery.site_files import SiteFile

# The built-in types come first, because to check for an abstract class is slow.
_PLAIN: Final = (str, int, float, date)  # a datetime is a date
_MAPPINGS: Final = (dict, Mapping)
_SEQUENCES: Final = (list, tuple, Sequence)


class Digested(ABC):
    """A value with a digest of its content. `input_digest` uses it instead of computing one."""

    @property
    @abstractmethod
    def digest(self) -> str:
        """A text that changes when the value changes."""


class SharedRows(tuple[Mapping[str, Any], ...], Digested):
    """Rows that are a field of many pages. Their digest is computed once."""

    @cached_property
    def digest(self) -> str:
        """The `input_digest` of the rows."""
        return input_digest(list(self))


def input_digest(value: object) -> str:
    """Return 16 hex digits that change when the value changes. They are the same in every process.

    The value may be a plain value, a data frame, a file of the gallery, or a mapping, sequence or
    dataclass of these, or `Digested`. Raises TypeError for anything else, such as a function or a
    connection: their content could change without changing the digest.
    """
    parts: list[bytes] = []
    _add(parts.append, value)
    return blake2b(b"\0".join(parts), digest_size=8).hexdigest()


def rows_digest(hashes: pl.Series) -> str:
    """Return a digest of rows. `hashes` has the hash of each row (`DataFrame.hash_rows`)."""
    return blake2b(hashes.to_numpy().tobytes(), digest_size=8).hexdigest()


def _add(add: Callable[[bytes], None], value: object) -> None:
    if value is None or isinstance(value, _PLAIN):
        add(repr(value).encode())
    elif isinstance(value, Digested):
        add(b"digest " + value.digest.encode())
    elif isinstance(value, SiteFile):
        add(f"file {value.path} {value.key}".encode())
    elif isinstance(value, _MAPPINGS):
        add(b"mapping %d" % len(value))
        for key, entry in value.items():
            _add(add, key)
            _add(add, entry)
    elif isinstance(value, _SEQUENCES):
        add(b"sequence %d" % len(value))
        for entry in value:
            _add(add, entry)
    elif isinstance(value, pl.DataFrame):
        add(repr(value.schema).encode())
        for column in value.select(pl.all().to_physical()):
            add(b"column %d" % column.len())
            add(_column_bytes(column))
    elif is_dataclass(value):
        for name in _field_names(type(value)):  # type: ignore[arg-type]
            _add(add, getattr(value, name))
    else:
        raise TypeError(f"a page cannot depend on a {type(value).__name__}")


@cache
def _field_names(dataclass: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(dataclass))


def _column_bytes(column: pl.Series) -> bytes:
    """Return bytes that change when a value of a column changes, without converting each value."""
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        nulls = column.is_null().to_numpy().tobytes() if column.null_count() else b""
        return (
            nulls + column.fill_null(0 if column.dtype.is_numeric() else False).to_numpy().tobytes()
        )
    if column.dtype == pl.String:
        return column.hash(seed=0).to_numpy().tobytes()
    return repr(column.to_list()).encode()
