"""Make a stored warehouse, `NNNN.duckdb.xz`, with the code of the version that it is of.

`tests/warehouse/test_stored_warehouses.py` upgrades a stored warehouse of every version. Store one
whenever a migration is added. Copy the pages that the test names from `data/samples` to
`/srv/pages`, because addresses of documents are in the warehouse. Then run this script in a
checkout of that version:

    python .../tests/warehouse/older/store_warehouse.py WAREHOUSE /srv/pages/*
    xz -9e < WAREHOUSE/published.duckdb > tests/warehouse/older/NNNN.duckdb.xz

The pages are loaded in two loads. Official values are those of the first list.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

OFFICIAL_HOURS = """
    INSERT INTO observations (station_id, observed_at, temperature_c{columns})
    SELECT station_id, TIMESTAMPTZ '2025-12-19 09:00:00+09', temperature_c{values}
    FROM readings
    WHERE temperature_c IS NOT NULL AND snapshot_id = (
        SELECT snapshot_id FROM snapshots WHERE observed_on = DATE '2025-12-19'
        ORDER BY ALL LIMIT 1
    )
"""


def load(warehouse: Any, pages: list[str]) -> None:
    """Extract and load pages. The names of modules differ between versions."""
    from nalssi.sources import plan
    from nalssi.staging import stage

    try:
        loading = import_module("nalssi.warehouse.load_parts")
    except ImportError:
        loading = import_module("nalssi.warehouse.load")
    parts: list[Any] = [stage(each, warehouse.staged) for each in plan(pages).partitions]
    loading.load_parts(warehouse, [getattr(part, "folder", part) for part in parts])


def main(folder: str, pages: list[str]) -> None:
    """Make the warehouse in `folder`."""
    sys.path.insert(0, str(Path.cwd()))  # the code of the version, not of this checkout
    from nalssi.warehouse import Warehouse

    warehouse = Warehouse(Path(folder))
    load(warehouse, pages[:3])
    load(warehouse, pages[3:])
    with warehouse.writer() as con:
        has_source = "source" in con.table("observations").columns
        columns, values = (", source", ", 'portal'") if has_source else ("", "")
        con.execute(OFFICIAL_HOURS.format(columns=columns, values=values))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
