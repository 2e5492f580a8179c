"""Digests of files of code, to know whether a result still holds."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from nalssi.common.code_digest import normalized_code
from nalssi.common.paths import CHECKOUT

_COMMENT = re.compile(r"('(?:[^']|'')*')|--(?! step: )[^\n]*")
"""Matches, in SQL, a text in quotes (which may contain two hyphens), or a comment. Lines that begin
a step (`-- step: NAME`) are no comments."""


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of a text as hex digits."""
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def digest_of(*folders: str) -> str:
    """Return a digest of the Python and SQL files in these folders, as hex digits."""
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.suffix in (".py", ".sql"):
                name = path.relative_to(CHECKOUT).as_posix()
                found.update(name.encode() + path.read_bytes())
    return found.hexdigest()


def digest_of_code(path: Path) -> str:
    """Return a digest of a Python or SQL file without comments, docstrings and layout."""
    return _digest_of_code(path.read_text(encoding="utf-8"), path.suffix)


@cache
def _digest_of_code(text: str, suffix: str) -> str:
    if suffix == ".sql":
        return digest(" ".join(_COMMENT.sub(r"\1", text).split()))
    return digest(normalized_code(text))
