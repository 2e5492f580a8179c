"""Secrets from the environment: in a variable, or in the file that `<variable>_FILE` names.

A file suits services: other users can read the environment of a process in more ways than a file
with mode 0600, and containers get their secrets as files.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nalssi.common.errors import system_reason

MOST_BYTES: Final = 4096
"""The largest size of a file with a secret, in bytes. A larger file was probably named by
mistake."""


class SecretError(ValueError):
    """The file of a secret cannot be used. The message is one line without the secret."""


@dataclass(frozen=True)
class Secret:
    """The text of a secret, and where it comes from, for messages."""

    text: str = field(repr=False)
    origin: str


def file_variable(variable: str) -> str:
    """Return the variable that names a file with the secret, instead of `variable`."""
    return f"{variable}_FILE"


def read_secret(variable: str, environment: Mapping[str, str] = os.environ) -> Secret | None:
    """Return the secret of a variable or of its file, or None if neither is set.

    `environment` has the variables by name. An empty variable counts as not set. The variable is
    preferred to its file. A byte order mark and white space around the text of the file are
    ignored. Raises SecretError if the file cannot be read, is not in UTF-8, or has more than
    MOST_BYTES.
    """
    if text := environment.get(variable):
        return Secret(text, variable)
    named_by = file_variable(variable)
    if not (name := environment.get(named_by)):
        return None
    try:
        with Path(name).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise SecretError(f"{named_by}: {name}: larger than {MOST_BYTES:,} bytes")
        return Secret(content.decode("utf-8-sig").strip(), f"the file in {named_by}")
    except OSError as error:
        raise SecretError(f"{named_by}: {name}: {system_reason(error)}") from error
    except UnicodeDecodeError:
        # Without the cause, whose message quotes the content.
        raise SecretError(f"{named_by}: {name}: not in UTF-8") from None
