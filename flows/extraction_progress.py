"""Show the progress of extraction to the user of a command.

On a terminal it is a bar, elsewhere a line every ten seconds. `run_flow` sets `current` for the
duration of a run. Tasks in this process report every batch and every part to it. Tasks on other
machines cannot, so the flow reports their parts when it gets them.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.progress import TransferSpeedColumn as RateColumn

from flows.logs import json_requested
from nalssi.sources import Batch, Partition
from nalssi.staging import StagedPart
from nalssi.ticker import Extraction

SECONDS_BETWEEN_LINES = 10.0

current: ExtractionProgress | None = None
"""The progress of the run in this process. None if no user watches the run."""


class ExtractionProgress:
    """Counts the extracted bytes, documents and readings.

    The counts are shown on standard error during the `with` block.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = 0
        self._done: Counter[str] = Counter()
        """The numbers of extracted bytes, documents and readings."""
        self._started_at = self._printed_at = time.monotonic()
        self._reported: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """The numbers that the batches of each unfinished partition have reported, by fingerprint.
        """
        self._bar = Progress(
            BarColumn(bar_width=20),
            DownloadColumn(),
            RateColumn(),
            TextColumn("{task.fields[found]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        # A line of text between JSON lines could not be parsed, and every part has a JSON line.
        self._print_lines = not (sys.stderr.isatty() or json_requested())
        self._task = self._bar.add_task("", total=None, found="", visible=False)

    def __enter__(self) -> ExtractionProgress:
        global current  # noqa: PLW0603  # a process has one terminal
        current = self
        if sys.stderr.isatty():
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        global current  # noqa: PLW0603
        current = None
        self.stop_bar()

    def stop_bar(self) -> None:
        """Remove the bar from the terminal: extraction has ended."""
        if self._bar.live.is_started:
            self._bar.stop()

    def set_total(self, partitions: Sequence[Partition]) -> None:
        """Set the size of all partitions of the run."""
        self._total = sum(partition.size for partition in partitions)
        self._bar.update(self._task, total=self._total, visible=True)

    def add_batch(self, partition: Partition, batch: Batch, found: Extraction) -> None:
        """Add the counts of an extracted batch of a partition."""
        with self._lock:
            reported = self._reported[partition.fingerprint]
            new = Counter(
                bytes=min(batch.bytes, partition.size - reported["bytes"]),
                documents=batch.read,
                readings=found.lines.height,
            )
            reported.update(new)
            self._add(new)

    def add_part(self, partition: Partition, part: StagedPart) -> None:
        """Add the counts of a staged partition, minus those that its batches have reported."""
        with self._lock:
            new = Counter(
                bytes=partition.size,
                documents=part.counts["documents_read"],
                readings=part.counts["reading_lines"],
            )
            new.subtract(self._reported.pop(partition.fingerprint, Counter()))
            self._add(new)

    def _add(self, new: Counter[str]) -> None:
        self._done.update(new)
        size = self._done["bytes"]
        found = f"{self._done['documents']:,} documents {self._done['readings']:,} readings"
        self._bar.update(self._task, completed=size, found=found)
        now = time.monotonic()
        if self._print_lines and now - self._printed_at >= SECONDS_BETWEEN_LINES:
            self._printed_at = now
            rate = size / (now - self._started_at) / 1e6
            print(
                f"extracting: {size / 1e6:,.0f} of {self._total / 1e6:,.0f} MB"
                f" ({rate:,.1f} MB/s), {found}",
                file=sys.stderr,
            )
