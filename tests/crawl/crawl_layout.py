"""A small crawl with the layouts of Common Crawl: archives, columnar index, CDXJ, cluster index."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from nalssi.common.ids import digest
from tests.sources.sample_sources import Record, write_warc

CRAWL = "CC-MAIN-2026-40"
INDEX = f"cc-index/table/cc-main/warc/crawl={CRAWL}/subset=warc"


def surt(url: str) -> str:
    """The SURT of an address, for the plain addresses of the tests."""
    host, _, path = url.partition("://")[2].partition("/")
    return f"{','.join(reversed(host.removeprefix('www.').split('.')))})/{path}".lower()


@dataclass(frozen=True)
class Crawl:
    """A crawl in a folder, and its captures: a row for each record, as the index lists it."""

    folder: Path
    captures: pl.DataFrame

    @property
    def archives(self) -> list[str]:
        return sorted(str(self.folder / name) for name in self.captures["warc_filename"].unique())


def make_crawl(
    folder: Path, archives: Sequence[Sequence[Record]], index_files: int = 3, row_group: int = 50
) -> Crawl:
    """Write archives and all kinds of index of them."""
    rows = []
    for number, records in enumerate(archives):
        name = f"crawl-data/{CRAWL}/segments/1/warc/CC-MAIN-{number:05}.warc.gz"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        starts = [*write_warc(path, records), path.stat().st_size]
        for record, start, end in zip(records, starts, starts[1:], strict=False):
            rows.append(
                {
                    "url_surtkey": surt(record.uri),
                    "url": record.uri,
                    "url_host_name": record.uri.split("/")[2],
                    "fetch_time": datetime.fromisoformat(record.date).astimezone(UTC),
                    "fetch_status": 200,
                    "content_digest": digest(record.payload),
                    "content_mime_type": record.content_type.partition(";")[0],
                    "content_mime_detected": record.content_type.partition(";")[0],
                    "warc_filename": name,
                    "warc_record_offset": start,
                    "warc_record_length": end - start,
                    "warc_segment": "1",
                }
            )
    captures = pl.DataFrame(rows).sort("url_surtkey", "fetch_time")
    _write_columnar(folder, captures, index_files, row_group)
    _write_cdx(folder, captures)
    return Crawl(folder, captures)


def _write_columnar(folder: Path, captures: pl.DataFrame, files: int, row_group: int) -> None:
    index = folder / INDEX
    index.mkdir(parents=True)
    size = -(-captures.height // files)
    table = captures.with_columns(
        pl.col("fetch_status").cast(pl.Int16),
        pl.col("fetch_time").dt.replace_time_zone(None),
        pl.col("warc_record_offset", "warc_record_length").cast(pl.Int32),
    )
    names = []
    for number in range(files):
        path = index / f"part-{number:05}.gz.parquet"
        table[number * size : (number + 1) * size].write_parquet(
            path, compression="gzip", row_group_size=row_group
        )
        names.append(f"{INDEX}/{path.name}")
    listed = folder / "crawl-data" / CRAWL / "cc-index-table.paths.gz"
    others = [name.replace("subset=warc", "subset=robotstxt") for name in names]
    listed.write_bytes(gzip.compress("\n".join([*others, *names]).encode()))


def cdx_lines(captures: pl.DataFrame) -> list[str]:
    """The captures as lines of a CDXJ file."""
    return [
        f"{row['url_surtkey']} {row['fetch_time']:%Y%m%d%H%M%S} "
        + json.dumps(
            {
                "url": row["url"],
                "mime": row["content_mime_type"],
                "status": str(row["fetch_status"]),
                "digest": row["content_digest"],
                "length": str(row["warc_record_length"]),
                "offset": str(row["warc_record_offset"]),
                "filename": row["warc_filename"],
            }
        )
        for row in captures.iter_rows(named=True)
    ]


def _write_cdx(folder: Path, captures: pl.DataFrame, lines_of_member: int = 20) -> None:
    """Write a CDXJ file, and the same lines as ZipNum files with a cluster index."""
    lines = cdx_lines(captures)
    (folder / "index.cdxj").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    cluster: list[str] = []
    members = b""
    file = "cdx-00000.gz"
    for start in range(0, len(lines), lines_of_member):
        block = "".join(f"{line}\n" for line in lines[start : start + lines_of_member])
        member = gzip.compress(block.encode())
        key = " ".join(lines[start].split(" ")[:2])
        place = f"{file}\t{len(members)}\t{len(member)}\t{len(cluster) + 1}"
        cluster.append(f"{key}\t{place}\n")
        members += member
    indexes = folder / "cc-index" / "indexes"
    indexes.mkdir(parents=True, exist_ok=True)
    (indexes / file).write_bytes(members)
    (indexes / "cluster.idx").write_text("".join(cluster), "utf-8")
