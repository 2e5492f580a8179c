"""The commands that change files, on a small warehouse, for runs with a fault at a failpoint.

A folder has `warehouse/`, which the commands change, and `out/` for what they write elsewhere. Each
command continues work: there is an older list, chart, page, capture or export.
"""

from __future__ import annotations

import json
import lzma
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nalssi.common.paths import SAMPLES
from nalssi.warehouse import Warehouse
from tests.warehouse.test_stored_warehouses import ENDING, OLDER

from .capture_commands import (
    add_files_of_a_service,
    apply_retention,
    capture,
    capture_before,
    capture_for_months,
    report_sources,
)
from .folder_state import BACKUPS

FIRST = ("01-seed-glued-spaced.txt", "07-frozen-feed-another-site.txt")
ALL = (*FIRST, "05-full-closed-station.txt", "18-html-euc-kr.html", "19-kma-feed.xml")
EXPORTS = ("parquet", "csv", "geojson", "duckdb", "dataset", "xlsx")
OLD_VERSION = "0004"
"""The last version before the newest migration of which a warehouse is stored."""


def load(folder: Path, names: Sequence[str] = ALL) -> None:
    """Extract and load pages, and publish."""
    from nalssi.sources import plan
    from nalssi.staging import stage
    from nalssi.warehouse.load_parts import load_parts

    warehouse = Warehouse(folder / "warehouse")
    partitions = plan([str(SAMPLES / name) for name in names]).partitions
    load_parts(warehouse, [stage(each, warehouse.staged).folder for each in partitions])


def charts(folder: Path) -> None:
    """Draw charts."""
    from nalssi.charts.draw import draw_all
    from nalssi.charts.draw_options import DrawOptions

    warehouse = Warehouse(folder / "warehouse")
    options = DrawOptions(formats=("png",), kinds=("map", "regions"), width="320px")
    with warehouse.reader() as con:
        draw_all(con, warehouse.charts, options, processes=1)


def gallery(folder: Path) -> None:
    """Build the gallery."""
    from nalssi.gallery import build

    warehouse = Warehouse(folder / "warehouse")
    with warehouse.reader() as con:
        build(con, warehouse.gallery, warehouse.charts, ("ko",))


def typed(*arguments: str) -> Callable[[Path], None]:
    """Return a function that runs a command as a user types it; `FOLDER` stands for the folder."""
    return _Typed(arguments)


@dataclass(frozen=True)
class _Typed:
    arguments: tuple[str, ...]

    def __call__(self, folder: Path) -> None:
        from nalssi.cli.main_program import main

        placed = [argument.replace("FOLDER", str(folder)) for argument in self.arguments]
        sys.argv = ["nalssi", *placed]
        main()


def on_warehouse(*arguments: str) -> Callable[[Path], None]:
    """Return the function that runs a command on the warehouse of the folder."""
    return typed(*arguments, "--warehouse", "FOLDER/warehouse")


def export(form: str) -> Callable[[Path], None]:
    """Return the command that writes an export in this format."""
    return on_warehouse("export", "--format", form, "--out", f"FOLDER/out/{form}")


def load_first(folder: Path) -> None:
    """Load the first pages only."""
    load(folder, FIRST)


def lose_database(folder: Path) -> None:
    """Leave only the published copy, as after a backup of it was restored."""
    Warehouse(folder / "warehouse").database.unlink()


def write_hours(folder: Path, days: Sequence[int] = (1, 2)) -> None:
    """Write a file of official hours."""
    hours = "".join(f"108,2026-01-0{day} 0{hour}:00,1.0\n" for day in days for hour in range(9))
    (folder / "hours.csv").write_text(f"지점,일시,기온(°C)\n{hours}", encoding="utf-8")


def write_more_hours(folder: Path) -> None:
    """Write a file that has official hours of a further day."""
    write_hours(folder, (2, 3))


def load_hours(folder: Path) -> None:
    """Load the file of official hours, and compare the snapshots with them."""
    from nalssi.timing.reconcile_files import reconcile_files

    done = reconcile_files(Warehouse(folder / "warehouse"), [folder / "hours.csv"])
    assert not done.observations.failures


