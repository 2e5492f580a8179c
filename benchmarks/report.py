"""Write the results of the benchmarks as a table, for the terminal and docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.case_inputs import Setup
from benchmarks.cases import CASES
from benchmarks.measure import Row

PACKAGES = ("polars", "pandera", "duckdb", "pyarrow", "selectolax", "fastwarc", "distributed")
_RESULTS = "results.json"
_NOTES = Path(__file__).with_name("notes.md")


def table(rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table, which is readable on a terminal too."""
    cells = [("measured", "figure", "to reach", "")]
    cells += [(row.what, row.figure, row.to_reach, _verdict(row)) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _verdict(row: Row) -> str:
    return "" if row.reached is None else "reached" if row.reached else "**missed**"


def keep(folder: Path, case: str, rows: Sequence[Row], setup: Setup) -> None:
    """Store the rows of a case in `folder`, in place of its earlier rows."""
    kept = _kept(folder)
    kept[case] = {
        "rows": [asdict(row) for row in rows],
        "scale": setup.scale,
        "runs": setup.runs,
        "when": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "load": round(os.getloadavg()[0], 1),
    }
    (folder / _RESULTS).write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")


def _kept(folder: Path) -> dict[str, Any]:
    path = folder / _RESULTS
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def page(folder: Path) -> str:
    """Return the text of docs/benchmarks.md, with the rows that `keep` stored in `folder`.

    It begins with a description of this machine.
    """
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench` (`python -m benchmarks`). Do not edit: the notes are in",
        "`benchmarks/notes.md`, and `benchmarks/cases.py` describes each case.",
        "",
        f"{machine()}; Python {platform.python_version()}, {versions}. Medians of runs in",
        "separate processes, alternating with the peers. All cases call the library, without",
        "Prefect. The load is that of the machine (1 minute) when the case ended.",
        "",
    ]
    kept = _kept(folder)
    for name in (name for name in CASES if name in kept):
        case = kept[name]
        scale = "" if case["scale"] == 1 else f", corpora at {case['scale']:g} of full size"
        lines += [
            f"## {name}",
            "",
            f"{(CASES[name].__doc__ or '').strip()} {case['when']}, {case['runs']} runs{scale}, "
            f"load {case['load']}.",
            "",
            table([Row(**row) for row in case["rows"]]),
            "",
        ]
    return "\n".join([*lines, _NOTES.read_text(encoding="utf-8").strip(), ""])


def machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = names[0] if names else platform.machine()
    return f"{len(names) or os.cpu_count()} cores ({name}), {memory:.0f} GiB"
