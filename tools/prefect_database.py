"""Write `flows/prefect_database.sql` for the installed Prefect (`make prefect-database`)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from flows.prefect_database import DATABASE, SCRIPT, script_of


def migrated(home: Path) -> Path:
    """Let Prefect make its database in an empty home by its migrations. Return the database."""
    upgrade = ["-m", "prefect", "server", "database", "upgrade", "--yes"]
    subprocess.run(
        [sys.executable, *upgrade], env=os.environ | {"PREFECT_HOME": str(home)}, check=True
    )
    return home / DATABASE


def main() -> None:
    """Let Prefect migrate an empty database, and write the script that creates the same tables."""
    with tempfile.TemporaryDirectory() as home:
        SCRIPT.write_text(script_of(migrated(Path(home))), "utf-8")


if __name__ == "__main__":
    main()
