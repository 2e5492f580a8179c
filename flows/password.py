"""The password of the server that `nalssi serve` brings along.

Prefect's name for it is auth string, `user:password`. It stands in a file beside Prefect's
database, which it protects, or in Prefect's settings if the user has chosen one.
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
"""Name of the file, in Prefect's home."""


class PasswordError(RuntimeError):
    """A password cannot be used; the message is one line that does not contain it."""


@dataclass(frozen=True)
class Password:
    """An auth string, the file that holds it unless it is the user's own, and if it is new."""

    text: str
    file: Path | None = None
    new: bool = False


def random_password() -> str:
    """An auth string that nobody knows yet."""
    return f"nalssi:{secrets.token_urlsafe(24)}"


def stored_password(settings: Settings) -> Password:
    """The user's own auth string, else that of the file, which is made at the first start.

    Raises PasswordError when Prefect could not use it, or when others may read the file.
    """
    chosen = settings.server.api.auth_string or settings.api.auth_string
    if chosen and (text := chosen.get_secret_value()):
        return Password(_usable(text, "PREFECT_SERVER_API_AUTH_STRING"))
    file = settings.home / FILE
    try:
        text = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        text = random_password()
        _write(file, text)
        return Password(text, file, new=True)
    if file.stat().st_mode & 0o077:
        raise PasswordError(f"{file}: others may read the password: chmod 600 it, or remove it")
    return Password(_usable(text, str(file)), file)


def should_print(password: Password) -> bool:
    """Whether to print it: once, and never into the journal, which others may read."""
    return password.new and not _is_journal(sys.stdout.fileno())


def _usable(text: str, origin: str) -> str:
    if ":" not in text or not text.isascii() or not text.isprintable():
        raise PasswordError(f"{origin}: must be user:password, in ASCII")
    return text


def _write(file: Path, text: str) -> None:
    """Write to a temporary name, then rename: the file is complete, and nobody else's, always."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{FILE}-")  # mode 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as made:
        made.write(f"{text}\n")
    Path(temporary).replace(file)


def _is_journal(descriptor: int) -> bool:
    """Whether systemd's journal reads it: see JOURNAL_STREAM in systemd.exec(5)."""
    status = os.fstat(descriptor)
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"
