"""pandas as a reader of exports, in a process and a folder of its own.

Beside nalssi it would be imported by pandera, which takes a second of every command that the tests
run, and imports pyarrow where nalssi does not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(sys.prefix) / "pandas"
"""Where `make setup-dev` installs it."""


def pandas_says(path: Path, expression: str) -> Any:
    """The value of an expression of `pd` (pandas) and `path`, as JSON has it."""
    assert FOLDER.is_dir(), "pandas is not installed: make setup-dev"
    script = f"import json, sys, pandas as pd; path = sys.argv[1]; print(json.dumps({expression}))"
    command = [sys.executable, "-c", script, str(path)]
    environment = os.environ | {"PYTHONPATH": str(FOLDER)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
