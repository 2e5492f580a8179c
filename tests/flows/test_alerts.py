"""`nalssi alerts`: the automation on a Prefect server, and a test of addresses.

`test_alerts_service.py` triggers the automation.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from prefect.settings import get_current_settings
from typer.testing import CliRunner

from flows.alerts import AUTOMATION
from nalssi.cli import app
from tests.capture.alert_servers import SECRET_PATH, webhook

SOURCE = '[[source]]\nname = "a"\nurl = "https://a.example/"\n'


def automations() -> list[dict[str, object]]:
    response = httpx.post(f"{get_current_settings().api.url}/automations/filter", json={})
    found = response.raise_for_status().json()
    return [automation for automation in found if automation["name"] == AUTOMATION]


@pytest.mark.usefixtures("prefect_server")
def test_one_automation_is_created_and_then_updated() -> None:
    address = f"https://chat.example{SECRET_PATH}"
    done = CliRunner().invoke(app, ["alerts", "install"], env={"NALSSI_ALERT": address})
    assert done.exit_code == 0, done.output
    assert "the webhook at chat.example" in done.stdout
    (webhooked,) = automations()
    assert "call-webhook" in str(webhooked["actions"])
    assert "SECRET" not in f"{webhooked}{done.output}"
    mailed = CliRunner().invoke(app, ["alerts", "install", "desk@paper.example"])
    assert mailed.exit_code == 0, mailed.output
    (updated,) = automations()
    assert updated["id"] == webhooked["id"]
    assert "send-notification" in str(updated["actions"])
    assert "nalssi.source.*" in str(updated["trigger"])


def test_an_address_that_cannot_be_used_is_an_error_in_one_line() -> None:
    done = CliRunner().invoke(app, ["alerts", "install", "ftp://a/SECRET"])
    assert done.exit_code == 1
    line = "nalssi: an alert goes to a mail address, or to an http:// or https:// address"
    assert done.stderr.splitlines() == [line]


def test_a_test_goes_to_every_address(tmp_path: Path) -> None:
    listed = tmp_path / "sources.toml"
    command = ["alerts", "test", "--warehouse", str(tmp_path)]
    listed.write_text(SOURCE)
    done = CliRunner().invoke(app, command)
    assert (done.exit_code, done.stderr) == (1, f"nalssi: {listed}: there is no `alert`\n")
    with webhook() as hook:
        gone = f"http://127.0.0.1:9{SECRET_PATH}"  # no service listens there
        listed.write_text(f'alert = ["{hook.url}", "{gone}"]\n{SOURCE}')
        done = CliRunner().invoke(app, command)
        assert hook.got[0]["changes"][0]["source"] == "test"
    assert (done.exit_code, done.stdout) == (1, "sent to the webhook at 127.0.0.1\n")
    assert done.stderr.startswith("nalssi: the webhook at 127.0.0.1 cannot be reached: ")
    assert "SECRET" not in done.output
