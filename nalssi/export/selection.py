"""Which readings go into an export, and why the others stay behind.

`opened` gives a connection to the published copy on which the selection stands as temporary
views: `weighed` (every reading, and why it stays), `flat` (the readings that go, with time,
place and flag) and `kept_<table>` (what belongs to them).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import duckdb

from nalssi.export.replace_target import ExportError
from nalssi.warehouse import Warehouse
from nalssi.warehouse.annotated_sql import Annotated, parse
from schemas.vocabulary import FLAG_GOOD, FLAGS_NOT_GOOD, region_ids, station_ids

SQL = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.sql")}
FLAGS = (FLAG_GOOD, *FLAGS_NOT_GOOD)
OF_FLAG = "flag_"
"""How a reason begins that is a flag."""
FACTS = (
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
REFERENCE = ("stations", "station_history", "regions", "conditions")


@dataclass(frozen=True)
class Selection:
    """Days (KST, both included), regions, stations, one snapshot, and flags; None: all."""

    since: date | None = None
    until: date | None = None
    regions: tuple[int, ...] | None = None
    stations: tuple[int, ...] | None = None
    snapshot: str | None = None
    flags: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what can select nothing: ValueError."""
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
        if unknown := set(self.regions or ()) - set(region_ids()):
            raise ValueError(f"no region {min(unknown)}: regions are 1 to {max(region_ids())}")
        if unknown := set(self.stations or ()) - set(station_ids()):
            raise ValueError(f"no station {min(unknown)}")
        if unknown := set(self.flags or ()) - set(FLAGS):
            raise ValueError(f"no flag {min(unknown)}: flags are {', '.join(map(str, FLAGS))}")

    @property
    def whole(self) -> bool:
        """Whether it selects everything."""
        return not self.asked

    @property
    def asked(self) -> dict[str, object]:
        """What is asked for, by name, as JSON can have it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value is not None
        }


def flat() -> Annotated:
    """The flat table of readings: what a row is, its columns with their meaning, its query."""
    return parse(SQL["export_columns"])


@contextmanager
def opened(warehouse: Warehouse, selection: Selection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published copy with the selection's views; it may write files.

    Goes on seeing the copy it opened. Raises WarehouseError when nothing has been published,
    ExportError when the selection holds no reading.
    """
    with warehouse.reader(shut_off=False) as con:
        con.execute(
            "CREATE TEMP TABLE selection AS SELECT $since::DATE AS since, $until::DATE AS until,"
            " $regions::INTEGER[] AS regions, $stations::INTEGER[] AS stations,"
            " $snapshot::VARCHAR AS snapshot, $flags::TINYINT[] AS flags",
            asdict(selection),
        )
        con.execute(SQL["readings_with_exclusion"])
        con.execute(f"CREATE TEMP VIEW flat AS {flat().query}")
        if not selection.whole:
            con.execute(SQL["related_rows"])
            if not con.execute("FROM chosen LIMIT 1").fetchall():
                raise ExportError(_nothing(selection, left_out(con)))
        yield con


def kept(
    con: duckdb.DuckDBPyConnection, selection: Selection, table: str
) -> duckdb.DuckDBPyRelation:
    """The rows of a table that belong to the selection."""
    whole = selection.whole or table in REFERENCE
    return con.table(table if whole else f"kept_{table}")


def latest_snapshot(warehouse: Warehouse, selection: Selection) -> str:
    """The id of the newest snapshot with a selected reading (the rule: `newest_snapshot.sql`)."""
    with opened(warehouse, selection) as con:
        rows = con.execute(SQL["newest_snapshot"]).fetchall()
    if not rows:
        raise ExportError("the warehouse holds no reading: there is nothing to export")
    return str(rows[0][0])


def _nothing(selection: Selection, reasons: Mapping[str, int]) -> str:
    """Why there is nothing to export."""
    cause = "no reading is selected: there is nothing to export"
    if reasons:
        cause += "; left out: " + ", ".join(f"{n:,} {reason}" for reason, n in reasons.items())
    flags = flags_to_keep(selection.flags, reasons)
    return cause + (f" (--flags {flags} keeps those left out for their flag)" if flags else "")


def flags_to_keep(flags: Iterable[int] | None, reasons: Iterable[str]) -> str:
    """The flags that keep, beside what `flags` keep, all that was left out for its flag, as
    `--flags` takes them; nothing where nothing was left out for that reason."""
    more = {int(reason.removeprefix(OF_FLAG)) for reason in reasons if reason.startswith(OF_FLAG)}
    return ",".join(map(str, sorted(more.union(flags or ())))) if more else ""


def left_out(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many readings the selection leaves out, by the first reason for it."""
    return dict(con.execute(SQL["count_excluded"]).fetchall())
