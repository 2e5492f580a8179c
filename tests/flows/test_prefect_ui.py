"""Prefect's UI on a service: trigger, cancel and retry runs, and see their graph and artifacts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nalssi.common.paths import CHECKOUT
from tests.flows.operations_guide import LIVE, new_desk, news_site, set_up_warehouse
from tests.flows.prefect_services import Api, wait_until

pytestmark = [pytest.mark.process, pytest.mark.make_services]

SCREENSHOTS = CHECKOUT / "build" / "prefect-ui"
"""The folder of the screenshots, which are for people."""


def test_a_user_triggers_cancels_and_retries_runs(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "home")
    desk.home.mkdir()
    (tmp_path / "site").mkdir()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    warehouse = desk.home / "weather"
    with news_site(tmp_path / "site") as address:
        set_up_warehouse(desk, address)
        (warehouse / "saved.txt").write_bytes(LIVE.read_bytes())
        service = desk.start("nalssi serve", "serve.log")
        try:
            wait_until(lambda: "UI: " in desk.said("serve.log") or service.poll() is not None)
            found = re.search(r"UI: (\S+)", desk.said("serve.log"))
            assert found, desk.said("serve.log")
            password = desk.type("cat ~/.prefect/nalssi-auth").stdout.strip()
            Api(f"{found[1]}/api", password).pause("hourly")
            command = ["-m", "tests.flows.prefect_ui_runs", found[1], str(warehouse)]
            done = subprocess.run(
                [sys.executable, *command, str(SCREENSHOTS)],
                cwd=CHECKOUT,
                input=password,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        finally:
            desk.close()
    logs = desk.said("serve.log")
    assert "later.txt: no such file or directory" in logs
