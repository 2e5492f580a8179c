"""Give the warehouse's content away: Parquet, CSV, GeoJSON or a DuckDB file, filtered or whole.

Parquet is the archive: a folder with one file a table (readings by year) that `archive.restore`
turns into an equal warehouse again. CSV is one flat table of readings, GeoJSON one snapshot's
stations as points, DuckDB a warehouse file of its own. Every export says where the data come
from and what was left out: GeoJSON within itself, the others in `about.json` beside or in it.
Written under another name first and then put in place: never half, and never over what is there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from nalssi import __version__
from nalssi.warehouse.steps import named_parameters, read_steps, run_step
from nalssi.warehouse.store import Warehouse

ATTRIBUTION = "자료: 기상청(KMA), as printed by Korean news sites and collected by nalssi"
ARCHIVED = (
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
STEPS = read_steps(Path(__file__).with_suffix(".sql"))


class ExportError(ValueError):
    """An export cannot be written as asked; the message says why."""


@dataclass(frozen=True)
class Filters:
    """What to export. Days are KST; an empty tuple or None lets everything pass.

    A flag is one of QARTOD's: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing.
    """

    since: date | None = None
    until: date | None = None
    regions: tuple[int, ...] = ()
    stations: tuple[int, ...] = ()
    flags: tuple[int, ...] = ()

    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Filters()

    def parameters(self) -> dict[str, object]:
        """The values of the steps' parameters."""
        return {
            "since": self.since,
            "until": self.until,
            "regions": list(self.regions) or None,
            "stations": list(self.stations) or None,
            "flags": list(self.flags) or None,
            "everything": self.everything(),
        }


@dataclass(frozen=True)
class About:
    """What an export is: where the data come from, what passed, how much was left out."""

    attribution: str
    made_by: str
    filters: dict[str, Any]
    readings: int
    readings_left_out: int
    snapshots: int
    snapshots_left_out: int

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def export(
    warehouse: Warehouse,
    out: Path,
    form: str,
    filters: Filters | None = None,
    *,
    snapshot: str | None = None,
) -> About:
    """Write the published warehouse to `out` in one of FORMATS.

    `snapshot` (GeoJSON only) chooses one by its id; by default it is the latest that passes the
    filters. Raises ExportError when `out` exists already or there is nothing to write.
    """
    filters = filters or Filters()
    if snapshot and form != "geojson":
        raise ExportError("a snapshot is chosen for geojson only")
    if out.exists():
        raise ExportError(f"{out} exists already: name another place, or remove it")
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        with warehouse.reader(shut_off=False) as con:
            about = _choose(con, filters)
            FORMATS[form](con, partial, about, filters.parameters() | {"snapshot": snapshot})
        partial.replace(out)
    finally:
        if partial.is_dir():
            shutil.rmtree(partial)
        partial.unlink(missing_ok=True)
    if out.is_file() and form != "geojson":
        _write_json(out.with_name(out.name + ".about.json"), about.as_json())
    return about


def _choose(con: duckdb.DuckDBPyConnection, filters: Filters) -> About:
    for step in ("chosen", "chosen_snapshots", "chosen_documents"):
        run_step(con, STEPS[step], filters.parameters())

    def rows(table: str) -> int:
        counted: int = con.table(table).count("*").fetchall()[0][0]
        return counted

    if not rows("chosen"):
        raise ExportError("no reading passes the filters: there is nothing to export")
    return About(
        attribution=ATTRIBUTION,
        made_by=f"nalssi {__version__}",
        filters={
            name: str(value) if isinstance(value, date) else list(value)
            for name, value in vars(filters).items()
            if value
        },
        readings=rows("chosen"),
        readings_left_out=rows("readings") - rows("chosen"),
        snapshots=rows("chosen_snapshots"),
        snapshots_left_out=rows("snapshots") - rows("chosen_snapshots"),
    )


def _parquet(
    con: duckdb.DuckDBPyConnection, out: Path, about: About, values: dict[str, object]
) -> None:
    out.mkdir()
    for table in ARCHIVED:
        relation = _relation(con, table, values)
        if table == "readings":
            relation.write_parquet(str(out / table), partition_by=["year"], compression="zstd")
        else:
            relation.write_parquet(str(out / f"{table}.parquet"), compression="zstd")
    _write_json(out / "about.json", about.as_json())


def _csv(con: duckdb.DuckDBPyConnection, out: Path, _: About, values: dict[str, object]) -> None:
    _relation(con, "flat", values).write_csv(str(out), header=True)


def _geojson(
    con: duckdb.DuckDBPyConnection, out: Path, about: About, values: dict[str, object]
) -> None:
    """RFC 7946: points in WGS 84, longitude first; what the whole is about as foreign members."""
    latest = run_step(con, STEPS["latest_snapshot"], values).fetchone()
    snapshot = values["snapshot"] or (latest[0] if latest else None)
    rows = run_step(con, STEPS["features"], values | {"snapshot": snapshot}).fetchall()
    if not rows:
        raise ExportError(f"snapshot {snapshot} has no reading that passes the filters")
    names = [column[0] for column in con.description or ()]
    features = []
    for row in rows:
        properties = dict(zip(names, row, strict=True))
        place = [properties.pop("longitude"), properties.pop("latitude")]
        point = {"type": "Point", "coordinates": place}
        features.append({"type": "Feature", "geometry": point, "properties": properties})
    whole = {"type": "FeatureCollection", "snapshot_id": snapshot, "about": about.as_json()}
    _write_json(out, whole | {"features": features})


def _duckdb(
    con: duckdb.DuckDBPyConnection, out: Path, about: About, values: dict[str, object]
) -> None:
    from nalssi.warehouse.archive import restore

    folder = out.with_suffix(".folder")
    folder.mkdir()
    try:
        _parquet(con, folder / "archive", about, values)
        made = Warehouse(folder / "warehouse")
        restore(made, folder / "archive")
        made.published.replace(out)
    finally:
        shutil.rmtree(folder)


Writer = Callable[[duckdb.DuckDBPyConnection, Path, About, dict[str, object]], None]
FORMATS: dict[str, Writer] = {
    "parquet": _parquet,
    "csv": _csv,
    "geojson": _geojson,
    "duckdb": _duckdb,
}


def _relation(
    con: duckdb.DuckDBPyConnection, step: str, values: dict[str, object]
) -> duckdb.DuckDBPyRelation:
    sql = STEPS[step]
    return con.sql(sql, params=named_parameters(sql, values))


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
