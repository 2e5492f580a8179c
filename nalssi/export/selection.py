"""The selection of an export: which readings are exported, and why the others are excluded.

`open_selection` opens the published copy with these temporary views:

- `readings_with_exclusion`: every reading, with the reason why it is excluded;
- `exported_readings`: the exported readings with the columns of `exported_columns.sql`;
- `selected_<table>`, only if a filter is set: the rows of a table that belong to the exported
  readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import duckdb

from nalssi.export.replace_export import ExportError
from nalssi.warehouse import Warehouse
from nalssi.warehouse.annotated_sql import Annotated, parse
from schemas.vocabulary import FLAG_GOOD, FLAGS_NOT_GOOD, region_ids, station_ids

SQL = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.sql")}
FLAGS = (FLAG_GOOD, *FLAGS_NOT_GOOD)
FLAG_REASON = "flag_"
"""The beginning of a reason for exclusion by quality flag, such as `flag_4`."""
FACT_TABLES = (
    "documents",
    "snapshots",
    "sightings",
    "readings",
    "rejects",
    "quality",
    "observations",
    "reconciliations",
    "loads",
)
CONCLUDED_TABLES = ("repeated_lists", "conclusions")
"""The tables that an import computes again from FACT_TABLES."""
REFERENCE_TABLES = ("stations", "station_history", "regions", "conditions")
ORDER = "observed_on, observed_at, snapshot_id, station_id"
"""The columns by which exported readings are sorted."""


@dataclass(frozen=True)
class Selection:
    """The filters of an export. A filter that is None selects everything.

    `since` and `until` are Korean days, both included. `regions` and `stations` are numbers,
    `snapshot` is an id, and `flags` are quality flags.
    """

    since: date | None = None
    until: date | None = None
    regions: tuple[int, ...] | None = None
    stations: tuple[int, ...] | None = None
    snapshot: str | None = None
    flags: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError if `since` is after `until`, or a region, station or flag is unknown."""
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
        if unknown := set(self.regions or ()) - set(region_ids()):
            raise ValueError(f"no region {min(unknown)}: regions are 1 to {max(region_ids())}")
        if unknown := set(self.stations or ()) - set(station_ids()):
            raise ValueError(f"no station {min(unknown)}")
        if unknown := set(self.flags or ()) - set(FLAGS):
            raise ValueError(f"no flag {min(unknown)}: flags are {', '.join(map(str, FLAGS))}")

    @property
    def complete(self) -> bool:
        """Whether no filter is set, so that all readings are exported."""
        return not self.filters

    @property
    def filters(self) -> dict[str, object]:
        """The filters that are set, by name. Their values can be written as JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value is not None
        }


def exported_columns() -> Annotated:
    """Return the columns of exported readings with their meanings, and the SQL query for them."""
    return parse(SQL["exported_columns"])


@contextmanager
def open_selection(
    warehouse: Warehouse, selection: Selection
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published copy with the temporary views that the module's docstring lists.

    The connection may write files. It keeps reading this copy when a run publishes a newer one.
    Raises WarehouseError if nothing has been published, and ExportError if a filter is set and no
    reading is selected.
    """
    with warehouse.reader(shut_off=False) as con:
        con.execute(
            "CREATE TEMP TABLE selection AS SELECT $since::DATE AS since, $until::DATE AS until,"
            " $regions::INTEGER[] AS regions, $stations::INTEGER[] AS stations,"
            " $snapshot::VARCHAR AS snapshot, $flags::TINYINT[] AS flags",
            asdict(selection),
        )
        con.execute(SQL["readings_with_exclusion"])
        con.execute(f"CREATE TEMP VIEW exported_readings AS {exported_columns().query}")
        if not selection.complete:
            con.execute(SQL["related_rows"])
            if not con.execute("FROM selected_keys LIMIT 1").fetchall():
                raise ExportError(_nothing_selected(selection, count_excluded(con)))
        yield con


def selected_rows(
    con: duckdb.DuckDBPyConnection, selection: Selection, table: str
) -> duckdb.DuckDBPyRelation:
    """Return the rows of the warehouse's table `table` that belong to the selected readings.

    `con` is a connection of `open_selection`.
    """
    all_rows = selection.complete or table in REFERENCE_TABLES
    return con.table(table if all_rows else f"selected_{table}")


def newest_snapshot(warehouse: Warehouse, selection: Selection) -> str:
    """Return the id of the newest snapshot that has a selected reading.

    `nalssi/warehouse/macros/newest_order.sql` defines which snapshot is the newest. Raises
    ExportError if there is no such reading, and WarehouseError if nothing has been published.
    """
    with open_selection(warehouse, selection) as con:
        rows = con.execute(SQL["newest_snapshot"]).fetchall()
    if not rows:
        raise ExportError("the warehouse has no reading: there is nothing to export")
    return str(rows[0][0])


def _nothing_selected(selection: Selection, excluded: Mapping[str, int]) -> str:
    """Return the error message for a selection that no reading matches.

    `excluded` has the numbers of excluded readings by reason, which the message names.
    """
    message = "no reading is selected: there is nothing to export"
    if excluded:
        counts = ", ".join(f"{readings:,} {reason}" for reason, readings in excluded.items())
        message += f"; excluded: {counts}"
    if flags := flags_to_keep(selection.flags, excluded):
        message += f" (--flags {flags} also exports the readings that were excluded for their flag)"
    return message


def flags_to_keep(flags: Iterable[int] | None, reasons: Iterable[str]) -> str:
    """Return the value of `--flags` with which no reading would be excluded for its flag.

    `flags` are the flags that are already exported, `reasons` the reasons for exclusion. Returns an
    empty text if no reading was excluded for its flag.
    """
    more = {
        int(reason.removeprefix(FLAG_REASON))
        for reason in reasons
        if reason.startswith(FLAG_REASON)
    }
    return ",".join(map(str, sorted(more.union(flags or ())))) if more else ""


def count_excluded(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the number of excluded readings, by the first reason that applies (`Manifest`)."""
    return dict(con.execute(SQL["count_excluded"]).fetchall())


def count_rows(relation: duckdb.DuckDBPyRelation) -> int:
    """Return the number of rows of a relation."""
    return int(relation.count("*").fetchall()[0][0])
