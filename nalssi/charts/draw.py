"""Draw what changed: from a warehouse to files, on as many processes as there are cores.

A chart's file carries the key of what it was drawn from, a digest of its data and of the code,
font and library that drew it. A run first works the keys out, leaves every file alone that has
its key, and draws the rest; with nothing to draw, matplotlib isn't even imported. Threads don't
speed drawing up, processes do; a few charts aren't worth starting one.

Names are the same on every run: `regions/2026-03-02_<snapshot>.ko.png` for charts of a
snapshot (`undated_` where the day is unknown), `series/all.ko.svg` for those of a period.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from nalssi.charts import period_data
from nalssi.charts.chart_data import Selection, drawable_snapshots, readings, regions, sheets
from nalssi.charts.previous_snapshot import Earlier
from nalssi.charts.snapshot_data import Sheet
from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files
from nalssi.common.cores import usable_cores
from nalssi.common.process import sigint_blocked
from nalssi.locale.locales import Lang
from schemas.vocabulary import REFERENCE

SNAPSHOT_KINDS: Final = ("map", "regions", "change")
PERIOD_KINDS: Final = ("series", "heatmap", "quality")
KINDS: Final = SNAPSHOT_KINDS + PERIOD_KINDS
FORMATS: Final = ("png", "svg")

WORTH_A_PROCESS: Final = 12  # charts: a process takes about as long to start as to draw these
HEAD: Final = 4096  # bytes of a file within which its key stands


class ChartError(RuntimeError):
    """A chart could not be drawn; the message names the chart and the cause."""


@dataclass(frozen=True)
class Charts:
    """What a run leaves: every chart asked for, how many were drawn anew, how many removed."""

    paths: list[Path]
    drawn: int
    removed: int


@dataclass(frozen=True)
class Chart:
    """A chart to be drawn: what its module's `figure` takes, and the files it becomes."""

    kind: str
    lang: Lang
    title: str
    files: Mapping[str, Path]  # by format
    key: str
    arguments: tuple[Any, ...]


def draw_all(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    lang: Sequence[Lang] = ("ko",),
    formats: Sequence[str] = FORMATS,
    since: date | None = None,
    until: date | None = None,
    region: int | None = None,
    station: int | None = None,
    kinds: Sequence[str] = KINDS,
    processes: int | None = None,
) -> Charts:
    """Draw the selected charts of a warehouse into `folder`, a sub-folder for each kind.

    `con` reads a warehouse. Only charts whose data or code changed are drawn; charts of
    snapshots that the warehouse no longer has, or has under another day, are removed. Snapshots
    of which no reading can be used have no chart. `processes`: at most so many (default: cores).
    Raises ValueError for an unknown kind, language or format, ChartError where drawing fails.
    """
    _refuse_unknown("kind", kinds, KINDS)
    _refuse_unknown("language", lang, ("ko", "en"))
    _refuse_unknown("format", formats, FORMATS)
    selection = Selection(since, until, region, station)
    charts = list(plan(con, folder, selection, lang, formats, kinds))
    removed = _remove_stale(con, folder)
    stale = [chart for chart in charts if not _is_fresh(chart)]
    _draw(stale, processes or usable_cores())
    paths = [path for chart in charts for path in chart.files.values()]
    return Charts(paths, len(stale), removed)


