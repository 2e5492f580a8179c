"""Execute and write all notebooks, or the given ones: `python -m notebooks [FILE…]`."""

import sys
from pathlib import Path

from notebooks.execution import NOTEBOOKS, execute, write

for path in map(Path, sys.argv[1:]) if sys.argv[1:] else NOTEBOOKS:
    print(path.name, "changed" if write(execute(path), path) else "unchanged")
