"""One step of the cycle of a gallery: `python benchmarks/site_steps.py STEP WAREHOUSE ARGUMENT…`.

The steps are `load SOURCE`, `charts DAYS`, `gallery`, and `cycle SOURCE DAYS`, which is all three
in one process, as in the flow. A step prints JSON: CPU seconds of the process and of its children,
with imports; seconds; peak memory in MiB; and its counts. It uses the nalssi that Python finds,
which may be an older version: `site_cost --against` measures one.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any, Final

Counted = dict[str, float]
LANGS: Final = ("ko", "en")


def load(warehouse: str, source: str) -> Counted:
    """Extract and load a source, and publish the warehouse. Returns `readings`, those added."""
    from nalssi.sources import plan
    from nalssi.staging import stage_all
    from nalssi.warehouse import Warehouse

    try:
        from nalssi.warehouse.load_parts import load_parts
    except ImportError:  # version 528dfdf
        from nalssi.warehouse.load import load_parts  # type: ignore[import-not-found,no-redef]

    place = Warehouse(Path(warehouse))
    parts = stage_all(plan([source]).partitions, place.staged)
    report = load_parts(place, [part.folder for part in parts])
    return {"readings": report.readings_new}


def charts(warehouse: str, days: str) -> Counted:
    """Draw the pictures of the newest days, as the hourly cycle does. Returns `drawn`, the number.

    Version 528dfdf draws all charts of all days.
    """
    from nalssi.charts.draw import draw_all
    from nalssi.warehouse import Warehouse

    place = Warehouse(Path(warehouse))
    with place.reader() as con:
        try:
            from nalssi.charts.chart_kinds import GALLERY_KINDS
            from nalssi.charts.draw_options import DrawOptions
        except ImportError:
            old = draw_all(con, place.charts, lang=LANGS)  # type: ignore[call-arg]
            return {"drawn": old.drawn}
        times = {"now": _newest_capture, "today": _newest_day}
        known = signature(DrawOptions).parameters
        more = {name: find(con) for name, find in times.items() if name in known}
        options = DrawOptions(
            langs=LANGS, formats=("png",), kinds=GALLERY_KINDS, newest_days=int(days), **more
        )
        return {"drawn": draw_all(con, place.charts, options).drawn}


def gallery(warehouse: str) -> Counted:
    """Build the gallery in both languages, as if today were the day of the newest list.

    Returns `files` and `written`, the numbers of all files and of those written.
    """
    from nalssi.gallery import build
    from nalssi.warehouse import Warehouse

    place = Warehouse(Path(warehouse))
    with place.reader() as con:
        more = {"today": _newest_day(con)} if "today" in signature(build).parameters else {}
        built = build(con, place.gallery, place.charts, LANGS, **more)
    return {"files": built.files, "written": built.written}


def _newest_day(con: Any) -> Any:
    return con.execute("SELECT max(day) FROM conclusions").fetchone()[0]


def _newest_capture(con: Any) -> Any:
    return con.execute("SELECT max(captured_at) FROM documents").fetchone()[0]


def cycle(warehouse: str, source: str, days: str) -> Counted:
    """Load a source, draw charts and build the gallery, in this process.

    Returns the counts of the three steps, and the CPU seconds of each (`cpu_load`, …).
    """
    counted: dict[str, float] = {}
    for name, arguments in (("load", [source]), ("charts", [days]), ("gallery", [])):
        before = sum(os.times()[:4])
        counted |= STEPS[name](warehouse, *arguments)
        counted[f"cpu_{name}"] = round(sum(os.times()[:4]) - before, 2)
    return counted


STEPS: Final[dict[str, Callable[..., Counted]]] = {
    "load": load,
    "charts": charts,
    "gallery": gallery,
    "cycle": cycle,
}


def main(step: str, *arguments: str) -> None:
    """Run a step, and print its cost and its counts as JSON."""
    # Users do not have hypothesis. pandera would import it.
    sys.modules["hypothesis"] = None  # type: ignore[assignment]
    start = time.perf_counter()
    counted = STEPS[step](*arguments)
    peaks = [resource.getrusage(who).ru_maxrss
             for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]  # fmt: skip
    measured = {
        "cpu": round(sum(os.times()[:4]), 2),
        "seconds": round(time.perf_counter() - start, 2),
        "peak_mib": max(peaks) // 1024,
    }
    print(json.dumps(measured | counted))


if __name__ == "__main__":  # charts are drawn by processes that import this module
    main(*sys.argv[1:])
