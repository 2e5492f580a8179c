"""Staged parts: what a partition gives, kept whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from nalssi import staging
from nalssi.parse import ParseCounts, parse
from nalssi.part_tables import read_tables
from nalssi.part_version import part_version
from nalssi.sources import Options, plan, read
from nalssi.sources.partition import Partition
from nalssi.sources.readers.read_limits import ReadLimits
from nalssi.staging import StagedPart, stage, stage_all
from nalssi.ticker import extract
from schemas.contracts import ContractError, check, polars_schema
from tests.sources.sample_sources import PROSE, TICKER


def pages(folder: Path, count: int = 3) -> Partition:
    """A partition of `count` pages, the last without a ticker."""
    folder.mkdir(exist_ok=True)
    for number in range(count - 1):
        lines = TICKER.replace("3.2℃", f"{number % 40}.{number % 10}℃")
        (folder / f"{number:05}.txt").write_text(lines, "utf-8")
    (folder / "prose.txt").write_text(PROSE + "3℃", "utf-8")
    (partition,) = plan([str(folder)]).partitions
    return partition


def frames(part: StagedPart) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: sorted(frame.rows(), key=repr) for table, frame in read_tables(part.folder).items()
    }


def test_a_part_keeps_the_contracts_and_its_counts_add_up(tmp_path: Path) -> None:
    part = stage(pages(tmp_path / "in"), tmp_path / "staged")
    tables = read_tables(part.folder)
    for table in ("documents", "snapshots", "readings", "rejects"):
        frame = tables[table]
        assert frame.schema == polars_schema(table)
        check(table, frame)
    assert part.counts == {
        "documents_read": 3,
        "documents_with_ticker": 2,
        "ticker_lines": 8,
        "reading_lines": 8,
        "rejected_lines": 0,
        "rejected_dates": 0,
        "sources_failed": 0,
        "parser_version": staging.PARSER_VERSION,
    }
    assert tables["examined"].height == 1


def test_a_part_is_named_after_content_and_grammar_and_made_once(
    tmp_path: Path, monkeypatch
) -> None:
    partition = pages(tmp_path / "in")
    first = stage(partition, tmp_path / "staged")
    assert first.folder.name == f"{partition.fingerprint}-{part_version()}"
    monkeypatch.setattr(staging, "read", pytest.fail)
    again = stage(partition, tmp_path / "staged")
    assert (again.skipped, again.counts) == (True, first.counts)


def test_a_newer_grammar_makes_a_part_of_its_own(tmp_path: Path, monkeypatch) -> None:
    partition = pages(tmp_path / "in")
    stage(partition, tmp_path / "staged")
    monkeypatch.setattr(staging, "part_version", lambda: "v0-another")
    assert not stage(partition, tmp_path / "staged").skipped


def test_changed_content_is_another_partition(tmp_path: Path) -> None:
    before = pages(tmp_path / "in").fingerprint
    page = tmp_path / "in" / "00000.txt"
    status = page.stat()
    page.write_text(page.read_text("utf-8").replace("0.0℃", "9.9℃"), "utf-8")
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert plan([str(tmp_path / "in")]).partitions[0].fingerprint != before


def test_many_batches_make_the_same_part_as_one(tmp_path: Path) -> None:
    partition = pages(tmp_path / "in", 30)
    whole = stage(partition, tmp_path / "whole")
    limits = ReadLimits(batch_bytes=200, prefilter_bytes=200, batch_rows=1)
    assert len(list(read(partition, limits))) > 5
    pieces = stage(partition, tmp_path / "pieces", limits=limits)
    assert frames(pieces) == frames(whole)
    assert pieces.counts == whole.counts


def test_a_snapshot_in_two_batches_keeps_the_first_wording(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, word in enumerate(["구름 많음", "구름많음"]):
        page = TICKER.replace("구름많음", word)
        (tmp_path / "in" / f"{number}.txt").write_text(page, "utf-8")
    (partition,) = plan([str(tmp_path / "in")]).partitions
    whole = stage(partition, tmp_path / "whole")
    limits = ReadLimits(batch_bytes=1, prefilter_bytes=1, batch_rows=1)
    assert frames(stage(partition, tmp_path / "pieces", limits=limits)) == frames(whole)


def test_rows_that_break_a_contract_leave_no_part(tmp_path: Path) -> None:
    def too_hot(documents: pl.DataFrame):
        found = extract(documents)
        object.__setattr__(
            found, "readings", found.readings.with_columns(temperature_c=pl.lit(999.0))
        )
        return found

    with pytest.raises(ContractError, match=r"temperature_c.*999"):
        stage(pages(tmp_path / "in"), tmp_path / "staged", extract=too_hot)
    assert list((tmp_path / "staged").iterdir()) == []


def test_a_malformed_feed_is_named_as_the_user_named_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("날씨 지도.xml").write_text("<current><weather", "utf-8")
    (partition,) = plan(["날씨 지도.xml"]).partitions
    (problem,) = stage(partition, tmp_path / "staged").problems
    assert str(problem).startswith("날씨 지도.xml: line 1: not well-formed XML")
    counts = ParseCounts()
    list(parse(["날씨 지도.xml"], None, Options(), counts))
    assert counts.problems == [str(problem)]


def test_problems_are_reported_again_when_the_part_exists(tmp_path: Path) -> None:
    partition = pages(tmp_path / "in")
    (tmp_path / "in" / "00000.txt").write_bytes(b"\x1f\x8bbroken")
    first = stage(partition, tmp_path / "staged")
    again = stage(partition, tmp_path / "staged")
    assert again.skipped
    assert list(map(str, again.problems)) == list(map(str, first.problems)) != []
    assert again.counts["sources_failed"] == 1


def test_a_part_with_transient_problems_is_made_again(tmp_path: Path) -> None:
    partition = pages(tmp_path / "in")
    page = tmp_path / "in" / "00000.txt"
    page.rename(tmp_path / "away")
    (problem,) = stage(partition, tmp_path / "staged").problems
    assert problem.transient
    (tmp_path / "away").rename(page)
    mended = stage(partition, tmp_path / "staged")
    assert (mended.skipped, mended.problems) == (False, ())
    assert mended.counts["documents_with_ticker"] == 2
    assert [path.name for path in (tmp_path / "staged").iterdir()] == [mended.folder.name]


@pytest.mark.process
def test_a_killed_run_leaves_no_part(tmp_path: Path) -> None:
    partition = pages(tmp_path / "in")
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from nalssi.sources import plan\n"
        "from nalssi.staging import stage\n"
        "(partition,) = plan([sys.argv[1]]).partitions\n"
        "stage(partition, Path(sys.argv[2]), progress=lambda *_: time.sleep(3600))\n"
    )
    staged = tmp_path / "staged"
    with subprocess.Popen([sys.executable, "-c", script, tmp_path / "in", staged]) as run:
        deadline = time.monotonic() + 600
        while not list(staged.glob("*/readings-0.parquet")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        run.send_signal(signal.SIGKILL)
    assert len(list(staged.iterdir())) == 1
    part = stage(partition, staged)
    assert not part.skipped
    assert [path.name for path in staged.iterdir()] == [part.folder.name]


def test_two_workers_with_the_same_partition_make_one_part(tmp_path: Path) -> None:
    partition = pages(tmp_path / "in")
    staged = tmp_path / "staged"

    def overtaken(documents: pl.DataFrame):
        stage(partition, staged)
        return extract(documents)

    part = stage(partition, staged, extract=overtaken)
    assert [path.name for path in staged.iterdir()] == [part.folder.name]
    assert part.counts["documents_with_ticker"] == 2


def test_partitions_staged_concurrently_give_the_same_parts_in_order(tmp_path: Path) -> None:
    partitions = [pages(tmp_path / f"in-{number}", number + 1) for number in range(5)]
    one_by_one = [stage(partition, tmp_path / "one") for partition in partitions]
    at_once = stage_all([*partitions, partitions[0]], tmp_path / "all")
    assert [part.folder.name for part in at_once[:5]] == [part.folder.name for part in one_by_one]
    assert at_once[5].folder == at_once[0].folder
    assert [frames(part) for part in at_once[:5]] == [frames(part) for part in one_by_one]
