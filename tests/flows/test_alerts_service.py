"""The automation on a service: an event calls a webhook or sends mail, by the server itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nalssi.capture.source_changes import SourceChange
from tests.capture.alert_servers import MailServer, Webhook, mail_server, webhook
from tests.flows.operations_guide import add_source, new_desk, news_site, set_up_warehouse, typed
from tests.flows.prefect_services import Api, Desk, wait_until

pytestmark = [pytest.mark.process, pytest.mark.make_services]

CAPTURE = "nalssi capture --force"


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as running:
        yield running


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, mail: MailServer) -> Iterator[Desk]:
    """A home whose service has a mail server, and a source whose page exists and one that is gone.

    `NALSSI_SMTP` is set for the service alone.
    """
    desk = new_desk(tmp_path / "home")
    desk.home.mkdir()
    (tmp_path / "site").mkdir()
    with news_site(tmp_path / "site") as address:
        set_up_warehouse(desk, address)
        add_source(desk, "gone", address.replace("front", "gone"))
        start = f"env NALSSI_SMTP=smtp://127.0.0.1:{mail.port} nalssi serve"
        service = desk.start(start, "serve.log")
        wait_until(lambda: "UI: " in desk.said("serve.log") or service.poll() is not None)
        found = re.search(r"UI: (\S+)", desk.said("serve.log"))
        assert found
        password = desk.type("cat ~/.prefect/nalssi-auth").stdout.strip()
        Api(f"{found[1]}/api", password).pause("hourly")
        desk.exports["export PREFECT_API_URL"] = f"export PREFECT_API_URL={found[1]}/api"
        desk.exports["export PREFECT_API_AUTH_STRING"] = (
            f"export PREFECT_API_AUTH_STRING='{password}'"
        )
        yield desk
    desk.close()


def test_the_automation_calls_a_webhook_and_then_sends_mail(
    desk: Desk, hook: Webhook, mail: MailServer, tmp_path: Path
) -> None:
    installed = desk.type(f"env NALSSI_ALERT={hook.url} nalssi alerts install")
    assert installed.returncode == 0, installed.stderr
    assert "the webhook at 127.0.0.1" in installed.stdout
    assert "SECRET" not in installed.stdout

    assert desk.type(CAPTURE).returncode == 1  # a source is gone
    wait_until(lambda: hook.got)
    assert desk.type(CAPTURE).returncode == 1
    assert "SECRET" not in desk.said("serve.log")

    typed(desk, "nalssi alerts install desk@paper.example")
    page = tmp_path / "site" / "gone.txt"
    page.write_bytes((tmp_path / "site" / "front.txt").read_bytes())
    typed(desk, CAPTURE)
    wait_until(lambda: mail.got)
    (recovered,) = mail.got
    assert recovered["Subject"] == f"nalssi: {SourceChange('gone', 'recovered', 'failing')}"
    assert recovered["To"] == "desk@paper.example"

    # It was told once that the source is gone, and not of what it was not asked to tell any more.
    (failing,) = hook.got
    assert (
        failing["text"] == f"nalssi ({desk.home}/weather): gone: failing: the server answered 404"
    )
    assert failing["changes"] == [
        {
            "source": "gone",
            "state": "failing",
            "before": "ok",
            "why": "the server answered 404",
        }
    ]
