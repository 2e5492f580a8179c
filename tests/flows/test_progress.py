"""What a watched run tells of its way."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from flows import progress
from nalssi.paths import SAMPLES
from nalssi.sources import plan
from nalssi.staging import stage


def test_lines_tell_bytes_documents_and_readings_where_there_is_no_terminal(
    tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    planned = plan([str(SAMPLES / "0*.txt")])
    with progress.Watch() as watch:
        assert progress.current is watch
        watch.expect(planned.partitions)
        for partition in planned.partitions:
            part = stage(partition, tmp_path, progress=partial(watch.batch, partition))
            watch.part(partition, part)
    assert progress.current is None
    last = capsys.readouterr().err.splitlines()[-1]
    total = sum(partition.size for partition in planned.partitions) / 1e6
    assert last.startswith(f"extracting: {total:,.0f} of {total:,.0f} MB")
    assert "9 documents" in last


def test_documents_and_readings_are_told_while_a_partition_is_at_work(
    tmp_path: Path, capsys, monkeypatch
) -> None:
    """An archive is one partition and may take an hour."""
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    monkeypatch.setattr("nalssi.sources.jsonl._BLOCK", 2**14)
    monkeypatch.setattr("nalssi.sources.files._PIECE", 2**14)
    monkeypatch.setattr("nalssi.sources.reading._ROWS", 20)
    text = (SAMPLES / "01-seed-glued-spaced.txt").read_text("utf-8")
    corpus = tmp_path / "pages.jsonl"
    records = [{"url": f"https://a.kr/{n}", "text": text} for n in range(100)]
    corpus.write_text("\n".join(map(json.dumps, records)), "utf-8")
    (partition,) = plan([str(corpus)]).partitions
    with progress.Watch() as watch:
        watch.expect([partition])
        part = stage(partition, tmp_path, progress=partial(watch.batch, partition))
        under_way = capsys.readouterr().err.splitlines()
        watch.part(partition, part)
    assert len(under_way) > 2
    assert " 0 documents" not in under_way[0]
    assert " 0 readings" not in under_way[0]
    assert capsys.readouterr().err.rstrip().endswith("100 documents 1,600 readings")
