"""Extraction, in as many task runs as its input is worth, here or on a Dask cluster.

Each partition is staged on its own (`nalssi.staging`): whatever task, thread or machine does it,
the staged part is the same, and one that is there already is not made again. So a task that is
tried again, or a run that is started again, goes on where the last one ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from prefect import get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE

from flows import extraction_progress
from flows.task_runners import Runner, task_runner
from nalssi.sources import Partition
from nalssi.staging import StagedPart, stage

MOST_TASKS = 50
"""A task run costs Prefect about 0.1 s and some rows: small partitions share them, down to this
number. Partitions of `WORTH_A_TASK` bytes, some seconds of work, have one each."""
WORTH_A_TASK = 128 * 2**20
SHOWN = ("documents_read", "documents_with_ticker", "reading_lines", "rejected_lines")


def extract_partitions(
    partitions: Sequence[Partition], staged: Path, runner: Runner, dask_address: str | None
) -> list[StagedPart]:
    """Stage every partition in `staged`, which all workers must see; in the given order."""
    watch = extraction_progress.current
    if watch:
        watch.expect(partitions)
    parts: list[StagedPart] = []
    with task_runner(runner, dask_address) as tasks:
        groups = list(group_partitions(partitions))
        futures = [tasks.submit(extract, {"partitions": g, "staged": staged}) for g in groups]
        for group, future in zip(groups, futures, strict=True):
            done = future.result()
            parts += done
            if watch and runner == "dask":  # from where no task can tell it
                for partition, part in zip(group, done, strict=True):
                    watch.part(partition, part)
    return parts


def group_partitions(partitions: Sequence[Partition]) -> Iterator[tuple[Partition, ...]]:
    """Partitions by task run: neighbours together while they are small and many."""
    enough = min(WORTH_A_TASK, sum(partition.size for partition in partitions) // MOST_TASKS)
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
    """Stage some partitions; those staged before are left as they are."""
    log = get_run_logger()
    parts = []
    for partition in partitions:
        watch = extraction_progress.current
        part = stage(partition, staged, progress=partial(watch.batch, partition) if watch else None)
        if watch:
            watch.part(partition, part)
        log.info(
            "%s: %d documents, %d with a ticker, %d readings, %d lines refused%s",
            partition.label,
            *(part.counts[count] for count in SHOWN),
            ", as staged before" if part.skipped else "",
            extra={"counts": part.counts},
        )
        parts.append(part)
    return parts
