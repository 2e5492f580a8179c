"""Extract a partition into a part: a folder of Parquet files in `staged/`.

A part is named by the partition's fingerprint and by the version of the code and data that made it
(`nalssi.part_version`). It is written under a temporary name and renamed, so a folder with the name
of a part is always complete. A rerun, or another worker, finds the part and skips the work. How
parts are loaded into the database is in `nalssi.warehouse`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from nalssi.common.atomic_files import remove_stale_temporary_files, temporary_path
from nalssi.part_encoding import TableEncoder
from nalssi.part_tables import TABLES, read_file, snapshot_rows
from nalssi.part_version import part_version
from nalssi.sources.partition import Batch, Partition
from nalssi.sources.problems import Problem
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits
from nalssi.sources.readers.read_partition import read
from nalssi.sources.readers.warc.fetched_ranges import FetchedRanges
from nalssi.ticker import PARSER_VERSION, Extraction, extract
from schemas.contracts import check, polars_schema
from schemas.vocabulary import DATE_REASONS

COUNTS = (
    "documents_read",
    "documents_with_ticker",
    "ticker_lines",
    "reading_lines",
    "rejected_lines",
    "rejected_dates",
    "sources_failed",
)
"""The counts of a part. A load adds them up into the columns of the same names in `loads`."""
_COUNT_SCHEMA = pl.Schema(dict.fromkeys(COUNTS, pl.Int64) | {"parser_version": pl.Int32})
_PROBLEM_SCHEMA = pl.Schema(
    {"source": pl.String, "cause": pl.String, "position": pl.String, "transient": pl.Boolean}
)
_CONCURRENT_BATCHES = 2  # more would need more memory

Extract = Callable[[pl.DataFrame], Extraction]


@dataclass(frozen=True)
class StagedPart:
    """A complete part in a folder, with its COUNTS by name and its problems.

    `skipped` is true if the part existed before, so that nothing was extracted.
    """

    folder: Path
    counts: Mapping[str, int]
    problems: tuple[Problem, ...] = ()
    skipped: bool = False

    @property
    def may_improve(self) -> bool:
        """Whether extracting the partition again could give a better part.

        It could if some problems of the part are transient, such as a failed read.
        """
        return any(problem.transient for problem in self.problems)


def stage(
    partition: Partition,
    folder: Path,
    *,
    extract: Extract = extract,
    progress: Callable[[Batch, Extraction], None] | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
    version: str | None = None,
) -> StagedPart:
    """Extract `partition` into its part in `folder`, and return the part.

    If the part exists already, it is returned, unless it has transient problems (`may_improve`);
    then the partition is extracted again. `extract` makes the tables of a batch of documents.
    `progress` is called with every batch and its extraction. `limits` are those of the readers.
    `version` is the version in the name of the part, by default `part_version()`. Computing that
    takes time, so a caller whose folder no other run uses can give any text. Raises ContractError
    if the extracted rows break a table's contract, OSError if the part cannot be written, PartError
    if an existing part cannot be read.
    """
    path = folder / f"{partition.fingerprint}-{version or part_version()}"
    if (existing := _existing_part(path)) and not existing.may_improve:
        with suppress(OSError):  # of a folder that others own
            os.utime(path)  # a retention removes parts that were not used for a long time
        return existing
    remove_stale_temporary_files(folder)
    work = temporary_path(folder)
    work.mkdir(parents=True)
    fetched = FetchedRanges(folder / f"fetched-{partition.fingerprint}")
    try:
        part = _PartWriter(work)
        for batch, found in extracted(read(partition, limits, fetched), extract):
            problems = [*batch.problems, *partition.problems_of(found.problems)]
            with _naming_part(path):
                part.add(batch, found, problems)
            if progress:
                progress(batch, found)
        with _naming_part(path):
            part.finish()
        published = _publish(work, path)
        if not published.may_improve:  # else another extraction fetches what is missing
            fetched.remove()
        return published
    finally:
        shutil.rmtree(work, ignore_errors=True)


def stage_all(
    partitions: Iterable[Partition], folder: Path, *, version: str | None = None
) -> list[StagedPart]:
    """Extract partitions with `stage`, several at a time; return their parts, in order.

    As many are extracted at a time as polars has threads. `folder` and `version` are the arguments
    of `stage`, whose errors are raised.
    """
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return list(pool.map(partial(stage, folder=folder, version=version), partitions))


def extracted(
    batches: Iterable[Batch], extract: Extract = extract
) -> Iterator[tuple[Batch, Extraction]]:
    """Extract batches and validate the result; yield each batch with its extraction, in order.

    Raises ContractError if the tables of a batch break a contract. polars releases Python's lock,
    so two batches are extracted while the next one is read. A worker that may use one thread only
    (`POLARS_MAX_THREADS=1`) extracts one batch after another.
    """
    concurrent = min(_CONCURRENT_BATCHES, pl.thread_pool_size())
    if concurrent == 1:
        for batch in batches:
            yield batch, _validated(extract, batch.documents)
        return
    waiting: deque[tuple[Batch, Future[Extraction]]] = deque()
    with ThreadPoolExecutor(concurrent) as pool:
        for batch in batches:
            waiting.append((batch, pool.submit(_validated, extract, batch.documents)))
            if len(waiting) > concurrent:
                done, future = waiting.popleft()
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()


def _validated(extract: Extract, documents: pl.DataFrame) -> Extraction:
    """Extract documents, and check the tables. Raises ContractError if one breaks its contract."""
    found = extract(documents)
    tables: dict[str, Any] = {table: _checked(table, getattr(found, table)) for table in TABLES}
    return replace(found, **tables)


@dataclass
class _PartWriter:
    """Writes the files of a part into the folder `work`: `add` every batch, then `finish`.

    Each batch is written when it is added, so that only a few batches are in memory. `batches` is
    the number of batches written.
    """

    work: Path
    batches: int = 0
    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTS, 0)))
    problems: list[Problem] = field(default_factory=list)
    encoder: TableEncoder = field(default_factory=TableEncoder)

    def add(self, batch: Batch, found: Extraction, problems: Sequence[Problem]) -> None:
        """Write the tables that were extracted from a batch, and add to the counts and problems.

        Nothing is written for a batch without documents, unless it is the first one.
        """
        rejected_dates = found.rejects.filter(pl.col("reason").is_in(DATE_REASONS)).height
        self.problems += problems
        self.counts.update(
            documents_read=batch.read,
            documents_with_ticker=found.documents.height,
            ticker_lines=found.ticker_lines,
            reading_lines=found.lines.height,
            rejected_lines=found.rejects.height - rejected_dates,
            rejected_dates=rejected_dates,
            sources_failed=len(problems),
        )
        if not self.batches or batch.documents.height:
            tables = {table: getattr(found, table) for table in TABLES}
            for name, rows in self.encoder.encode(tables).items():
                rows.write_parquet(self._file(name, self.batches), statistics=False)
            self.batches += 1

    def finish(self) -> None:
        """Join the files of all batches to one file for each table; write counts and problems."""
        self._keep_first_wordings()
        for table in TABLES:
            self._join(table)
        for file in self.work.glob("*-*.parquet"):
            file.unlink()
        self._write("wordings", self.encoder.wordings)
        counts = dict(self.counts) | {"parser_version": PARSER_VERSION}
        self._write("counts", pl.DataFrame([counts], schema=_COUNT_SCHEMA))
        rows = [(p.source, p.cause, p.position, p.transient) for p in self.problems]
        self._write("problems", pl.DataFrame(rows, schema=_PROBLEM_SCHEMA, orient="row"))

    def _join(self, table: str) -> None:
        """Join the files that each batch wrote for a table to one file, `TABLE.parquet`."""
        whole = self.work / f"{table}.parquet"
        files = self._files(table)
        if len(files) == 1:
            files[0].rename(whole)
        else:
            pl.scan_parquet(files, glob=False).sink_parquet(whole, statistics=False)

    def _keep_first_wordings(self) -> None:
        """Give readings that occur in several batches the same wording in all of them.

        Batches may print a reading in different words; `TableEncoder.first_wordings` chooses one.
        The files `readings` of the batches concerned are written again.
        """
        repeated = pl.scan_parquet(self._files("repeated"), glob=False).unique().collect()
        if repeated.is_empty():
            return
        first = 0
        for number in range(self.batches):
            file = self._file("readings", number)
            snapshots = pl.read_parquet(self._file("snapshots", number))
            rows = snapshot_rows(snapshots, first)
            readings = pl.read_parquet(file)
            renamed = self.encoder.first_wordings(readings.with_columns(snapshot=rows), repeated)
            if not renamed["wording"].equals(readings["wording"]):
                renamed.select(readings.columns).write_parquet(file, statistics=False)
            first += snapshots.height

    def _files(self, name: str) -> list[Path]:
        return [self._file(name, number) for number in range(self.batches)]

    def _file(self, name: str, number: int) -> Path:
        return self.work / f"{name}-{number}.parquet"

    def _write(self, name: str, frame: pl.DataFrame) -> None:
        frame.write_parquet(self.work / f"{name}.parquet", statistics=False)


def _checked(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the columns of the table's contract, after checking them.

    Raises ContractError if the frame breaks the contract.
    """
    if table == "examined":
        return frame
    if table == "sightings":  # the load adds its id later; any id serves to check the other columns
        check(table, frame.with_columns(load_id=pl.lit("a" * 16)))
        return frame
    return check(table, frame.select(polars_schema(table).names()))


