"""What a watched run tells of its way."""

from __future__ import annotations

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
            part = stage(
                partition, tmp_path, progress=lambda batch, of=partition: watch.batch(of, batch)
            )
            watch.part(partition, part)
    assert progress.current is None
    last = capsys.readouterr().err.splitlines()[-1]
    total = sum(partition.size for partition in planned.partitions) / 1e6
    assert last.startswith(f"extracting: {total:,.0f} of {total:,.0f} MB")
    assert "9 documents" in last
