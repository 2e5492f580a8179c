"""SQL files of named steps: `-- step: name`, then the statement, comments and all."""

from __future__ import annotations

import re
from pathlib import Path

STEP = re.compile(r"^-- step: (\w+)\n(.*?)(?=^-- step:|\Z)", flags=re.MULTILINE | re.DOTALL)


def steps(name: str) -> dict[str, str]:
    """The statements of the file `<name>.sql` beside this module, by their names."""
    text = (Path(__file__).with_name(name).with_suffix(".sql")).read_text(encoding="utf-8")
    return dict(STEP.findall(text))
