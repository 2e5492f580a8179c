"""The database of a new Prefect home is the one that Prefect's migrations make."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from prefect.settings import Settings
from pydantic import SecretStr

from flows import prefect_database
from flows.prefect_database import (
    DATABASE,
    NO_MIGRATION,
    SCRIPT,
    prepare_database,
    script_of,
)
from tools.prefect_database import migrated


def settings(home: Path, url: str | None = None) -> Settings:
    """Return those of Prefect's settings that name the database in a home."""
    secret = SecretStr(url or f"sqlite+aiosqlite:///{home / DATABASE}")
    database = SimpleNamespace(connection_url=secret)
    server = SimpleNamespace(database=database)
    return cast(Settings, SimpleNamespace(home=home, server=server))


def revise(database: Path, revision: str) -> None:
    """Write another revision into a database."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])


def clauses(script: str) -> list[str]:
    """Return the columns and constraints of a script. The migrations write them in any order."""
    return sorted(line.strip(" ,\t()") for line in script.splitlines())


@pytest.mark.process
@pytest.mark.make_thorough
def test_the_script_is_what_the_migrations_make(tmp_path: Path) -> None:
    assert clauses(script_of(migrated(tmp_path))) == clauses(SCRIPT.read_text("utf-8"))


def test_a_new_home_gets_the_database_and_needs_no_migration(tmp_path: Path) -> None:
    """If it fails after an update of Prefect: `make prefect-database`, which runs the migrations.

    `make thorough` compares the script with what the migrations make.
    """
    home = tmp_path / "new"
    assert prepare_database(settings(home)) == NO_MIGRATION
    assert script_of(home / DATABASE) == SCRIPT.read_text("utf-8")
    assert [path.name for path in home.iterdir()] == [DATABASE]
    revise(home / DATABASE, "older")
    assert prepare_database(settings(home)) == {}
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("older",)]


def test_a_real_home_is_recognized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert prepare_database(Settings()) == NO_MIGRATION


def test_another_release_of_prefect_migrates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefect_database, "version", lambda _: "3.9.999")
    assert prepare_database(settings(tmp_path)) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["postgresql+asyncpg://host/prefect", "sqlite+aiosqlite:///x.db"])
def test_another_database_is_left_alone(tmp_path: Path, url: str) -> None:
    assert prepare_database(settings(tmp_path, url)) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_left_to_prefect(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_text("no database" * 100)
    assert prepare_database(settings(tmp_path)) == {}
    assert (tmp_path / DATABASE).read_text() == "no database" * 100


def test_a_database_that_another_process_makes_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(_temporary: Path, database: Path) -> None:
        other.rename(database)
        raise FileExistsError

    other = tmp_path / "other"
    prefect_database._make(other, SCRIPT.read_text("utf-8"))
    revise(other, "newer")
    monkeypatch.setattr("os.link", link)
    assert prepare_database(settings(tmp_path)) == {}
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("newer",)]
    assert [path.name for path in tmp_path.iterdir()] == [DATABASE]
