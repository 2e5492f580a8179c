"""Sources made to harm: none takes more time or memory than its limit, each is named."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import polars as pl
import pytest
import zstandard

from nalssi.sources import plan
from nalssi.sources.fetch_url import open_url
from nalssi.sources.find_files import find_files
from nalssi.sources.partition import NO_OPTIONS
from nalssi.sources.readers.corpora.parquet_corpus import read_parquet
from tests.sources.sample_sources import (
    FEED,
    TICKER,
    TICKER_LINES,
    batches,
    html,
    problems,
    rows,
    texts,
)


def peak_mib(folder: Path, *sources: str) -> tuple[float, str]:
    """Return the peak memory (MiB) of a dry run of these sources in a new process.

    Also returns the messages of the dry run.
    """
    command = [sys.executable, "-c", "from nalssi.cli import main; main()", "parse", *sources]
    code = f"import resource, subprocess; done = subprocess.run({command!r}, capture_output=True)"
    code += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    code += "; print(done.stderr.decode())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )
    peak, said = done.stdout.split("\n", 1)
    return float(peak), said


# --- what a name can stand for


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipes_devices_and_sockets_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "b.txt"))
    (tmp_path / "c.txt").write_text(TICKER)
    (tmp_path / "d.txt").symlink_to("a.txt")
    assert len(rows(tmp_path)) == 1
    for name in (tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "d.txt", "/dev/zero"):
        assert problems(name) == [
            f"{name}: neither a file nor a folder: use `-` to read from a pipe"
        ]


@pytest.mark.parametrize("asked", ["in", "**/*.txt"])
def test_circular_links_are_not_followed(tmp_path: Path, asked: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.txt").write_text(TICKER)
    for name in ("a", "b", "in/c", "in/d"):
        (tmp_path / name).symlink_to(tmp_path)
    assert len(rows(tmp_path / asked)) == 1
    (tmp_path / "self.txt").symlink_to("self.txt")
    assert problems(tmp_path / "self.txt") == [
        f"{tmp_path / 'self.txt'}: too many levels of symbolic links"
    ]


def test_hidden_files_are_matched_only_by_a_pattern_that_names_them(tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    for name in ("a.txt", ".b.txt", ".hidden/c.txt"):
        (tmp_path / name).write_text(TICKER)
    assert len(rows(tmp_path / "**" / "*.txt")) == 1
    assert len(rows(tmp_path / ".hidden" / "*.txt")) == 1


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b", "***.txt/**[", "\ud800"])
def test_an_impossible_file_name_is_a_problem(name: str) -> None:
    (problem,) = problems(name)
    assert problem.isprintable()


# --- what unpacks without end


@pytest.mark.process
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_bombs_are_reported_and_take_little_memory(tmp_path: Path, pack) -> None:
    """Each file expands to half a GiB, in gzip members or zstd frames that follow one another."""
    inner = pack(b" " * 2**24)
    heads = {"html": html(), "xml": FEED.encode(), "jsonl": b'{"text": "'}
    for suffix, head in heads.items():
        (tmp_path / f"bomb.{suffix}").write_bytes(pack(head) + inner * 32)
    peak, said = peak_mib(tmp_path, *(f"bomb.{suffix}" for suffix in heads))
    for suffix in heads:
        (line,) = [line for line in said.splitlines() if f"bomb.{suffix}: " in line]
        assert "larger than 64 MiB" in line or "longer than 64 MiB" in line
    assert peak < 420


# --- markup


@pytest.mark.process
def test_unclosed_style_elements_are_not_repeated_in_every_paragraph(
    tmp_path: Path,
) -> None:
    page = "<p>" + "".join(f"<b id={n}>" for n in range(3000)) + "<p>x" * 3000 + html().decode()
    (tmp_path / "a.html").write_text(page)
    peak, said = peak_mib(tmp_path, "a.html")  # 3 GiB, as a browser would read it
    assert "4 readings" in said
    assert peak < 420


@pytest.mark.parametrize("tags", ["<span>", "<div>", "<ul><li>", "<b id=1>", "<table><tr><td>"])
def test_a_hundred_thousand_nested_elements_are_read(tmp_path: Path, tags: str) -> None:
    (tmp_path / "a.html").write_text("<p>x</p>" + tags * 100_000 + html().decode())
    (text,) = texts(tmp_path / "a.html")
    assert [line for line in TICKER_LINES if line in text] == TICKER_LINES


# --- corpora


def test_invalid_utf_8_costs_one_row_of_parquet_and_not_the_file(tmp_path: Path) -> None:
    korean = TICKER.replace("•", "·")
    frame = pl.DataFrame({"text": [TICKER.encode(), b"\xff\xfe\xfa", korean.encode("cp949")]})
    frame.write_parquet(tmp_path / "a.parquet")
    assert texts(tmp_path / "a.parquet") == [TICKER, korean]


def test_a_value_repeated_very_often_is_read_in_batches(tmp_path: Path) -> None:
    many = pl.DataFrame({"text": [TICKER + " " * 2**20] * 50, "url": [str(n) for n in range(50)]})
    many.write_parquet(tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 2**20
    _, read = batches(tmp_path / "a.parquet")
    assert sum(batch.documents.height for batch in read) == 50
    assert max(batch.documents.estimated_size() for batch in read) < 2**25


@pytest.mark.parametrize("size", [9, 2**26])
def test_a_parquet_file_without_its_end_is_a_problem_however_large(
    tmp_path: Path, size: int
) -> None:
    with (tmp_path / "a.parquet").open("wb") as file:
        file.write(b"PAR1")
        file.seek(size)
        file.write(b"PAR1")
    (problem,) = problems(tmp_path / "a.parquet")
    assert problem.startswith(f"{tmp_path / 'a.parquet'}: ")


def test_a_row_group_with_a_huge_stated_size_is_not_read(tmp_path: Path) -> None:
    pl.DataFrame({"text": [TICKER] * 9}).write_parquet(tmp_path / "a.parquet")
    ((file,),) = [partition.files for partition in plan([str(tmp_path)]).partitions]
    (batch,) = read_parquet(file, NO_OPTIONS, max_row_group_bytes=100)
    assert batch.documents.is_empty()
    (problem,) = batch.problems
    assert "a row group of" in problem.cause


def test_json_with_a_repeated_key_is_reported_and_nan_is_no_date(tmp_path: Path) -> None:
    good = json.dumps({"text": TICKER}, ensure_ascii=False)
    lines = [good[:-1] + ', "text": "x"}', good[:-1] + ', "ts": NaN}', good[:-1] + ', "ts": 1e999}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert problems(tmp_path / "a.jsonl") == [
        f"{tmp_path / 'a.jsonl'}: line 1: no JSON: a key occurs twice in one object"
    ]


# --- a server


class Hostile(BaseHTTPRequestHandler):
    """Answers that do not end, unpack without end, or have an encoding that nobody asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        if self.path != "/endless":
            self.send_header("Content-Encoding", self.path[1:])
        self.end_headers()
        try:
            if self.path == "/endless":
                while True:
                    self.wfile.write(b"x" * 2**16)
            packed = zstandard.compress(b" " * 2**24) if self.path == "/zstd" else b""
            packed = gzip.compress(b" " * 2**24) if self.path == "/gzip" else packed
            self.wfile.write(packed * 32)
        except (BrokenPipeError, ConnectionResetError):
            return

    def log_message(self, *args: object) -> None:
        """Do not log requests."""


