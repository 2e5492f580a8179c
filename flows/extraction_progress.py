"""Show the progress of extraction to the user of a command.

`run_flow` sets `current` for the duration of a run. Tasks in this process report every batch and
every part to it. Tasks on other machines cannot, so the flow reports their parts when it gets them.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from rich.progress import DownloadColumn, TextColumn, TransferSpeedColumn

from flows.progress_display import ProgressDisplay
from nalssi.sources import Batch, Partition
from nalssi.staging import StagedPart
from nalssi.ticker import Extraction

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
        self._started_at = time.monotonic()
        self._reported: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """The numbers reported for batches of each unfinished partition, by its fingerprint."""
        self._display = ProgressDisplay(
            DownloadColumn(), TransferSpeedColumn(), TextColumn("{task.description}")
        )

    def __enter__(self) -> ExtractionProgress:
        global current  # noqa: PLW0603  # a process has one terminal
        current = self
        self._display.start()
        return self

    def __exit__(self, *_: object) -> None:
        global current  # noqa: PLW0603
        current = None
        self.stop_bar()

    def stop_bar(self) -> None:
        """Remove the bar from the terminal: extraction has ended."""
        self._display.stop()

    def set_total(self, partitions: Sequence[Partition]) -> None:
        """Set the total of the bar: the bytes of all partitions of the run."""
        self._total = sum(partition.size for partition in partitions)
        self._display.set_total(self._total)

    def add_batch(self, partition: Partition, batch: Batch, found: Extraction) -> None:
        """Add the bytes, documents and readings of an extracted batch of a partition."""
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
        self._display.update(size, found, lambda: self._line(size, found))

    def _line(self, size: int, found: str) -> str:
        rate = size / (time.monotonic() - self._started_at) / 1e6
        return (
            f"extracting: {size / 1e6:,.0f} of {self._total / 1e6:,.0f} MB"
            f" ({rate:,.1f} MB/s), {found}"
        )
