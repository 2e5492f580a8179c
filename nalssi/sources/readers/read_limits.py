"""Limits of the readers: how many bytes and rows they accept, and how many they hold in memory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """The limits of a reader. Commands use the defaults; tests use smaller limits."""

    page_bytes: int = 64 * 2**20
    """The size of the largest page after decompression. Larger content is not read as a page."""
    batch_bytes: int = 16 * 2**20
    """A batch ends at this number of bytes of pages that may contain a ticker, or of their text."""
    batch_rows: int = 4096
    """A batch ends at this number of documents."""
    prefilter_bytes: int = 2 * 2**20
    """The size of the pages that are searched together: they stay in the processor's cache."""


DEFAULT_LIMITS = ReadLimits()
