"""The key for KMA's API hub (apihub.kma.go.kr). It is a secret and must not appear in any output.

It comes from the environment variable NALSSI_APIHUB_KEY, or from the file that
NALSSI_APIHUB_KEY_FILE names. `flows.api_hub` also looks for a Prefect Secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from urllib.parse import quote

from nalssi.common.secret import SecretError, file_variable, read_secret

KEY_VARIABLE = "NALSSI_APIHUB_KEY"
KEY_FILE_VARIABLE = file_variable(KEY_VARIABLE)
HIDDEN = "***"
"""The text that replaces a key in messages."""

_KEY = re.compile(r"[A-Za-z0-9._~+/=-]{16,200}")
"""The pattern of a key. The hub's keys have 22 letters, digits, `-` and `_`."""


class UnusableKeyError(ValueError):
    """A key cannot be used. The message names where it comes from, but not the key."""


class ApiHubKey:
    """A key that does not show itself: `str` and `repr` give `***`."""

    __slots__ = ("_text",)

    def __init__(self, text: str, origin: str) -> None:
        """Take the text of a key. `origin` names where it comes from, for errors.

        Raises UnusableKeyError if the text cannot be a key.
        """
        text = text.strip()
        if not _KEY.fullmatch(text):
            raise UnusableKeyError(f"{origin} does not hold a key for KMA's API hub")
        self._text = text

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> str:
        raise TypeError("a key is not stored")

    @property
    def secret(self) -> str:
        """The key itself. Use it in a request and nowhere else."""
        return self._text

    def hide(self, text: str) -> str:
        """Return a text with the key replaced by `***`, also where the key is percent-encoded."""
        for spelling in {self._text, quote(self._text), quote(self._text, safe="")}:
            text = text.replace(spelling, HIDDEN)
        return text


def read_key(environment: Mapping[str, str] = os.environ) -> ApiHubKey | None:
    """Return the key that the environment holds or names, or None if it has none.

    Raises UnusableKeyError if there is one that cannot be used.
    """
    try:
        secret = read_secret(KEY_VARIABLE, environment)
    except SecretError as error:
        raise UnusableKeyError(str(error)) from error
    return ApiHubKey(secret.text, secret.origin) if secret else None
