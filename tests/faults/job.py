"""What `nalssi run` does, without Prefect, in a process of its own: to be killed and starved.

Says on standard output which stage begins. Ends as a command does: status 0; 1 with one line on
stderr; 130 when interrupted. It is run as a file, so that PYTHONPATH decides whose nalssi it is.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

SINCE = date(2026, 1, 1)
"""Charts of the sample's last days only: a chart takes longer than all that comes before it."""


def begin(stage: str) -> None:
    """Say, in one write, that a stage begins."""
    os.write(1, f"{stage}\n".encode())


def announced(stage: str, work: Callable[..., Any], after: str | None = None) -> Callable[..., Any]:
    """The function, which says when it begins and what comes after it."""

    def announcing(*args: Any, **kwargs: Any) -> Any:
        begin(stage)
        result = work(*args, **kwargs)
        if after:
            begin(after)
        return result

    return announcing


def load(folder: Path, sources: list[str]) -> None:
    """Extract, load, check quality, publish."""
    from nalssi.sources import plan
    from nalssi.staging import stage
    from nalssi.warehouse import Warehouse, load_parts, warehouse_folder

    load_parts.update_quality = announced("quality", load_parts.update_quality, "commit")
    warehouse_folder.publish = announced("publish", warehouse_folder.publish)
    staged = Warehouse(folder).staged
    begin("extract")
    parts = [stage(partition, staged).folder for partition in plan(sources).partitions]
    begin("load")
    load_parts.load_parts(Warehouse(folder), parts)


def draw(folder: Path, processes: int) -> None:
    """Draw charts and build the gallery."""
    from nalssi.charts.draw import CHARTS_PER_PROCESS, draw_all
    from nalssi.charts.draw_options import DrawOptions
    from nalssi.charts.reading_filter import ReadingFilter
    from nalssi.gallery import build
    from nalssi.warehouse import Warehouse

    warehouse = Warehouse(folder)
    with warehouse.reader() as con:
        begin("charts")
        draw_all(
            con,
            warehouse.charts,
            DrawOptions(
                formats=("png",), kinds=("regions",), reading_filter=ReadingFilter(since=SINCE)
            ),
            processes=processes,
            charts_per_process=1 if processes > 1 else CHARTS_PER_PROCESS,
        )
        begin("gallery")
        build(con, warehouse.gallery, warehouse.charts)


def main() -> int:
    """Run the job; what went wrong is said as the flows' commands say it."""
    from flows.run_flow import error_line

    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--only-load", action="store_true")
    parser.add_argument("--only-draw", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    try:
        if not arguments.only_draw:
            load(arguments.folder, arguments.sources)
        if not arguments.only_load:
            draw(arguments.folder, arguments.processes)
        begin("done")
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # the user of a command gets one line
        print(f"nalssi: {error_line(error)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
