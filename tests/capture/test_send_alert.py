"""Alerts to a webhook and by mail: what arrives, and that no message gives a secret away."""

from __future__ import annotations

import base64
import logging
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from nalssi.capture.alert_address import AlertAddress, alert_address
from nalssi.capture.mail_settings import MailSettingsError, mail_settings
from nalssi.capture.send_alert import AlertError, send_alert
from nalssi.capture.source_changes import SourceChange
from tests.capture.alert_servers import SECRET_PATH, MailServer, Webhook, mail_server, webhook
from tests.capture.certificates import make_certificate

FROZEN = SourceChange("paper", "frozen", "ok", "the same list since 2026-11-28 09:10")
BACK = SourceChange("feed", "recovered", "late")


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as running:
        yield running


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        monkeypatch.setenv("NALSSI_SMTP", f"smtp://127.0.0.1:{running.port}")
        yield running


def test_a_webhook_gets_a_text_and_the_changes(hook: Webhook) -> None:
    send_alert(alert_address(hook.url), [FROZEN, BACK], "/srv/날씨")
    (content,) = hook.got
    assert content["text"].splitlines() == [
        "nalssi (/srv/날씨):",
        "paper: frozen: the same list since 2026-11-28 09:10",
        "feed: recovered: it was late",
    ]
    assert content["warehouse"] == "/srv/날씨"
    assert content["changes"][1] == {
        "source": "feed",
        "state": "recovered",
        "before": "late",
        "why": None,
    }
    assert hook.headers[0]["Content-Type"] == "application/json; charset=utf-8"
    assert hook.headers[0]["Host"] in hook.url


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_does_not_accept_an_alert_is_an_error_without_its_address(
    hook: Webhook, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    hook.status = status
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AlertError) as failure:
        send_alert(alert_address(hook.url), [FROZEN], "/srv/weather")
    assert str(failure.value) == f"the webhook at 127.0.0.1 answered {status}"
    assert len(hook.got) == 1  # the redirect was not followed
    assert "SECRET" not in caplog.text


def test_a_webhook_that_cannot_be_reached_is_an_error_without_its_address() -> None:
    address = alert_address(f"http://127.0.0.1:9{SECRET_PATH}")  # no service listens there
    with pytest.raises(AlertError) as failure:
        send_alert(address, [FROZEN], "/srv/weather")
    assert str(failure.value) == "the webhook at 127.0.0.1 cannot be reached: connection refused"


def test_a_mail_has_the_change_as_its_subject(mail: MailServer) -> None:
    send_alert(alert_address("desk@paper.example"), [FROZEN], "/srv/날씨")
    (got,) = mail.got
    assert got["Subject"] == f"nalssi: {FROZEN}"
    assert (got["To"], got["From"]) == ("desk@paper.example", "desk@paper.example")
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content().splitlines() == [str(FROZEN), "", "/srv/날씨"]


def test_one_mail_has_several_changes(mail: MailServer) -> None:
    hostile = SourceChange("gone", "failing", "ok", "the server said\r\nBcc: x@y.example")
    send_alert(alert_address("desk@paper.example"), [FROZEN, BACK, hostile], "/srv/weather")
    (got,) = mail.got
    assert got["Subject"] == "nalssi: 3 sources have changed"
    assert got["Bcc"] is None


@pytest.mark.parametrize(("command", "cause"), [("RCPT", "refused the recipient"), ("DATA", "550")])
def test_a_mail_server_that_refuses_is_an_error_without_its_answer(
    mail: MailServer, command: str, cause: str
) -> None:
    mail.refuses = command
    with pytest.raises(AlertError, match=cause) as failure:
        send_alert(alert_address("desk@paper.example"), [FROZEN], "/srv/weather")
    assert "SECRET" not in str(failure.value)


def test_without_a_mail_server_a_mail_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NALSSI_SMTP", raising=False)
    with pytest.raises(AlertError, match="no mail server: set NALSSI_SMTP"):
        send_alert(alert_address("desk@paper.example"), [FROZEN], "/srv/weather")


def test_a_password_is_sent_over_tls_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    (tmp_path / "password").write_text("open sesame\n")
    monkeypatch.setenv("NALSSI_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("NALSSI_SMTP_FROM", "nalssi@paper.example")
    with mail_server(context) as running:
        monkeypatch.setenv("NALSSI_SMTP", f"smtps://desk@localhost:{running.port}")
        with pytest.raises(AlertError, match="cannot be trusted"):
            send_alert(alert_address("desk@paper.example"), [FROZEN], "/srv/weather")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send_alert(alert_address("desk@paper.example"), [FROZEN], "/srv/weather")
        assert running.got[0]["From"] == "nalssi@paper.example"
        (login,) = running.logins
    assert base64.b64decode(login.split(" ")[2]) == b"\0desk\0open sesame"


@pytest.mark.parametrize(
    ("variables", "cause"),
    [
        ({"NALSSI_SMTP": "mail.example"}, "must begin with one of smtps://"),
        ({"NALSSI_SMTP": "smtp://mail.example:port"}, "is not an address"),
        ({"NALSSI_SMTP": "smtp://desk@mail.example"}, "is not encrypted"),
        ({"NALSSI_SMTP": "smtps://desk:SECRET@mail.example"}, "set NALSSI_SMTP_PASSWORD"),
        ({"NALSSI_SMTP": "smtps://desk@mail.example"}, "set NALSSI_SMTP_PASSWORD"),
        (
            {"NALSSI_SMTP": "smtps://a@b.example", "NALSSI_SMTP_PASSWORD_FILE": "/nowhere"},
            "NALSSI_SMTP_PASSWORD_FILE: /nowhere: no such file or directory",
        ),
    ],
)
def test_unusable_mail_settings_are_an_error_without_a_secret(
    variables: dict[str, str], cause: str
) -> None:
    with pytest.raises(MailSettingsError, match=cause) as failure:
        mail_settings(variables)
    assert "SECRET" not in str(failure.value)


def test_each_scheme_of_a_mail_server_has_its_usual_port() -> None:
    for server, port in (("smtp://a", 25), ("smtp+starttls://a", 587), ("smtps://a", 465)):
        assert mail_settings({"NALSSI_SMTP": server}).port == port
    mailbox = mail_settings({"NALSSI_SMTP": "smtps://a%40b@c", "NALSSI_SMTP_PASSWORD": "SECRET"})
    assert (mailbox.user, mailbox.password) == ("a@b", "SECRET")
    assert "SECRET" not in repr(mailbox)


def test_the_address_of_a_webhook_does_not_show_itself() -> None:
    address = alert_address(f"https://hooks.chat.example{SECRET_PATH}")
    shown = f"{address} {address!r} {address.channel}"
    assert "SECRET" not in shown
    assert "hooks.chat.example" in shown


@pytest.mark.parametrize("text", ["desk", "ftp://a/SECRET", "http://", "http://a:99999/", 5, ""])
def test_other_addresses_are_refused_without_being_quoted(text: object) -> None:
    with pytest.raises(ValueError, match="an alert goes to a mail address") as failure:
        alert_address(text)
    assert "SECRET" not in str(failure.value)


def test_an_alert_address_can_be_given_as_an_object() -> None:
    assert alert_address(AlertAddress("a@b.example")) == alert_address("a@b.example")
