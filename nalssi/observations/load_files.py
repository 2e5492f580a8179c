"""Load files of official hours into the table `observations`, and account for every row.

A row is stored, unchanged, replaced, repeated, without a value or rejected. Files are loaded one
after the other. A file that cannot be used is reported and changes nothing. Each member of a zip
counts as a file. If a file is loaded twice in a row, the second load changes nothing.

If two files have different values for a station and an hour, the file that is loaded last wins,
because KMA corrects its data later. The order in which files, the API hub and the feed are loaded
does not matter (see `store_hours`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.observations.asos_files import AsosError, NoTableError, Table, tables_of
from nalssi.observations.asos_table import read_table
from nalssi.observations.observation_report import FileReport, ObservationReport
from nalssi.observations.store_hours import store_hours


def load_observations(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> ObservationReport:
    """Load files of official hours into the table `observations`, in the order given.

    Uses the writer's open connection, inside its transaction if there is one. A file that cannot be
    used is listed in the report's `failures`, and the other files are loaded. A member of a zip
    that is no table is in `skipped_members`, if the zip has another member that is one.
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
                report, changed = store_hours(con, read_table(table), "portal", table.name)
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
