"""The manifest of an export: who provides the data, what was selected, and what was excluded.

Each format has its own location for the manifest: the file `about.json`, the member or table
`about`, or the notes of the CSV metadata. nalssi recognises its own exports by the manifest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nalssi.common.version import __version__
from nalssi.export.selection import Selection
from nalssi.locale.locales import LOCALES

GENERATOR = "nalssi"
MANIFEST_FILE = "about.json"
"""The name of the file that contains the manifest of a Parquet export or a data set."""

RULE = (
    "Every reading is exported, unless a filter in `selection` excludes it. `left_out` counts each"
    " excluded reading once, under the first reason that applies: undated, other_dates,"
    " other_stations, other_regions, flag_<n>. Without `flags` in `selection`, readings of all"
    " flags are exported. With `snapshot` in it, readings of other snapshots are not counted."
)
"""The rule by which readings are excluded, in words. It is the same in all formats;
`readings_with_exclusion.sql` applies it."""


@dataclass(frozen=True)
class Manifest:
    """The manifest of one export; `as_dict` returns what files contain.

    `selection`: the filters that were set. `complete`: no filter was set, so that a warehouse can
    be made from the export if its format is Parquet. `rows`: the number of rows written, by table.
    `excluded`: the number of readings that the selection excludes, by the first reason that
    applies: `undated`, `other_dates`, `other_stations`, `other_regions` or `flag_<n>`.
    `exported_at` is empty for a data set, whose files do not depend on the time of the export.
    `rule` states in words what an export excludes.
    """

    format: str
    selection: Mapping[str, Any]
    complete: bool
    rows: Mapping[str, int]
    excluded: Mapping[str, int]
    generator: str = f"{GENERATOR} {__version__}"
    attribution: str = LOCALES["ko"].charts.source
    attribution_en: str = LOCALES["en"].charts.source
    exported_at: str = ""
    rule: str = RULE

    @classmethod
    def create(
        cls,
        form: str,
        selection: Selection,
        rows: Mapping[str, int],
        excluded: Mapping[str, int],
    ) -> Manifest:
        """Return the manifest of an export that is being written now.

        `form` is the name of its format, `rows` the number of rows written by table, `excluded` the
        number of readings that the selection excludes, by reason.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(form, selection.filters, selection.complete, rows, excluded, exported_at=now)

    def as_dict(self) -> dict[str, object]:
        """Return the manifest as a JSON object that begins with generator and attribution.

        In files, `excluded` has the name `left_out`, which existing exports use.
        """
        values = asdict(self)
        values["left_out"] = values.pop("excluded")
        if not self.exported_at:
            values.pop("exported_at")
        first = ("generator", "attribution", "attribution_en", "exported_at")
        return {name: values.pop(name) for name in first if name in values} | values


def source_facts() -> dict[str, str]:
    """Return the facts about origin that every file for other people states.

    Keys: `generator`, `attribution` (Korean), `attribution_en`, `exported_at` (now, UTC).
    """
    manifest = Manifest.create("", Selection(), {}, {}).as_dict()
    names = ("generator", "attribution", "attribution_en", "exported_at")
    return {name: str(manifest[name]) for name in names}


def is_manifest(content: object) -> bool:
    """Return whether `content` is the manifest of an export by any version of nalssi."""
    return isinstance(content, dict) and str(content.get("generator", "")).startswith(
        f"{GENERATOR} "
    )


def read_json(path: Path) -> Any:
    """Return the content of a JSON file, or None if it is not a readable JSON file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_json(path: Path, value: object) -> None:
    """Write a JSON file for people and programs: indented, in UTF-8."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
