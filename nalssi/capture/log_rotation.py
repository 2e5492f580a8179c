"""Move old lines of the log of captures to a compressed file for each month.

Every capture reads the log, so it must not grow for years. The folder `captures/` keeps the moved
lines for people: `FROM read_json('captures/*.ndjson.gz')`.

The log keeps what captures and the health of sources need, whatever its age: lines of pages that no
run has loaded, and of each source the first and the last line, the last success, and the line that
stored its page.

A kill at any moment loses no line. Lines are added to the files of months first; a line that is
there already is not added twice. Then the mark of loaded pages is removed, because it is a position
in the log. Then the log is replaced, and marked again. Without a mark, pages are loaded again,
which changes nothing.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from nalssi.capture.capture_log import utc_text
from nalssi.capture.landing import Landing
from nalssi.common.atomic_files import atomic_write
from nalssi.warehouse.database_file import sync

_MONTH = slice(0, len("2026-01"))


def rotate_log(landing: Landing, most_bytes: int, before: datetime) -> int:
    """Move lines from before an instant if the log is larger than `most_bytes`.

    Returns the number of moved lines. Call this under the lock of the landing. Raises OSError if a
    file cannot be read or written.
    """
    if not landing.log.exists() or landing.log.stat().st_size <= most_bytes:
        return 0
    content, mark = landing.complete_log(), landing.loaded_up_to()
    lines = [line + b"\n" for line in content.split(b"\n")[:-1]]
    attempts = [_attempt(line) for line in lines]
    loaded = _loaded(lines, mark if content[mark - 1 : mark] == b"\n" else 0)
    needed, limit = _needed(attempts), utc_text(before)
    moved: dict[str, list[bytes]] = defaultdict(list)
    kept, kept_loaded = [], 0
    for number, (line, attempt) in enumerate(zip(lines, attempts, strict=True)):
        may_move = attempt and (number < loaded or attempt["outcome"] != "new")
        if may_move and number not in needed and attempt["at"] < limit:
            moved[attempt["at"][_MONTH]].append(line)
        else:
            kept.append(line)
            kept_loaded += len(line) if number < loaded else 0
    if not moved:
        return 0
    landing.older_logs.mkdir(exist_ok=True)
    for month, of_month in moved.items():
        _add_lines(landing.older_logs / f"{month}.ndjson.gz", of_month)
    landing.load_mark.unlink(missing_ok=True)
    with atomic_write(landing.log) as partial:
        partial.write_bytes(b"".join(kept))
        sync(partial)
    if kept_loaded:
        landing.write_mark(kept_loaded)
    return sum(map(len, moved.values()))


def _attempt(line: bytes) -> Mapping[str, Any]:
    """Parse a line of the log. Returns its fields, of which `at`, `source`, `outcome` are texts.

    Returns an empty mapping for a damaged line. `rotate_log` keeps such a line in the log.
    """
    try:
        attempt = json.loads(line)
        texts = (attempt["at"], attempt["source"], attempt["outcome"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return attempt if all(isinstance(text, str) for text in texts) else {}


def _loaded(lines: Iterable[bytes], mark: int) -> int:
    """Return how many lines end at or before the byte position `mark`."""
    count = end = 0
    for line in lines:
        end += len(line)
        if end > mark:
            break
        count += 1
    return count


def _needed(attempts: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the numbers, from 0, of the lines that stay in the log, whatever their age.

    `attempts` are the lines in order, an empty mapping for a damaged line. The lines of a source
    that stay are the first, the last, the last success, and the one that stored its current page.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    success: dict[str, int] = {}
    stored: dict[tuple[str, str], int] = {}
    files: dict[str, str] = {}
    for number, attempt in enumerate(attempts):
        if not attempt:
            continue
        source = attempt["source"]
        first.setdefault(source, number)
        last[source] = number
        if attempt["outcome"] != "failed":
            success[source], files[source] = number, str(attempt.get("file"))
        if attempt["outcome"] == "new":
            stored[source, str(attempt.get("file"))] = number
    current = {stored[each] for each in files.items() if each in stored}
    return {*first.values(), *last.values(), *success.values(), *current}


def _add_lines(path: Path, lines: list[bytes]) -> None:
    """Add lines to the gzip file of a month, except lines that the file already has."""
    before: list[bytes] = []
    if path.exists():
        try:
            content = gzip.decompress(path.read_bytes())
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise OSError(0, f"is damaged ({error}): move it away", str(path)) from error
        before = [line + b"\n" for line in content.split(b"\n")[:-1]]
    # Its temporary file is in the warehouse folder, where the next run removes old ones.
    with atomic_write(path, path.parents[1]) as partial:
        partial.write_bytes(gzip.compress(b"".join(dict.fromkeys([*before, *lines])), mtime=0))
        sync(partial)
