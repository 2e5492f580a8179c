"""The flows `weather` and `ingest` on sample pages: warehouse, files and records in Prefect."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from flows import task_progress
from flows.flow_results import FlowResult
from flows.run_flow import FlowError, run_flow
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.small_picture import WIDTH
from nalssi.common.paths import SAMPLES
from nalssi.warehouse import Warehouse
from schemas.vocabulary import region_ids
from tests.flows import prefect_api

pytestmark = pytest.mark.usefixtures("prefect_server")

PAGES = ["01-seed-glued-spaced.txt", "03-same-ticker-another-site.txt", "17-cut-inside-a-line.txt"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("warehouse")


@pytest.fixture(scope="module")
def done(folder: Path) -> FlowResult:
    """The result of the weather flow for three pages and a missing file."""
    sources = [str(SAMPLES / page) for page in PAGES] + [str(folder / "nowhere.txt")]
    return run_flow("weather", sources=sources, warehouse=folder)


def flow_run_id(result: FlowResult) -> str:
    assert result.load
    assert result.load.flow_run_id
    return result.load.flow_run_id


def test_weather_loads_the_tickers_draws_their_charts_and_builds_the_gallery(
    done: FlowResult, folder: Path
) -> None:
    assert done.load
    assert (done.load.documents_read, done.load.documents_with_ticker) == (3, 3)
    assert done.load.rejects_by_reason == {"cut_line": 1}
    with Warehouse(folder).reader() as con:
        (readings,) = con.execute("SELECT count(*) FROM readings").fetchone() or (0,)
    assert readings == done.load.readings_new > 0
    assert done.charts
    assert done.charts_drawn > 0
    assert all(chart.stat().st_size for chart in done.charts)
    assert done.gallery == folder / "gallery" / "index.html"
    assert done.gallery.exists()


def test_an_unreadable_source_is_a_problem_and_the_rest_is_loaded(done: FlowResult) -> None:
    (problem,) = done.problems
    assert "nowhere.txt" in problem
    assert done.load


def test_the_run_graph_joins_each_step_to_the_step_before(done: FlowResult) -> None:
    edges = prefect_api.edges(flow_run_id(done), at_least=5)
    assert edges["load"] == {name for name in edges if name.startswith("extract ")}
    assert {step: edges[step] for step in edges if step != "load"} == {
        "find": set(),
        **{step: {"find"} for step in edges["load"]},
        "draw": {"load"},
        "build_gallery": {"draw"},
    }


@pytest.fixture
def all_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Report every step of the progress, as if a long time were between them."""
    monkeypatch.setattr(task_progress, "SECONDS_BETWEEN_UPDATES", 0.0)
    monkeypatch.setattr(task_progress, "SECONDS_BETWEEN_LINES", 0.0)


@pytest.mark.usefixtures("all_progress")
def test_long_tasks_report_their_progress(done: FlowResult, folder: Path, tmp_path: Path) -> None:
    loaded = run_flow("ingest", sources=[str(SAMPLES / PAGES[0])], warehouse=tmp_path / "w")
    artifacts = prefect_api.artifacts(flow_run_id(loaded))
    assert (artifacts["progress-extract"], artifacts["progress-load"]) == (100, 100)
    log = prefect_api.logs(flow_run_id(loaded))
    assert {"0 of 1 parts inserted", "judging 1 changed lists"} <= set(log)

    some = DrawOptions(langs=["en"], kinds=["map"], formats=["pdf"])
    drawn = run_flow("charts", warehouse=folder, drawing=some)
    run = prefect_api.newest_run(drawn.flow_run, folder)
    assert prefect_api.artifacts(run["id"])["progress-draw"] == 100
    count = len(drawn.charts)
    assert f"{count} of {count} charts drawn, next: -" in prefect_api.logs(run["id"])
    assert done.charts_drawn > 0


def test_an_ingest_counts_skipped_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / PAGES[0]).write_bytes((SAMPLES / PAGES[0]).read_bytes())
    (tmp_path / "in" / "a.pdf").write_bytes(b"%PDF-1.7\n\0")
    result = run_flow("ingest", sources=[str(tmp_path / "in")], warehouse=tmp_path / "warehouse")
    assert result.problems == ["not read: 1 PDF"]
    assert [(Path(file.source).name, file.format) for file in result.skipped] == [("a.pdf", "PDF")]
    assert result.load
    assert result.load.documents_with_ticker == 1


