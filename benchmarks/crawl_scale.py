"""Ingest a crawl of 200,000 pages from a web server, on a Dask cluster that loses a worker.

`python -m benchmarks.crawl_scale` writes 20 archives with the layout of Common Crawl (a gzip member
for each of warcinfo, request, response and metadata), serves them by ranges, and ingests them
twice with two single-threaded workers: from the server, where a worker is killed, and from the
folder. Then it plans and fetches the pages of one site of 47. It checks that no ticker was lost,
and prints a table: throughput, memory of the workers, and the cost of everything that is not
extraction. `--pages 100000` makes a smaller crawl.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from distributed import Client

from benchmarks.crawl_archives import SITES, make_archive
from benchmarks.measure import Row
from benchmarks.report import table
from nalssi.warehouse import Warehouse

ARCHIVES = 20
FOLDER = Path("build/benchmarks/crawl-scale")
PLAN_SITE = "www.site7.example"
WAIT_S = 600


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder over HTTP with range requests, in a new process.

    Yields the address, without a slash at the end. The server stops at the end of the block.
    """
    code = (
        "import sys, uvicorn; from starlette.staticfiles import StaticFiles;"
        "uvicorn.run(StaticFiles(directory=sys.argv[1]), port=int(sys.argv[2]),"
        " log_level='warning')"
    )
    port = 8_790
    server = subprocess.Popen([sys.executable, "-c", code, str(folder), str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.kill()
        server.wait()


@dataclass
class Cluster:
    """A scheduler and two single-threaded workers, which are started again if they are lost."""

    address: str
    client: Client
    peaks_mib: dict[int, float]
    """Peak memory in MiB by process id, of workers that were alive at a call of `update_peaks`."""

    def update_peaks(self) -> None:
        """Add the peak memory of the workers that are alive to `peaks_mib`."""
        self.peaks_mib |= dict(self.client.run(_process_and_peak).values())

    def lose_a_worker(self) -> None:
        """Kill a worker with SIGKILL, as the system does when memory is short."""
        self.update_peaks()
        os.kill(next(iter(self.client.run(os.getpid).values())), signal.SIGKILL)


def _process_and_peak() -> tuple[int, float]:
    return os.getpid(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster with Dask's own commands, yield it, and stop it at the end of the block.

    `folder` gets its logs and the temporary files of the workers.
    """
    place = folder / "scheduler.json"
    place.unlink(missing_ok=True)
    dask = [sys.executable, "-m", "distributed.cli.dask_{}", "--no-dashboard"]
    environment = os.environ | {"POLARS_MAX_THREADS": "1"}
    with ExitStack() as stack:
        for role, options in (
            ("scheduler", ["--port", "0"]),
            ("worker", ["--nworkers", "2", "--nthreads", "1", "--local-directory", str(folder)]),
        ):
            command = [part.format(role) for part in dask]
            log = stack.enter_context((folder / f"{role}.log").open("wb"))
            process = subprocess.Popen(
                [*command, "--scheduler-file", str(place), *options],
                env=environment,
                stdout=log,
                stderr=log,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            while not place.exists():
                time.sleep(0.1)
        address = json.loads(place.read_text())["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=WAIT_S)
            yield Cluster(address, client, {})


@dataclass(frozen=True)
class Ingested:
    """The cost of one run of `nalssi ingest`, and its counts of documents and lines.

    `seconds` is the wall time, `cpu` the CPU seconds of the run without the workers.
    """

    seconds: float
    cpu: float
    documents: int
    tickers: int
    lines: int
    readings: int
    rejects: int


def ingest(source: str, warehouse: Path, workers: Cluster, *, lose_a_worker: bool) -> Ingested:
    """Run `nalssi ingest` for a source on the cluster, into a new warehouse.

    With `lose_a_worker`, a worker is killed after a quarter of the archives.
    """
    shutil.rmtree(warehouse, ignore_errors=True)
    command = [sys.executable, "-m", "nalssi", "ingest", source, "--warehouse", str(warehouse)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    run = subprocess.Popen([*command, "--runner", "dask", "--dask-address", workers.address])
    waiting = lose_a_worker
    while run.poll() is None:
        time.sleep(0.2)
        if waiting and len(list((warehouse / "staged").glob("*-v*"))) >= ARCHIVES // 4:
            workers.lose_a_worker()
            waiting = False
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run.returncode == 0, f"the run ended with status {run.returncode}"
    assert not waiting, "the run was over before a worker was lost"
    workers.update_peaks()
    with Warehouse(warehouse).reader() as con:
        counts = con.sql(
            "SELECT documents_read, documents_with_ticker, ticker_lines, reading_lines,"
            " rejected_lines FROM loads"
        ).fetchall()[0]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ingested(seconds, cpu, *counts)


def memory_of(address: str, folder: Path) -> tuple[int, int]:
    """Extract the file at an address, in a new process, into `folder`.

    Returns its number of documents and the peak memory of the process in MiB.
    """
    code = (
        "import resource, sys; from pathlib import Path; from nalssi.sources import plan;"
        "from nalssi.staging import stage_all;"
        "parts = stage_all(plan([sys.argv[1]]).partitions, Path(sys.argv[2]));"
        "print(sum(part.counts['documents_read'] for part in parts),"
        " resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-c", code, address, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    documents, peak = map(int, done.stdout.split())
    return documents, peak


def rows_of(warehouse: Path, addresses: str = "%") -> list[tuple[object, ...]]:
    """Return (document id, address, snapshot id) of each sighting, sorted.

    `addresses` is a pattern of SQL's LIKE for the address.
    """
    with Warehouse(warehouse).reader() as con:
        return con.execute(
            "SELECT document_id, uri, snapshot_id FROM documents JOIN sightings USING (document_id)"
            " WHERE uri LIKE $addresses ORDER BY ALL",
            {"addresses": addresses},
        ).fetchall()


def main() -> int:
    """Make the crawl, ingest it in three ways, check the results, and print the table.

    Returns the exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl_scale", description=__doc__)
    parser.add_argument("--pages", type=int, default=200_000)
    pages: int = parser.parse_args().pages
    folder = (FOLDER / str(pages)).resolve()
    crawl = folder / "crawl"
    crawl.mkdir(parents=True, exist_ok=True)
    tickers = sum(make_archive(crawl, number, pages // ARCHIVES) for number in range(ARCHIVES))
    names = [f"CC-MAIN-{number:05}.warc.gz" for number in range(ARCHIVES)]
    (crawl / "archives.paths").write_text("".join(f"{name}\n" for name in names))
    index = sorted(
        line for path in crawl.glob("*.cdxj") for line in path.read_text().splitlines(keepends=True)
    )
    (folder / "index.cdxj").write_text("".join(index), "utf-8")
    size = sum((crawl / name).stat().st_size for name in names)

    with (crawl / "all.warc.gz").open("wb") as together:
        for name in names:
            together.write((crawl / name).read_bytes())

    with served(crawl) as address:
        one = memory_of(f"{address}/{names[0]}", folder / "one")
        whole = memory_of(f"{address}/all.warc.gz", folder / "whole")
    assert (one[0], whole[0]) == (pages // ARCHIVES, pages)
    with cluster(folder) as workers, served(crawl) as address:
        remote = ingest(f"{address}/archives.paths", folder / "remote", workers, lose_a_worker=True)
        local = ingest(
            str(crawl / "archives.paths"), folder / "local", workers, lose_a_worker=False
        )
        sites, plan = folder / "sites.txt", folder / "plan.parquet"
        sites.write_text(PLAN_SITE)
        command = [sys.executable, "-m", "nalssi", "crawl", "plan", "benchmark", "-o", str(plan)]
        options = {"--sites": sites, "--index": folder / "index.cdxj", "--base": f"{address}/"}
        subprocess.run([*command, *(str(x) for pair in options.items() for x in pair)], check=True)
        planned = ingest(str(plan), folder / "planned", workers, lose_a_worker=False)
        peak = max(workers.peaks_mib.values())

    for run in (remote, local):
        assert (run.documents, run.tickers) == (pages, tickers), run
        assert run.lines == run.readings + run.rejects > 0, run
    assert rows_of(folder / "remote") == rows_of(folder / "local")
    of_site = rows_of(folder / "remote", f"https://{PLAN_SITE}/%")
    assert rows_of(folder / "planned") == of_site != []
    record_bytes = pl.read_parquet(plan)["warc_record_length"].sum()
    rows = [
        Row("pages", f"{pages:,} in {ARCHIVES} archives, {size / 1e9:.2f} GB"),
        Row("from the server, a worker lost", _speed(remote, size)),
        Row("from the folder", _speed(local, size)),
        Row("server against folder", f"{remote.seconds / local.seconds:.2f} ×"),
        Row("CPU of the run and Prefect's server", f"{remote.cpu:.0f} s, {local.cpu:.0f} s"),
        Row(
            f"peak memory of one process: an object of {size / ARCHIVES / 1e6:.0f} MB,"
            f" one of {size / 1e6:.0f} MB",
            f"{one[1]:,} MiB, {whole[1]:,} MiB",
        ),
        Row("peak memory of a worker", f"{peak:,.0f} MiB", "< 1,024 MiB", peak < 1024),
        Row(
            f"plan of one site of {SITES}",
            f"{planned.documents:,} records, {record_bytes / 1e6:.1f} MB, {planned.seconds:.1f} s",
        ),
    ]
    print(table(rows))
    return os.EX_OK


def _speed(run: Ingested, size: int) -> str:
    return (
        f"{run.seconds:.1f} s: {run.documents / run.seconds:,.0f} pages/s,"
        f" {size / run.seconds / 1e6:.1f} MB/s"
    )


if __name__ == "__main__":
    sys.exit(main())
