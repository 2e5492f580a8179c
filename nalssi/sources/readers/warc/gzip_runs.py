"""Decompress runs of gzip members ahead of the reader, in other threads.

A web archive has a gzip member for each record, and members can be decompressed independently. A
run is some hundred kB of consecutive members, which are decompressed with one call into a buffer
that is used again for later runs. The call releases Python's lock, so the runs of an archive are
decompressed and searched on all cores while the reader divides earlier runs into records.

The positions of members are guessed before a run is decompressed: magic bytes show where members
may begin, and the last four bytes of a member (ISIZE, RFC 1952) how long its content is. Both can
be wrong, because compressed data may contain any bytes. Decompressing verifies them: the guesses
are right only if the sum of the guessed lengths is the length of the whole content. The decoder
verifies checksums and sizes. A run that fails is not used: `archive_members` decompresses its
members one by one and reports damage.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import BufferedIOBase
from itertools import groupby, islice, pairwise
from struct import Struct
from typing import BinaryIO, Final, NamedTuple, cast

import polars as pl

from nalssi.sources.readers.warc.gzip_buffers import (
    BUFFER_BYTES,
    buffer_of_thread,
    decompress_all,
)
from nalssi.sources.readers.warc.member_events import Piece, PlainPages

GZIP_MAGIC: bytes = b"\x1f\x8b\x08"
"""The first bytes of a member: the two magic bytes of gzip, and its only compression method."""
RUN_BYTES: Final = 3 * 2**17
"""The number of compressed bytes that are read at a time. They usually make one run, and several
if there are unusual members between them or the content does not fit into a buffer."""
MEMBER_BYTES: Final = 2**20
"""The size in bytes, compressed and decompressed, of the largest member in a run."""

# The magic bytes, and as group 1 the rest of a member's head as programs write it (RFC 1952
# §2.3.1): flags that exist, a level of compression, a known operating system. Compressed data has
# magic bytes every 16 MB, but hardly ever a whole head, and one false position spoils its run.
_HEAD = re.compile(re.escape(GZIP_MAGIC) + rb"([\0-\x1f].{4}[\0\2\4][\0-\r\xff])?", re.S)
_HEAD_BYTES = 10
_LENGTH = Struct("<I")  # ISIZE
_THREADS = pl.thread_pool_size()
_DECOMPRESSING = ThreadPoolExecutor(_THREADS, "gzip-runs")
_RUNS_AHEAD = _THREADS + 1 if _THREADS > 1 else 0  # a worker with one thread uses no other

FindPlainPages = Callable[[bytearray, Sequence[int]], list[bool]]
"""A function that returns, for each member of a run, whether its page only has to be counted,
because the page cannot contain a ticker.

