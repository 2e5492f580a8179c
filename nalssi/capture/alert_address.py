"""Addresses that get alerts: a mail address, or the http or https address of a webhook.

The address of a webhook is often a secret, so it does not show itself: `str` and `repr` give its
host only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

import httpx

_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")


@dataclass(frozen=True)
class AlertAddress:
    """An address that gets alerts."""

    text: str = field(repr=False)
    """The address itself. It is a secret if `is_mail` is false."""

    @property
    def is_mail(self) -> bool:
        """Whether alerts are sent as mail."""
        return "://" not in self.text

    @property
    def channel(self) -> str:
        """The name of the address in `alerts.json`, from which nobody can learn the address."""
        return sha256(self.text.encode()).hexdigest()[:16]

    def __str__(self) -> str:
        return self.text if self.is_mail else f"the webhook at {httpx.URL(self.text).host}"


def alert_address(text: object) -> AlertAddress:
    """Convert a text to an AlertAddress. An AlertAddress is returned as it is.

    The whole text must be a mail address or an http(s) address, whose fragment is removed. Raises
    ValueError for anything else. The message does not quote the text, which may be a secret.
    """
    if isinstance(text, AlertAddress):
        return text
    if isinstance(text, str) and _MAIL.fullmatch(text):
        return AlertAddress(text)
    if isinstance(text, str) and text.startswith(("http://", "https://")):
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, UnicodeError):
            url = httpx.URL()
        if url.host and (url.port is None or 0 < url.port < 2**16):
            return AlertAddress(str(url.copy_with(fragment=None)))
    raise ValueError("an alert goes to a mail address, or to an http:// or https:// address")
