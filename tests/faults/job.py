"""The work of `nalssi run` without Prefect, as a process that tests can kill or restrict.

It prints each stage that it starts. Like a command, it exits with status 0, with 1 and one line on
stderr, or with 130 if it is interrupted. Tests run this file, and PYTHONPATH selects the version of
nalssi.
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
"""Draw only the last days of the samples. A chart takes longer than loading all of them."""


def begin(stage: str) -> None:
    """Print a stage in one write, so that a kill cannot cut the line."""
    os.write(1, f"{stage}\n".encode())


def announced(stage: str, work: Callable[..., Any], after: str | None = None) -> Callable[..., Any]:
    """Return the function with a line printed before it and, for `after`, behind it."""

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
    """Run the job. Report errors as the commands do."""
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
    except Exception as error:  # noqa: BLE001  # every error is one line, as in a command
        print(f"nalssi: {error_line(error)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
