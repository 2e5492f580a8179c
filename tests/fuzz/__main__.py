"""`make fuzz SECONDS=300`: the properties with new examples, round after round, until time is up.

What fails is shown smallest, and kept in `.hypothesis/`, so that the next run begins with it. Exit
status 1 if anything failed.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.examples import VARIABLE

_A_ROUND = "25"  # some tens of seconds
_NO_TESTS_FAILED = 0


def main(seconds: float) -> int:
    """Fuzz for so long, and at least one round; the exit status."""
    end = time.monotonic() + seconds
    rounds = 0
    while True:
        seed = secrets.randbelow(2**32)
        command = [sys.executable, "-m", "pytest", str(Path(__file__).parent), "-q", "-x"]
        done = subprocess.run(
            [*command, f"--hypothesis-seed={seed}"],
            env=os.environ | {VARIABLE: _A_ROUND},
            check=False,
        )
        rounds += 1
        if done.returncode != _NO_TESTS_FAILED:
            print(f"found something in round {rounds} (seed {seed})", file=sys.stderr)
            return 1
        if time.monotonic() >= end:
            print(f"{rounds} rounds of {_A_ROUND} examples a property: nothing found")
            return 0


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1])))
