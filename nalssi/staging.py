"""Extraction of a partition into a staged part: a folder of Parquet files.

A part is named after the partition's fingerprint and the version of the code and data that made it
(`nalssi.part_version`), and is put in place by one rename. A folder of that name is therefore
whole, whoever made it and whatever was killed meanwhile; a run that comes again, or another
worker, finds it and skips the work. `nalssi.warehouse.load_parts` reads parts set-based, in
one transaction.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from nalssi.common.atomic_files import remove_stale_temporary_files, temporary_path
from nalssi.common.errors import cause_without_file
from nalssi.part_version import part_version
from nalssi.sources.partition import Batch, Partition, Problem
from nalssi.sources.readers.read_partition import read
from nalssi.ticker import MERGE_DUPLICATES, PARSER_VERSION, Extraction, extract
from schemas.contracts import check, polars_schema
from schemas.vocabulary import DATE_REASONS

TABLES = ("documents", "snapshots", "sightings", "readings", "rejects", "examined")
COUNTS = (
    "documents_read",
    "documents_with_ticker",
    "ticker_lines",
    "reading_lines",
    "rejected_lines",
    "rejected_dates",
    "sources_failed",
)
_COUNT_SCHEMA = pl.Schema(dict.fromkeys(COUNTS, pl.Int64) | {"parser_version": pl.Int32})
_PROBLEM_SCHEMA = pl.Schema(
    {"source": pl.String, "cause": pl.String, "place": pl.String, "passing": pl.Boolean}
)
_AT_ONCE = 2  # batches; more would hold more memory

Extract = Callable[[pl.DataFrame], Extraction]


@dataclass(frozen=True)
class StagedPart:
    """A part in place: what it counts, what could not be used, and whether it was there before."""

    folder: Path
    counts: Mapping[str, int]
    problems: tuple[Problem, ...] = ()
    skipped: bool = False

    @property
    def passing(self) -> bool:
        """Whether making it anew may give more: the system, not the content, was at fault."""
        return any(problem.passing for problem in self.problems)


class PartError(RuntimeError):
    """A part cannot be read; the message names the file, the cause and what to do."""


def stage(
    partition: Partition,
    folder: Path,
    *,
    extract: Extract = extract,
    progress: Callable[[Batch, Extraction], None] | None = None,
) -> StagedPart:
    """Extract `partition` into its part under `folder`, unless that is done already.

    `progress` is called with every batch and what is in it, once it is extracted. Raises
    ContractError if what the grammar finds breaks a table's contract, OSError if the part cannot be
    written, PartError if the one that is there cannot be read.
    """
    place = folder / f"{partition.fingerprint}-{part_version()}"
    if (done := _done(place)) and not done.passing:
        return done
    remove_stale_temporary_files(folder)
    work = temporary_path(folder)
    work.mkdir(parents=True)
    try:
        part = _Part(work)
        for batch, found in extracted(read(partition), extract):
            problems = [*batch.problems, *partition.problems_of(found.problems)]
            with _writing(place):
                part.add(batch, found, problems)
            if progress:
                progress(batch, found)
        with _writing(place):
            part.finish()
        return _put_in_place(work, place)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def stage_all(partitions: Iterable[Partition], folder: Path) -> list[StagedPart]:
    """Stage some partitions, in their order, as many at a time as there are cores."""
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return list(pool.map(partial(stage, folder=folder), partitions))


def extracted(
    batches: Iterable[Batch], extract: Extract = extract
) -> Iterator[tuple[Batch, Extraction]]:
    """Each batch with what is in it, in order, validated.

    polars lets go of Python's lock, so two batches are worked on while the next one is read: but
    not by a worker that is to have one thread, beside others that have the other cores.
    """
    at_once = min(_AT_ONCE, pl.thread_pool_size())
    if at_once == 1:
        for batch in batches:
            yield batch, _validated(extract, batch.documents)
        return
    waiting: deque[tuple[Batch, Future[Extraction]]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        for batch in batches:
            waiting.append((batch, pool.submit(_validated, extract, batch.documents)))
            if len(waiting) > at_once:
                done, future = waiting.popleft()
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()


def _validated(extract: Extract, documents: pl.DataFrame) -> Extraction:
    """What is in documents, its tables in their columns; ContractError if one breaks a contract."""
    found = extract(documents)
    tables: dict[str, Any] = {table: _checked(table, getattr(found, table)) for table in TABLES}
    return replace(found, **tables)


@dataclass
class _Part:
    """A part being made. Each batch is written as it comes; memory holds a few at a time."""

    work: Path
    batches: int = 0
    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTS, 0)))
    problems: list[Problem] = field(default_factory=list)

    def add(self, batch: Batch, found: Extraction, problems: Sequence[Problem]) -> None:
        of_dates = found.rejects.filter(pl.col("reason").is_in(DATE_REASONS)).height
        self.problems += problems
        self.counts.update(
            documents_read=batch.read,
            documents_with_ticker=found.documents.height,
            ticker_lines=found.ticker_lines,
            reading_lines=found.lines.height,
            rejected_lines=found.rejects.height - of_dates,
            rejected_dates=of_dates,
            sources_failed=len(problems),
        )
        if not self.batches or batch.documents.height:
            for table in TABLES:
                getattr(found, table).write_parquet(self._file(table, self.batches))
            self.batches += 1

    def finish(self) -> None:
        """Join the batches' files, one a table, and write what was counted."""
        for table in TABLES:
            self._join(table)
        for file in self.work.glob("*-*.parquet"):
            file.unlink()
        counts = dict(self.counts) | {"parser_version": PARSER_VERSION}
        pl.DataFrame([counts], schema=_COUNT_SCHEMA).write_parquet(self.work / "counts.parquet")
        rows = [(p.source, p.cause, p.place, p.passing) for p in self.problems]
        problems = pl.DataFrame(rows, schema=_PROBLEM_SCHEMA, orient="row")
        problems.write_parquet(self.work / "problems.parquet")

    def _join(self, table: str) -> None:
        whole = self.work / f"{table}.parquet"
        files = [self._file(table, number) for number in range(self.batches)]
        if len(files) == 1:
            files[0].rename(whole)
            return
        rows = pl.scan_parquet(files, glob=False)
        if table == "snapshots":
            rows = rows.unique("snapshot_id")
        if table == "readings":
            rows = self._each_once(rows)
        rows.sink_parquet(whole)

    def _each_once(self, readings: pl.LazyFrame) -> pl.LazyFrame:
        """The readings, those of a list that several batches hold put together. They are few, and
        grouping all would take longer than writing them."""
        lists = [self._file("snapshots", number) for number in range(self.batches)]
        ids = pl.scan_parquet(lists, glob=False).select("snapshot_id")
        several = ids.filter(pl.col("snapshot_id").is_duplicated()).unique()
        again = readings.join(several, on="snapshot_id", how="semi")
        return pl.concat(
            [
                readings.join(several, on="snapshot_id", how="anti"),
                again.group_by("snapshot_id", "station_id").agg(MERGE_DUPLICATES),
            ]
        )

    def _file(self, table: str, number: int) -> Path:
        return self.work / f"{table}-{number}.parquet"