def store_old_warehouse(folder: Path) -> None:
    """Write the database of a warehouse that an older version has stored."""
    warehouse = Warehouse(folder / "warehouse")
    warehouse.folder.mkdir()
    stored = (OLDER / f"{OLD_VERSION}{ENDING}").read_bytes()
    warehouse.database.write_bytes(lzma.decompress(stored))


def write_index(folder: Path) -> None:
    """Write the index of a crawl, with one page."""
    entry = {
        "url": "https://news.example/",
        "mime": "text/html",
        "status": "200",
        "digest": "A" * 32,
        "length": "100",
        "offset": "0",
        "filename": "a.warc.gz",
    }
    line = f"example,news)/ 20260201000000 {json.dumps(entry)}\n"
    (folder / "index.cdxj").write_text(line, encoding="utf-8")
    (folder / "sites.txt").write_text("news.example\n", encoding="utf-8")


FORGET = on_warehouse("forget", "--uri", "*", "--yes")
STATES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "first": ("nothing", load_first),
    "without database": ("first", lose_database),
    "captured": ("nothing", capture_before),
    "loaded": ("first", load),
    "with hours to load": ("loaded", write_hours),
    "with hours": ("with hours to load", load_hours),
    "with more hours to load": ("with hours", write_more_hours),
    "with older charts": ("first", charts),
    "with charts to draw": ("with older charts", load),
    "with older pages": ("with older charts", gallery),
    "with newer lists": ("with older pages", load),
    "with newer charts": ("with newer lists", charts),
    **{f"with older {form}": ("first", export(form)) for form in EXPORTS},
    **{f"with {form} to replace": (f"with older {form}", load) for form in EXPORTS},
    "with an export": ("loaded", export("parquet")),
    "captured for months": ("with hours", capture_for_months),
    "in service": ("captured for months", add_files_of_a_service),
    **{
        f"with the {name}": ("in service", on_warehouse("backup", f"FOLDER/out/{name}"))
        for name in BACKUPS
    },
    "forgotten by mistake": ("with the backup", FORGET),
    "stored by an older version": ("nothing", store_old_warehouse),
    "with an index": ("nothing", write_index),
}
"""States that commands start from: the state before, and the step from there."""
COMMANDS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "first load": ("nothing", load),
    "load": ("first", load),
    "load of a restored copy": ("without database", load),
    "capture": ("captured", capture),
    "upgrade": ("stored by an older version", load),
    "observations": ("with more hours to load", load_hours),
    "retention": ("captured for months", apply_retention),
    "report of sources": ("captured", report_sources),
    "charts": ("with charts to draw", charts),
    "gallery": ("with newer charts", gallery),
    **{f"export {form}": (f"with {form} to replace", export(form)) for form in EXPORTS},
    "import": (
        "with an export",
        typed("import", "FOLDER/out/parquet", "--warehouse", "FOLDER/imported"),
    ),
    **{f"{name}": ("in service", on_warehouse("backup", f"FOLDER/out/{name}")) for name in BACKUPS},
    "restore": (
        "with the backup.zip",
        typed("restore", "FOLDER/out/backup.zip", "--warehouse", "FOLDER/restored"),
    ),
    "restore over a warehouse": (
        "forgotten by mistake",
        on_warehouse("restore", "--replace", "FOLDER/out/backup"),
    ),
    "draw": ("loaded", on_warehouse("draw", "map", "--output", "FOLDER/map.png")),
    "status": ("loaded", on_warehouse("status", "--prometheus", "FOLDER/nalssi.prom")),
    "crawl plan": (
        "with an index",
        typed(
            *("crawl", "plan", "CC-MAIN-2026-05", "--sites", "FOLDER/sites.txt"),
            *("--index", "FOLDER/index.cdxj", "--output", "FOLDER/plan.parquet"),
        ),
    ),
    "forget": ("loaded", FORGET),
    "forget observations": (
        "with hours",
        on_warehouse("forget", "--observations", "--yes"),
    ),
}
"""The state that each command starts from, and the command."""
