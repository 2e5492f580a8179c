"""Extract the tickers of a run: stage every partition, in this process or on a Dask cluster.

Each partition is staged separately (`nalssi.staging`). The staged part is the same for every task,
thread and machine, and a part that exists is not staged again. So a retried task, or a run that is
started again, continues where the last one stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from prefect import get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import RunInput, State, TaskRunResult

from flows import extraction_progress
from flows.extraction_progress import ExtractionProgress
from flows.task_progress import TaskProgress
from flows.task_runners import Runner, task_runner
from nalssi.sources import Batch, Kind, Options, Partition, Plan
from nalssi.staging import StagedPart, stage
from nalssi.ticker import Extraction

MAX_GROUPS = 50
"""The number of task runs into which small partitions are grouped, approximately. A task run costs
Prefect about 0.1 s and some database rows."""
GROUP_BYTES = 128 * 2**20
"""A partition of at least this size takes some seconds, so it ends its group of partitions."""
LOGGED_COUNTS = ("documents_read", "documents_with_ticker", "reading_lines", "rejected_lines")


@dataclass(frozen=True)
class ExtractionOptions:
    """The options of extraction: how sources are read, and where the extraction tasks run."""

    kind: Kind | None = None
    """The kind of all sources. If None, the kind of each source is detected."""
    source_options: Options | None = None
    """How sources are read, such as the names of a corpus's columns. None: the defaults."""
    runner: Runner = "local"
    dask_address: str | None = None
    """The address of a running Dask scheduler. None: the runner `dask` starts a cluster."""


def extract_partitions(
    partitions: Sequence[Partition],
    staged: Path,
    extraction: ExtractionOptions,
    *,
    after: State[Plan],
) -> tuple[list[StagedPart], list[State[list[StagedPart]]]]:
    """Stage partitions in the folder `staged`, which must be accessible to all workers.

    `after` is the state of the task that found the partitions, for the run graph. Returns the parts
    in the order of the partitions, and the states of the tasks that staged them.
    """
    progress = extraction_progress.current
    if progress:
        progress.set_total(partitions)
    parts: list[StagedPart] = []
    assert after.state_details.task_run_id
    found: dict[str, set[RunInput]] = {
        "partitions": {TaskRunResult(id=after.state_details.task_run_id)}
    }
    with task_runner(extraction.runner, extraction.dask_address) as tasks:
        groups = list(group_partitions(partitions))
        futures = [
            tasks.submit(extract, {"partitions": group, "staged": staged}, dependencies=found)
            for group in groups
        ]
        for group, future in zip(groups, futures, strict=True):
            staged_parts = future.result()
            parts += staged_parts
            if progress and extraction.runner == "dask":  # its tasks cannot report progress
                for partition, part in zip(group, staged_parts, strict=True):
                    progress.add_part(partition, part)
        states = [future.state for future in futures]
    return parts, states


def group_partitions(partitions: Sequence[Partition]) -> Iterator[tuple[Partition, ...]]:
    """Yield groups of neighbouring partitions, one for each task run.

    Small partitions are grouped; a partition of GROUP_BYTES ends its group.
    """
    total = sum(partition.size for partition in partitions)
    enough = min(GROUP_BYTES, total // MAX_GROUPS)
    group: list[Partition] = []
    for partition in partitions:
        group.append(partition)
        if sum(partition.size for partition in group) >= enough:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _task_run_name() -> str:
    first, *more = runtime.task_run.parameters["partitions"]
    return f"extract {first.label}" + (f" and {len(more)} more partitions" if more else "")


@task(task_run_name=_task_run_name, cache_policy=NO_CACHE, retries=2, retry_delay_seconds=1)
def extract(partitions: Sequence[Partition], staged: Path) -> list[StagedPart]:
    """Stage a group of partitions in the folder `staged`, and return their parts, in order.

    Parts that exist already are not staged again.
    """
    log = get_run_logger()
    progress = extraction_progress.current
    parts = []
    total, done = sum(partition.size for partition in partitions), 0
    with TaskProgress("extract") as told:
        for partition in partitions:
            batches = _BatchProgress(partition, progress, told, done, total)
            part = stage(partition, staged, progress=batches.add)
            done += partition.size
            if progress:
                progress.add_part(partition, part)
            log.info(
                "%s: %d documents, %d with a ticker, %d readings, %d rejected lines%s",
                partition.label,
                *(part.counts[count] for count in LOGGED_COUNTS),
                ", staged by an earlier run" if part.skipped else "",
                extra={"counts": part.counts},
            )
            parts.append(part)
    return parts


@dataclass
class _BatchProgress:
    """Reports the progress of extracting a partition, batch by batch.

    `shown` displays it to the user of a command (None: nobody watches), `told` reports it to
    Prefect.
    """

    partition: Partition
    shown: ExtractionProgress | None
    told: TaskProgress
    done: int
    """The number of bytes that the task has extracted, also of earlier partitions."""
    total: int
    """The number of bytes of all partitions of the task."""

    def add(self, batch: Batch, found: Extraction) -> None:
        """Report an extracted batch of the partition. `nalssi.staging.stage` calls this method."""
        if self.shown:
            self.shown.add_batch(self.partition, batch, found)
        self.done += batch.bytes
        text = f"{self.done / 1e6:,.0f} of {self.total / 1e6:,.0f} MB, {self.partition.label}"
        self.told.report(self.done, self.total, text)
