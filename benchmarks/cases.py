"""What is measured, against whom, and what is to be reached (issue by issue, on 2 cores)."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import MADE, archive, corpus

SPARSE_PAGES, DENSE_PAGES, HTML_PAGES, WARC_PAGES = 240_000, 100_000, 2_000, 15_000

LONGEST_S = 240
"""What takes longer is ended and counts as failed, so that the others get their turn."""
TASK_RUNS = 5
"""Of the weather flow on one page: find, extract, load, draw, build the gallery."""
PAGE = "2025.12.19 (금)\n• 맑음서울 3.2℃\n• 비강릉 4.1℃\n• 흐림부산 8.0℃\n"


class TaskFailedError(RuntimeError):
    """A task ended with an error, or not at all; the message says which and why."""


@dataclass(frozen=True)
class Setup:
    """Where corpora are kept, how large they are, and how often is measured."""

    folder: Path
    scale: float
    runs: int
    datatrove: Path | None

    def pages(self, whole: int) -> int:
        """That many pages, scaled."""
        return max(1000, int(whole * self.scale))

    def sparse(self, number: int = 0) -> str:
        """A corpus of which one page in a hundred holds a ticker."""
        pages = self.pages(SPARSE_PAGES)
        name = f"{MADE}-sparse-{pages}-{number}.parquet"
        return str(corpus(self.folder / name, pages, 100, number))

    def dense(self) -> str:
        """A corpus of ticker pages."""
        pages = self.pages(DENSE_PAGES)
        return str(corpus(self.folder / f"{MADE}-dense-{pages}.parquet", pages, 1, 9))

    def dense_parts(self) -> list[str]:
        """The same amount in four files, each a partition."""
        pages = self.pages(DENSE_PAGES) // 4
        return [
            str(corpus(self.folder / f"{MADE}-dense-{pages}-{n}.parquet", pages, 1, 20 + n))
            for n in range(4)
        ]

    def archive(self) -> str:
        """A gzipped archive of which one page in a hundred holds a ticker."""
        pages = self.pages(WARC_PAGES)
        return str(archive(self.folder / f"{MADE}-pages-{pages}.warc.gz", pages, 100, 3))

    def page(self) -> str:
        """A file of one small page."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "page.txt"
        path.write_text(PAGE, "utf-8")
        return str(path)


@dataclass(frozen=True)
class Measured:
    """The runs of one task."""

    seconds: list[float]
    cpu: list[float]
    peaks_mib: list[float]
    counted: dict[str, int]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def peak_mib(self) -> float:
        """The most memory that any run has had."""
        return max(self.peaks_mib)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    what: str
    figure: str
    to_reach: str = ""
    reached: bool | None = None


Case = Callable[[Setup], list[Row]]


def measure(runs: int, **tasks: Sequence[str]) -> dict[str, Measured]:
    """Each task that many times, in turns. TaskFailedError if one fails or takes too long."""
    results: dict[str, list[dict[str, object]]] = {name: [] for name in tasks}
    for _ in range(runs):
        for name, command in tasks.items():
            try:
                done = subprocess.run(
                    command, capture_output=True, check=True, text=True, timeout=LONGEST_S
                )
            except subprocess.TimeoutExpired:
                raise TaskFailedError(f"{name}: not done in {LONGEST_S} s") from None
            except subprocess.CalledProcessError as error:
                raise TaskFailedError(f"{name}: {' '.join(command)}\n{error.stderr}") from error
            results[name].append(json.loads(done.stdout.splitlines()[-1]))
    return {
        name: Measured(
            [float(str(run["seconds"])) for run in several],
            [float(str(run["cpu"])) for run in several if "cpu" in run],
            [float(str(run["peak_mib"])) for run in several],
            several[0]["counted"],  # type: ignore[arg-type]
        )
        for name, several in results.items()
    }


def task(name: str, *arguments: object) -> list[str]:
    """The command that runs a task of `benchmarks.tasks`."""
    return [sys.executable, "-m", "benchmarks.tasks", name, *map(str, arguments)]


