"""A year of daily maps: nalssi's, and each with a fresh `plt.subplots` and `tight_layout`.

`python -m benchmarks.charts [--days 365] [--processes 2]` measures both in one run, on the same
readings of all 97 stations, and then nalssi's second run, which has nothing left to draw. The
peer draws the same map of the same things, once a day, the way a script would: outlines,
coloured points, a value and a name for each station, a colour bar.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from nalssi.reference import reference
from nalssi.warehouse import Warehouse
from schemas.contracts import polars_schema

START = date(2025, 1, 1)


def fill(folder: Path, days: int) -> Warehouse:
    """A warehouse of that many days, one snapshot of all stations each."""
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
    return warehouse


def ours(warehouse: Warehouse, folder: Path, processes: int) -> dict[str, float]:
    """Draw every map that isn't there: seconds and maps drawn."""
    from nalssi.charts import draw_all

    began = time.perf_counter()
    with warehouse.reader() as con:
        charts = draw_all(con, folder, kinds=("map",), formats=("png",), processes=processes)
    return {"seconds": time.perf_counter() - began, "drawn": charts.drawn}


def fresh(warehouse: Warehouse, folder: Path) -> dict[str, float]:
    """Draw every map with a figure of its own, one after another."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt
    from matplotlib.patches import PathPatch

    from nalssi.charts import geography, scale, theme

    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    drawn = 0
    with theme.theme():
        for day, stations in _days(warehouse):
            figure, axes = plt.subplots(figsize=(8, 10.5))
            for outline in geography.provinces():
                axes.add_patch(PathPatch(outline, facecolor="#eeeeea", edgecolor="#cdcdc6"))
            points = geography.inches(stations["longitude"], stations["latitude"])
            values = stations["temperature_c"].to_list()
            marks = axes.scatter(*points.T, c=values, cmap=scale.COLOURS, vmin=-30, vmax=40)
            for (x, y), value, name in zip(points, values, stations["name_ko"], strict=True):
                axes.text(x, y, f"{value:.1f}")
                axes.text(x, y, name)
            axes.set(xlim=(0, geography.WIDTH), ylim=(0, geography.HEIGHT), title=str(day))
            figure.colorbar(marks)
            figure.tight_layout()
            figure.savefig(folder / f"{day}.png", dpi=theme.DPI)
            plt.close(figure)
            drawn += 1
    return {"seconds": time.perf_counter() - began, "drawn": drawn}


def _days(warehouse: Warehouse) -> Iterator[tuple[date, pl.DataFrame]]:
    from nalssi.charts.frames import Selection, readings, sheets

    with warehouse.reader() as con:
        for sheet in sheets(readings(con, Selection())):
            assert sheet.observed_on is not None
            yield sheet.observed_on, sheet.readings


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.charts", description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        warehouse = fill(Path(scratch) / "warehouse", asked.days)
        peer = fresh(warehouse, Path(scratch) / "fresh")
        first = ours(warehouse, Path(scratch) / "charts", asked.processes)
        second = ours(warehouse, Path(scratch) / "charts", asked.processes)
    assert (peer["drawn"], first["drawn"], second["drawn"]) == (asked.days, asked.days, 0)
    share = first["seconds"] / peer["seconds"]
    print(json.dumps({"fresh": peer, "ours": first, "again": second, "share": round(share, 3)}))


if __name__ == "__main__":
    main()