def _checked(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    if table == "examined":
        return frame
    if table == "sightings":  # the load adds its id; any will do to check the other columns
        check(table, frame.with_columns(load_id=pl.lit("0" * 16)))
        return frame
    return check(table, frame.select(polars_schema(table).names()))


def _put_in_place(work: Path, place: Path) -> StagedPart:
    """Rename the finished work; if another worker was faster, its part is as good.

    And somebody may be loading it already: only what can be bettered is replaced.
    """
    if (there := _done(place)) and there.passing:
        aside = temporary_path(place.parent)
        place.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    try:
        work.rename(place)
    except OSError:
        if not (there := _done(place)):
            raise
        return there
    made = _done(place)
    assert made is not None
    return replace(made, skipped=False)


def _done(place: Path) -> StagedPart | None:
    if not place.exists():
        return None
    counts = read_file(place, "counts").row(0, named=True)
    problems = read_file(place, "problems").iter_rows(named=True)
    return StagedPart(place, counts, tuple(Problem(**row) for row in problems), skipped=True)


def read_file(part: Path, name: str) -> pl.DataFrame:
    """A table of a part. Raises PartError if its file is missing or damaged."""
    file = part / f"{name}.parquet"
    try:
        return pl.read_parquet(file, glob=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise PartError(
            f"{file} cannot be read ({cause_without_file(error)}): remove the folder {part.name},"
            " and it is made anew"
        ) from error


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    """Make an OSError that names the part of what polars calls a fault of the format."""
    try:
        yield
    except (pl.exceptions.ComputeError, OSError) as error:
        number = re.search(r"os error (\d+)", str(error))
        if not number:
            raise
        code = int(number[1])
        raise OSError(code, os.strerror(code), str(place)) from error


def total(parts: Sequence[StagedPart]) -> dict[str, int]:
    """The counts of several parts, added up."""
    sums: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
    for part in parts:
        sums.update({name: part.counts[name] for name in COUNTS})
    return dict(sums)
