"""Store which charts of days cannot be drawn, so that the next run need not read their days again.

The file `.omitted.json` in the folder of the charts has, for each such chart, the key that the
chart would have, and the reason. The file is only a cache: without it, or with another key, the day
is read again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nalssi.charts.previous_snapshot import NoComparison
from nalssi.common.atomic_files import atomic_write

FILE: Final = ".omitted.json"

Omitted = Mapping[str, tuple[str, NoComparison | None]]
"""Key and reason of the charts of days that cannot be drawn, by kind and file stem, such as
`change/2026-11-29`. The reason is None if the day has no usable reading."""


def read_omitted(folder: Path) -> Omitted:
    """Read the charts that the last run could not draw. Empty if the file cannot be used."""
    try:
        entries: Any = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {
            str(name): (str(key), NoComparison(reason) if reason else None)
            for name, (key, reason) in entries.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_omitted(folder: Path, omitted: Omitted) -> None:
    """Write the charts that cannot be drawn, unless the file has the same content."""
    if omitted == read_omitted(folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_write(folder / FILE) as partial:
        partial.write_text(json.dumps(dict(sorted(omitted.items())), indent=0), encoding="utf-8")