Its arguments are those of `plain_pages.plain_pages`.
"""


class Run(NamedTuple):
    """Consecutive gzip members, decompressed and verified."""

    end: int
    """The byte of the file after the last member."""
    events: list[Piece | PlainPages]
    """The members in order. Consecutive plain pages are one event."""


class _PlannedRun:
    """A run that is not decompressed yet.

    The positions of its members are guesses, which decompressing verifies.
    """

    def __init__(self, data: bytes, offsets: list[int], bounds: list[int]) -> None:
        self.start, self.end = offsets[0], offsets[0] + len(data)
        self._data = data
        self._offsets = offsets
        self._bounds = bounds
        self._future: Future[Run | None] | None = None

    def begin(self, find_plain: FindPlainPages) -> None:
        """Start to decompress the run in another thread, unless that was done before.

        `find_plain` decides which members are plain pages.
        """
        self._future = self._future or _DECOMPRESSING.submit(self._decompressed, find_plain)

    def run(self, find_plain: FindPlainPages) -> Run | None:
        """Return the decompressed run; None if it is damaged or its guessed positions are wrong.

        Waits for the other thread, or decompresses the run here if `begin` was not called.
        """
        return self._future.result() if self._future else self._decompressed(find_plain)

    def _decompressed(self, find_plain: FindPlainPages) -> Run | None:
        content = buffer_of_thread("runs")
        if not decompress_all(self._data, memoryview(content)[: self._bounds[-1]]):
            return None
        are_plain = find_plain(content, self._bounds)
        return Run(self.end, list(self._events(content, are_plain)))

    def _events(self, content: bytearray, are_plain: list[bool]) -> Iterator[Piece | PlainPages]:
        starts = [*self._offsets, self.end]
        for is_plain, group in groupby(range(len(are_plain)), are_plain.__getitem__):
            members = list(group)
            if is_plain:
                first, end = members[0], members[-1] + 1
                packed = memoryview(self._data)[
                    starts[first] - self.start : starts[end] - self.start
                ]
                yield PlainPages(starts[first:end], packed)
                continue
            for n in members:
                data = bytes(memoryview(content)[self._bounds[n] : self._bounds[n + 1]])
                yield Piece(starts[n], data, first=True, last=True)


class GzipRuns:
    """Finds the runs of a file, which are some consecutive gzip members, and decompresses them.

    `find_plain` decides which members of a run are plain pages.

    Usage::

        runs = GzipRuns(file, plain_pages)
        run = runs.starting_at(0)       # None: no usable run begins here
    """

    def __init__(self, file: BinaryIO, find_plain: FindPlainPages) -> None:
        self._file = cast(BufferedIOBase, file)
        self._find_plain = find_plain
        self._planned: deque[_PlannedRun] = deque()
        self._at = 0  # the byte of the file at which `_data` begins
        self._data = bytearray(MEMBER_BYTES + RUN_BYTES)
        self._unplanned = 0  # bytes of `_data` that may belong to the next run
        self._ended = False

    def starting_at(self, position: int) -> Run | None:
        """Return the run that begins at a byte of the file.

        Returns None if no run begins there, or if the run is damaged or was guessed wrongly. A run
        is returned once. Positions must not decrease from call to call. Raises OSError.
        """
        while self._planned and self._planned[0].start < position:
            self._planned.popleft()
        if position > self._at + self._unplanned:
            self._at, self._unplanned, self._ended = position, 0, False
        ahead = position + (_RUNS_AHEAD + 1) * RUN_BYTES
        while self._at + self._unplanned < ahead and not self._ended:
            self._plan_next()
        if _RUNS_AHEAD:
            for planned in islice(self._planned, _RUNS_AHEAD + 1):
                planned.begin(self._find_plain)
        if self._planned and self._planned[0].start == position:
            return self._planned.popleft().run(self._find_plain)
        return None

    def _plan_next(self) -> None:
        """Read the next bytes of the file, and plan the runs of gzip members in them."""
        data, size = self._data, self._unplanned
        self._file.seek(self._at + size)
        size += self._file.readinto(memoryview(data)[size : size + RUN_BYTES])
        self._ended = size < self._unplanned + RUN_BYTES
        # A head that is not all here is found with the next bytes.
        heads = _HEAD.finditer(data, 0, size if self._ended else size - _HEAD_BYTES + 1)
        starts = [(found.start(), found.lastindex is not None) for found in heads]
        if self._ended:
            starts.append((size, True))
        offsets: list[int] = []
        bounds = [0]
        for (start, is_head), (end, ends_at_head) in pairwise(starts):
            length = 0
            if is_head and ends_at_head and end - start > _HEAD_BYTES:
                (length,) = _LENGTH.unpack_from(data, end - _LENGTH.size)
            is_usual = 0 < length <= MEMBER_BYTES
            if offsets and not (is_usual and bounds[-1] + length <= BUFFER_BYTES):
                self._plan(offsets, start, bounds)
                offsets, bounds = [], [0]
            if is_usual:
                offsets.append(start)
                bounds.append(bounds[-1] + length)
        kept = starts[-1][0] if starts else max(size - _HEAD_BYTES + 1, 0)
        if offsets:
            self._plan(offsets, kept, bounds)
        if size - kept > MEMBER_BYTES:
            kept = size
        self._at += kept
        self._unplanned = size - kept
        data[: self._unplanned] = data[kept:size]

    def _plan(self, offsets: list[int], end: int, bounds: list[int]) -> None:
        """Plan a run of members, which begin at `offsets` in `_data` and end at byte `end`.

        `bounds` are the positions of the members in the decompressed run.
        """
        data = bytes(memoryview(self._data)[offsets[0] : end])
        in_file = [self._at + offset for offset in offsets]
        self._planned.append(_PlannedRun(data, in_file, bounds))
