"""Write the table of the doctor's checks in `docs/operations.md` from the lists of checks."""

from __future__ import annotations

from flows import prefect_checks
from nalssi.common.paths import CHECKOUT
from nalssi.doctor.examine import CHECKS
from tools.marked_text import replace_marked

PAGE = CHECKOUT / "docs" / "operations.md"


def doctor_table() -> str:
    """Return the checks of `nalssi doctor`, and what each looks for, as a Markdown table."""
    checks = {name: check.looks_for for name, check in CHECKS.items()} | prefect_checks.CHECKS
    rows = "".join(f"| `{name}` | {looks_for} |\n" for name, looks_for in checks.items())
    return "| check | what it looks for |\n| --- | --- |\n" + rows


def updated_page(text: str) -> str:
    """Return the text of `docs/operations.md` with its table of checks replaced.

    Raises ValueError if the text does not have the marks of the table exactly once.
    """
    return replace_marked(text, "checks", lambda _: doctor_table())
