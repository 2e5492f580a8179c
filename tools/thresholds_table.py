"""Write the table of thresholds in `docs/quality.md` from `nalssi/quality/thresholds.py`."""

from __future__ import annotations

from nalssi.common.paths import CHECKOUT
from nalssi.quality.thresholds import THRESHOLDS
from tools.marked_text import replace_marked

PAGE = CHECKOUT / "docs" / "quality.md"

_HEAD = ("threshold", "value", "unit", "reason", "measured by")


def thresholds_table() -> str:
    """Return the thresholds as a Markdown table."""
    rows = [
        _HEAD,
        ("---",) * len(_HEAD),
        *(
            (f"`{name}`", f"{known.value:g}", known.unit, known.reason, known.study)
            for name, known in THRESHOLDS.items()
        ),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def updated_page(text: str) -> str:
    """Return the text of `docs/quality.md` with its table of thresholds replaced.

    Raises ValueError if the text does not have the marks of the table exactly once.
    """
    return replace_marked(text, "thresholds", lambda _: thresholds_table())
