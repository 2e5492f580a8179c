"""How far extraction has come, for whoever waits: a bar on a terminal, seldom lines elsewhere.

`run` sets `current` for the length of a run that somebody watches; tasks in this process tell it of
every batch and part. Tasks on other machines cannot, so for them whole parts are told as they come.
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

from flows.logs import json_wanted
from nalssi.sources import Batch, Partition
from nalssi.staging import StagedPart
from nalssi.ticker import Extraction

SECONDS_BETWEEN_LINES = 10.0

current: ExtractionProgress | None = None


class ExtractionProgress:
    """Counts what extraction has done and shows it on stderr while the `with` block lasts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = 0
        self._done: Counter[str] = Counter()  # bytes, documents, readings
        self._begun = self._said = time.monotonic()
        self._ahead: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """What batches have told of each unfinished partition."""
        self._bar = Progress(
            BarColumn(bar_width=20),
            DownloadColumn(),
            RateColumn(),
            TextColumn("{task.fields[found]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        # Between JSON lines, which each part has one of, a line of text could not be parsed.
        self._lines = not (sys.stderr.isatty() or json_wanted())
        self._task = self._bar.add_task("", total=None, found="", visible=False)

    def __enter__(self) -> ExtractionProgress:
        global current  # noqa: PLW0603  # one run at a time has the terminal
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
        if self._bar.live.is_started:
            self._bar.stop()

    def expect(self, partitions: Sequence[Partition]) -> None:
        """Say how much there is to do."""
        self._total = sum(partition.size for partition in partitions)
        self._bar.update(self._task, total=self._total, visible=True)

    def batch(self, partition: Partition, batch: Batch, found: Extraction) -> None:
        """A batch of a partition is extracted."""
        with self._lock:
            told = self._ahead[partition.fingerprint]
            new = Counter(
                bytes=min(batch.bytes, partition.size - told["bytes"]),
                documents=batch.read,
                readings=found.lines.height,
            )
            told.update(new)
            self._add(new)

    def part(self, partition: Partition, part: StagedPart) -> None:
        """A partition is staged, now or before."""
        with self._lock:
            whole = Counter(
                bytes=partition.size,
                documents=part.counts["documents_read"],
                readings=part.counts["reading_lines"],
            )
            whole.subtract(self._ahead.pop(partition.fingerprint, Counter()))
            self._add(whole)

    def _add(self, new: Counter[str]) -> None:
        self._done.update(new)
        size = self._done["bytes"]
        found = f"{self._done['documents']:,} documents {self._done['readings']:,} readings"
        self._bar.update(self._task, completed=size, found=found)
        now = time.monotonic()
        if self._lines and now - self._said >= SECONDS_BETWEEN_LINES:
            self._said = now
            rate = size / (now - self._begun) / 1e6
            print(
                f"extracting: {size / 1e6:,.0f} of {self._total / 1e6:,.0f} MB"
                f" ({rate:,.1f} MB/s), {found}",
                file=sys.stderr,
            )
