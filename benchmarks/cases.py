"""The benchmark cases. Each measures tasks, and returns rows with figures and requirements."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.case_inputs import HTML_PAGES, Setup
from benchmarks.corpora import Form
from benchmarks.measure import (
    Measured,
    Row,
    TaskFailedError,
    measure,
    rate,
    ratio,
    speed,
    task,
    took,
)
from benchmarks.one_picture import draw

TASK_RUNS = 5
"""The number of tasks of the weather flow on one page: find, extract, load, draw, build_gallery."""

FORM_NAMES: dict[Form, str] = {"pages": "warc", "coded": "warc, coded", "wet": "WET"}
"""The names of the forms of web archives in the report."""

Case = Callable[[Setup], list[Row]]


def sparse(setup: Setup) -> list[Row]:
    """Measure the extraction of a corpus in which most pages have no ticker."""
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
    """Compare four sparse corpora (1 GB of text) with one: memory must not grow."""
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
    """Measure grammar, contracts and load on a corpus in which every page has a ticker."""
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
    """Join measurements of the same task, of one run each, to one measurement of all runs."""
    return Measured(
        [m.seconds[0] for m in several],
        [m.cpu[0] for m in several],
        [m.peak_mib for m in several],
        several[0].counted,
    )


def warc(setup: Setup) -> list[Row]:
    """Compare reading a gzipped web archive with FastWARC, which only reads the payloads.

    The archives have pages, pages with a Content-Encoding, and texts (WET). Both programs run
    twice: with all cores, and bound to one core, where CPU seconds are compared. FastWARC never
    uses more than one core.
    """
    rows: list[Row] = []
    for form, name in FORM_NAMES.items():
        path = setup.archive(form)
        decode = "content" if form == "coded" else "none"
        commands = {"payloads": task("payloads", path, decode), "read": task("read", path)}
        one_core = {f"{n}, one": ["taskset", "-c", "0", *c] for n, c in commands.items()}
        found = measure(setup.runs, **commands, **one_core)
        ours, theirs = found["read, one"], found["payloads, one"]
        rows += [
            took(f"{name}: FastWARC reading payloads", found["payloads"]),
            took(f"{name}: as documents", found["read"]),
            speed(f"{name}: speed of that", found["read"], found["payloads"], 1.4),
            took(f"{name}: FastWARC, one core", theirs),
            took(f"{name}: as documents, one core", ours),
            speed(f"{name}: speed on one core", ours, theirs, 0.8, cpu=True),
        ]
    return rows


def html(setup: Setup) -> list[Row]:
    """Compare reading saved pages of 36 kB with lexbor, which only parses them."""
    pages = setup.pages(HTML_PAGES)
    found = measure(
        setup.runs,
        lexbor=task("lexbor", pages),
        kept=task("lexbor", pages, "kept"),
        html=task("html", pages),
    )
    ours, kept = found["html"], found["kept"]
    return [
        took("html: lexbor parsing", found["lexbor"]),
        took("html: lexbor parsing, freed memory kept", kept),
        took("html: as documents", ours),
        ratio("html: documents to parsing", ours, found["lexbor"], 1.4),
        Row("html: … with freed memory kept", f"{ours.median / kept.median:.2f} ×"),
    ]


def workers(setup: Setup) -> list[Row]:
    """Compare two Dask workers with one. Each is a process with one thread."""
    files = setup.dense_parts()
    found = measure(setup.runs, one=task("dask", 1, *files), two=task("dask", 2, *files))
    gain = found["one"].median / found["two"].median
    return [
        took("dask: one worker", found["one"]),
        took("dask: two workers", found["two"]),
        Row("dask: two against one", f"{gain:.2f} ×", "≥ 1.7 ×", gain >= 1.7),
    ]


def startup(setup: Setup) -> list[Row]:
    """Measure how long commands take to start, compared with importing polars."""
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
    """Compare the `weather` flow on a small page with a flow of as many empty tasks.

    The server is started before. The time of drawing is measured separately, without Prefect, and
    subtracted.
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
    "draw": draw,
}
