"""Measure drawing and the gallery: a year of maps, the sample pages, a gallery of many dates.

Run `python -m benchmarks.charts [maps] [samples] [gallery]` (default: all three). It prints JSON.

- `maps`: a map for each day of a year, with the same readings of all 97 stations. Compared are
  nalssi, a script that draws the same map with a fresh `plt.subplots` and `tight_layout` for each
  day, and nalssi's second run, which has nothing to draw.
- `samples`: all charts of the sample pages in one language and their gallery, in a new process.
  This is what `nalssi run` does after the load, without the start of Prefect.
- `gallery`: the gallery of a thousand dates with all stations, built twice, the second time without
  changes. Also the peak memory and the sizes of the main pages.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

import nalssi
from nalssi.common.paths import SAMPLES
from nalssi.common.reference import reference
from nalssi.conclusions import conclude
from nalssi.warehouse import Warehouse
from schemas.contracts import polars_schema

START = date(2025, 1, 1)
PARTS = ("maps", "samples", "gallery")


def fill(folder: Path, days: int) -> Warehouse:
    """Make a warehouse in `folder` with one snapshot of all stations for each of `days` days."""
    warehouse = Warehouse(folder)
    stations = reference("stations").select("station_id", "latitude", "elevation_m")
    snapshots, readings = [], []
    for number in range(days):
        identity, day = f"{number:016x}", START + timedelta(days=number)
        season = 14 * math.sin((number - 110) / 365 * 2 * math.pi)
        snapshots.append((identity, day, None, stations.height))
        readings += [
            (identity, station, "name", "clear", "맑음",
             round(13 + season + (36 - latitude) - 0.0065 * elevation, 1) + 0.0)
            for station, latitude, elevation in stations.iter_rows()
        ]  # fmt: skip
    with warehouse.writer() as con:
        for table, rows in (("snapshots", snapshots), ("readings", readings)):
            con.register("arriving", pl.DataFrame(rows, polars_schema(table), orient="row"))
            con.execute(f"INSERT INTO {table} FROM arriving")
            con.unregister("arriving")
        conclude(con)
    return warehouse


def _clock() -> tuple[float, float]:
    """Return two clocks in seconds: wall time, and CPU time of this process and its children.

    Only children that have finished count.
    """
    times = os.times()
    return time.perf_counter(), sum(times[:4])


def _since(began: tuple[float, float]) -> dict[str, float]:
    now = _clock()
    return {"seconds": round(now[0] - began[0], 2), "cpu": round(now[1] - began[1], 2)}


def draw_maps(warehouse: Warehouse, folder: Path, processes: int) -> dict[str, float]:
    """Draw the maps that have changed into `folder`, with this number of processes.

    Returns `seconds`, `cpu` (seconds) and `drawn`, the number of maps.
    """
    from nalssi.charts.draw import draw_all
    from nalssi.charts.draw_options import DrawOptions

    began = _clock()
    with warehouse.reader() as con:
        options = DrawOptions(formats=("png",), kinds=("map",))
        charts = draw_all(con, folder, options, processes=processes)
    return _since(began) | {"drawn": charts.drawn}


def draw_maps_with_pyplot(warehouse: Warehouse, folder: Path) -> dict[str, float]:
    """Draw every map with a new pyplot figure, in one process. Returns the keys of `draw_maps`."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import PathPatch

    from nalssi.charts import color_scale, geography, theme
    from nalssi.charts.draw_options import DPI

    folder.mkdir(parents=True, exist_ok=True)
    began = _clock()
    drawn = 0
    with theme.theme():
        for day, stations in _days(warehouse):
            figure, axes = plt.subplots(figsize=(8, 10.5))
            for outline in geography.province_outlines():
                axes.add_patch(PathPatch(outline, facecolor="#eeeeea", edgecolor="#cdcdc6"))
            points = geography.to_inches(stations["longitude"], stations["latitude"])
            values = stations["temperature_c"].to_list()
            marks = axes.scatter(
                *points.T,
                c=values,
                cmap=ListedColormap(color_scale.TEMPERATURE_COLORS),
                vmin=-30,
                vmax=40,
            )
            for (x, y), value, name in zip(points, values, stations["name_ko"], strict=True):
                axes.text(x, y, f"{value:.1f}")
                axes.text(x, y, name)
            axes.set(xlim=(0, geography.WIDTH), ylim=(0, geography.HEIGHT), title=str(day))
            figure.colorbar(marks)
            figure.tight_layout()
            figure.savefig(folder / f"{day}.png", dpi=DPI)
            plt.close(figure)
            drawn += 1
    return _since(began) | {"drawn": drawn}


