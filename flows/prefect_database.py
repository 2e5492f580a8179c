"""Make the database of a new Prefect home from a script, without Prefect's migrations.

Prefect makes its database by running more than a hundred migrations, which take ten seconds of CPU
time. `prefect_database.sql` holds the tables that they make with one release of Prefect. It is used
only with that release and only for a new SQLite database in Prefect's home; in all other cases
Prefect migrates as usual. `make prefect-database` writes the script, and a test compares it with a
migrated database.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nalssi.common.atomic_files import temporary_path

if TYPE_CHECKING:
    from prefect.settings import Settings

SCRIPT: Final = Path(__file__).with_suffix(".sql")
"""SQL that makes the tables. Its first line is `FIRST_LINE` with the release of Prefect."""
FIRST_LINE: Final = "-- The database of Prefect {}, written by `make prefect-database`."
NO_MIGRATION: Final = {"PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "0"}
"""The Prefect settings, as environment variables, of a server whose database needs no migration."""
DATABASE: Final = "prefect.db"


def script_of(database: Path) -> str:
    """Return an SQL script that makes the tables and rows of this SQLite database."""
    with closing(sqlite3.connect(database)) as connection:
        statements = "\n".join(connection.iterdump())
    return f"{FIRST_LINE.format(version('prefect'))}\n{statements}\n"


def prepare_database(settings: Settings) -> dict[str, str]:
    """Make the database of Prefect's home from the script, if there is none.

    Returns NO_MIGRATION if a server can use the database without a migration, or an empty
    dictionary if Prefect has to migrate it. Raises no error: Prefect itself reports problems of its
    home.
    """
    database = settings.home / DATABASE
    url = settings.server.database.connection_url
    if url is None or url.get_secret_value() != f"sqlite+aiosqlite:///{database}":
        return {}
    script = SCRIPT.read_text("utf-8")
    if not script.startswith(FIRST_LINE.format(version("prefect")) + "\n"):
        return {}
    try:
        if not database.exists():
            _make(database, script)
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except (OSError, sqlite3.Error):
        return {}
    is_current = len(revisions) == 1 and f"VALUES('{revisions[0][0]}')" in script
    return NO_MIGRATION if is_current else {}


def _make(database: Path, script: str) -> None:
    """Create an SQLite database by running the script, unless another process has done so."""
    database.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_path(database.parent)
    try:
        with closing(sqlite3.connect(temporary)) as connection:
            connection.executescript(script)
        os.link(temporary, database)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
