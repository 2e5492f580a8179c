"""Helpers of the fault tests: sources, runs of the job, and checks of a warehouse."""

from __future__ import annotations

import filecmp
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from nalssi.common.paths import SAMPLES
from nalssi.part_tables import TABLES as PART_TABLES
from nalssi.part_tables import read_file
from nalssi.warehouse import Warehouse
from schemas.contracts import TABLES
from tests.progress_lines import without_progress

NALSSI = Path(sys.executable).with_name("nalssi")
JOB = Path(__file__).with_name("job.py")
PART = re.compile(r"[0-9a-f]{32}-v\d+-[0-9a-f]{12}")
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

CONTENT = sorted(TABLES.keys() - {"loads"})
"""Tables that must be equal row by row. `assert_whole` checks the table `loads`."""
SUMS = """
    SELECT
        sum(documents_new) = (SELECT count(*) FROM documents) AS documents,
        sum(snapshots_new) = (SELECT count(*) FROM snapshots) AS snapshots,
        sum(sightings_new) = (SELECT count(*) FROM sightings) AS sightings,
        sum(readings_new) = (SELECT count(*) FROM readings) AS readings,
        count(DISTINCT load_id) = count(*) AS one_row_a_load,
        bool_and(documents_new + documents_skipped = documents_with_ticker) AS every_document,
        bool_and(reading_lines + rejected_lines = ticker_lines) AS every_line,
        (SELECT count(*) FROM sightings ANTI JOIN loads USING (load_id)) = 0 AS known_loads
    FROM loads
"""


CORPORA = ("crawl.jsonl", "crawl.parquet")


def write_sources(folder: Path, step: int) -> None:
    """Write two corpora with the texts of every `step`-th sample page under other addresses."""
    pages = [page for page in _pages(step) if page.suffix == ".txt"]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    rows = [
        {"url": f"https://news{number % 3}.example/{number}", "text": text}
        for number, text in enumerate(texts)
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows[::2]]
    (folder / CORPORA[0]).write_text("\n".join(lines), encoding="utf-8")
    pl.DataFrame(rows[1::2]).write_parquet(folder / CORPORA[1])


def source_list(folder: Path, step: int) -> list[str]:
    """Return every `step`-th sample page and the corpora, in mixed order."""
    pages = _pages(step)
    # The corpora are in the middle, so that half of the list has both pages and a corpus.
    return [
        *map(str, pages[::2]),
        *(str(folder / name) for name in CORPORA),
        *map(str, pages[1::2]),
    ]


def _pages(step: int) -> list[Path]:
    return sorted(SAMPLES.glob("[0-9]*"))[step - 1 :: step]


def start(
    folder: Path,
    sources: Sequence[str],
    *options: str,
    environment: Mapping[str, str] | None = None,
    wrapper: Sequence[str] = (),
) -> subprocess.Popen[str]:
    """Start the job in a session of its own, so that tests can find all its processes.

    `wrapper` is a command that runs the job under other conditions, such as `prlimit`.
    """
    return subprocess.Popen(
        [*wrapper, sys.executable, str(JOB), str(folder), *sources, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**ENVIRONMENT, **(environment or {})},
        start_new_session=True,
    )


@dataclass(frozen=True)
class Done:
    """The end of a job or of a command."""

    status: int
    out: list[str]
    """The words on standard output. A job prints the stages that it starts."""
    error: str


def run(
    folder: Path,
    sources: Sequence[str],
    *options: str,
    environment: Mapping[str, str] | None = None,
    wrapper: Sequence[str] = (),
) -> Done:
    """Run the job and wait for its end."""
    with start(folder, sources, *options, environment=environment, wrapper=wrapper) as process:
        out, error = process.communicate()
    return Done(process.returncode, out.split(), error)


def nalssi(
    *arguments: object,
    wrapper: Sequence[object] = (),
    environment: Mapping[str, str] | None = None,
) -> Done:
    """Run a nalssi command as a user types it. Its error is without lines of progress."""
    done = subprocess.run(
        [*map(str, wrapper), str(NALSSI), *map(str, arguments)],
        env={**ENVIRONMENT, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout.split(), without_progress(done.stderr))


def run_successfully(folder: Path, sources: Sequence[str], *options: str) -> None:
    """Run the job, which must succeed without a message."""
    done = run(folder, sources, *options)
    assert done == Done(0, done.out, "")


def assert_refused(done: Done, *words: str) -> None:
    """Check that it ended with status 1 and one error line that contains these words."""
    assert done.status == 1
    assert done.error.startswith("nalssi: ")
    assert done.error.count("\n") == 1
    for word in words:
        assert word in done.error


def in_session(session: int) -> list[int]:
    """The running processes of a session."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            status = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # the process has just ended
            continue
        if int(status[3]) == session and status[0] != "Z":
            found.append(int(process.name))
    return found


def wait_until(happened: Callable[[], object], seconds: float = 600) -> None:
    """Wait until a condition holds. The limit is long, because machines may be busy."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_until_over(process: subprocess.Popen[str]) -> None:
    """Wait until all processes of the job have ended."""
    wait_until(lambda: not in_session(process.pid))


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of the published tables, sorted, without load ids, which differ."""
    content = {}
    with Warehouse(folder).reader() as con:
        for table in CONTENT:
            frame = con.table(table).pl()
            content[table] = sorted(frame.drop("load_id", strict=False).rows(), key=repr)
    return content


def assert_whole(folder: Path) -> None:
    """Check that the counts of `loads` add up and that there are no temporary files."""
    with Warehouse(folder).reader() as con:
        (held,) = con.sql(SUMS).pl().rows(named=True)
    assert all(held.values()), held
    parts = Warehouse(folder).staged
    for part in parts.iterdir():
        assert PART.fullmatch(part.name), part
        for table in (*PART_TABLES, "wordings", "counts", "problems"):
            read_file(part, table)
    assert Warehouse(folder).lock.read_text() == ""
    assert filecmp.cmp(Warehouse(folder).database, Warehouse(folder).published, shallow=False)


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a warehouse and their contents.

    Databases and the list of the gallery's files, which has their times, are listed without
    contents, and parts are left out: they differ between runs.
    """
    return {
        str(path.relative_to(folder)): (
            b"" if path.suffix == ".duckdb" or path.name == ".gallery" else path.read_bytes()
        )
        for path in folder.rglob("*")
        if path.is_file() and "staged" not in path.relative_to(folder).parts
    }


def assert_equal(folder: Path, undisturbed: Path) -> None:
    """Check that a warehouse has the rows, charts, pages and files of an undisturbed one."""
    assert_whole(folder)
    found, expected = rows(folder), rows(undisturbed)
    for table in CONTENT:
        assert found[table] == expected[table], table
    found_files, expected_files = files(folder), files(undisturbed)
    assert found_files.keys() == expected_files.keys()
    assert [name for name in found_files if found_files[name] != expected_files[name]] == []