def _days(warehouse: Warehouse) -> Iterator[tuple[date, pl.DataFrame]]:
    from nalssi.charts.chart_readings import selected_readings, split_snapshots
    from nalssi.charts.reading_filter import ReadingFilter

    with warehouse.reader() as con:
        for snapshot in split_snapshots(selected_readings(con, ReadingFilter())):
            assert snapshot.time.day is not None
            yield snapshot.time.day, snapshot.readings


def maps(scratch: Path, days: int, processes: int) -> dict[str, Any]:
    """Compare drawing daily maps with a script that makes a new figure for each map.

    Returns the measurements `fresh` (the script), `ours`, `again` (nothing to draw), and `share`,
    the time of `ours` as a share of `fresh`.
    """
    warehouse = fill(scratch / "maps", days)
    peer = draw_maps_with_pyplot(warehouse, scratch / "fresh")
    first = draw_maps(warehouse, scratch / "charts", processes)
    second = draw_maps(warehouse, scratch / "charts", processes)
    assert (peer["drawn"], first["drawn"], second["drawn"]) == (days, days, 0)
    shares = {of: round(first[of] / peer[of], 3) for of in ("seconds", "cpu")}
    return {"fresh": peer, "ours": first, "again": second, "share": shares}


def samples(scratch: Path) -> dict[str, Any]:
    """Measure charts and gallery of the sample pages, with all imports, in a new process.

    Returns `charts` and `files`, the numbers made, and the times of the `drawing` and `in all`.
    """
    folder = scratch / "samples"
    loaded = nalssi.load(SAMPLES, into=folder)
    del loaded
    return _in_new_process(_draw_and_build, folder)


def _draw_and_build(folder: Path) -> dict[str, Any]:
    began = _clock()
    from nalssi.charts.draw import draw_all
    from nalssi.gallery import build

    warehouse = Warehouse(folder)
    with warehouse.reader() as con:
        drawn = draw_all(con, warehouse.charts).drawn
    charts = _since(began)
    with warehouse.reader() as con:
        files = build(con, warehouse.gallery, warehouse.charts).files
    return {"charts": drawn, "files": files, "drawing": charts, "in all": _since(began)}


def gallery(scratch: Path, dates: int) -> dict[str, Any]:
    """Build a gallery of `dates` dates, without charts, twice in a new process.

    Returns the measurements `first` and `again`, and `bytes`, the sizes of the main files.
    """
    fill(scratch / "gallery", dates)
    return _in_new_process(_build_twice, scratch / "gallery")


def _build_twice(folder: Path) -> dict[str, Any]:
    from nalssi.gallery import build

    warehouse, outcome = Warehouse(folder), {}
    for name in ("first", "again"):
        began = _clock()
        with warehouse.reader() as con:
            built = build(con, warehouse.gallery, warehouse.charts)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        outcome[name] = _since(began) | {
            "files": built.files, "written": built.written, "peak MiB": peak
        }  # fmt: skip
    opened = ["index.html", "calendar.html", "period.html", "stations/108.html"]
    search = next((warehouse.gallery / "assets").glob("places.*.js"))
    sizes = {name: (warehouse.gallery / name).stat().st_size for name in opened}
    return outcome | {"bytes": sizes | {"search index": search.stat().st_size}}


def _in_new_process(work: Callable[[Path], dict[str, Any]], folder: Path) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, folder).result()


def main() -> None:
    """Run the parts that the command line names, and print the measurements of each as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.charts", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--dates", type=int, default=1000)
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}")
    for name in asked.parts or PARTS:
        with tempfile.TemporaryDirectory() as scratch:
            if name == "maps":
                measured = maps(Path(scratch), asked.days, asked.processes)
            elif name == "samples":
                measured = samples(Path(scratch))
            else:
                measured = gallery(Path(scratch), asked.dates)
        print(json.dumps({name: measured}), flush=True)


if __name__ == "__main__":
    main()