def test_the_load_joins_to_prefects_flow_run(done: FlowResult, folder: Path) -> None:
    with Warehouse(folder).reader() as con:
        ((known,),) = con.execute("SELECT flow_run_id FROM loads").fetchall()
    prefect_run = prefect_api.flow_run(known)
    assert prefect_run["name"] == done.flow_run
    assert prefect_run["name"] == f"weather of {SAMPLES / PAGES[0]} and 3 more"
    assert "nalssi" in prefect_run["tags"]
    assert prefect_run["state_type"] == "COMPLETED"


def test_a_small_job_is_a_handful_of_task_runs(done: FlowResult) -> None:
    task_runs = prefect_api.task_runs(flow_run_id(done), at_least=4)
    names = {task_run["name"] for task_run in task_runs}
    assert len(task_runs) <= 6
    assert any(name.startswith("extract ") for name in names)
    assert not any(task_run["tags"] for task_run in task_runs)  # tagged tasks begin late


def test_the_runs_logs_carry_counts(done: FlowResult) -> None:
    log = "\n".join(prefect_api.logs(flow_run_id(done)))
    assert "3 documents, 3 with a ticker" in log
    assert f"{done.load and done.load.readings_new} new readings" in log
    assert done.omitted_charts == "no change chart for 3 days: the hour is unknown (3)"
    assert done.omitted_charts in log


def test_artifacts_show_the_loads_counts_and_the_regions_temperatures(done: FlowResult) -> None:
    artifacts = prefect_api.artifacts(flow_run_id(done))
    markdown = artifacts["load"]
    assert "| documents read | 3 |" in markdown
    assert "| cut_line | 1 |" in markdown
    assert "nowhere.txt" in markdown
    assert "| 제주 | Jeju |" in artifacts["regional-temperatures-text"]
    assert "gallery/index.html" in artifacts["gallery"]
    assert "file:" not in artifacts["gallery"] + artifacts["map"]
    table = artifacts["regional-temperatures"]
    regions = json.loads(table) if isinstance(table, str) else table
    assert 1 < len(regions) <= len(region_ids())
    assert all(region["min_c"] <= region["mean_c"] <= region["max_c"] for region in regions)


def test_artifacts_show_what_the_run_loaded(done: FlowResult) -> None:
    artifacts = prefect_api.artifacts(flow_run_id(done))
    lists, rejects, sources = (
        json.loads(artifacts[key]) for key in ("new-lists", "rejected-lines", "sources")
    )
    assert done.load
    assert len(lists) == done.load.snapshots_new
    assert [row["reason"] for row in rejects] == ["cut_line"]
    assert sum(row["documents"] for row in sources) == 3
    assert sum(row["rejected"] for row in sources) == 1


def test_an_artifact_shows_the_map_of_the_newest_day(done: FlowResult) -> None:
    markdown = prefect_api.artifacts(flow_run_id(done))["map"]
    (encoded,) = re.findall(r"\(data:image/png;base64,([A-Za-z0-9+/=]+)\)", markdown)
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as picture:
        picture.load()
        assert picture.width == WIDTH
    assert len(encoded) < 100_000
    maps = [path.name for path in done.charts if path.parent.name == "map"]
    assert max(maps).partition(".")[0] in markdown


def test_a_second_run_brings_nothing_and_draws_nothing(done: FlowResult, folder: Path) -> None:
    sources = [str(SAMPLES / page) for page in PAGES]
    again = run_flow("weather", sources=sources, warehouse=folder)
    assert again.load
    assert (again.load.documents_new, again.load.readings_new, again.charts_drawn) == (0, 0, 0)
    assert again.charts == done.charts


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A warehouse whose database file has other content."""
    (tmp_path / "nalssi.duckdb").write_text("no database, however long one looks at it" * 200)
    return tmp_path


def test_a_failed_task_fails_the_flow_with_its_cause_in_one_line(damaged: Path) -> None:
    # Its own copy of a page, because runs of other tests on the sample have the same name.
    source = str(shutil.copy(SAMPLES / PAGES[0], damaged / "page.txt"))
    with pytest.raises(FlowError, match=r"nalssi\.duckdb") as failure:
        run_flow("ingest", sources=[source], warehouse=damaged)
    assert "\n" not in str(failure.value)
    (failed,) = prefect_api.flow_runs_named(f"ingest of {source}")
    assert failed["state_type"] == "FAILED"
    assert "nalssi.duckdb" in failed["state"]["message"]