def ratio(what: str, ours: Measured, theirs: Measured, to_reach: float) -> Row:
    """Our time as a multiple of theirs, at most `to_reach`."""
    found = ours.median / theirs.median
    return Row(what, f"{found:.2f} ×", f"≤ {to_reach:g} ×", found <= to_reach)


def took(what: str, measured: Measured) -> Row:
    """The time of something that is only compared with."""
    counted = ", ".join(f"{count:,} {name}" for name, count in measured.counted.items())
    cpu = f" ({statistics.median(measured.cpu):.2f} s CPU)" if measured.cpu else ""
    figure = f"{measured.median:.2f} s{cpu}, {measured.peak_mib:,.0f} MiB"
    return Row(f"{what} ({counted})", figure)


def rate(what: str, count: int, measured: Measured, to_reach: int) -> Row:
    """Things a second, at least `to_reach`."""
    found = count / measured.median
    return Row(what, f"{found:,.0f}/s", f"≥ {to_reach:,}/s", found >= to_reach)


def sparse(setup: Setup) -> list[Row]:
    """Extraction of a corpus that is nearly all prose."""
    file = setup.sparse()
    tasks = {"scan": task("scan", file), "extract": task("extract", file)}
    peers = {"loop": task("loop", "no", file), "loop with a test": task("loop", "yes", file)}
    if setup.datatrove:
        script = str(Path(__file__).with_name("datatrove_peer.py"))
        peers["datatrove"] = [str(setup.datatrove), script, file]
    found = measure(setup.runs, **tasks) | measure(1, **peers)
    ours = found["extract"]
    rows = [
        took("sparse: (a) the scan alone", found["scan"]),
        took("sparse: extraction", ours),
        took("sparse: (b) Python loop", found["loop"]),
        took("sparse: (b′) the same, skipping pages without ℃", found["loop with a test"]),
        ratio("sparse: extraction to (a)", ours, found["scan"], 2),
        ratio("sparse: extraction to (b)", ours, found["loop"], 0.15),
        Row(
            "sparse: extraction to (b′)",
            f"{ours.median / found['loop with a test'].median:.2f} ×",
        ),
    ]
    if "datatrove" in found:
        rows.insert(4, took("sparse: (c) datatrove", found["datatrove"]))
        rows.append(ratio("sparse: extraction to (c)", ours, found["datatrove"], 0.12))
    else:
        rows.append(Row("sparse: (c) datatrove", "not installed", "≤ 0.12 ×"))
    rows.append(
        Row("sparse: peak memory", f"{ours.peak_mib:,.0f} MiB", "< 1024 MiB", ours.peak_mib < 1024)
    )
    return rows


def fourfold(setup: Setup) -> list[Row]:
    """Four times the sparse corpus (1 GB of text): more time, no more memory."""
    files = [setup.sparse(number) for number in range(4)]
    found = measure(setup.runs, one=task("extract", files[0]), four=task("extract", *files))
    one, four = (statistics.median(found[name].peaks_mib) for name in ("one", "four"))
    memory = four / one
    return [
        took("fourfold: one corpus", found["one"]),
        took("fourfold: four of them", found["four"]),
        ratio("fourfold: time", found["four"], found["one"], 4.4),
        Row("fourfold: peak memory, medians", f"{memory:.2f} ×", "≤ 1.1 ×", memory <= 1.1),
    ]


def dense(setup: Setup) -> list[Row]:
    """A corpus of nothing but tickers, of a dozen sites: the grammar, the contracts, the load."""
    file = setup.dense()
    parsed = measure(setup.runs, parse=task("parse", file))["parse"]
    first, again = [], []
    for _ in range(setup.runs):
        place = setup.folder / "warehouse"
        shutil.rmtree(place, ignore_errors=True)
        first.append(measure(1, ingest=task("ingest", place, file))["ingest"])
        again.append(measure(1, ingest=task("ingest", place, file))["ingest"])
        shutil.rmtree(place)
    once, twice = _together(first), _together(again)
    count = parsed.counted["readings"]
    faster = once.median / twice.median
    return [
        took("dense: parsed, resolved, validated", parsed),
        took("dense: all the way into the warehouse", once),
        took("dense: the same work again", twice),
        rate("dense: readings parsed", count, parsed, 500_000),
        rate("dense: readings into the warehouse", count, once, 200_000),
        Row("dense: second ingest faster", f"{faster:.0f} ×", "≥ 10 ×", faster >= 10),
    ]


