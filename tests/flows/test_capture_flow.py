"""The flows `capture` and `hourly`, with pages of a local server."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

import flows.capture
from flows.flow_results import FlowResult
from flows.run_flow import FlowError, run_flow
from nalssi.capture.landing import Landing
from nalssi.common.paths import CHECKOUT, SAMPLES
from nalssi.warehouse import Warehouse
from tests.capture.alert_servers import webhook
from tests.capture.fake_site import Site, in_turn, marked, page, served
from tests.cli.run_nalssi import typed
from tests.flows import prefect_api

pytestmark = pytest.mark.usefixtures("prefect_server", "few_charts", "one_language")

PAPER = (SAMPLES / "18-html-euc-kr.html").read_bytes()
FEED = (SAMPLES / "19-kma-feed.xml").read_bytes()
SOURCES = """
delay = 1
[[source]]
name = "{name}"
url = "{url}"
kind = "{kind}"
allow_private = ["127.0.0.1/32"]
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served() as site:
        not_yet = [page(b"", status=500), page(b"", status=429, Retry_After="0")]
        site.plays["/paper"] = in_turn(*not_yet, marked(PAPER, "text/html; charset=euc-kr", '"1"'))
        site.plays["/feed"] = page(FEED, "text/xml")
        yield site


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "data" / "warehouse"
    folder.mkdir(parents=True)
    listed = [("paper", "/paper", "html"), ("feed", "/feed", "xml"), ("gone", "/gone", "html")]
    entries = [
        SOURCES.format(name=name, url=site.url + path, kind=kind) for name, path, kind in listed
    ]
    text = "".join(entry.replace("delay = 1", "") for entry in entries)
    (folder / "sources.toml").write_text('delay = 1\nalert_after = "0m"\n' + text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def first(folder: Path) -> FlowResult:
    """The result of the first run of the hourly flow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.capture, "FIRST_RETRY_S", 0.1)
        return hourly(folder)


def hourly(folder: Path, **given: Any) -> FlowResult:
    source_list = folder / "sources.toml"
    # Other tests draw in every format.
    done: FlowResult = run_flow(
        "hourly", source_list=source_list, warehouse=folder, formats=["png"], **given
    )
    return done


def count_rows(folder: Path) -> tuple[int, int]:
    with Warehouse(folder).reader() as con:
        ((documents, readings),) = con.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM readings)"
        ).fetchall()
    return documents, readings


def test_captured_pages_are_in_the_warehouse_and_the_gallery(
    first: FlowResult, folder: Path, site: Site
) -> None:
    assert [(done.source, done.outcome) for done in first.captures] == [
        ("paper", "new"),
        ("feed", "new"),
        ("gone", "failed"),
    ]
    assert count_rows(folder) == (2, 16 + 95)
    assert len(list((folder / "landing").rglob("*.warc.gz"))) == 2
    assert first.charts_drawn > 0
    assert first.gallery
    assert first.gallery.exists()
    with Warehouse(folder).reader() as con:
        ((uri,),) = con.execute("SELECT uri FROM documents WHERE uri LIKE '%paper'").fetchall()
    assert uri == f"{site.url}/paper"


def test_temporary_failures_are_retried_and_others_are_not(first: FlowResult, site: Site) -> None:
    assert site.paths().count("/paper") >= 3  # 500, 429, the page
    assert site.paths().count("/gone") == 1
    assert first.problems == ["gone: the server answered 404"]


def test_a_run_that_could_fetch_only_some_sources_ends_as_partial(first: FlowResult) -> None:
    assert first.load
    flow_run_id = str(first.load.flow_run_id)
    state = prefect_api.flow_run(flow_run_id)["state"]
    assert (state["type"], state["name"]) == ("COMPLETED", "Partial")
    assert state["message"] == "1 of 3 sources could not be fetched"
    assert "gone: the server answered 404" in prefect_api.warnings(flow_run_id)


def test_the_run_has_an_artifact_with_the_result_of_each_source(first: FlowResult) -> None:
    assert first.load
    assert first.load.flow_run_id
    flow_run = prefect_api.flow_run(first.load.flow_run_id)
    assert flow_run["state_type"] == "COMPLETED"
    assert "the server answered 404" in str(prefect_api.artifacts(flow_run["id"])["captures"])
    tasks = prefect_api.task_runs(flow_run["id"], at_least=6)
    states = {task["name"]: task["state_type"] for task in tasks}
    assert (states["fetch paper"], states["fetch gone"]) == ("COMPLETED", "FAILED")
    edges = prefect_api.edges(flow_run["id"], at_least=6)
    assert edges["find"] == {"fetch paper", "fetch feed"}
    assert edges["report_sources"] == {"load", "fetch paper", "fetch feed"}


@pytest.mark.usefixtures("first")
def test_a_second_run_does_not_fetch_sources_that_are_not_due(folder: Path, site: Site) -> None:
    asked = len(site.asked)
    done = run_flow("capture", source_list=folder / "sources.toml", warehouse=folder)
    assert {captured.outcome for captured in done.captures} == {"not due"}
    assert len(site.asked) == asked
    assert done.problems == []


@pytest.mark.usefixtures("first")
def test_a_run_in_which_nothing_is_new_changes_nothing_and_succeeds(folder: Path) -> None:
    before = count_rows(folder)
    done = hourly(folder, names=["paper", "feed"], force=True)
    assert [captured.outcome for captured in done.captures] == ["unchanged", "unchanged"]
    assert (done.load, done.problems, done.charts_drawn) == (None, [], 0)
    assert count_rows(folder) == before


@pytest.mark.usefixtures("first")
def test_pages_that_an_earlier_run_did_not_load_are_loaded(folder: Path) -> None:
    Landing(Warehouse(folder)).mark_loaded(0)
    done = hourly(folder)
    assert done.load
    assert (done.load.documents_read, done.load.documents_new) == (2, 0)


def test_a_frozen_source_is_a_warning_in_the_runs_log(first: FlowResult, folder: Path) -> None:
    paper = first.captures[0].attempt
    assert paper
    landing = Landing(Warehouse(folder))
    yesterday = paper.at - timedelta(days=1)
    landing.log_attempt(replace(paper, at=yesterday, outcome="unchanged", status=304))
    landing.mark_loaded(0)
    done = hourly(folder)
    assert done.load
    assert done.load.flow_run_id
    warnings = [line for line in prefect_api.logs(done.load.flow_run_id) if ": frozen: " in line]
    assert len(warnings) == 1
    assert warnings[0].startswith("paper: frozen: the same list since 20")
    run = done.load.flow_run_id
    (event,) = prefect_api.events("nalssi.source.frozen", run)
    assert event["resource"]["prefect.resource.id"] == "nalssi.source.paper"
    assert event["payload"]["message"] == warnings[0]
    assert event["payload"]["warehouse"] == str(folder)
    edges = prefect_api.edges(run, at_least=6)
    assert edges["report_sources"] == {"load"}


def test_a_failing_source_is_an_event_of_the_run_that_found_it(first: FlowResult) -> None:
    assert first.load
    (event,) = prefect_api.events("nalssi.source.failing", first.load.flow_run_id)
    assert event["payload"]["message"] == "gone: failing: the server answered 404"


@pytest.mark.usefixtures("first")
def test_an_alert_that_cannot_be_sent_does_not_fail_the_run(folder: Path) -> None:
    text = (folder / "sources.toml").read_text(encoding="utf-8")
    listed = folder / "alerting.toml"
    with webhook() as hook:
        hook.status = 503
        listed.write_text(f'alert = "{hook.url}"\n{text}', encoding="utf-8")
        done = run_flow("capture", source_list=listed, warehouse=folder)
        assert (done.alerts_sent, done.alerts_failed) == (0, 1)
        assert done.problems == []
        run = prefect_api.newest_run(done.flow_run, folder)
        assert run["state"]["name"] == "Completed"
        said = prefect_api.warnings(run["id"])
        assert "alert: the webhook at 127.0.0.1 answered 503" in said
        assert "SECRET" not in "".join(prefect_api.logs(run["id"]))
        hook.status = 200
        done = run_flow("capture", source_list=listed, warehouse=folder)
        assert (done.alerts_sent, done.alerts_failed) == (1, 0)
        told = [change["source"] for change in hook.got[1]["changes"]]
    assert "gone" in told


def test_an_invalid_source_list_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text("source = []")
    with pytest.raises(FlowError, match=r"sources.toml: source: ") as failure:
        run_flow("capture", source_list=tmp_path / "sources.toml", warehouse=tmp_path)
    assert "\n" not in str(failure.value)


DOCS = (CHECKOUT / "docs" / "capture.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("first")
def test_every_command_of_the_docs_does_what_it_says(folder: Path, site: Site) -> None:
    """The test uses the source list of the docs, with a page of the local server."""
    (toml,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    there = f'url = "{site.url}/paper"\nallow_private = ["127.0.0.1/32"]'
    listed, pages = re.subn(r'url = ".*?"', there, toml)
    assert pages == 1
    (folder / "docs.toml").write_text(f"delay = 1\n{listed}", encoding="utf-8")
    variables = {
        "NALSSI_WAREHOUSE": "data/warehouse",
        "NALSSI_SOURCES": "data/warehouse/docs.toml",
    }
    (commands,) = re.findall(r"```sh\n(.*?)```", DOCS, re.DOTALL)
    said = []
    for command in commands.splitlines():
        done = typed(command, folder.parent.parent, variables)
        stale = "--stale-after" in command  # the page is an old one
        assert done.exit_code == stale, done.output
        said.append(done.stdout.split())
    assert said[0][5:8] == ["uridongne", "new", "200"]
    assert said[1][5:8] == ["uridongne", "unchanged", "304"]
    assert count_rows(folder) == (3, 16 + 95)  # another page with the same list
    with duckdb.connect() as con:
        shown = re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL)
        queries = [query.replace("'captures", f"'{folder}/captures") for query in shown]
        outcomes = con.execute(queries[0]).fetchall()
        assert {("uridongne", "new", 1), ("uridongne", "unchanged", 1)} <= set(outcomes)
        (folder / "captures").mkdir()  # as if the log had been rotated
        with gzip.open(folder / "captures" / "2025-01.ndjson.gz", "wb") as older:
            older.write((folder / "captures.ndjson").read_bytes())
        together = con.execute(queries[1]).fetchall()
    assert sorted(together) == sorted((*key, 2 * count) for *key, count in outcomes)