def _publish(work: Path, path: Path) -> StagedPart:
    """Rename the folder `work` to the part's path, and return the part.

    If another worker has published this part in the meantime, that part is returned. A load may be
    reading it, so it is replaced only if it had transient problems.
    """
    if (existing := _existing_part(path)) and existing.may_improve:
        replaced = temporary_path(path.parent)
        path.rename(replaced)
        shutil.rmtree(replaced, ignore_errors=True)
    try:
        work.rename(path)
    except OSError:
        if not (existing := _existing_part(path)):
            raise
        return existing
    made = _existing_part(path)
    assert made is not None
    return replace(made, skipped=False)


def _existing_part(path: Path) -> StagedPart | None:
    if not path.exists():
        return None
    counts = read_file(path, "counts").row(0, named=True)
    problems = read_file(path, "problems").iter_rows(named=True)
    return StagedPart(path, counts, tuple(Problem(**row) for row in problems), skipped=True)


@contextmanager
def _naming_part(path: Path) -> Iterator[None]:
    """Convert system errors of the block, such as a full disk, to an OSError that names the part.

    `path` is the path of the part. polars raises a ComputeError for a full disk, so both classes
    are converted.
    """
    try:
        yield
    except (pl.exceptions.ComputeError, OSError) as error:
        number = re.search(r"os error (\d+)", str(error))
        if not number:
            raise
        code = int(number[1])
        raise OSError(code, os.strerror(code), str(path)) from error


def total(parts: Sequence[StagedPart]) -> dict[str, int]:
    """Return the sum of each of the COUNTS over several parts, by name."""
    sums: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
    for part in parts:
        sums.update({name: part.counts[name] for name in COUNTS})
    return dict(sums)
