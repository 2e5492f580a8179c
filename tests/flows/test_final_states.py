"""The final states of runs: completed, partly completed or failed, with the cause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows import relative_paths
from flows.capture import fetch_source
from flows.run_flow import run_flow
from nalssi.common.paths import SAMPLES
from tests.flows import prefect_api
from tests.observations.test_asos_table import HEADER, ROWS, write
from tests.thorough import thorough

pytestmark = pytest.mark.usefixtures("prefect_server")

SEED = str(SAMPLES / "01-seed-glued-spaced.txt")
SOURCES = """
[[source]]
name = "{name}"
url = "{url}"
kind = "text"
allow_private = ["127.0.0.0/8"]
"""
UNUSED_ADDRESS = "http://127.0.0.1:9/"  # no service listens on this port

NOTHING = "there is nothing to draw: the warehouse has no list"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "no-ticker.txt").write_text("The weather was fine.\n" * 9)
    (tmp_path / "empty").mkdir()
    write(tmp_path / "good.csv", HEADER, *ROWS)
    write(tmp_path / "bad.csv", HEADER, "90,속초,22-08-08 1:00,28,,,")
    (tmp_path / "cut.txt").write_text("")
    return tmp_path


def state_of(flow: str, warehouse: Path, **parameters: Any) -> tuple[str, str, str | None, Any]:
    """Run a flow. Return type, name and message of its final state, and its result."""
    done = run_flow(flow, warehouse=warehouse, **parameters)  # type: ignore[arg-type]
    found = prefect_api.newest_run(done.flow_run, warehouse)
    return found["state_type"], found["state"]["name"], found["state"]["message"], done


INGEST: dict[str, tuple[Callable[[Path], list[str]], str, str | None]] = {
    "all of it": (lambda _: [SEED], "Completed", None),
    "one missing": (
        lambda f: [SEED, f"{f}/nowhere.txt"],
        "Partial",
        "1 of 2 sources could not be read",
    ),
    "two of three empty": (
        lambda f: [SEED, f"{f}/cut.txt", f"{f}/empty"],
        "Partial",
        "2 of 3 sources could not be read",
    ),
    "one without a ticker": (lambda f: [SEED, f"{f}/no-ticker.txt"], "Completed", None),
    "missing": (
        lambda f: [f"{f}/nowhere.txt"],
        "Failed",
        "{folder}/nowhere.txt: no such file or directory",
    ),
    "two missing": (
        lambda f: [f"{f}/one.txt", f"{f}/two.txt"],
        "Failed",
        "2 of 2 sources could not be read; the first: {folder}/one.txt: no such file or directory",
    ),
    "an empty folder": (
        lambda f: [f"{f}/empty"],
        "Failed",
        "{folder}/empty: no document in this folder",
    ),
    "no source": (lambda _: [], "Failed", "no source was named"),
    "no ticker": (
        lambda f: [f"{f}/no-ticker.txt"],
        "Failed",
        "no ticker found in 1 documents",
    ),
}


@pytest.mark.parametrize(
    "case",
    [
        each if each in ("all of it", "one missing", "missing", "no ticker") else thorough(each)
        for each in INGEST
    ],
)
def test_the_final_state_of_a_load(folder: Path, case: str) -> None:
    sources, name, message = INGEST[case]
    kind, found, said, done = state_of("ingest", folder / "w", sources=sources(folder))
    assert (kind == "FAILED") == (name == "Failed")
    assert (kind == "COMPLETED") == (name != "Failed")
    assert (found, said) == (name, message and message.format(folder=folder))
    assert bool(done.problems) == (name != "Completed")


def test_each_problem_is_a_warning_in_the_runs_log(folder: Path) -> None:
    missing = [f"{folder}/one.txt", f"{folder}/two.txt"]
    done = run_flow("ingest", sources=[SEED, *missing], warehouse=folder / "w")
    assert done.load
    warnings = prefect_api.warnings(done.load.flow_run_id)
    assert warnings == [f"{path}: no such file or directory" for path in missing]


@pytest.mark.parametrize(
    ("files", "name", "message"),
    [
        (["good.csv"], "Completed", None),
        thorough([], "Completed", None),
        thorough(["good.csv", "nowhere.csv"], "Partial", "1 of 2 files could not be used"),
        (["good.csv", "bad.csv", "cut.txt"], "Partial", "2 of 3 files could not be used"),
        thorough(
            ["bad.csv"],
            "Failed",
            "{folder}/bad.csv: none of 1 rows could be used: two_digit_year 1",
        ),
        (
            ["nowhere.csv", "bad.csv"],
            "Failed",
            "2 of 2 files could not be used; the first:"
            " {folder}/nowhere.csv: cannot be read: no such file or directory",
        ),
    ],
)
def test_the_final_state_of_a_reconciliation(
    folder: Path, files: list[str], name: str, message: str | None
) -> None:
    found = state_of("reconcile", folder / "w", files=[folder / file for file in files])
    assert found[1:3] == (name, message and message.format(folder=folder))
    assert bool(found[3].failures) == (name != "Completed")


@pytest.mark.parametrize("flow", ["capture", "hourly"])
def test_when_no_source_can_be_fetched_the_run_fails(
    folder: Path, flow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_source, "retries", 0)
    listed = folder / "sources.toml"
    listed.write_text(SOURCES.format(name="one", url=UNUSED_ADDRESS))
    kind, name, message, done = state_of(flow, folder / "w", source_list=listed)
    assert (kind, name) == ("FAILED", "Failed")
    assert message == done.problems[0]
    assert message.startswith("one: ")


def test_when_there_is_nothing_to_draw_a_run_that_draws_fails(folder: Path) -> None:
    run_flow("ingest", sources=[f"{folder}/no-ticker.txt"], warehouse=folder / "w")
    for flow in ("charts", "gallery"):
        found = state_of(flow, folder / "w")
        assert found[:3] == ("FAILED", "Failed", NOTHING)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make runs look like runs that a worker starts for a deployment."""
    monkeypatch.setattr(relative_paths, "_is_deployed", lambda: True)


@pytest.mark.usefixtures("deployed")
def test_relative_sources_of_a_deployment_start_at_the_warehouse_folder(folder: Path) -> None:
    (folder / "saved").mkdir()
    (folder / "saved" / "page.txt").write_text(Path(SEED).read_text())
    for source in ("saved", "saved/page.txt", "saved/*.txt"):
        assert state_of("ingest", folder, sources=[source])[1] == "Completed"
    _, name, message, _ = state_of("ingest", folder, sources=["nowhere/*.txt"])
    assert (name, message) == ("Failed", f"{folder}/nowhere/*.txt: nothing matches")
    assert state_of("reconcile", folder, files=["good.csv"])[1] == "Completed"


@pytest.mark.usefixtures("deployed")
def test_a_deployments_warehouse_needs_an_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exception, match="the warehouse somewhere of a deployment"):
        run_flow("ingest", sources=[SEED], warehouse=Path("somewhere"))
