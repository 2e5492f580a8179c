"""Peer (c): datatrove reading the same Parquet files with a regex filter.

Runs in an environment of its own (requirements-bench.lock) and imports nothing of nalssi:
`python benchmarks/datatrove_peer.py FILE…` prints the same JSON as `benchmarks.tasks`.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import LambdaFilter
from datatrove.pipeline.readers import ParquetReader
from loguru import logger


def main() -> None:
    """Count the texts that hold a ticker line, and print the measurements as JSON."""
    logger.remove()
    line = re.compile(r"^\s*[•·*-]?\s*[가-힣 ()]+-?\d+\.\d\s*℃\s*$", re.M)
    folder = Path(sys.argv[1]).resolve().parent
    names = [Path(name).name for name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as scratch:
        found = Path(scratch) / "paths.txt"
        found.write_text("\n".join(names), "utf-8")
        executor = LocalPipelineExecutor(
            pipeline=[
                ParquetReader(str(folder), paths_file=str(found), text_key="text"),
                LambdaFilter(lambda document: line.search(document.text) is not None),
            ],
            tasks=1,
            logging_dir=f"{scratch}/logs",
            skip_completed=False,
        )
        begin = time.perf_counter()
        statistics = executor.run()
        seconds = time.perf_counter() - begin
    forwarded = statistics.stats[-1].stats["forwarded"].total
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counted = {"documents": int(forwarded)}
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "counted": counted}))


if __name__ == "__main__":
    main()
