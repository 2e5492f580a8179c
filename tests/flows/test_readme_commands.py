"""Every nalssi command of the README, in the order of the README.

A command with shell syntax runs in a shell, and the others in this process:
`tests/tools/test_wheel.py` and `tests/flows/test_flow_process.py` start commands in processes.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from distributed import LocalCluster
from typer.testing import CliRunner

import nalssi
from flows.flow_results import FlowResult
from nalssi.cli import app
from nalssi.common.paths import CHECKOUT, SAMPLES
from tests.capture.fake_site import page, served
from tests.cli.run_nalssi import typed
from tests.flows.prefect_services import in_shell
from tests.sources.sample_sources import Record, write_warc
from tests.test_readme import table_after

pytestmark = pytest.mark.usefixtures("prefect_server", "few_charts", "one_language")

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
SHOWN = [
    command
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for command in re.findall(r'^nalssi sql "[^"]*"|^nalssi [^\n]+', block, re.MULTILINE)
] + re.findall(r"`(nalssi \w+ [^`]+)`", README)
RUN_ELSEWHERE = {
    "nalssi ingest s3://": "tests/sources/test_remote_objects.py has an S3 server",
    "nalssi crawl plan": "tests/crawl/test_crawl_plan.py has a crawl",
    "nalssi serve": "tests/flows/test_laptop_service.py runs until Ctrl-C",
}
"""The beginnings of commands that need a service, and the tests that run them."""
COMMANDS = [command for command in SHOWN if not command.startswith(tuple(RUN_ELSEWHERE))]

LOADED = ["pages/01-seed-glued-spaced.txt", "pages/03-same-ticker-another-site.txt"]
"""Pages of which the maps are drawn. Drawing those of every sample page takes a minute."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The folder and the environment of a user of the README, with a site and a Dask scheduler."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(SAMPLES, folder / "pages")
    shutil.copy(CHECKOUT / "notebooks" / "asos-2026.csv", folder / "ASOS.csv")
    (folder / "crawl").mkdir()
    text = (SAMPLES / "01-seed-glued-spaced.txt").read_bytes()
    record = Record("https://a.example/1", text, "text/plain", kind="conversion")
    archive = folder / "crawl" / "1.warc.gz"
    write_warc(archive, [record])
    plan = {
        "warc_filename": [str(archive)],
        "warc_record_offset": [0],
        "warc_record_length": [archive.stat().st_size],
    }
    pl.DataFrame(plan).write_parquet(folder / "plan.parquet")
    shutil.copy(SAMPLES / "01-seed-glued-spaced.txt", folder / "page.html")
    (folder / "warehouse").mkdir()
    environment = {"NALSSI_WAREHOUSE": str(folder / "warehouse")}
    with (
        served() as site,
        # `test_dask.py` has workers in processes of their own.
        LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            dashboard_address=None,
        ) as cluster,
    ):
        site.plays["/"] = page((SAMPLES / "18-html-euc-kr.html").read_bytes(), "text/html")
        (folder / "warehouse" / "sources.toml").write_text(
            f'[[source]]\nname = "paper"\nurl = "{site.url}/"\nallow_private = ["127.0.0.1/32"]\n'
        )
        environment["SCHEDULER"] = cluster.scheduler_address
        run = typed(f"nalssi run {' '.join(LOADED)}", folder, environment)
        assert run.exit_code == 0, run.output
        yield folder, environment


def test_run_loads_the_sample_pages_unless_it_is_given_a_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[str]] = []

    def record(_: str, **parameters: Any) -> FlowResult:
        given.append(parameters["sources"])
        return FlowResult("recorded")

    monkeypatch.setattr("flows.run_flow.run_flow", record)
    for sources in ([], ["page.txt"]):
        CliRunner().invoke(app, ["run", *sources, "--warehouse", str(tmp_path)])
    assert given == [[str(SAMPLES)], ["page.txt"]]


def test_the_readme_shows_commands_of_every_kind_of_user() -> None:
    verbs = {shlex.split(command)[1] for command in COMMANDS}
    assert verbs == {"capture", "draw", "gallery", "ingest", "parse", "sql"}
    assert len(COMMANDS) == len(SHOWN) - len(RUN_ELSEWHERE)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[:40])
def test_a_command_of_the_readme_succeeds(command: str, desk: tuple[Path, dict[str, str]]) -> None:
    folder, environment = desk
    if ">" in shlex.split(command, comments=True):
        in_path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        run = in_shell(command, folder, os.environ | environment | in_path)
        assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
    else:
        shown = command.replace("tcp://host:8786", environment["SCHEDULER"])
        done = typed(shown, folder, environment)
        assert done.exit_code == 0, done.output


def test_the_query_gives_the_table_below_it_from_the_warehouse(
    desk: tuple[Path, dict[str, str]],
) -> None:
    folder, _ = desk
    nalssi.load(folder / "pages", into=folder / "all")
    (query,) = (command for command in COMMANDS if 'sql "' in command)
    run = typed(f"{query} --format csv", folder, {"NALSSI_WAREHOUSE": str(folder / "all")})
    given = [line.split(",") for line in run.stdout.splitlines()]
    assert given == table_after("Ask it something")
