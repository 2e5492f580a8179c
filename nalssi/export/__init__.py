"""Exports: readings of a warehouse as files for other tools, and a warehouse made from an export.

- `exported_columns.sql`: the columns of exported readings, in CSV, GeoJSON and Parquet.
- `selection`: which readings are exported, and why the others are excluded.
- `write_export`: the function `export`; `parquet_export`, `csv_export`, `geojson_export`,
  `duckdb_export`, `xlsx_export` and `dataset_export` each write one format and recognise their own
  earlier exports. `dataset_description` has the machine-readable descriptions of a data set.
- `manifest`: the source, selection and exclusions that every export states.
- `replace_export`: move an export to its final path atomically, replacing only an earlier export.
- `import_export`: make a warehouse from a complete Parquet export.
"""

from nalssi.export.import_export import import_export
from nalssi.export.manifest import Manifest
from nalssi.export.replace_export import ExportError
from nalssi.export.selection import flags_to_keep
from nalssi.export.write_export import FORMATS, Format, export

__all__ = [
    "FORMATS",
    "ExportError",
    "Format",
    "Manifest",
    "export",
    "flags_to_keep",
    "import_export",
]
