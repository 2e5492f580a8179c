"""Let polars read values that lie in a buffer one after another, without a copy.

The values are passed through Arrow's C data interface
(https://arrow.apache.org/docs/format/CDataInterface.html). pyarrow does the same, but importing it
takes 0.1 s and 40 MB, nearly as much memory as reading an archive needs.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from itertools import count

import polars as pl

_LARGE_BINARY = b"Z"
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class _Schema(ctypes.Structure):
    """The C structure `ArrowSchema` of Arrow's C data interface."""

    _fields_ = (
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


class _Array(ctypes.Structure):
    """The C structure `ArrowArray` of Arrow's C data interface."""

    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.c_void_p),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


_keys = count(1)
_in_use: dict[int, tuple[object, ...]] = {}
"""The memory that each Series reads, by a number. It is kept here as long as the Series exists."""


def _release_schema(address: int) -> None:
    _Schema.from_address(address).release = None


def _release_array(address: int) -> None:
    released = _Array.from_address(address)
    released.release = None
    _in_use.pop(released.private_data, None)


_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_RELEASE_SCHEMA, _RELEASE_ARRAY = _Release(_release_schema), _Release(_release_array)


def buffer_series(content: bytearray, bounds: Sequence[int]) -> pl.Series:
    """Return a Series of binary values: value n is bytes `bounds[n]` to `bounds[n + 1]`.

    `bounds` has at least one position. `content` must not be changed while the Series exists, and
    its size cannot be changed. Raises ValueError if a bound is smaller than the one before it or is
    outside of `content`. Equal bounds make an empty value.
    """
    if bounds[0] < 0 or bounds[-1] > len(content) or list(bounds) != sorted(bounds):
        raise ValueError("the bounds are not increasing positions in the content")
    return pl.Series(_Exported(content, bounds))


class _Exported:
    """A large binary array that other libraries import through Arrow's PyCapsule interface."""

    def __init__(self, content: bytearray, bounds: Sequence[int]) -> None:
        offsets = array("q", bounds)
        data = ctypes.c_char.from_buffer(content)  # while it exists, `content` keeps its size
        pointers = (ctypes.c_void_p * 3)(None, offsets.buffer_info()[0], ctypes.addressof(data))
        key = next(_keys)
        _in_use[key] = (offsets, data, pointers)
        self._schema = _Schema(
            format=_LARGE_BINARY,
            name=b"",
            release=ctypes.cast(_RELEASE_SCHEMA, ctypes.c_void_p).value,
        )
        self._array = _Array(
            length=len(bounds) - 1,
            n_buffers=len(pointers),
            buffers=ctypes.addressof(pointers),
            release=ctypes.cast(_RELEASE_ARRAY, ctypes.c_void_p).value,
            private_data=key,
        )

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return (
            _new_capsule(ctypes.addressof(self._schema), b"arrow_schema", None),
            _new_capsule(ctypes.addressof(self._array), b"arrow_array", None),
        )
