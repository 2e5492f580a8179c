"""The work of peers: other programs that do a part of nalssi's work, with which it is compared.

As in `benchmarks.tasks`, a function prepares the work of a peer and returns it as a function.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

import polars as pl

Counted = dict[str, int]
Task = Callable[[], Counted]
"""The work that is measured. It returns counts by name, such as `documents`."""


def scan(*files: str) -> Task:
    """Return the work of peer (a), the lower limit: search each text of Parquet files for `℃`."""
    rows = pl.scan_parquet(list(files)).filter(pl.col("text").str.contains("℃", literal=True))
    return lambda: {"documents": rows.select(pl.len()).collect().item()}


def loop(prefilter: str, *files: str) -> Task:
    """Return the work of peer (b): a Python loop that uses `re`, and `executemany` into SQLite.

    The loop matches every line of every text of Parquet files. With `prefilter` "yes" it skips
    texts without ℃.
    """
    from nalssi.common.reference import reference

    names = sorted(reference("stations")["name_ko"], key=len, reverse=True)
    line = re.compile(
        r"^\s*[•·*-]?\s*(?P<condition>[가-힣 ]*?)(?P<station>"
        + "|".join(map(re.escape, names))
        + r")\s*(?P<temperature>[-+]?\d+\.\d)\s*℃\s*$"
    )
    day = re.compile(r"^\s*(\d{4}\.\d\d\.\d\d) ?\(.\)")

    def run() -> Counted:
        documents = readings = 0
        con = sqlite3.connect(":memory:")
        con.execute("CREATE TABLE readings (url, day, station, condition, temperature)")
        for file in files:
            for frame in pl.scan_parquet(file).select("url", "text").collect_batches():
                for url, text in frame.iter_rows():
                    if prefilter == "yes" and "℃" not in text:
                        continue
                    printed, rows = None, []
                    for row in text.splitlines():
                        if found := day.match(row):
                            printed = found[1]
                        elif found := line.match(row):
                            temperature = float(found["temperature"])
                            rows.append((url, printed, *found.group(2, 1), temperature))
                    con.executemany("INSERT INTO readings VALUES (?, ?, ?, ?, ?)", rows)
                    documents += bool(rows)
                    readings += len(rows)
        con.commit()
        return {"documents": documents, "readings": readings}

    return run


def payloads(path: str, decode: str = "none") -> Task:
    """Return the work of reading the payloads of a web archive's records with FastWARC.

    With `decode` "content", payloads with a Content-Encoding are decoded.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.conversion | WarcRecordType.resource

    def run() -> Counted:
        records = size = 0
        for record in ArchiveIterator(path, record_types=kinds, auto_decode=decode):
            size += len(record.reader.read())
            records += 1
        return {"records": records, "bytes": size}

    return run


def lexbor(pages: str, memory: str = "new") -> Task:
    """Return the work of parsing this number of HTML pages, each with a ticker, with lexbor.

    With `memory` "kept", freed memory is kept for the next page, as nalssi does.
    """
    from selectolax.lexbor import LexborHTMLParser

    from benchmarks.corpora import html_pages
    from nalssi.common.freed_memory import keep_freed_memory

    if memory == "kept":
        keep_freed_memory()

    markups = list(html_pages(int(pages), 1, 7))
    return lambda: {"pages": sum(LexborHTMLParser(m).root is not None for m in markups)}
