"""pandas as a reader of exports, in a process of its own and installed in a folder of its own.

If it were installed beside nalssi, pandera would import it, which takes a second of every command
that the tests run, and pyarrow would be imported where nalssi does not import it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(sys.prefix) / "pandas"
"""The folder into which `make setup-dev` installs pandas."""


def pandas_says(path: Path, expression: str) -> Any:
    """Return the value of a Python expression with the names `pd` (pandas) and `path`.

    The value is converted to JSON and back.
    """
    assert FOLDER.is_dir(), "pandas is not installed: make setup-dev"
    script = f"import json, sys, pandas as pd; path = sys.argv[1]; print(json.dumps({expression}))"
    command = [sys.executable, "-c", script, str(path)]
    environment = os.environ | {"PYTHONPATH": str(FOLDER)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
