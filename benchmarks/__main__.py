"""`python -m benchmarks`: measure, print a table, renew docs/benchmarks.md.

Every figure is the median of several runs. Each run is a process, and the runs of the compared
programs alternate, so that a busy machine slows all of them. The first run makes the corpora, in
build/benchmarks. `--scale 0.1` uses a tenth of the pages. The newest figures of each case are
stored in build/benchmarks too, and docs/benchmarks.md shows them with their scale. If a case fails,
the other cases still run; the last line names the failed cases, and the exit status is not 0.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks.case_inputs import Setup
from benchmarks.cases import CASES
from benchmarks.measure import TaskFailedError
from benchmarks.report import keep, page, table

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the cases that the command line names; print and store their rows.

    Returns the exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the corpora")
    parser.add_argument("--runs", type=int, default=3, help="runs that a median is taken of")
    parser.add_argument("--datatrove", type=Path, help="Python with requirements-bench.lock")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md as it is")
    asked = parser.parse_args()
    if unknown := set(asked.only) - set(CASES):
        parser.error(f"no case {', '.join(sorted(unknown))}")
    datatrove = asked.datatrove or ROOT / "build" / "datatrove" / "bin" / "python"
    setup = Setup(
        ROOT / "build" / "benchmarks",
        asked.scale,
        asked.runs,
        datatrove if datatrove.exists() else None,
    )
    failed = []
    for name in asked.only or CASES:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            rows = CASES[name](setup)
        except TaskFailedError as error:
            print(f"{name}: failed\n{error}", file=sys.stderr, flush=True)
            failed.append(name)
            continue
        print(table(rows), flush=True)
        keep(setup.folder, name, rows, setup)
    if not asked.no_write:
        (ROOT / "docs" / "benchmarks.md").write_text(page(setup.folder), encoding="utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
        return os.EX_SOFTWARE
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
