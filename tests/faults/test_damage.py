"""Damaged files are named with the cause, and no undamaged data is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nalssi.common.paths import SAMPLES
from nalssi.part_tables import TABLES, PartError
from nalssi.sources import plan
from nalssi.staging import stage
from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.load_parts import load_parts

from .fault_runs import assert_refused, nalssi, rows, run

BLOCK = 262_144
HEADERS = 3 * 4096
"""The size of the three headers of a DuckDB file. Blocks follow, each with a checksum."""


def overwrite(offset: int, content: bytes) -> Callable[[Path], None]:
    """Return a function that overwrites some bytes of a file."""

    def damage(file: Path) -> None:
        with file.open("r+b") as opened:
            opened.seek(offset)
            opened.write(content)

    return damage


def cut(file: Path) -> None:
    """Keep only the first fifth of a file."""
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 5)


DAMAGES = {
    "empty": lambda file: file.write_bytes(b""),
    "something else": lambda file: file.write_bytes(b"no database, but a text\n" * 1000),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "cut": cut,
    "header": overwrite(4096, b"\xff" * 8192),
    "catalog": overwrite(HEADERS + 5000, b"\xff" * 64),
    "gone": Path.unlink,
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}

SAMPLE = (("readings", "cut"), ("counts", "empty"), ("examined", "gone"))
"""Files of a part, and how they are damaged, for `make test`."""


@pytest.fixture(params=[name for name in DAMAGES if name != "gone"])
def damage(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """A way to damage a database."""
    return DAMAGES[request.param]


def test_a_damaged_database_is_named_and_what_is_published_stays(
    damage: Callable[[Path], None], warehouse: Path, half_loaded: Path
) -> None:
    database = Warehouse(warehouse).database
    damage(database)
    with pytest.raises(WarehouseError) as raised, Warehouse(warehouse).writer() as con:
        con.execute("FROM conditions")
    assert f"cannot write {database}: " in str(raised.value)
    assert "\n" not in str(raised.value)
    assert rows(warehouse) == rows(half_loaded)
    assert Warehouse(warehouse).lock.read_text() == ""


def test_a_damaged_copy_is_named_and_replaced_by_the_next_run(
    damage: Callable[[Path], None], warehouse: Path, half_loaded: Path
) -> None:
    published = Warehouse(warehouse).published
    damage(published)
    with pytest.raises(WarehouseError) as raised:
        rows(warehouse)
    assert f"cannot read {published}: " in str(raised.value)
    assert "\n" not in str(raised.value)
    if published.is_dir():  # that is for people to remove
        published.rmdir()
    with Warehouse(warehouse).writer():
        pass
    assert rows(warehouse) == rows(half_loaded)


@pytest.mark.make_faults
def test_damage_in_unread_blocks_does_not_replace_a_good_copy(
    warehouse: Path,
) -> None:
    """Damage one block after the other: either the block is unused, or the good copy stays."""
    known = len(rows(warehouse)["observations"])
    with Warehouse(warehouse).writer() as con:  # more than fits into one block
        con.execute(
            "INSERT INTO observations"
            " SELECT 108, make_timestamptz(i * 3600000000), i % 400 / 10.0, 'portal'"
            " FROM range(100000) AS hours(i)"
        )
    good = rows(warehouse)
    assert len(good["observations"]) == known + 100_000
    content = Warehouse(warehouse).database.read_bytes()
    refused = []
    for block in range(HEADERS, len(content), BLOCK):
        Warehouse(warehouse).database.write_bytes(content)
        overwrite(block + 5000, b"\xff" * 64)(Warehouse(warehouse).database)
        try:
            with Warehouse(warehouse).writer():
                pass
        except WarehouseError as error:
            refused.append(str(error))
    assert len(refused) >= 3
    assert all(str(Warehouse(warehouse).database) in message for message in refused)
    assert rows(warehouse) == good


@pytest.mark.parametrize(
    ("name", "how"),
    [
        *SAMPLE,
        *(
            pytest.param(name, how, marks=pytest.mark.make_faults)
            for name in (*TABLES, "wordings", "counts", "problems")
            for how in ("cut", "empty", "gone")
            if (name, how) not in SAMPLE
        ),
    ],
)
def test_a_damaged_part_is_named_and_staged_again_after_it_is_removed(
    name: str, how: str, tmp_path: Path
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    (partition,) = plan([str(SAMPLES / "13-nameless-lines.txt")]).partitions
    part = stage(partition, warehouse.staged)
    DAMAGES[how](part.folder / f"{name}.parquet")
    with pytest.raises(PartError) as raised:
        load_parts(warehouse, [stage(partition, warehouse.staged).folder])
    assert str(part.folder / f"{name}.parquet") in str(raised.value)
    assert f"remove the folder {part.folder.name}" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not warehouse.published.exists()
    shutil.rmtree(part.folder)
    report = load_parts(warehouse, [stage(partition, warehouse.staged).folder])
    assert report.documents_new == 1


@pytest.mark.make_faults
def test_commands_report_damage_in_one_line(
    warehouse: Path, half_loaded: Path, sources: list[str]
) -> None:
    for file in (Warehouse(warehouse).database, Warehouse(warehouse).published):
        whole = file.read_bytes()
        DAMAGES["header"](file)
        if file == Warehouse(warehouse).database:
            assert_refused(run(warehouse, sources), f"cannot write {file}: Corrupt database file")
        else:
            for command in (["sql", "FROM readings"], ["status"], ["forget", "--site", "x"]):
                refused = nalssi(*command, "--warehouse", warehouse)
                assert_refused(refused, f"cannot read {file}: Corrupt database file")
        file.write_bytes(whole)
    assert rows(warehouse) == rows(half_loaded)
