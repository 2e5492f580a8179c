"""Decompress runs of gzip members ahead of the reader, in other threads.

A web archive has a gzip member for each record, and members can be decompressed independently. A
run is some hundred kB of consecutive members, which are decompressed with one call. The call
releases Python's lock, so the runs of an archive are decompressed and searched on all cores while
the reader divides earlier runs into records.

Magic bytes show where members may begin, and the last four bytes of a member (ISIZE, RFC 1952) how
long its content is. Both can mislead, so they are verified by decoding: every member begins with
magic bytes, and no size of a run is zero. So the sizes add up to the length of the content only if
a member begins at each position with magic bytes. The decoder verifies checksums and sizes. A run
that fails is not used: `archive_members` decompresses its members one by one and reports damage.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from itertools import islice, pairwise
from typing import BinaryIO, Final, NamedTuple, cast

import polars as pl
from isal import igzip, isal_zlib

GZIP_MAGIC: bytes = b"\x1f\x8b\x08"
"""The first bytes of a member, with the only method in use, which makes false matches rarer."""
RUN_BYTES: Final = 2**19
"""Compressed bytes that are read at a time. They make a run."""
RUN_CONTENT_BYTES: Final = 2**22
"""The largest content of a run: memory stays bounded, and the content stays in the cache."""
MEMBER_BYTES: Final = 2**20
"""The largest member of a run, compressed and decompressed. Others are decompressed in pieces."""

_MAGIC = re.compile(re.escape(GZIP_MAGIC))
_THREADS = pl.thread_pool_size()
_DECOMPRESSING = ThreadPoolExecutor(_THREADS, "gzip-runs")
_RUNS_AHEAD = _THREADS + 1 if _THREADS > 1 else 0  # a worker with one thread uses no other
_ERRORS = (OSError, EOFError, cast(type[Exception], isal_zlib.error))

FindPlainPages = Callable[[bytes, Sequence[int]], list[bool]]
"""Returns which members of a run have only to be counted: see `plain_pages`."""


class Run(NamedTuple):
    """Consecutive gzip members, decompressed and verified."""

    end: int
    """The byte of the file after the last member."""
    offsets: list[int]
    """The bytes of the file at which the members begin."""
    bounds: list[int]
    """The positions in `content` at which the members begin, and the end of the last one."""
    content: bytes
    are_plain: list[bool]
    """For each member, whether it has only to be counted."""


class _PlannedRun:
    """Bytes of a file that are a run if the positions of its members are right."""

    def __init__(self, data: bytes, start: int, offsets: list[int], bounds: list[int]) -> None:
        self.start, self.end = start, start + len(data)
        self._data = data
        self._offsets = offsets
        self._bounds = bounds
        self._future: Future[Run | None] | None = None

    def begin(self, find_plain: FindPlainPages) -> None:
        """Let another thread decompress the run, unless one does so already."""
        self._future = self._future or _DECOMPRESSING.submit(self._decompressed, find_plain)

    def run(self, find_plain: FindPlainPages) -> Run | None:
        """Return the run, or None if its positions are wrong or it is damaged."""
        return self._future.result() if self._future else self._decompressed(find_plain)

    def _decompressed(self, find_plain: FindPlainPages) -> Run | None:
        size = self._bounds[-1]
        try:
            with igzip.IGzipFile(fileobj=BytesIO(self._data), mode="rb") as file:  # type: ignore[no-untyped-call]
                content = file.read(size + 1)
        except _ERRORS:
            return None
        if len(content) != size:
            return None
        plain = find_plain(content, self._bounds)
        return Run(self.end, self._offsets, self._bounds, content, plain)


class GzipRuns:
    """Finds the runs of a file and decompresses them.

    Usage::

        runs = GzipRuns(file, plain_pages)
        run = runs.starting_at(0)       # None: no run begins here
    """

    def __init__(self, file: BinaryIO, find_plain: FindPlainPages) -> None:
        self._file = file
        self._find_plain = find_plain
        self._planned: deque[_PlannedRun] = deque()
        self._at = 0  # the byte of the file at which `_unplanned` begins
        self._unplanned = b""
        self._ended = False

    def starting_at(self, position: int) -> Run | None:
        """Return the run that begins at a byte of the file, or None. Raises OSError.

        Positions must not decrease from call to call.
        """
        while self._planned and self._planned[0].start < position:
            self._planned.popleft()
        if position > self._at + len(self._unplanned):
            self._at, self._unplanned, self._ended = position, b"", False
        ahead = position + (_RUNS_AHEAD + 1) * RUN_BYTES
        while self._at + len(self._unplanned) < ahead and not self._ended:
            self._plan_next()
        if _RUNS_AHEAD:
            for planned in islice(self._planned, _RUNS_AHEAD + 1):
                planned.begin(self._find_plain)
        if self._planned and self._planned[0].start == position:
            return self._planned.popleft().run(self._find_plain)
        return None

    def _plan_next(self) -> None:
        """Read the next bytes of the file, and plan the runs in them."""
        self._file.seek(self._at + len(self._unplanned))
        block = self._file.read(RUN_BYTES)
        self._ended = len(block) < RUN_BYTES
        data = self._unplanned + block
        starts = [found.start() for found in _MAGIC.finditer(data)]
        if self._ended:
            starts.append(len(data))
        offsets: list[int] = []
        bounds = [0]
        for start, end in pairwise(starts):
            size = int.from_bytes(data[end - 4 : end], "little")
            is_small = 0 < size <= MEMBER_BYTES
            if offsets and not (is_small and bounds[-1] + size <= RUN_CONTENT_BYTES):
                self._plan(data, offsets, start, bounds)
                offsets, bounds = [], [0]
            if is_small:
                offsets.append(start)
                bounds.append(bounds[-1] + size)
        kept = starts[-1] if starts else max(len(data) - len(GZIP_MAGIC) + 1, 0)
        if offsets:
            self._plan(data, offsets, kept, bounds)
        if len(data) - kept > MEMBER_BYTES:
            kept = len(data)
        self._at += kept
        self._unplanned = data[kept:]

    def _plan(self, data: bytes, offsets: list[int], end: int, bounds: list[int]) -> None:
        """Plan a run of members, which begin at `offsets` in `data` and end at byte `end`."""
        start, in_file = offsets[0], [self._at + offset for offset in offsets]
        self._planned.append(_PlannedRun(data[start:end], in_file[0], in_file, bounds))
