"""Exports: what the warehouse holds, in files for other tools, and the way back.

`export` writes a selection as Parquet, CSV, GeoJSON or a DuckDB file; `import_export` makes a
warehouse of a whole Parquet export again. `selection` says which readings go and why the others
stay, `about` what every export tells of itself, `ours` which exports may be replaced, `place` how
an export comes into place.
"""

from nalssi.export.import_export import import_export
from nalssi.export.manifest import About
from nalssi.export.replace_target import ExportError
from nalssi.export.selection import flags_to_keep
from nalssi.export.write import FORMATS, Format, export

__all__ = ["FORMATS", "About", "ExportError", "Format", "export", "flags_to_keep", "import_export"]
