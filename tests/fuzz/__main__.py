"""`make fuzz SECONDS=300`: test the properties with new random examples until the time is up.

Hypothesis shows the smallest failing example and keeps it in `.hypothesis/`, so that the next run
tries it first. The exit status is 1 if a property failed.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.fuzz_settings import VARIABLE

_EXAMPLES = "25"  # for each property; a round takes some tens of seconds
_NO_TESTS_FAILED = 0


def main(seconds: float) -> int:
    """Run rounds of tests for this number of seconds, at least one round.

    Return the exit status.
    """
    end = time.monotonic() + seconds
    rounds = 0
    while True:
        seed = secrets.randbelow(2**32)
        command = [sys.executable, "-m", "pytest", str(Path(__file__).parent), "-q", "-x"]
        done = subprocess.run(
            [*command, "--hypothesis-profile=fuzz", f"--hypothesis-seed={seed}"],
            env=os.environ | {VARIABLE: _EXAMPLES},
            check=False,
        )
        rounds += 1
        if done.returncode != _NO_TESTS_FAILED:
            print(f"a property failed in round {rounds} (seed {seed})", file=sys.stderr)
            return 1
        if time.monotonic() >= end:
            print(f"{rounds} rounds of {_EXAMPLES} examples a property: no failure")
            return 0


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1])))
