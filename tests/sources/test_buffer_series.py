"""A Series that reads a buffer of Python: its values, and how long it keeps the buffer."""

from __future__ import annotations

import gc

import polars as pl
import pytest

from nalssi.sources.readers.warc.buffer_series import buffer_series

CONTENT = b"WARC/1.0\xff\x00\xea\xb0\x80" * 3


def test_the_values_are_the_bytes_between_the_bounds() -> None:
    bounds = [1, 4, 4, 9, len(CONTENT)]
    series = buffer_series(bytearray(CONTENT), bounds)
    assert series.dtype == pl.Binary
    assert series.to_list() == [CONTENT[1:4], b"", CONTENT[4:9], CONTENT[9:]]
    assert buffer_series(bytearray(CONTENT), [3]).to_list() == []


@pytest.mark.parametrize("bounds", [[-1, 2], [0, len(CONTENT) + 1], [0, 5, 4]])
def test_bounds_outside_of_the_content_are_refused(bounds: list[int]) -> None:
    with pytest.raises(ValueError, match="not increasing positions"):
        buffer_series(bytearray(CONTENT), bounds)


def test_the_content_can_be_resized_when_the_series_is_gone() -> None:
    content = bytearray(CONTENT)
    series = buffer_series(content, [0, 4, len(content)])
    part = series[1:]
    del series
    gc.collect()
    with pytest.raises(BufferError):
        content.clear()
    assert part.to_list() == [CONTENT[4:]]
    del part
    gc.collect()
    content.clear()
