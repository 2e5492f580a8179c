"""Random nested SQL of a user changes nothing and reads nothing outside the warehouse."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb
import pytest

from nalssi.warehouse import Warehouse, landlock
from nalssi.warehouse.check_statement import StatementError, check_statement
from nalssi.warehouse.query import QueryError, query
from schemas.vocabulary import region_ids

from .fuzz_settings import VARIABLE
from .sql_statements import Statement, Statements

COUNT = 20_000 if VARIABLE in os.environ else 500
FEWER = COUNT // 5  # if DuckDB itself refuses, which takes longer: it prepares each statement
CANARY = "canary-7f3a9"

OWN = (
    "CREATE VIEW own_view AS SELECT 1 AS a",
    "CREATE MACRO own_macro(n) AS TABLE SELECT range AS a FROM range(n)",
    # Only a user who can write to the warehouse could have created these.
    "CREATE MACRO own_reader(path) AS TABLE SELECT content AS a FROM read_text(path)",
    "CREATE MACRO own_runner(sql) AS TABLE FROM query(sql)",
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a warehouse, a folder for temporary files and a secret outside of both."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("NALSSI_CANARY", CANARY)
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "of-others.csv").write_text("a,b\n1,2\n")
    (tmp_path / "secret.csv").write_text(f"a,b\n{CANARY},1\n")
    with Warehouse(tmp_path / "warehouse").writer() as con:
        for statement in OWN:
            con.execute(statement)
    return tmp_path


def statements(place: Path, spill: str, seed: int, count: int = COUNT) -> Iterator[Statement]:
    warehouse = Warehouse(place / "warehouse")
    secret = place / "secret.csv"
    paths = [
        *(str(warehouse.published), f"{warehouse.published}.wal", str(warehouse.database)),
        *(f"{warehouse.published}.wal.recovery", f"{warehouse.published}.wal.checkpoint"),
        *(f"{warehouse.folder}/new.csv", f"{warehouse.folder}/*", f"{tempfile.gettempdir()}/new"),
        *(f"{tempfile.gettempdir()}/of-others.csv", f"{tempfile.gettempdir()}/*/*"),
        *(str(secret), f"file://{secret}", "/proc/self/environ", "/etc/passwd"),
        *(f"{spill}/new", f"{spill}/*", "http://127.0.0.1:9/x.parquet"),
    ]
    made = Statements(seed, paths)
    for _ in range(count):
        yield made.statement()


def digest(place: Path) -> str:
    """Digest of the names, sizes, times and contents in a folder, without spill folders."""
    found = hashlib.sha256()
    for path in sorted(place.rglob("*")):
        if any(part.startswith("nalssi-spill-") for part in path.parts):
            continue
        state = path.stat()
        times = () if path == Path(tempfile.gettempdir()) else (state.st_mtime_ns,)
        found.update(repr((str(path), state.st_mode, state.st_size, times)).encode())
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()


def seed_of(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--hypothesis-seed") or 14)


def spill_of(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute("SELECT current_setting('temp_directory')").fetchall()[0][0])


def run(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Run a statement.

    Return `answered` or `refused`. No answer may contain the secret (the canary).
    """
    try:
        said, end = str(list(query(con, sql).batches())), "answered"
    except (QueryError, duckdb.Error) as error:
        said, end = str(error), "refused"
    assert CANARY not in said, sql
    return end


@pytest.mark.parametrize("confined", [True, False], ids=["landlock", "no file system"])
def test_no_statement_changes_anything(
    place: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, confined: bool
) -> None:
    if not confined:
        monkeypatch.setattr(landlock, "available", lambda: False)
    count = COUNT if confined else FEWER
    before = digest(place)
    ends: Counter[str] = Counter()
    with Warehouse(place / "warehouse").reader() as con:
        spill = spill_of(con)
        for statement in statements(place, spill, seed_of(request), count):
            ends[run(con, statement.sql)] += 1
        assert con.execute("SELECT count(*) FROM regions").fetchall() == [(len(region_ids()),)]
        assert not spill or all(file.name != "new" for file in Path(spill).rglob("*"))
    assert digest(place) == before
    assert not list(Path(tempfile.gettempdir()).glob("nalssi-*"))
    assert min(ends["answered"], ends["refused"]) > count / 20, ends
    print(f"{count:,} statements: {dict(ends)}, nothing changed")


def test_a_statement_is_refused_if_anything_in_it_is(
    place: Path, request: pytest.FixtureRequest
) -> None:
    ends: Counter[str] = Counter()
    with Warehouse(place / "warehouse").reader() as con:
        for statement in statements(place, spill_of(con), seed_of(request)):
            try:
                check_statement(con, statement.sql)
            except duckdb.Error:
                ends["unreadable"] += 1
            except StatementError:
                assert statement.harmful, statement.sql
                ends["refused"] += 1
            else:
                assert not statement.harmful, statement.sql
                ends["allowed"] += 1
    assert min(ends["allowed"], ends["refused"]) > COUNT / 20, ends
    print(f"{COUNT:,} statements: {dict(ends)}")


@pytest.mark.parametrize("confined", [True, False], ids=["landlock", "no file system"])
def test_the_connection_alone_lets_nothing_change(
    place: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, confined: bool
) -> None:
    """The connection's own limits hold even if the check of statements misses one."""
    if not confined:
        monkeypatch.setattr(landlock, "available", lambda: False)
    if confined and not landlock.available():
        pytest.skip("this kernel has no Landlock")
    monkeypatch.setattr("nalssi.warehouse.query.check_statement", lambda *_: None)
    before = digest(place)
    for group in batched(statements(place, "/nowhere", seed_of(request), FEWER), 25):
        # Each group gets a new connection: a statement may begin a transaction or change database.
        with Warehouse(place / "warehouse").reader() as con:
            spill = spill_of(con)
            for statement in group:
                run(con, statement.sql)
            run(con, f"WITH x AS (COPY (SELECT 42) TO '{spill}/../new') SELECT 1")
            run(con, f"FROM own_reader('{place}/secret.csv')")
    assert digest(place) == before


def batched(statements: Iterator[Statement], size: int) -> Iterator[list[Statement]]:
    while group := list(islice(statements, size)):
        yield group
