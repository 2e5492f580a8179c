"""Load files of official hours into the table `observations`, and report every row.

Files are loaded one after the other. A file that cannot be used is reported and changes nothing.
Each member of a zip counts as a file. Loading a file again changes nothing. If a file has another
value for a station-hour than the table, the file's value replaces it and is counted, because KMA
corrects its data later. This is the only place where the order of loading matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.common.sql_steps import read_steps
from nalssi.observations.asos_files import AsosError, NoTableError, Table, tables_of
from nalssi.observations.asos_table import read_table
from schemas.contracts import check

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
EXAMPLES = 5
"""How many rejected rows of a file its report quotes."""


@dataclass(frozen=True)
class FileReport:
    """The counts of the rows of one file of official hours.

    rows = missing + rejected + repeated + added + unchanged + replaced. `contradictory` counts the
    station-hours for which the file has two values; the last value is used.
    """

    path: Path
    """The file, or `file!member` in a zip."""
    rows: int = 0
    missing: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    contradictory: int = 0
    added: int = 0
    unchanged: int = 0
    replaced: int = 0
    examples: tuple[str, ...] = ()
    """Some rejected rows: `file, line 7: unreadable_time: 90,속초,…`."""

    @property
    def used(self) -> int:
        """The number of rows that are observations, including repeated ones."""
        return self.rows - self.missing - self.rejected.total()

    @property
    def failure(self) -> str | None:
        """The reason why no row of the file could be used, or None if a row was used."""
        if self.used:
            return None
        causes = {**dict(self.rejected.most_common()), "without a value": self.missing}
        counts = ", ".join(f"{cause} {rows:,}" for cause, rows in causes.items() if rows)
        if not counts:
            return f"{self.path}: no rows below the header"
        return f"{self.path}: none of {self.rows:,} rows could be used: {counts}"


@dataclass(frozen=True)
class ObservationReport:
    """The report on all loaded files. `str()` returns it as text."""

    files: tuple[FileReport, ...]
    failures: tuple[str, ...]
    """Why each unused file could not be used: file, line, cause. They include files of `files`
    without a usable row."""
    changed_hours: pl.DataFrame
    """`observed_at`: the hours at which a value was added or replaced, sorted."""
    skipped_members: tuple[str, ...] = ()
    """Members of a zip that are not tables, beside tables: notes, PDFs, empty files."""

    def total(self, count: str) -> int:
        """Return the sum of a count over all files. `count` is a field of `FileReport`."""
        return sum(getattr(file, count) for file in self.files)

    @property
    def rejected(self) -> Counter[str]:
        """The number of rejected rows for each reason, over all files."""
        return sum((file.rejected for file in self.files), Counter())

    def __str__(self) -> str:
        """Return the report as text for the user."""
        reasons = self.rejected
        by_reason = ", ".join(f"{name} {n}" for name, n in sorted(reasons.items()))
        lines = [
            f"{len(self.files)} files, {self.total('rows')} rows:"
            f" {self.total('added')} added, {self.total('unchanged')} known,"
            f" {self.total('replaced')} replaced, {self.total('repeated')} repeated,"
            f" {self.total('missing')} without a value,"
            f" {reasons.total()} rejected{f' ({by_reason})' if by_reason else ''}"
        ]
        if contradictory := self.total("contradictory"):
            lines.append(f"{contradictory} station-hours have two values in one file: last taken")
        lines += [f"rejected: {example}" for file in self.files for example in file.examples]
        lines += [f"not used: {failure}" for failure in self.failures]
        lines += [f"no table: {member}" for member in self.skipped_members]
        return "\n".join(lines)


def load_observations(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> ObservationReport:
    """Load files of official hours into the table `observations`, in the order given.

    Uses the writer's open connection, inside its transaction if there is one. A file that cannot be
    used is listed in the report's `failures`, and the other files are loaded.
    """
    reports: list[FileReport] = []
    failures: list[str] = []
    hours: list[pl.DataFrame] = []
    skipped: list[str] = []
    for path in files:
        no_tables: list[str] = []
        tables = _tables(path, failures)
        for table in tables:
            try:
                report, changed = _load_table(con, table)
            except NoTableError as error:
                no_tables.append(safe_text(str(error), MAX_MESSAGE_LENGTH))
            except AsosError as error:
                failures.append(safe_text(str(error), MAX_MESSAGE_LENGTH))
            else:
                reports.append(report)
                hours.append(changed)
                if report.failure:
                    failures.append(safe_text(report.failure, MAX_MESSAGE_LENGTH))
        (skipped if len(no_tables) < len(tables) else failures).extend(no_tables)
    no_hours = pl.DataFrame(schema={"observed_at": pl.Datetime("us", "UTC")})
    changed_hours = pl.concat([no_hours, *hours]).unique().sort("observed_at")
    return ObservationReport(tuple(reports), tuple(failures), changed_hours, tuple(skipped))


def _tables(path: Path, failures: list[str]) -> list[Table]:
    """Return the tables of a file. If the file cannot be used, add the cause to `failures`."""
    try:
        return tables_of(path)
    except AsosError as error:
        failures.append(safe_text(str(error), MAX_MESSAGE_LENGTH))
        return []


def _load_table(con: duckdb.DuckDBPyConnection, table: Table) -> tuple[FileReport, pl.DataFrame]:
    con.execute(STEPS["create_incoming"])
    rows = missing = 0
    rejected: Counter[str] = Counter()
    examples: list[str] = []
    for block in read_table(table):
        rows += block.rows
        missing += block.missing
        rejected.update(block.rejected["reason"])
        for line, text, reason in block.rejected.head(EXAMPLES - len(examples)).iter_rows():
            examples.append(
                safe_text(f"{table.name}, line {line}: {reason}: {text}", MAX_MESSAGE_LENGTH)
            )
        _insert_incoming(con, block.observations)
    con.execute(STEPS["compare"])
    counts = con.sql(STEPS["count"]).pl().row(0, named=True)
    hours = con.sql(STEPS["changed_hours"]).pl()
    con.execute(STEPS["replace"])
    con.execute(STEPS["add"])
    con.execute(STEPS["drop_tables"])
    report = FileReport(
        Path(table.name), rows, missing, rejected, examples=tuple(examples), **counts
    )
    return report, hours.with_columns(pl.col("observed_at").dt.convert_time_zone("UTC"))


def _insert_incoming(con: duckdb.DuckDBPyConnection, observations: pl.DataFrame) -> None:
    distinct = observations.unique(["station_id", "observed_at"], keep="last")
    check("observations", distinct.drop("line"))
    con.register("block", observations.to_arrow())
    con.execute(STEPS["insert_incoming"])
    con.unregister("block")