def _together(several: list[Measured]) -> Measured:
    return Measured(
        [m.seconds[0] for m in several],
        [m.cpu[0] for m in several],
        [m.peak_mib for m in several],
        several[0].counted,
    )


def warc(setup: Setup) -> list[Row]:
    """A gzipped archive."""
    path = setup.archive()
    found = measure(setup.runs, payloads=task("payloads", path), read=task("read", path))
    share = found["payloads"].median / found["read"].median
    return [
        took("warc: FastWARC reading payloads", found["payloads"]),
        took("warc: as documents", found["read"]),
        Row("warc: speed of that", f"{share:.0%}", "≥ 70%", share >= 0.7),
    ]


def html(setup: Setup) -> list[Row]:
    """Saved pages of 36 kB that hold a ticker."""
    pages = setup.pages(HTML_PAGES)
    found = measure(setup.runs, lexbor=task("lexbor", pages), html=task("html", pages))
    return [
        took("html: lexbor parsing", found["lexbor"]),
        took("html: as documents", found["html"]),
        ratio("html: documents to parsing", found["html"], found["lexbor"], 1.5),
    ]


def workers(setup: Setup) -> list[Row]:
    """Dask workers with one thread each, processes of their own."""
    files = setup.dense_parts()
    found = measure(setup.runs, one=task("dask", 1, *files), two=task("dask", 2, *files))
    gain = found["one"].median / found["two"].median
    return [
        took("dask: one worker", found["one"]),
        took("dask: two workers", found["two"]),
        Row("dask: two against one", f"{gain:.2f} ×", "≥ 1.7 ×", gain >= 1.7),
    ]


def startup(setup: Setup) -> list[Row]:
    """What a user waits for before anything happens."""
    page = setup.page()
    nalssi = str(Path(sys.executable).with_name("nalssi"))
    commands = {
        "polars": [sys.executable, "-c", "import polars"],
        "parse": [nalssi, "parse", page],
        "help": [nalssi, "--help"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(max(5, setup.runs)):
        for name, command in commands.items():
            begin = time.perf_counter()
            done = subprocess.run(command, capture_output=True, check=False, text=True)
            if done.returncode:
                raise TaskFailedError(f"{name}: {' '.join(command)}\n{done.stderr}")
            seconds[name].append(time.perf_counter() - begin)
    median = {name: statistics.median(runs) for name, runs in seconds.items()}
    over = median["parse"] - median["polars"]
    return [
        Row('start: python -c "import polars"', f"{median['polars']:.2f} s"),
        Row("start: nalssi parse of one page", f"{median['parse']:.2f} s"),
        Row("start: parse over polars", f"{over:.2f} s", "≤ 0.6 s", over <= 0.6),
        Row("start: nalssi --help", f"{median['help']:.2f} s", "< 1 s", median["help"] < 1),
    ]


def weather(setup: Setup) -> list[Row]:
    """The `weather` flow on one small page, against an empty flow with as many tasks.

    The server runs already; the drawing, charts and gallery, is measured by itself,
    without Prefect.
    """
    page = setup.page()
    found = measure(
        setup.runs,
        weather=task("weather", page),
        empty=task("empty", TASK_RUNS),
        draw=task("draw", page),
    )
    own = found["weather"].median - found["draw"].median
    share = own / found["empty"].median
    return [
        took("flow: weather", found["weather"]),
        took("flow: an empty one", found["empty"]),
        took("flow: the drawing alone", found["draw"]),
        Row("flow: weather less drawing, to empty", f"{share:.2f} ×", "≤ 1.2 ×", share <= 1.2),
    ]


CASES: dict[str, Case] = {
    "sparse": sparse,
    "fourfold": fourfold,
    "dense": dense,
    "warc": warc,
    "html": html,
    "dask": workers,
    "start": startup,
    "flow": weather,
}
