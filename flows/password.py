"""The password of the Prefect server that `nalssi serve` starts.

Prefect calls it the auth string, `user:password`. It is stored in a file beside Prefect's database,
which it protects. If the user has set an auth string in Prefect's settings, that one is used.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.settings import Settings

FILE = "nalssi-auth"
"""The name of the file with the password, in Prefect's home folder."""


class PasswordError(RuntimeError):
    """An auth string cannot be used. The message is one line and does not contain the string."""


@dataclass(frozen=True)
class Password:
    """The auth string (`user:password`) that protects a Prefect server, and the file with it."""

    text: str
    file: Path | None = None
    """The file that contains the auth string. None if the user has set the string."""
    new: bool = False
    """Whether this start of the server created the file."""


def random_password() -> str:
    """Return a new random auth string."""
    return f"nalssi:{secrets.token_urlsafe(24)}"


def stored_password(settings: Settings) -> Password:
    """Return the auth string of Prefect's settings, or else that of the file FILE.

    If neither exists, a random auth string is made and written to the file.

    Raises PasswordError if Prefect could not use the auth string, or if other users can read the
    file.
    """
    chosen = settings.server.api.auth_string or settings.api.auth_string
    if chosen and (text := chosen.get_secret_value()):
        return Password(_checked(text, "PREFECT_SERVER_API_AUTH_STRING"))
    file = settings.home / FILE
    try:
        text = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        text = random_password()
        _write(file, text)
        return Password(text, file, new=True)
    if file.stat().st_mode & 0o077:
        raise PasswordError(
            f"{file}: other users can read the password: chmod 600 the file, or remove it"
        )
    return Password(_checked(text, str(file)), file)


def should_print(password: Password) -> bool:
    """Return whether `nalssi serve` should print the auth string.

    It is printed once, when it is new, and never to systemd's journal, which other users can read.
    """
    return password.new and not _is_journal(sys.stdout.fileno())


def _checked(text: str, origin: str) -> str:
    if ":" not in text or not text.isascii() or not text.isprintable():
        raise PasswordError(f"{origin}: must be user:password, in ASCII")
    return text


def _write(file: Path, text: str) -> None:
    """Write the auth string to a file, atomically: to a temporary name with mode 0600, then rename.

    Other users can never read the file, and it is never incomplete.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{FILE}-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(f"{text}\n")
    Path(temporary).replace(file)


def _is_journal(descriptor: int) -> bool:
    """Return whether a descriptor writes to systemd's journal (systemd.exec(5), JOURNAL_STREAM)."""
    status = os.fstat(descriptor)
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"
