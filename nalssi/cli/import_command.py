"""The command `nalssi import`: make a warehouse from a complete Parquet export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.options import WarehouseOption


@app.command("import")
def import_(
    warehouse: WarehouseOption,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A parquet export without filters.")
    ],
) -> None:
    """Make a warehouse from a complete parquet export. It equals the exported warehouse."""
    from nalssi.common.tables import print_fields
    from nalssi.export import ExportError, import_export
    from nalssi.warehouse import Warehouse, WarehouseError

    try:
        rows = import_export(folder, Warehouse(warehouse))
    except (ExportError, WarehouseError) as error:
        fail([str(error)])
    print_fields((table, f"{count:,}") for table, count in rows.items())
