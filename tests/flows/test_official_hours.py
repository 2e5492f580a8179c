"""The flows that fetch official hours from KMA's API hub, and what they must not show."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import flows.api_hub
from flows.flow_results import FlowResult
from flows.reconciliation import ReconcileResult
from flows.run_flow import FlowError, run_flow
from nalssi.common.paths import SAMPLES
from nalssi.observations import api_hub, api_hub_key
from nalssi.warehouse import Warehouse
from tests.capture.fake_site import page, served
from tests.flows import prefect_api
from tests.observations.hub_server import KEY, MISSING_KEY, STATIONS, Hub, Reply, running_hub

pytestmark = pytest.mark.usefixtures("prefect_server", "few_charts", "one_language")

SOURCES = """
delay = 1
[[source]]
name = "paper"
url = "{url}/"
kind = "html"
allow_private = ["127.0.0.1/32"]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def hub(server: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The server, which every flow calls, with the key in the environment."""
    server.replies.clear()
    server.calls.clear()
    monkeypatch.setattr(api_hub, "ADDRESS", server.address)
    monkeypatch.setenv(api_hub_key.KEY_VARIABLE, KEY)
    return server


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the first sample page. Tests copy it."""
    folder = tmp_path_factory.mktemp("loaded") / "warehouse"
    run_flow("ingest", sources=[str(SAMPLES / "01-seed-glued-spaced.txt")], warehouse=folder)
    return folder


@pytest.fixture
def warehouse(loaded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(loaded, tmp_path / "warehouse"))


def shown(name: str, warehouse: Path) -> str:
    """Everything that Prefect stores of the newest run of this name on a warehouse."""
    run = prefect_api.newest_run(name, warehouse)
    everything: list[Any] = [run, prefect_api.task_runs(run["id"], 1)]
    everything += [prefect_api.artifacts(run["id"]), prefect_api.logs(run["id"])]
    return json.dumps(everything, ensure_ascii=False, default=str)


def sources(warehouse: Path) -> list[tuple[str, int]]:
    with Warehouse(warehouse).reader() as con:
        return con.execute(
            "SELECT source, count(*) FROM observations GROUP BY source ORDER BY source"
        ).fetchall()


def test_the_flow_fetches_the_hours_of_the_snapshots_and_compares_them(
    hub: Hub, warehouse: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    done: ReconcileResult = run_flow("observations", warehouse=warehouse, api_hub=True)
    assert done.failures == ()
    assert done.compared == 1
    assert [(c["tm1"], c["tm2"]) for c in hub.calls] == [("202512182100", "202512192300")]
    assert sources(warehouse) == [("apihub", 27 * len(STATIONS))]
    stored = shown(done.flow_run, warehouse)
    assert f"{27 * len(STATIONS)} added" in stored
    out = capfd.readouterr()
    assert KEY not in stored + str(done) + out.out + out.err


def test_a_refused_key_fails_the_flow_in_one_line_without_the_key(
    hub: Hub, warehouse: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hub.replies.append(Reply(MISSING_KEY.replace("인증키가", f"인증키 {KEY}가"), 401))
    done: ReconcileResult = run_flow("observations", warehouse=warehouse, api_hub=True)
    (failure,) = done.failures
    assert "does not accept the key (401): '유효한 인증키 ***가 아닙니다.'" in failure
    stored, out = shown(done.flow_run, warehouse), capfd.readouterr()
    assert '"Failed"' in stored
    assert KEY not in stored + str(done) + out.out + out.err


def test_without_a_key_the_flow_says_where_to_put_it(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(api_hub_key.KEY_VARIABLE, raising=False)
    with pytest.raises(FlowError, match=r"^no key for KMA's API hub: set NALSSI_APIHUB_KEY or"):
        run_flow("observations", warehouse=warehouse, api_hub=True)


def test_the_key_can_be_a_prefect_secret(
    hub: Hub, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.blocks.system import Secret

    monkeypatch.delenv(api_hub_key.KEY_VARIABLE)
    assert flows.api_hub.SECRET == "nalssi-apihub-key"
    name = "nalssi-apihub-key-of-one-test"  # flows of other workers use the same server
    monkeypatch.setattr(flows.api_hub, "SECRET", name)
    Secret(value=KEY).save(name)
    try:
        done: ReconcileResult = run_flow("reconcile", warehouse=warehouse, api_hub=True)
    finally:
        Secret.delete(name)
    assert done.failures == ()
    assert {call["authKey"] for call in hub.calls} == {KEY}
    assert KEY not in shown(done.flow_run, warehouse) + str(done)


def test_daily_works_without_a_key_and_with_an_unusable_one(
    hub: Hub, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(api_hub_key.KEY_VARIABLE)
    done: ReconcileResult = run_flow("reconcile", warehouse=warehouse, api_hub=True)
    assert (done.failures, done.compared) == ((), 1)
    monkeypatch.setenv(api_hub_key.KEY_VARIABLE, "not a key")
    done = run_flow("reconcile", warehouse=warehouse, api_hub=True)
    assert done.failures == ("NALSSI_APIHUB_KEY does not hold a key for KMA's API hub",)
    assert hub.calls == []


def test_hourly_finds_hours_before_it_draws_and_goes_on_without_the_hub(
    hub: Hub, warehouse: Path
) -> None:
    def hourly() -> FlowResult:
        done: FlowResult = run_flow(
            "hourly", source_list=warehouse / "sources.toml", warehouse=warehouse, formats=["png"]
        )
        return done

    with served() as site:
        site.plays["/"] = page((SAMPLES / "18-html-euc-kr.html").read_bytes(), "text/html")
        (warehouse / "sources.toml").write_text(SOURCES.format(url=site.url), encoding="utf-8")
        hub.replies.append(Reply("", 401))
        refused = hourly()
    worked = hourly()

    assert [problem.rpartition(": ")[2] for problem in refused.problems] == [
        "the API hub does not accept the key (401)"
    ]
    assert worked.problems == []
    assert len(hub.calls) == 2
    assert all(done.gallery for done in (refused, worked))
    ((source, _),) = sources(warehouse)
    assert source == "apihub"
    runs = prefect_api.task_runs(prefect_api.newest_run(worked.flow_run, warehouse)["id"], 4)
    order = [
        run["name"].rpartition("-")[0] for run in sorted(runs, key=lambda run: run["start_time"])
    ]
    steps = ["fetch_official_hours", "find_hours", "draw", "build_gallery", "report_sources"]
    assert order[-5:] == steps
    assert KEY not in shown(worked.flow_run, warehouse)
