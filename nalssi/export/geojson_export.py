"""Export as GeoJSON (RFC 7946): the stations of one snapshot as points.

`exported_columns.sql` lists the properties of a point. The member `about` is the manifest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from nalssi.export.manifest import Manifest, is_manifest, read_json, write_json
from nalssi.export.selection import Selection, count_excluded
from nalssi.warehouse.result_formats import jsonable


def write_geojson_export(
    con: duckdb.DuckDBPyConnection, selection: Selection, temporary: Path, _: Path
) -> Manifest:
    """Write the selected readings to the file `temporary`, and return the manifest.

    `con` is the connection that `open_selection` yields for `selection`. The last argument, the
    export's final path, is for formats that write a second file beside it.
    """
    query = con.table("exported_readings").order("station_id")
    rows = [dict(zip(query.columns, row, strict=True)) for row in query.fetchall()]
    manifest = Manifest.create("geojson", selection, {"readings": len(rows)}, count_excluded(con))
    collection = {
        "type": "FeatureCollection",
        "about": manifest.as_dict(),  # RFC 7946, 6.1 allows other members
        "features": [_feature(row) for row in rows],
    }
    write_json(temporary, collection)
    return manifest


def _feature(row: dict[str, Any]) -> dict[str, object]:
    """Return a reading as a GeoJSON point.

    The elevation is a property and not the third coordinate, because GeoJSON measures heights from
    the ellipsoid.
    """
    point = {"type": "Point", "coordinates": [row.pop("longitude"), row.pop("latitude")]}
    properties = {name: jsonable(value) for name, value in row.items()}
    return {
        "type": "Feature",
        "id": row["station_id"],
        "geometry": point,
        "properties": properties,
    }


def is_geojson_export(path: Path) -> bool:
    """Return whether nalssi wrote this GeoJSON file: it has a manifest."""
    collection = read_json(path)
    return isinstance(collection, dict) and is_manifest(collection.get("about"))
