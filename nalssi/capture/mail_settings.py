"""The mail server for alerts, from the environment.

NALSSI_SMTP names the server: `smtps://user@mail.example:465` (TLS),
`smtp+starttls://user@mail.example:587`, or `smtp://localhost:25` without encryption, which takes no
user. NALSSI_SMTP_PASSWORD has the password, or NALSSI_SMTP_PASSWORD_FILE names a file with it.
NALSSI_SMTP_FROM is the sender; by default a mail comes from its recipient.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from nalssi.common.secret import SecretError, read_secret

SERVER_VARIABLE: Final = "NALSSI_SMTP"
PASSWORD_VARIABLE: Final = "NALSSI_SMTP_PASSWORD"
SENDER_VARIABLE: Final = "NALSSI_SMTP_FROM"

Security = Literal["tls", "starttls", "none"]
_SCHEMES: Final[dict[str, tuple[Security, int]]] = {
    "smtps": ("tls", 465),
    "smtp+starttls": ("starttls", 587),
    "smtp": ("none", 25),
}
"""The security and the usual port of each scheme that NALSSI_SMTP can have."""


class MailSettingsError(ValueError):
    """The mail server cannot be used. The message names the variable, and no secret."""


@dataclass(frozen=True)
class Mailbox:
    """A mail server, and how to send mails with it.

    `user` and `password` are for logging in; without a user, nobody logs in. `sender` is the
    address that mails come from; if it is empty, they come from the address of their recipient.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""


def mail_settings(environment: Mapping[str, str] = os.environ) -> Mailbox:
    """Return the mail server that the environment names.

    Raises MailSettingsError if it names none, or one that cannot be used.
    """
    given = environment.get(SERVER_VARIABLE, "")
    if not given:
        raise MailSettingsError(f"no mail server: set {SERVER_VARIABLE}")
    try:
        address = urlsplit(given)
        port = address.port
    except ValueError:
        raise MailSettingsError(f"{SERVER_VARIABLE} is not an address") from None
    if address.scheme not in _SCHEMES or not address.hostname:
        schemes = ", ".join(f"{scheme}://" for scheme in _SCHEMES)
        raise MailSettingsError(f"{SERVER_VARIABLE} must begin with one of {schemes} and a host")
    if address.password is not None:
        raise MailSettingsError(f"{SERVER_VARIABLE} has a password: set {PASSWORD_VARIABLE}")
    security, usual_port = _SCHEMES[address.scheme]
    user = unquote(address.username or "")
    if user and security == "none":
        raise MailSettingsError(f"{SERVER_VARIABLE} has a user, but smtp:// is not encrypted")
    try:
        secret = read_secret(PASSWORD_VARIABLE, environment)
    except SecretError as error:
        raise MailSettingsError(str(error)) from error
    password = secret.text if secret else ""
    if user and not password:
        raise MailSettingsError(f"no password of the mail server: set {PASSWORD_VARIABLE}")
    sender = environment.get(SENDER_VARIABLE, "")
    return Mailbox(address.hostname, port or usual_port, security, user, password, sender)
