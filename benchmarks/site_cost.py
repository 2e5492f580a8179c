"""Measure the time, memory and disk space that a gallery of several years costs.

Run `python -m benchmarks.site_cost [--hours N] [--crawled N] [--against CHECKOUT]`. By default it
takes ten to thirty minutes: two years of hourly lists of 97 stations, and 20,000 lists of a crawl
(`benchmarks.site_warehouse`). Each step is a process of its own (`benchmarks/site_steps.py`); its
CPU seconds are those of the process and its children, with imports. It prints Markdown.

1. Everything is loaded, the pictures of the newest day are drawn, and the whole gallery is built.
2. The gallery is built again, with nothing new.
3. One new list is loaded, its charts are drawn, and the gallery is built, in one process: the
   hourly cycle without Prefect. The new list is in the middle of a day. Then another one, and then
   the first list of a day, with which the pages of many days get the day before.
4. Growth: the size of the files of the newest whole year, and its share of both databases. Pictures
   are kept for a number of days only, so they do not grow.

`--against` does the same with another version of nalssi, in a folder with a checkout of it. The
crawl of eight years is no use then: both versions get `--against-hours` hourly lists. At the end is
a table of the goals with all figures. `--hours 0` measures only that.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.site_warehouse import (
    CRAWLED,
    FIRST_HOUR,
    HOURS,
    Weather,
    crawled_lists,
    hourly_lists,
    write_corpus,
)

STEPS: Final = Path(__file__).with_name("site_steps.py")
ROOT: Final = STEPS.parent.parent
AGAINST_HOURS: Final = 60
NEW_LISTS: Final = (0, 1, 12)
"""The new lists, in hours after the last of all lists, which is that of 11:00."""
CHARTED_DAYS: Final = 2
GOALS: Final = (
    ("nothing new, CPU s", "nothing new", "cpu", 1.5),
    ("one new list, CPU s", "new list 2: load, charts, gallery", "cpu", 5.0),
    ("full build, peak MiB", "full build", "peak_mib", 600),
    ("one new list, peak MiB", "new list 2: load, charts, gallery", "peak_mib", 600),
)
GROWTH: Final = "growth per year, MB"
GROWTH_MB: Final = 150


@dataclass(frozen=True)
class Version:
    """A version of nalssi: `root` is its checkout, `warehouse` the folder for its warehouse."""

    root: Path
    warehouse: Path

    def step(self, name: str, *arguments: object) -> dict[str, Any]:
        """Run a step of `site_steps.py` in a new process with this version of nalssi.

        Returns the JSON that the step prints. Raises RuntimeError if the step fails.
        """
        command = [sys.executable, str(STEPS), name, str(self.warehouse), *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": str(self.root)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name} in {self.root}: {done.stderr[-2000:]}")
        measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return measured


def measure(
    version: Version, corpora: Sequence[Path], new: Sequence[Path]
) -> dict[str, dict[str, Any]]:
    """Run all steps of the benchmark; return the values of `Version.step` for each, by its title.

    `corpora` are loaded first. `new` are corpora of one new list each.
    """
    steps = {"load of all": _sum([version.step("load", each) for each in corpora])}
    steps["charts of the newest days"] = version.step("charts", CHARTED_DAYS)
    steps["full build"] = version.step("gallery")
    steps["nothing new"] = version.step("gallery")
    for name, corpus in zip(("new list 1", "new list 2", "first list of a day"), new, strict=True):
        steps[f"{name}: load, charts, gallery"] = version.step("cycle", corpus, CHARTED_DAYS)
    steps["nothing new after that"] = version.step("gallery")
    return steps


def sizes(warehouse: Path, year: int) -> Iterator[tuple[str, float]]:
    """Yield pairs (label, figure): the number of files of the gallery, then sizes in MB.

    A file belongs to `year` if its path contains the year: `dates/2025-03-01.html`,
    `stations/108-2025.html`.
    """
    files = [each for each in (warehouse / "gallery").rglob("*") if each.is_file()]
    bytes_of = {str(each.relative_to(warehouse)): each.stat().st_size for each in files}
    yield "files of the gallery", len(files)
    yield "gallery, MB", sum(bytes_of.values()) / 1e6
    databases = sum(each.stat().st_size for each in warehouse.glob("*.duckdb")) / 1e6
    yield "both databases, MB", databases
    of_year = re.compile(rf"(^|[-/]){year}[-./]")
    own = sum(size for path, size in bytes_of.items() if of_year.search(path)) / 1e6
    yield f"files of {year}, MB", own
    yield GROWTH, own + databases * _share_of_year(warehouse, year)


def _share_of_year(warehouse: Path, year: int) -> float:
    from nalssi.warehouse import Warehouse

    with Warehouse(warehouse).reader() as con:
        row = con.execute(
            "SELECT count(*) FILTER (year(observed_on) = ?) / count(*) FROM usable_readings",
            [year],
        ).fetchone()
    return float(row[0]) if row else 0.0


def _sum(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "cpu": round(sum(part["cpu"] for part in parts), 2),
        "seconds": round(sum(part["seconds"] for part in parts), 2),
        "peak_mib": max(part["peak_mib"] for part in parts),
    }


def _corpora(folder: Path, hours: int, crawled: int) -> tuple[list[Path], list[Path]]:
    """Write the corpora of the benchmark into `folder`, and return their paths.

    First the corpora that are loaded at the start (`hours` hourly lists, at most `crawled` lists of
    a crawl), then one corpus for each of NEW_LISTS new lists.
    """
    weather = Weather.made()
    every = list(hourly_lists(hours + NEW_LISTS[-1] + 1))
    corpora = [write_corpus(folder / "hourly.parquet", every[:hours], weather)]
    if crawled:
        end = every[hours].hour  # all lists of the crawl are older than the new lists
        earlier = (each for each in crawled_lists(crawled) if each.captured_at < end)
        corpora.append(write_corpus(folder / "crawl.parquet", earlier, weather))
    new = [
        write_corpus(folder / f"new{number}.parquet", [every[hours + number]], weather)
        for number in NEW_LISTS
    ]
    return corpora, new


def _table(names: Sequence[str], results: Sequence[dict[str, dict[str, Any]]]) -> Iterator[str]:
    yield "| step | " + " | ".join(f"{name}: CPU s | MiB | files" for name in names) + " |"
    yield "|---|" + "---|" * (3 * len(names))
    for step in results[0]:
        cells = []
        for result in results:
            own = result[step]
            files = f"{own['written']:,} of {own['files']:,}" if "files" in own else ""
            cells += [f"{own['cpu']:.2f}", str(own["peak_mib"]), files]
        yield f"| {step} | " + " | ".join(cells) + " |"
        if "cpu_load" in results[0][step]:
            for part in ("load", "charts", "gallery"):
                cells = [f"{result[step][f'cpu_{part}']:.2f} | | |" for result in results]
                yield f"| … {part} | {' '.join(cells)}"


def main() -> None:
    """Measure with the options of the command line, and print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--hours", type=int, default=HOURS + 12)
    parser.add_argument("--crawled", type=int, default=CRAWLED)
    parser.add_argument("--against", type=Path, help="a checkout of another version")
    parser.add_argument("--against-hours", type=int, default=AGAINST_HOURS)
    parser.add_argument("--folder", type=Path, help="where to work; it must not exist")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if options.hours:
            corpora, new = _corpora(folder / "lists", options.hours, options.crawled)
            ours = Version(ROOT, folder / "ours")
            result = measure(ours, corpora, new)
            print(f"\n{options.hours:,} hourly lists, {options.crawled:,} lists of a crawl\n")
            print("\n".join(_table(["this version"], [result])))
            newest = (FIRST_HOUR.year * 8760 + options.hours) // 8760
            year = newest - 1 if options.hours > 8760 else FIRST_HOUR.year
            size = dict(sizes(ours.warehouse, year))
            print("\n| size | |\n|---|---|")
            for name, figure in size.items():
                print(f"| {name} | {figure:,.0f} |")
            print("\n| goal | figure | to reach | |\n|---|---|---|---|")
            goals = [(what, result[step][key], most) for what, step, key, most in GOALS]
            goals.append((GROWTH, size[GROWTH], GROWTH_MB))
            for what, figure, most in goals:
                reached = "reached" if figure <= most else "**missed**"
                print(f"| {what} | {figure:,.2f} | ≤ {most:g} | {reached} |")
        if options.against:
            corpora, new = _corpora(folder / "few", options.against_hours, 0)
            both = [
                Version(root, folder / name)
                for root, name in ((ROOT, "few-ours"), (options.against.resolve(), "few-other"))
            ]
            print(f"\n{options.against_hours:,} hourly lists\n")
            results = [measure(each, corpora, new) for each in both]
            print("\n".join(_table(["this version", options.against.name], results)))
            print(
                f"\n| goal | to reach | this version | {options.against.name} |\n|---|---|---|---|"
            )
            for what, step, key, most in GOALS:
                figures = " | ".join(f"{each[step][key]:,.2f}" for each in results)
                print(f"| {what} | ≤ {most:g} | {figures} |")


if __name__ == "__main__":
    main()
