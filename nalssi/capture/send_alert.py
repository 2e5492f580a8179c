"""Send an alert to a webhook or by mail.

An error names the host and the cause, never the address of a webhook or a password. A webhook gets
a POST request with a JSON object: `text` (which chat services show), `warehouse` and `changes`.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Final

import httpcore
import httpx

from nalssi.capture.alert_address import AlertAddress
from nalssi.capture.mail_settings import Mailbox, MailSettingsError, mail_settings
from nalssi.common.errors import reason_without_number, system_reason
from nalssi.common.version import __version__

if TYPE_CHECKING:
    from nalssi.capture.source_changes import SourceChange  # Prefect's server needs no DuckDB

TIMEOUT_S: Final = 10.0
"""The longest time in seconds for each step of a request or of a mail."""
SUCCESS: Final = range(200, 300)


class AlertError(RuntimeError):
    """An alert could not be sent. The message is one line without secrets."""


def send_alert(address: AlertAddress, changes: Sequence[SourceChange], warehouse: str) -> None:
    """Send changes of sources to an address. Raises AlertError if the alert is not accepted.

    `warehouse` is the name of the warehouse in the text of the alert.
    """
    lines = [str(change) for change in changes]
    subject = lines[0] if len(lines) == 1 else f"{len(lines)} sources have changed"
    if address.is_mail:
        send_mail(address.text, f"nalssi: {subject}", "\n".join([*lines, "", warehouse]))
        return
    content = {
        "text": "\n".join([f"nalssi ({warehouse}):", *lines]),
        "warehouse": warehouse,
        "changes": [asdict(change) for change in changes],
    }
    _post(address, content)


def send_mail(recipient: str, subject: str, text: str) -> None:
    """Send a mail with the settings of the environment: see `mail_settings`.

    Raises AlertError if they cannot be used, or if the mail server does not accept the mail.
    """
    try:
        mailbox = mail_settings()
    except MailSettingsError as error:
        raise AlertError(str(error)) from error
    mail = EmailMessage()
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = mailbox.sender or recipient
    mail["To"] = recipient
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain="nalssi.invalid")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    try:
        _deliver(mailbox, mail)
    except smtplib.SMTPResponseException as error:
        cause = f"answered {error.smtp_code}"
    except smtplib.SMTPRecipientsRefused:
        cause = "refused the recipient"
    except ssl.SSLError as error:
        cause = f"cannot be trusted: {error.reason or 'TLS failed'}"
    except OSError as error:  # smtplib's own errors are of this class too
        cause = f"cannot be used: {system_reason(error)}"
    else:
        return
    raise AlertError(f"{recipient}: the mail server {mailbox.host}:{mailbox.port} {cause}")


def _deliver(mailbox: Mailbox, mail: EmailMessage) -> None:
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if mailbox.security == "tls":
        server = smtplib.SMTP_SSL(mailbox.host, mailbox.port, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(mailbox.host, mailbox.port, timeout=TIMEOUT_S)
    with server:
        if mailbox.security == "starttls":
            server.starttls(context=context)
        if mailbox.user:
            server.login(mailbox.user, mailbox.password)
        server.send_message(mail)


def _post(address: AlertAddress, content: Mapping[str, object]) -> None:
    """Send a JSON object to a webhook. Raises AlertError if the webhook does not accept it.

    httpcore sends it, because httpx writes the address of every request to the log. Redirects are
    not followed.
    """
    headers: dict[bytes | str, bytes | str] = {
        "Host": httpx.URL(address.text).netloc.decode("ascii"),
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"nalssi/{__version__}",
    }
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    steps = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT_S)
    try:
        with httpcore.ConnectionPool(ssl_context=httpx.create_ssl_context()) as connections:
            response = connections.request(
                "POST",
                address.text,
                headers=headers,
                content=body,
                extensions={"timeout": steps},
            )
    except httpcore.TimeoutException as error:
        raise AlertError(f"{address} did not answer in {TIMEOUT_S:g} s") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise AlertError(f"{address} cannot be reached: {reason_without_number(error)}") from error
    if response.status not in SUCCESS:
        raise AlertError(f"{address} answered {response.status}")
