"""Commands on warehouses with little or no data: each succeeds, or says what is missing.

Four warehouses: `missing` (no folder), `empty` (a folder), `fresh` (migrated, nothing loaded) and
`undated` (one ticker without a date).
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import nalssi
from flows.capture import fetch_source
from nalssi.charts.chart_kinds import DEFAULT_KINDS
from nalssi.cli import app
from nalssi.common.paths import SAMPLES
from nalssi.warehouse import Warehouse, WarehouseError
from tests.progress_lines import without_progress

pytestmark = pytest.mark.usefixtures("prefect_server", "few_charts")

SEED = SAMPLES / "01-seed-glued-spaced.txt"
LISTED = """
[[source]]
name = "front"
url = "http://127.0.0.1:9/"  # no service listens on this port
allow_private = ["127.0.0.0/8"]
"""
NO_WAREHOUSE = "no warehouse in"
NOTHING_TO_DRAW = "there is nothing to draw"
NO_TICKER = "no ticker found in 1 documents"
DONE = ""
"""The expected result of a command that succeeds: exit status 0 and nothing on standard error."""


@dataclass(frozen=True)
class Case:
    """A command, and its result on each warehouse: DONE, or the error message with status 1."""

    command: str
    missing: str
    fresh: str
    undated: str
    makes: tuple[str, ...] = ()
    """Files that the command creates in a fresh warehouse and in an undated one."""


CASES = [
    Case("run {page}", NO_TICKER, NO_TICKER, NO_TICKER, ("gallery/index.html",)),
    Case("run {undated}", DONE, DONE, DONE, ("gallery/index.html", "gallery/en/index.html")),
    Case("charts", NO_WAREHOUSE, NOTHING_TO_DRAW, DONE),
    Case("gallery", NO_WAREHOUSE, NOTHING_TO_DRAW, DONE, ("gallery/index.html",)),
    Case("capture --load --sources {listed}", "front: ", "front: ", "front: "),
    Case("reconcile", DONE, DONE, DONE),
    Case("status", NO_WAREHOUSE, DONE, DONE),
    Case("status --json", NO_WAREHOUSE, DONE, DONE),
    Case("sql 'FROM readings'", NO_WAREHOUSE, DONE, DONE),
    Case("sql --named latest-loads", NO_WAREHOUSE, DONE, DONE),
    Case("export --out {out}", NO_WAREHOUSE, DONE, DONE),
    Case("export --out {out}.csv --format csv", NO_WAREHOUSE, "no reading is selected", DONE),
    Case("export --out {out}.json --format geojson", NO_WAREHOUSE, "no reading is selected", DONE),
    Case("export --out {out}.duckdb --format duckdb", NO_WAREHOUSE, DONE, DONE),
    Case("forget --site *", NO_WAREHOUSE, "no document matches", "no document matches"),
    Case("forget --observations", NO_WAREHOUSE, "no observation matches", "no observation matches"),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the warehouses and pages that the cases copy."""
    shelf = tmp_path_factory.mktemp("shelf")
    (shelf / "page.txt").write_text("The weather was fine.\n")
    lines = SEED.read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line.startswith("•") or "℃" in line]
    (shelf / "undated.txt").write_text("\n".join([*listed, "기상청 제공"]), encoding="utf-8")
    (shelf / "sources.toml").write_text(LISTED)
    (shelf / "empty").mkdir()
    with Warehouse(shelf / "fresh").writer():
        pass
    nalssi.load(shelf / "undated.txt", into=shelf / "undated")
    return shelf


