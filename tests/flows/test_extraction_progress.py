"""Progress of extraction, on a terminal and elsewhere."""

from __future__ import annotations

import json
import os
import pty
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from flows import extraction_progress, progress_display
from nalssi.common.paths import SAMPLES
from nalssi.sources import Partition, plan
from nalssi.sources.readers.read_limits import ReadLimits
from nalssi.staging import stage
from tests.progress_lines import without_progress

SMALL_BATCHES = ReadLimits(batch_bytes=2**14, batch_rows=20)


def test_without_a_terminal_lines_show_bytes_documents_and_readings(
    tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.setattr(progress_display, "SECONDS_BETWEEN_LINES", 0.0)
    planned = plan([str(SAMPLES / "0*.txt")])
    with extraction_progress.ExtractionProgress() as progress:
        assert extraction_progress.current is progress
        progress.set_total(planned.partitions)
        for partition in planned.partitions:
            part = stage(partition, tmp_path, progress=partial(progress.add_batch, partition))
            progress.add_part(partition, part)
    assert extraction_progress.current is None
    told = capsys.readouterr().err
    assert "\x1b" not in told
    last = told.splitlines()[-1]
    total = sum(partition.size for partition in planned.partitions) / 1e6
    assert last.startswith(f"extracting: {total:,.0f} of {total:,.0f} MB")
    assert "9 documents" in last


@pytest.fixture
def partition(tmp_path: Path, monkeypatch) -> Partition:
    """A corpus of 100 pages that is read in small batches."""
    monkeypatch.setattr(progress_display, "SECONDS_BETWEEN_LINES", 0.0)
    text = (SAMPLES / "01-seed-glued-spaced.txt").read_text("utf-8")
    corpus = tmp_path / "pages.jsonl"
    records = [{"url": f"https://a.kr/{n}", "text": text} for n in range(100)]
    corpus.write_text("\n".join(map(json.dumps, records)), "utf-8")
    (partition,) = plan([str(corpus)]).partitions
    return partition


def test_progress_is_shown_before_a_partition_is_complete(
    partition: Partition, tmp_path: Path, capsys
) -> None:
    """An archive is one partition, and extracting it may take an hour."""
    with extraction_progress.ExtractionProgress() as progress:
        progress.set_total([partition])
        part = stage(
            partition,
            tmp_path,
            progress=partial(progress.add_batch, partition),
            limits=SMALL_BATCHES,
        )
        under_way = capsys.readouterr().err.splitlines()
        progress.add_part(partition, part)
    assert len(under_way) > 2
    assert " 0 documents" not in under_way[0]
    assert " 0 readings" not in under_way[0]
    printed = capsys.readouterr().err
    assert printed.rstrip().endswith("100 documents 1,600 readings")
    assert without_progress(printed) == ""


def test_a_terminal_shows_a_bar_with_documents_readings_and_rate(
    partition: Partition, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    ours, theirs = pty.openpty()
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(read_all, ours)  # a terminal's buffer is small
        with os.fdopen(theirs, "w", encoding="utf-8") as terminal, monkeypatch.context() as here:
            here.setattr(sys, "stderr", terminal)
            with extraction_progress.ExtractionProgress() as progress:
                progress.set_total([partition])
                part = stage(
                    partition,
                    tmp_path,
                    progress=partial(progress.add_batch, partition),
                    limits=SMALL_BATCHES,
                )
                progress.add_part(partition, part)
    os.close(ours)
    drawn = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", reading.result()))
    last = next(line for line in reversed(drawn) if line)
    size = f"{partition.size / 1e3:.1f}"
    assert re.fullmatch(
        rf"━+ {size}/{size} kB [\d.,]+ [kM]B/s 100 documents 1,600 readings 0:00:00", last
    )
    assert not any("extracting" in line for line in drawn)


def read_all(terminal: int) -> str:
    """Read a terminal until its last writer has closed it, which raises OSError."""
    written = b""
    with suppress(OSError):
        while some := os.read(terminal, 4096):
            written += some
    return written.decode()
