"""The commands `nalssi backup` and `nalssi restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.options import WarehouseOption

if TYPE_CHECKING:
    from nalssi.backup import Manifest


@app.command()
def backup(
    warehouse: WarehouseOption,
    target: Annotated[
        Path, typer.Argument(metavar="FILE.zip|FOLDER", help="The backup: a new file or folder.")
    ],
    verify: Annotated[
        bool, typer.Option("--verify", help="Only verify an existing backup.")
    ] = False,
) -> None:
    """Back up the warehouse and verify the backup, also while a run writes.

    The backup has the published copy of the database, captured pages, the log of captures, the
    source list, the alerts that were sent and the files of official hours. Everything else can be
    made again.
    """
    from nalssi.backup import BackupError, make_backup, verify_backup
    from nalssi.warehouse import Warehouse

    try:
        made = verify_backup(target) if verify else make_backup(Warehouse(warehouse), target)
    except BackupError as error:
        fail([str(error)])
    _print(made)
    print(f"verified: {target}")


@app.command()
def restore(
    warehouse: WarehouseOption,
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="A backup: a file or folder.")],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Restore into a folder that is not empty; move its content away."
        ),
    ] = False,
) -> None:
    """Restore a backup into the folder of the warehouse, in one step, and verify the result."""
    from nalssi.backup import BackupError, restore_backup
    from nalssi.warehouse import Warehouse

    try:
        restored, moved = restore_backup(source, Warehouse(warehouse), replace=replace)
    except BackupError as error:
        fail([str(error)])
    _print(restored)
    print(f"restored and verified: {warehouse}")
    if moved:
        print(f"the former warehouse is in {moved}")


def _print(manifest: Manifest) -> None:
    """Print the facts of a backup: time, files, size, and rows of some tables."""
    from nalssi.common.korea_time import KST
    from nalssi.common.tables import print_fields

    rows = manifest.database.rows if manifest.database else {}
    print_fields(
        [
            ("made at", f"{manifest.made_at.astimezone(KST):%Y-%m-%d %H:%M:%S} KST"),
            ("files", f"{len(manifest.files):,}, {manifest.bytes / 1e6:,.1f} MB"),
            *((name, f"{rows[name]:,}") for name in ("documents", "readings", "loads") if rows),
        ]
    )
