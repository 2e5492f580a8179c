"""The commands that change files, on a small warehouse, for runs with a fault at a failpoint.

A folder has `warehouse/`, which the commands change, and `out/` for exports and imports. Each
command continues work: there is an older list, chart, page, capture or export.
"""

from __future__ import annotations

import filecmp
import gzip
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from nalssi.capture.landing import Landing
from nalssi.common.paths import SAMPLES
from nalssi.part_tables import TABLES as PART_TABLES
from nalssi.part_tables import read_file
from nalssi.warehouse import Warehouse
from schemas.contracts import TABLES

from .fault_runs import PART, SUMS
from .watched_runs import digest

FIRST = ("01-seed-glued-spaced.txt", "07-frozen-feed-another-site.txt")
ALL = (*FIRST, "05-full-closed-station.txt", "18-html-euc-kr.html", "19-kma-feed.xml")
NOW = datetime(2026, 2, 1, tzinfo=UTC)
EXPORTS = ("parquet", "csv", "geojson", "duckdb", "dataset", "xlsx")
_RUN_DEPENDENT = re.compile(
    # Databases, lists of files with their times, and what states when it was written.
    r"\.duckdb$|out/(duckdb|xlsx|geojson)$|\.gallery$|metadata\.json$|about\.json$|datapackage\.json$"
    # The log of captures has a line for each attempt, and a mark says where it ends.
    r"|SHA256SUMS$|captures\.ndjson$|\.loaded$"
)
"""Files whose bytes differ between equal runs."""


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


def capture(folder: Path, at: datetime = NOW) -> None:
    """Fetch two pages, of which one has changed, and mark them as loaded, as the flow does."""
    from nalssi.capture.capture_source import capture_source, source_history
    from nalssi.capture.landing import Landing
    from nalssi.capture.source_list import Source

    landing = Landing(Warehouse(folder / "warehouse"))
    with landing.locked():
        attempts, _ = landing.read_log()
        for name in ("changing", "equal"):
            source = Source(name=name, url=f"https://{name}.example/")
            capture_source(
                source,
                landing,
                source_history(landing, attempts, name, at),
                _Fetcher(at),  # type: ignore[arg-type]  # a fetcher of this test
            )
    landing.mark_loaded(landing.files_to_load()[1])


@dataclass
class _Fetcher:
    """A fetcher whose pages and clock are fixed."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def get(self, url: str, *_: object) -> object:
        from nalssi.capture.fetched_response import FetchedResponse

        text = f"서울 {self.at.day}℃" if "changing" in url else "서울 1℃"
        body = f"<p>{text}</p>".encode()
        headers = ((b"content-type", b"text/html"),)
        return FetchedResponse(url, self.at, 200, "OK", "HTTP/1.1", headers, "1.1.1.1", body, body)


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


def export(form: str) -> Callable[[Path], None]:
    """Return the command that writes an export in this format."""
    warehouse = ("--warehouse", "FOLDER/warehouse")
    return typed("export", "--format", form, "--out", f"FOLDER/out/{form}", *warehouse)


def load_first(folder: Path) -> None:
    """Load the first pages only."""
    load(folder, FIRST)


def lose_database(folder: Path) -> None:
    """Leave only the published copy, as after a backup of it was restored."""
    Warehouse(folder / "warehouse").database.unlink()


def capture_before(folder: Path) -> None:
    """Fetch the pages a day earlier."""
    capture(folder, NOW - timedelta(days=1))


def load_hours(folder: Path) -> None:
    """Load official hours."""
    from nalssi.observations import load_observations

    file = folder / "hours.csv"
    hours = "".join(f"108,2026-01-0{day} 0{hour}:00,1.0\n" for day in (1, 2) for hour in range(9))
    file.write_text(f"지점,일시,기온(°C)\n{hours}", encoding="utf-8")
    with Warehouse(folder / "warehouse").writer() as con:
        load_observations(con, [file])


STATES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "first": ("nothing", load_first),
    "without database": ("first", lose_database),
    "captured": ("nothing", capture_before),
    "loaded": ("first", load),
    "with hours": ("loaded", load_hours),
    "with older charts": ("first", charts),
    "with charts to draw": ("with older charts", load),
    "with older pages": ("with older charts", gallery),
    "with newer lists": ("with older pages", load),
    "with newer charts": ("with newer lists", charts),
    **{f"with older {form}": ("first", export(form)) for form in EXPORTS},
    **{f"with {form} to replace": (f"with older {form}", load) for form in EXPORTS},
    "with an export": ("loaded", export("parquet")),
}
"""States that commands start from: the state before, and the step from there."""
COMMANDS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "first load": ("nothing", load),
    "load": ("first", load),
    "load of a restored copy": ("without database", load),
    "capture": ("captured", capture),
    "charts": ("with charts to draw", charts),
    "gallery": ("with newer charts", gallery),
    **{f"export {form}": (f"with {form} to replace", export(form)) for form in EXPORTS},
    "import": (
        "with an export",
        typed("import", "FOLDER/out/parquet", "--warehouse", "FOLDER/imported"),
    ),
    "forget": (
        "loaded",
        typed("forget", "--uri", "*", "--yes", "--warehouse", "FOLDER/warehouse"),
    ),
    "forget observations": (
        "with hours",
        typed("forget", "--observations", "--yes", "--warehouse", "FOLDER/warehouse"),
    ),
}
"""The state that each command starts from, and the command."""


def state(folder: Path) -> dict[str, object]:
    """Return what a folder holds: digests of the published rows and of the files, by name."""
    found: dict[str, object] = {}
    for name in ("warehouse", "imported"):
        warehouse = Warehouse(folder / name)
        if warehouse.published.exists():
            with warehouse.reader() as con:
                for table in sorted(TABLES.keys() - {"loads"}):
                    frame = con.table(table).pl().drop("load_id", strict=False)
                    found[f"{name}: {table}"] = digest(sorted(frame.rows(), key=repr))
    landing = Landing(Warehouse(folder / "warehouse"))
    attempts, damaged = landing.read_log()
    stored = attempts.filter(pl.col("outcome") == "new").select("source", "digest", "file")
    found["warehouse: captured"] = [*damaged, *sorted(set(stored.rows()))]
    found["files"] = {
        str(path.relative_to(folder)): ""
        if _RUN_DEPENDENT.search(path.as_posix())
        else digest(_content(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "staged" not in path.parts
    }
    return found


def _content(path: Path) -> bytes:
    """Return what a file holds: of a captured page without its record's head, which has an id."""
    if path.name.endswith(".warc.gz"):
        return gzip.decompress(path.read_bytes()).split(b"\r\n\r\n", 1)[1]
    return path.read_bytes()


def complete_state(folder: Path) -> dict[str, object]:
    """Return the state after a command has succeeded. The warehouses must be whole."""
    for name in ("warehouse", "imported"):
        warehouse = Warehouse(folder / name)
        if not warehouse.published.exists():
            continue
        with warehouse.reader() as con:
            (held,) = con.sql(SUMS).pl().rows(named=True)
        assert all(held[name] for name in ("every_document", "every_line", "known_loads")), held
        assert filecmp.cmp(warehouse.database, warehouse.published, shallow=False)
        assert warehouse.lock.read_text() == ""
        for part in warehouse.staged.iterdir() if warehouse.staged.exists() else ():
            assert PART.fullmatch(part.name), part
            for table in (*PART_TABLES, "wordings", "counts", "problems"):
                read_file(part, table)
    return state(folder)