def _refuse_unknown(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    for value in given:
        if value not in known:
            raise ValueError(f"unknown {what} {value!r}: choose from {', '.join(known)}")


def plan(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    selection: Selection,
    langs: Sequence[Lang],
    formats: Sequence[str],
    kinds: Sequence[str],
) -> Iterator[Chart]:
    """Every chart asked for, those of one kind and language together: they share a layout."""
    selected = readings(con, selection)
    places = regions(con)
    drawable = [sheet for sheet in sheets(selected) if not sheet.readings.is_empty()]
    sources: dict[str, Callable[[], Iterable[Source]]] = {
        "map": lambda: _each(drawable, places),
        "regions": lambda: _each(drawable, places),
        "change": lambda: _changes(drawable, places),
        "series": lambda: _period(selection, places, period_data.region_days(selected)),
        "heatmap": lambda: _period(selection, places, period_data.station_days(selected)),
        "quality": lambda: _quality(selection, selected),
    }
    for kind in kinds:
        for source in sources[kind]():
            for lang in langs:
                name = f"{source.name}{selection.suffix}.{lang}"
                files = {form: folder / kind / f"{name}.{form}" for form in formats}
                parts = (_code_version().encode(), kind.encode(), lang.encode(), *source.data)
                key = blake2b(b"\0".join(parts), digest_size=16).hexdigest()
                yield Chart(kind, lang, f"{kind} {source.name}", files, key, source.arguments)


@dataclass(frozen=True)
class Source:
    """What one chart, in any language, is drawn from."""

    name: str
    data: tuple[bytes, ...]
    arguments: tuple[Any, ...]


def _bytes(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def _each(drawable: Sequence[Sheet], places: pl.DataFrame) -> Iterator[Source]:
    same = _bytes(places)
    for sheet in drawable:
        yield Source(stem(sheet), (sheet.digest, same), (sheet, places))


def _changes(drawable: Sequence[Sheet], places: pl.DataFrame) -> Iterator[Source]:
    """Every snapshot with that of an earlier day with which it can be compared."""
    same = _bytes(places)
    earlier = Earlier[Sheet]()
    for sheet in drawable:
        if sheet.observed_on is None:
            continue
        moment = (sheet.observed_on, sheet.observed_at, set(sheet.readings["station_id"]))
        if before := earlier.find(*moment):
            yield Source(stem(sheet), (sheet.digest, before.digest, same), (sheet, before, places))
        earlier.add(*moment, sheet)


def _period(selection: Selection, places: pl.DataFrame, daily: pl.DataFrame) -> Iterator[Source]:
    if not daily.is_empty():
        yield Source(selection.period, (_bytes(daily), _bytes(places)), (daily, places))


def _quality(selection: Selection, selected: pl.DataFrame) -> Iterator[Source]:
    flags, tests = period_data.flag_days(selected), period_data.failed_tests(selected)
    if flags["observed_on"].count():  # which leaves nulls out
        yield Source(selection.period, (_bytes(flags), _bytes(tests)), (flags, tests))


def stem(sheet: Sheet) -> str:
    """How the files of a snapshot's charts begin: its day, then its id."""
    return _stem(sheet.snapshot_id, sheet.observed_on)


def _stem(snapshot_id: str, day: date | None) -> str:
    return f"{day or 'undated'}_{snapshot_id}"


@cache
def _code_version() -> str:
    """A digest of all that decides how a chart looks, beside its data."""
    digest = blake2b(digest_size=16)
    here = Path(__file__).parent
    for pattern in ("charts/*.py", "charts/*.json", "locale/*.py"):
        for file in sorted(here.parent.glob(pattern)):
            digest.update(file.read_bytes())
    for package in ("matplotlib", "koreanize-matplotlib", "numpy", "pillow"):
        digest.update(f"{package} {version(package)}".encode())
    digest.update((REFERENCE / "provinces.geojson").read_bytes())
    return digest.hexdigest()


def _is_fresh(chart: Chart) -> bool:
    """Whether all its files are there and carry its key."""
    key = chart.key.encode()
    for path in chart.files.values():
        try:
            with path.open("rb") as file:
                if key not in file.read(HEAD):
                    return False
        except FileNotFoundError:
            return False
    return True


def _remove_stale(con: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Remove the charts of snapshots that are gone, dated otherwise or without anything to draw."""
    kept = {_stem(snapshot_id, day) for snapshot_id, day in drawable_snapshots(con).items()}
    removed = 0
    for kind in KINDS:
        remove_stale_temporary_files(folder / kind)
    for kind in SNAPSHOT_KINDS:
        for path in (folder / kind).glob("[!.]*_*.*"):
            if path.name.partition(".")[0] not in kept:
                path.unlink()
                removed += 1
    return removed


def _draw(charts: Sequence[Chart], processes: int) -> None:
    """Draw charts, in this process or, if there are many, in several."""
    if not charts:
        return
    workers = min(processes, len(charts) // WORTH_A_PROCESS)
    if workers < 2:
        draw_charts(charts)
        return
    size = -(-len(charts) // (workers * 4))  # four turns each: they end at about the same time
    turns = [charts[start : start + size] for start in range(0, len(charts), size)]
    # A forked child would share polars' and DuckDB's locks in whatever state they are.
    context = multiprocessing.get_context("spawn")
    others = multiprocessing.active_children()
    with ProcessPoolExecutor(workers, context, _end_with_parent) as pool:
        try:
            with sigint_blocked():
                drawn = [pool.submit(draw_charts, turn) for turn in turns]
            for future in drawn:
                future.result()
        except Exception:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        except BaseException:  # a signal came: do not wait for turns of many charts
            for process in set(multiprocessing.active_children()).difference(others):
                process.terminate()
            raise


def _end_with_parent() -> None:
    """Have this process end when its parent does: if that is killed, it would wait for ever."""
    parent = multiprocessing.parent_process()

    def end() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def draw_charts(charts: Sequence[Chart]) -> None:
    """Draw charts one after another and put their files in place, each in one step."""
    from nalssi.charts import theme

    with theme.theme():
        for chart in charts:
            module = import_module(f"nalssi.charts.{chart.kind}_chart")
            try:
                figure = module.figure(*chart.arguments, chart.lang)
                for form, path in chart.files.items():
                    _put(path, theme.encode(figure, form, chart.title, chart.key))
            except (ValueError, OSError, UserWarning) as error:
                raise ChartError(f"{chart.title} ({chart.lang}): {error}") from error


def _put(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as partial:
        partial.write_bytes(content)
