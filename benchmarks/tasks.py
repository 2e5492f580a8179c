"""Run one task and measure it: `python -m benchmarks.tasks NAME [ARGUMENT…]`.

A task is a function that prepares the work and returns it as a function. The program prints JSON:
the seconds and CPU seconds of the work (without imports and preparation), the peak memory of the
process, and the counts of the work. The counts show whether a fast run did the work at all.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import polars as pl

from benchmarks.peer_tasks import Counted, Task, lexbor, loop, payloads, scan

_SCRATCH = Path(tempfile.gettempdir())


def extract(*sources: str) -> Task:
    """Return the work of extracting sources: plan, read, extract, validate, write parts to disk."""
    from nalssi.sources import plan
    from nalssi.staging import stage_all, total

    def run() -> Counted:
        with tempfile.TemporaryDirectory() as folder:
            parts = stage_all(plan(sources).partitions, Path(folder))
        counts = total(parts)
        return {"documents": counts["documents_with_ticker"], "readings": counts["reading_lines"]}

    return run


def parse(*sources: str) -> Task:
    """Return the work of parsing the documents of sources into validated frames.

    The documents are read before. So the work is that of the grammar and the contracts alone.
    """
    from nalssi.sources import plan, read
    from nalssi.staging import extracted

    batches = [batch for partition in plan(sources).partitions for batch in read(partition)]
    return lambda: {"readings": sum(found.lines.height for _, found in extracted(batches))}


def ingest(warehouse: str, *sources: str) -> Task:
    """Return the work of loading sources into a warehouse and publishing it.

    The warehouse may have the sources already: a second load measures the skipping of them.
    """
    from nalssi.sources import plan
    from nalssi.staging import stage_all, total
    from nalssi.warehouse import Warehouse
    from nalssi.warehouse.load_parts import load_parts

    def run() -> Counted:
        place = Warehouse(Path(warehouse))
        parts = stage_all(plan(sources).partitions, place.staged)
        report = load_parts(place, [part.folder for part in parts])
        return {"readings": total(parts)["reading_lines"], "new": report.readings_new}

    return run


def read_only(*sources: str) -> Task:
    """Return the work of reading sources into documents, without the grammar."""
    from nalssi.sources import plan, read
    from nalssi.sources.formats import reader_of

    (partition,) = plan(sources).partitions
    reader_of(partition.files[0].kind)  # imports it

    def run() -> Counted:
        batches = list(read(partition))
        return {"records": sum(b.read for b in batches), "documents": _documents(batches)}

    return run


def _documents(batches: Sequence[object]) -> int:
    return sum(batch.documents.height for batch in batches)  # type: ignore[attr-defined]


def html(pages: str) -> Task:
    """Return the work of reading HTML pages from bytes into documents.

    `pages` is their number. The pages are those of the task `lexbor`.
    """
    from benchmarks.corpora import html_pages
    from nalssi.sources.readers.page_documents import PageBatch, RawPage

    contents = [page.encode() for page in html_pages(int(pages), 1, 7)]
    met = [RawPage("html", f"https://a.example/{n}", raw) for n, raw in enumerate(contents)]

    def run() -> Counted:
        found, block = 0, PageBatch()
        for page in met:
            block.add(page.kind, page.raw, lambda page=page: page)
            if block.is_full:
                found += block.finish().documents.height
                block = PageBatch()
        return {"pages": found + block.finish().documents.height}

    return run


def dask(workers: str, *sources: str) -> Task:
    """Return the work of extracting sources on Dask workers.

    `workers` is the number of workers. Each is a process with one thread, started before.
    """
    import distributed

    from nalssi.sources import plan
    from nalssi.staging import stage

    # Each source is planned alone: small files would become one partition.
    partitions = [partition for source in sources for partition in plan([source]).partitions]

    def run() -> Counted:
        with tempfile.TemporaryDirectory() as folder:
            futures = client.map(stage, partitions, folder=Path(folder), pure=False)
            parts = client.gather(futures)
        return {"partitions": len(parts), "readings": sum(p.counts["reading_lines"] for p in parts)}

    # Set before the workers start: each imports this module, and with it polars.
    os.environ["POLARS_MAX_THREADS"] = "1"
    cluster = distributed.LocalCluster(
        n_workers=int(workers),
        threads_per_worker=1,
        dashboard_address=None,
        local_directory=str(_SCRATCH),
    )
    client = distributed.Client(cluster)
    threads = client.run(_warm)
    assert set(threads.values()) == {1}, threads
    return run


def _warm() -> int:
    _as_a_user()
    import nalssi.staging  # noqa: F401 (imports are no part of the work)

    return pl.thread_pool_size()


def weather(page: str) -> Task:
    """Return the work of a run of the flow `weather` on one page.

    The Prefect server is started before, so its start is not measured.
    """
    folder = _with_prefect()
    from flows.weather import weather

    return lambda: {"charts": weather([page], folder / "warehouse").charts_drawn}


def empty(tasks: str) -> Task:
    """Return the work of a Prefect flow with this number of empty tasks, one after the other."""
    _with_prefect()
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE

    @task(cache_policy=NO_CACHE)
    def nothing() -> None: ...

    @flow
    def empty() -> int:
        return sum(nothing() is None for _ in range(int(tasks)))

    return lambda: {"tasks": empty()}


def draw(page: str) -> Task:
    """Return the work of drawing the charts and building the gallery of one page, without Prefect.

    The page is loaded before. The charts are those that the flow `weather` draws.
    """
    import nalssi
    from nalssi.charts.chart_kinds import GALLERY_KINDS
    from nalssi.charts.draw import draw_all
    from nalssi.charts.draw_options import DrawOptions
    from nalssi.charts.picture_formats import GALLERY_FORMATS
    from nalssi.gallery import build
    from nalssi.warehouse import Warehouse

    folder = _scratch()
    options = DrawOptions(langs=("ko", "en"), formats=GALLERY_FORMATS, kinds=GALLERY_KINDS)
    nalssi.load(page, into=folder / "warehouse")

    def run() -> Counted:
        place = Warehouse(folder / "warehouse")
        with place.reader() as con:
            drawn = draw_all(con, place.charts, options).drawn
            return {
                "charts": drawn,
                "pages": build(con, place.gallery, place.charts, ("ko", "en")).written,
            }

    return run


def _scratch() -> Path:
    """Return a new temporary folder, which is removed when the process ends."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _with_prefect() -> Path:
    """Start a Prefect server with its own database until the process ends. Return a new folder.

    Runs send no heartbeats: the thread that sends them sleeps in whole seconds, and the end of a
    run waits for it.
    """
    from flows import settings

    settings.apply_settings()
    from prefect.testing.utilities import prefect_test_harness

    from flows.prefect_server import without_heartbeats

    stack = ExitStack()
    atexit.register(stack.close)
    stack.enter_context(without_heartbeats())
    stack.enter_context(prefect_test_harness(server_startup_timeout=180))
    return _scratch()


TASKS: dict[str, Callable[..., Task]] = {
    "scan": scan,
    "extract": extract,
    "parse": parse,
    "ingest": ingest,
    "loop": loop,
    "payloads": payloads,
    "read": read_only,
    "lexbor": lexbor,
    "html": html,
    "dask": dask,
    "weather": weather,
    "empty": empty,
    "draw": draw,
}


def _as_a_user() -> None:
    """Make imports of hypothesis fail, as for users, who do not have it.

    pandera imports it if it is installed, which takes 0.2 s.
    """
    sys.modules["hypothesis"] = None  # type: ignore[assignment]


def _peak_mib() -> float:
    """Return the peak memory of this process in MiB.

    On Linux, `getrusage` would return the peak of the parent process if that is higher.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (peak,) = re.findall(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.M)
    return int(peak) / 1024


def main() -> None:
    """Run the task that the command line names, and print its measurements."""
    _as_a_user()
    name, *arguments = sys.argv[1:]
    task = TASKS[name](*arguments)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    counted = task()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    found = {"seconds": seconds, "cpu": cpu, "peak_mib": _peak_mib(), "counted": counted}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
