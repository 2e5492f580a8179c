"""What every export tells of itself: whose data it is, what was selected, what was left out."""

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
ABOUT = "about.json"
"""The account in a Parquet export's folder."""
BY_YEAR = {"readings": "observed_on", "observations": "observed_at"}
"""Tables of a Parquet export that are cut by year, and the column that tells it."""


@dataclass(frozen=True)
class About:
    """An export's account of itself.

    `rows`: written, by table. `left_out`: readings that the selection leaves out, by the first
    reason: `undated`, `other_dates`, `other_stations`, `other_regions`, `flag_<n>`. `complete`:
    nothing is, so that a warehouse can be made of it again.
    """

    format: str
    selection: Mapping[str, Any]
    complete: bool
    rows: Mapping[str, int]
    left_out: Mapping[str, int]
    generator: str = f"{GENERATOR} {__version__}"
    attribution: str = LOCALES["ko"].charts.source
    attribution_en: str = LOCALES["en"].charts.source
    exported_at: str = ""

    @classmethod
    def of(
        cls,
        form: str,
        selection: Selection,
        rows: Mapping[str, int],
        left_out: Mapping[str, int],
    ) -> About:
        """The account of an export made now."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(form, selection.asked, selection.whole, rows, left_out, exported_at=now)

    def as_dict(self) -> dict[str, object]:
        """As JSON has it: who made it and whose data it is come first."""
        values = asdict(self)
        first = ("generator", "attribution", "attribution_en", "exported_at")
        return {name: values.pop(name) for name in first} | values


def is_ours(about: object) -> bool:
    """Whether this is the account of an export of ours."""
    return isinstance(about, dict) and str(about.get("generator", "")).startswith(f"{GENERATOR} ")


def read_json(path: Path) -> Any:
    """What a JSON file says; None if it is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
