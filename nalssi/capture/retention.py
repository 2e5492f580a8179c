"""How long captured pages, staged parts and lines of the log of captures are kept.

The settings are environment variables, because runs of services apply them:

- NALSSI_LANDING_MONTHS: months of captured pages to keep. Unset: all, because sites print a page
  only once.
- NALSSI_STAGED_DAYS: days for which a part is kept after its last use. Unset: all.
- NALSSI_CAPTURE_LOG_MB, NALSSI_CAPTURE_LOG_DAYS: if `captures.ndjson` is larger, lines older than
  these days move to `captures/`, one compressed file for each month. Nothing of the log is deleted.

Everything that is deleted is counted and reported.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from nalssi.capture.landing import Landing
from nalssi.capture.log_rotation import rotate_log
from nalssi.common.atomic_files import remove_stale_temporary_files, temporary_path
from nalssi.common.errors import file_and_reason
from nalssi.warehouse import Warehouse

log = logging.getLogger(__name__)

LANDING_MONTHS: Final = "NALSSI_LANDING_MONTHS"
STAGED_DAYS: Final = "NALSSI_STAGED_DAYS"
LOG_MEGABYTES: Final = "NALSSI_CAPTURE_LOG_MB"
LOG_DAYS: Final = "NALSSI_CAPTURE_LOG_DAYS"
LEAST_LOG_DAYS: Final = 31
"""The smallest NALSSI_CAPTURE_LOG_DAYS, because the health of a source depends on 30 days."""


@dataclass(frozen=True)
class Retention:
    """How long captured pages, staged parts and lines of the log are kept. None: without limit."""

    landing_months: int | None = None
    staged_days: int | None = None
    log_megabytes: int = 8
    log_days: int = 62

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from environment variables.

        Raises ValueError if a setting is not a whole number or is too small.
        """

        def number(name: str, least: int = 1) -> int | None:
            given = environment.get(name)
            if not given:
                return None
            if not (given.isascii() and given.isdecimal() and int(given) >= least):
                raise ValueError(f"{name} {given!r} is not a number from {least}")
            return int(given)

        return cls(
            number(LANDING_MONTHS),
            number(STAGED_DAYS),
            number(LOG_MEGABYTES) or cls.log_megabytes,
            number(LOG_DAYS, LEAST_LOG_DAYS) or cls.log_days,
        )


def apply_retention(warehouse: Warehouse, retention: Retention, now: datetime) -> list[str]:
    """Move old lines of the log, and remove old pages and parts. Return a line for each action.

    Removals and failures are also logged as warnings, which commands print. Call this under the
    lock of the landing. An OSError becomes one of the lines: a capture must not fail for it.
    """
    landing, done, failures = Landing(warehouse), [], []
    pages, parts = _Removed("captured pages", LANDING_MONTHS), _Removed("staged parts", STAGED_DAYS)
    try:
        most, before = retention.log_megabytes * 1_000_000, timedelta(days=retention.log_days)
        if moved := rotate_log(landing, most, now - before):
            done.append(f"moved {moved:,} lines of {landing.log.name} to {landing.older_logs.name}")
        if retention.landing_months:
            pages.remove(_old_pages(landing, first_month(now, retention.landing_months)))
        if retention.staged_days:
            remove_stale_temporary_files(warehouse.staged)
            unused_since = now - timedelta(days=retention.staged_days)
            parts.remove(_old_parts(warehouse.staged, unused_since))
    except OSError as error:
        failures = [f"cannot apply the retention: {file_and_reason(error, warehouse.folder)}"]
    warnings = [*(str(each) for each in (pages, parts) if each.count), *failures]
    for line in warnings:
        log.warning(line)
    return done + warnings


def first_month(now: datetime, months: int) -> str:
    """Return the first of the newest `months` months, the month of `now` included: `2026-01`."""
    number = now.year * 12 + now.month - months
    return f"{number // 12:04}-{number % 12 + 1:02}"


@dataclass
class _Removed:
    """The number and the size of removed files or folders, for the report.

    `str` gives a line with both, with the words `what` for the files, and with the name of the
    setting (`setting`) for which they were removed.
    """

    what: str
    setting: str
    count: int = 0
    bytes: int = 0

    def remove(self, paths: Iterator[Path]) -> None:
        """Remove files and folders. Add their number and their size in bytes to the counts."""
        for path in paths:
            files = (
                [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
            )
            size = sum(file.stat().st_size for file in files)
            if path.is_dir():
                # A kill must not leave a part of the folder under its name.
                shutil.rmtree(path.rename(temporary_path(path.parent)))
            else:
                path.unlink()
            self.count += 1
            self.bytes += size

    def __str__(self) -> str:
        size = f"{self.bytes / 1e6:,.1f} MB"
        return f"removed {self.count:,} old {self.what} ({size}): {self.setting}"


def _old_pages(landing: Landing, first: str) -> Iterator[Path]:
    """Yield the WARC files of months before `first` (such as `2026-01`), except needed files.

    Needed are files that no run has loaded, and the file with the current page of each source:
    without it, the next capture would store the page again. Folders that become empty are removed.
    """
    attempts = landing.attempts()
    current = attempts.filter(attempts["outcome"] != "failed").group_by("source").last()["file"]
    needed = {*landing.files_to_load()[0], *(landing.folder / file for file in current if file)}
    for folder in sorted(landing.folder.glob("*/[0-9][0-9][0-9][0-9]-[0-9][0-9]")):
        if folder.name < first and folder.is_dir():
            yield from (page for page in sorted(folder.glob("*.warc.gz")) if page not in needed)
            if not any(folder.iterdir()):
                folder.rmdir()


def _old_parts(staged: Path, before: datetime) -> Iterator[Path]:
    """Yield the parts, and fetched ranges of files, that were not used since `before`."""
    if staged.is_dir():
        for path in sorted(staged.iterdir()):
            if not path.name.startswith(".") and path.stat().st_mtime < before.timestamp():
                yield path
