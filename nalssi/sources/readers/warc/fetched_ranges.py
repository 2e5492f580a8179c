"""Bytes that a partition has fetched: kept until its part is complete, so nothing is fetched twice.

The bytes of each request are a file. It is written under a temporary name and renamed, so that it
is complete, and two workers that read the same partition do not disturb each other.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from nalssi.common.atomic_files import atomic_write


@dataclass(frozen=True)
class FetchedRanges:
    """A folder with the bytes that were fetched for a partition."""

    folder: Path

    def read(self, archive: str, start: int, end: int, fetch: Callable[[], bytes]) -> bytes:
        """Return bytes `start` to `end` of an archive: the kept bytes, or else those of `fetch`.

        The bytes of `fetch` are then kept. Raises OSError if the bytes cannot be kept, and the
        errors of `fetch`.
        """
        name = sha256(f"{archive} {start} {end}".encode()).hexdigest()
        path = self.folder / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            content = fetch()
        self.folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as temporary:
            temporary.write_bytes(content)
        return content

    def remove(self) -> None:
        """Remove the kept bytes, when the part is complete."""
        shutil.rmtree(self.folder, ignore_errors=True)
