"""What a folder of the fault tests holds, so that two of them can be compared.

A folder has `warehouse/`, which the commands change, perhaps `imported/` and `restored/`, and
`out/` for exports, backups and other files.
"""

from __future__ import annotations

import filecmp
import gzip
import re
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import polars as pl

from nalssi.capture.capture_log import parse_log
from nalssi.capture.landing import Landing
from nalssi.part_tables import TABLES as PART_TABLES
from nalssi.part_tables import read_file
from nalssi.warehouse import Warehouse
from schemas.contracts import TABLES

from .fault_runs import PART, SUMS
from .watched_runs import digest

WAREHOUSES = ("warehouse", "imported", "restored")
BACKUPS = ("backup.zip", "backup")
_RUN_DEPENDENT = re.compile(
    # Databases, lists of files with their times, and what states when it was written.
    r"\.duckdb$|out/(duckdb|xlsx|geojson)$|\.gallery$|metadata\.json$|about\.json$|datapackage\.json$"
    r"|out/backup\.zip$|out/backup/manifest\.json$|\.prom$"
    # The log of captures has a line for each attempt, and a mark says where it ends.
    r"|SHA256SUMS$|captures\.ndjson$|\.loaded$"
    # A warehouse that was moved away may have the holder in its lock.
    r"|\.before-restore-.*/\.lock$"
)
"""Files whose bytes differ between equal runs."""
_FORMER = re.compile(r"\.before-restore-[\w-]+")
"""The end of the name of a folder to which `nalssi restore --replace` has moved a warehouse."""


def state(folder: Path) -> dict[str, object]:
    """Return what a folder holds: digests of the published rows and of the files, by name."""
    found: dict[str, object] = {}
    for name in WAREHOUSES:
        warehouse = _warehouse(folder, name)
        if warehouse.published.exists():
            with warehouse.reader() as con:
                for table in sorted(TABLES.keys() - {"loads"}):
                    frame = con.table(table).pl().drop("load_id", strict=False)
                    found[f"{name}: {table}"] = digest(sorted(frame.rows(), key=repr))
    found["warehouse: captured"] = _captured(_warehouse(folder, "warehouse"))
    for name in BACKUPS:
        found[f"backup: {name}"] = _backup(folder / "out" / name)
    found["files"] = {
        lasting_name(str(path.relative_to(folder))): ""
        if _RUN_DEPENDENT.search(path.as_posix())
        else digest(_content(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "staged" not in path.parts
    }
    return found


def lasting_name(path: str) -> str:
    """Return the path of a file without the time at which a former warehouse was moved away."""
    return _FORMER.sub(".before-restore", path)


def _warehouse(folder: Path, name: str) -> Warehouse:
    """Return a warehouse. If a restore was killed in its last step, that is the former one."""
    former = [path for path in sorted(folder.glob(f"{name}.*")) if _FORMER.search(path.name)]
    place = folder / name
    return Warehouse(former[-1] if former and not place.exists() else place)


def _captured(warehouse: Warehouse) -> list[object]:
    """Return the captures that have stored a page, also those whose lines were moved."""
    landing = Landing(warehouse)
    attempts, damaged = landing.read_log()
    logs = [attempts]
    for path in sorted(landing.older_logs.glob("*.gz")):
        moved, more_damaged = parse_log(gzip.decompress(path.read_bytes()))
        logs.append(moved)
        damaged += more_damaged
    stored = pl.concat(logs).filter(pl.col("outcome") == "new").select("source", "digest", "file")
    return [*damaged, *sorted(set(stored.rows()))]


def _backup(path: Path) -> list[object] | None:
    """Verify a backup, and return the rows and files of its manifest; None if there is none."""
    from nalssi.backup import verify_backup

    if not path.exists():
        return None
    manifest = verify_backup(path)
    assert manifest.database
    files = sorted(astuple(file) for file in manifest.files)
    # As lists, because the result is stored as JSON.
    return [manifest.database.version, manifest.database.rows, [list(file) for file in files]]


def _content(path: Path) -> bytes:
    """Return what a file holds: of a captured page without its record's head, which has an id."""
    if path.name.endswith(".warc.gz"):
        return gzip.decompress(path.read_bytes()).split(b"\r\n\r\n", 1)[1]
    return path.read_bytes()


def complete_state(folder: Path) -> dict[str, object]:
    """Return the state after a command has succeeded. The warehouses must be whole."""
    for name in WAREHOUSES:
        warehouse = Warehouse(folder / name)
        if not warehouse.published.exists():
            continue
        with warehouse.reader() as con:
            (held,) = con.sql(SUMS).pl().rows(named=True)
        assert all(held[name] for name in ("every_document", "every_line", "known_loads")), held
        # A restored warehouse has only the published copy.
        if warehouse.database.exists():
            assert filecmp.cmp(warehouse.database, warehouse.published, shallow=False)
        assert not warehouse.lock.exists() or warehouse.lock.read_text() == ""
        for part in _parts(warehouse):
            assert PART.fullmatch(part.name), part
            for table in (*PART_TABLES, "wordings", "counts", "problems"):
                read_file(part, table)
    return state(folder)


def _parts(warehouse: Warehouse) -> Iterator[Path]:
    return warehouse.staged.iterdir() if warehouse.staged.exists() else iter(())
