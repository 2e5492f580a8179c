"""One measured piece of work a process: `python -m benchmarks.tasks NAME [ARGUMENT…]`.

Prints JSON: seconds of the work (imports and interpreter start are not in it), the process's
peak memory, and what was counted, so that a run which found nothing does not pass for fast.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import polars as pl

Counted = dict[str, int]
Task = Callable[[], Counted]
_SCRATCH = Path(tempfile.gettempdir())


def scan(*files: str) -> Task:
    """Peer (a), the floor: nothing but the scan for the sign."""
    rows = pl.scan_parquet(list(files)).filter(pl.col("text").str.contains("℃", literal=True))
    return lambda: {"documents": rows.select(pl.len()).collect().item()}


def extract(*sources: str) -> Task:
    """The library's path: plan, read, extract, validate, stage on disk."""
    from nalssi.sources import plan
    from nalssi.staging import stage_all, total

    def run() -> Counted:
        with tempfile.TemporaryDirectory() as folder:
            parts = stage_all(plan(sources).partitions, Path(folder))
        counts = total(parts)
        return {"documents": counts["documents_with_ticker"], "readings": counts["reading_lines"]}

    return run


def parse(*sources: str) -> Task:
    """Documents to validated frames, from memory: the grammar and the contracts alone."""
    from nalssi.sources import plan, read
    from nalssi.staging import extracted

    batches = [batch for partition in plan(sources).partitions for batch in read(partition)]
    return lambda: {"readings": sum(found.lines.height for _, found in extracted(batches))}


def ingest(warehouse: str, *sources: str) -> Task:
    """All the way into a warehouse, published; a second time if it is there already."""
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


def loop(prefilter: str, *files: str) -> Task:
    """Peer (b): a Python loop with `re` and `executemany` into SQLite.

    As one writes it in an afternoon: every line of every text is matched. With `prefilter`
    "yes" a text without ℃ is skipped first.
    """
    from nalssi.common.reference import reference

    names = sorted(reference("stations")["name_ko"], key=len, reverse=True)
    line = re.compile(
        r"^\s*[•·*-]?\s*(?P<condition>[가-힣 ]*?)(?P<station>"
        + "|".join(map(re.escape, names))
        + r")\s*(?P<temperature>[-+]?\d+\.\d)\s*℃\s*$"
    )
    day = re.compile(r"^\s*(\d{4}\.\d\d\.\d\d) ?\(.\)")

    def run() -> Counted:
        documents = readings = 0
        con = sqlite3.connect(":memory:")
        con.execute("CREATE TABLE readings (url, day, station, condition, temperature)")
        for file in files:
            for frame in pl.scan_parquet(file).select("url", "text").collect_batches():
                for url, text in frame.iter_rows():
                    if prefilter == "yes" and "℃" not in text:
                        continue
                    printed, rows = None, []
                    for row in text.splitlines():
                        if found := day.match(row):
                            printed = found[1]
                        elif found := line.match(row):
                            temperature = float(found["temperature"])
                            rows.append((url, printed, *found.group(2, 1), temperature))
                    con.executemany("INSERT INTO readings VALUES (?, ?, ?, ?, ?)", rows)
                    documents += bool(rows)
                    readings += len(rows)
        con.commit()
        return {"documents": documents, "readings": readings}

    return run


def payloads(path: str) -> Task:
    """FastWARC reading the payloads of the same records, and nothing else."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.conversion | WarcRecordType.resource

    def run() -> Counted:
        records = size = 0
        for record in ArchiveIterator(path, record_types=kinds):
            size += len(record.reader.read())
            records += 1
        return {"records": records, "bytes": size}

    return run


def read_only(*sources: str) -> Task:
    """Sources as documents: everything before the grammar."""
    from nalssi.sources import plan, read

    (partition,) = plan(sources).partitions
    read(partition)

    def run() -> Counted:
        batches = list(read(partition))
        return {"records": sum(b.read for b in batches), "documents": _documents(batches)}

    return run


def _documents(batches: Sequence[object]) -> int:
    return sum(batch.documents.height for batch in batches)  # type: ignore[attr-defined]


def lexbor(pages: str) -> Task:
    """lexbor parsing pages that hold a ticker, and nothing else."""
    from selectolax.lexbor import LexborHTMLParser

    from benchmarks.corpora import html_pages

    markups = list(html_pages(int(pages), 1, 7))
    return lambda: {"pages": sum(LexborHTMLParser(m).root is not None for m in markups)}


def html(pages: str) -> Task:
    """The same pages, as bytes, as documents: found, decoded, parsed, their text, their id."""
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
    """Extraction on single-threaded Dask workers of their own processes."""
    import distributed

    from nalssi.sources import plan
    from nalssi.staging import stage

    # Each by itself: small files would be planned as one partition.
    partitions = [partition for source in sources for partition in plan([source]).partitions]

    def run() -> Counted:
        with tempfile.TemporaryDirectory() as folder:
            futures = client.map(stage, partitions, folder=Path(folder), pure=False)
            parts = client.gather(futures)
        return {"partitions": len(parts), "readings": sum(p.counts["reading_lines"] for p in parts)}

    # Before they start: a worker imports this module, and with it polars, first of all.
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
    """The `weather` flow on one page, with its drawing, against a Prefect server that is up."""
    folder = _with_prefect()
    from flows.weather import weather

    return lambda: {"charts": weather([page], folder / "warehouse").charts_drawn}


def empty(tasks: str) -> Task:
    """A flow of that many tasks that do nothing, one after the other."""
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
    """The drawing that the `weather` flow does, charts and gallery, without Prefect."""
    import nalssi
    from nalssi.charts.draw import draw_all
    from nalssi.gallery import build
    from nalssi.warehouse import Warehouse

    folder = _scratch()
    nalssi.load(page, into=folder / "warehouse")

    def run() -> Counted:
        place = Warehouse(folder / "warehouse")
        with place.reader() as con:
            drawn = draw_all(con, place.charts).drawn
            return {
                "charts": drawn,
                "pages": build(con, place.gallery, place.charts, ("ko", "en")).written,
            }

    return run


def _scratch() -> Path:
    """A folder until the process ends."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _with_prefect() -> Path:
    """A server on a database of its own, until the process ends, and a folder."""
    from flows import settings

    settings.apply_settings()
    from prefect.testing.utilities import prefect_test_harness

    stack = ExitStack()
    atexit.register(stack.close)
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
    """Hide the one development package that pandera imports, for 0.2 s, where it finds it."""
    sys.modules["hypothesis"] = None  # type: ignore[assignment]


def _peak_mib() -> float:
    """The most memory that this process has had. On Linux, `getrusage` tells what the process had
    that started it, where that was more."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (peak,) = re.findall(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.M)
    return int(peak) / 1024


def main() -> None:
    """Run the task that the command line names, and print what it took."""
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