@pytest.fixture
def hostile() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_response_without_end_is_abandoned(hostile: str, tmp_path: Path) -> None:
    url = f"{hostile}/endless"
    found = find_files([url], None, tmp_path, partial(open_url, max_bytes=2**20))
    assert list(map(str, found)) == [f"{url}: more than 1 MiB"]


def test_a_response_that_takes_too_long_is_abandoned(hostile: str, tmp_path: Path) -> None:
    url = f"{hostile}/endless"
    (problem,) = find_files([url], None, tmp_path, partial(open_url, max_seconds=-1))
    assert "not complete after" in str(problem)


@pytest.mark.process
def test_responses_that_expand_without_end_are_abandoned(hostile: str, tmp_path: Path) -> None:
    urls = [f"{hostile}/{encoding}" for encoding in ("gzip", "zstd")]
    peak, said = peak_mib(tmp_path, *urls)
    for url in urls:
        (line,) = [line for line in said.splitlines() if f"{url}: " in line]
        assert "larger than 64 MiB" in line
    assert peak < 420


def test_a_response_in_an_unasked_coding_is_named(hostile: str) -> None:
    (problem,) = problems(f"{hostile}/br")
    assert problem.endswith(
        "the server compressed its answer as 'br', which nalssi did not ask for"
    )