KINDS = ("missing", "empty", "fresh", "undated")
FLOWS = ("run", "charts", "gallery", "capture", "reconcile")
"""The commands that run a flow, which takes seconds."""
RUN_ALWAYS = {
    ("missing", "run {undated}"),
    ("missing", "charts"),
    ("missing", "capture --load --sources {listed}"),
    ("missing", "reconcile"),
    ("fresh", "run {page}"),
    ("fresh", "gallery"),
    ("undated", "charts"),
    ("undated", "gallery"),
}
"""The pairs of a warehouse and a flow in `make test`. `make thorough` has all."""
PAIRS = [
    pytest.param(
        kind,
        case,
        id=f"{kind}-{case.command}",
        marks=()
        if case.command.partition(" ")[0] not in FLOWS or (kind, case.command) in RUN_ALWAYS
        else pytest.mark.make_thorough,
    )
    for case in CASES
    for kind in KINDS
    # A command that needs no warehouse first makes the folder that is missing.
    if kind != "empty" or case.missing == NO_WAREHOUSE
]


@pytest.fixture
def warehouse(shelf: Path, kind: str, tmp_path: Path) -> Path:
    """A copy of a warehouse."""
    if kind != "missing":
        shutil.copytree(shelf / kind, tmp_path / "warehouse")
    return tmp_path / "warehouse"


def test_the_undated_warehouse_holds_sixteen_readings_without_a_date(shelf: Path) -> None:
    rows = nalssi.open(shelf / "undated").query(
        "SELECT observed_on, count(*) AS n FROM readings JOIN snapshots USING (snapshot_id)"
        " GROUP BY observed_on"
    )
    assert rows.rows() == [(None, 16)]


@pytest.mark.parametrize(("kind", "case"), PAIRS)
def test_a_command_succeeds_or_says_in_one_line_what_is_missing(
    shelf: Path,
    warehouse: Path,
    kind: str,
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch_source, "retries", 0)
    places = {
        "page": shelf / "page.txt",
        "undated": shelf / "undated.txt",
        "listed": shelf / "sources.toml",
        "out": tmp_path / "out",
    }
    words = [word.strip("'").format(**places) for word in case.command.split(" ")]
    if case.command.startswith("sql '"):
        words = ["sql", case.command[5:-1]]
    done = CliRunner().invoke(app, [*words, "--warehouse", str(warehouse)])
    expected = case.missing if kind == "empty" else getattr(case, kind)
    assert isinstance(done.exception, SystemExit | None), done.exception
    said = without_progress(done.stderr).splitlines()
    if expected == DONE:
        assert (done.exit_code, said) == (0, [])
    else:
        assert done.exit_code == 1
        (line,) = said
        assert line.startswith("nalssi: ")
        assert expected in line
    if kind in ("fresh", "undated"):
        assert all((warehouse / made).stat().st_size for made in case.makes)


@pytest.mark.parametrize("kind", ["missing", "empty"])
def test_python_says_that_there_is_no_warehouse(warehouse: Path, kind: str) -> None:  # noqa: ARG001
    with pytest.raises(WarehouseError, match=NO_WAREHOUSE):
        nalssi.open(warehouse)


@pytest.mark.parametrize("kind", ["fresh", "undated"])
def test_python_reads_a_warehouse_with_little_data(warehouse: Path, kind: str) -> None:
    weather = nalssi.open(warehouse)
    assert weather.query("FROM snapshots").height == (1 if kind == "undated" else 0)
    drawable = {"map", "regions"} if kind == "undated" else set()
    for chart in DEFAULT_KINDS:
        if chart in drawable:
            assert weather.chart(chart).formats.keys() == {"png", "svg"}
        else:
            undated = chart == "change" and kind == "undated"
            message = "no change chart of .*: the day is unknown" if undated else NOTHING_TO_DRAW
            with pytest.raises(ValueError, match=message):
                weather.chart(chart)


def test_the_notebooks_use_warehouses_of_their_own() -> None:
    """Notebooks must give the same output on every machine, whatever is in its warehouse."""
    import nbformat

    from notebooks.execution import NOTEBOOKS

    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        assert "TemporaryDirectory()" in code
        assert re.search(r"into=(Path\()?folder\.name\b", code)
        assert "nalssi.open(" not in code
