"""The report on loaded official hours: it counts every row of every file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class FileReport:
    """The counts of the rows of one file of official hours, or of one answer of the API hub.

    rows = missing + rejected + repeated + added + unchanged + replaced + outranked.

    - `missing` rows have no value. `repeated` rows have the same station and hour as a later row.
    - `added`, `unchanged` and `replaced` compare the value with the one that was stored before.
    - `outranked` rows are not stored, because a more reliable source has another value.
    - `contradictory` counts the pairs of station and hour for which the file has different values.
      The last value is used.
    """

    path: Path
    """The file; `file!member` for a member of a zip; or the name of a call to the API hub."""
    rows: int = 0
    missing: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    contradictory: int = 0
    added: int = 0
    unchanged: int = 0
    replaced: int = 0
    outranked: int = 0
    """The number of values that are not stored, because a more reliable source has another
    value."""
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
    """One line for each file or call that could not be used, with the cause. Files without a usable
    row are also in `files`."""
    changed_hours: pl.DataFrame
    """The hours at which a value was added or replaced, or at which an equal value replaced one of
    the feed, sorted, in the column `observed_at`."""
    skipped_members: tuple[str, ...] = ()
    """The files in zip archives of tables that are no tables: notes, PDFs, empty files."""
    noun: str = "files"
    """What the text of the report counts: `files`, or `calls` of the API hub."""

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
        outranked = self.total("outranked")
        by_reason = ", ".join(f"{name} {n}" for name, n in sorted(reasons.items()))
        lines = [
            f"{len(self.files)} {self.noun}, {self.total('rows')} rows:"
            f" {self.total('added')} added, {self.total('unchanged')} known,"
            f" {self.total('replaced')} replaced, {self.total('repeated')} repeated,"
            f"{f' {outranked} differ from a better source,' if outranked else ''}"
            f" {self.total('missing')} without a value,"
            f" {reasons.total()} rejected{f' ({by_reason})' if by_reason else ''}"
        ]
        if contradictory := self.total("contradictory"):
            lines.append(f"{contradictory} station-hours have two values in one file: last taken")
        lines += [f"rejected: {example}" for file in self.files for example in file.examples]
        lines += [f"not used: {failure}" for failure in self.failures]
        lines += [f"no table: {member}" for member in self.skipped_members]
        return "\n".join(lines)
