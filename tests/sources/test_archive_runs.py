"""Reading an archive in runs gives the result of reading it member by member, damaged or not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nalssi.sources.partition import SourceFile
from nalssi.sources.problems import Problem
from nalssi.sources.readers.warc import gzip_runs, warc_archive
from nalssi.sources.readers.warc.archive_members import decode_members
from tests.examples import examples
from tests.sources.sample_sources import FEED, PROSE, html
from tests.sources.test_record_checks import HTML, answer, record

PLAIN = answer(f"<html><p>{PROSE}".encode())
BLOCKS = [
    PLAIN,
    answer(html()),
    answer(html("euc-kr"), b"Content-Type: text/html; charset=euc-kr\r\n"),
    answer(html("utf-16"), b"Content-Type: text/html\r\n"),
    answer(FEED.encode(), b"Content-Type: text/xml\r\n"),
    answer(b"3.2&#8451;" + bytes(200)),
    answer(bytes(range(256)) * 3, b"Content-Type: image/png\r\n"),
    answer(gzip.compress(html()), HTML + b"Content-Encoding: gzip\r\n"),
    answer(gzip.compress(PLAIN), HTML + b"Content-Encoding: gzip\r\n"),
    answer(gzip.compress(html())[:-9], HTML + b"Content-Encoding: gzip\r\n"),
    answer(html(), HTML + b"Content-Length: 9999\r\n"),
    b"\xff\xff no HTTP",
    answer(gzip.compress(html(), compresslevel=0) + gzip_runs.GZIP_MAGIC + b"\0" * 30),
]
RECORDS = st.builds(
    lambda number, block, kind: record(number, block, kind=kind),
    st.integers(0, 99),
    st.sampled_from([PLAIN] * len(BLOCKS) + BLOCKS),
    st.sampled_from([b"response"] * 9 + [b"request", b"x"]),
)
MEMBERS = st.one_of(
    RECORDS.map(gzip.compress),
    RECORDS.map(lambda one: gzip.compress(one, compresslevel=0)),
    st.lists(RECORDS, min_size=2, max_size=3).map(b"".join).map(gzip.compress),
    RECORDS.map(lambda one: gzip.compress(one[:90]) + gzip.compress(one[90:])),
    RECORDS.map(lambda one: gzip.compress(one.replace(b"Length: ", b"Length: 1", 1))),
    st.sampled_from([gzip.compress(b""), b"\0" * 5, b"garbage", gzip_runs.GZIP_MAGIC]),
)
ARCHIVES = st.lists(st.one_of(RECORDS.map(gzip.compress), MEMBERS), min_size=1, max_size=25)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw an archive in which bytes may be changed, lost, repeated or inserted."""
    data = b"".join(draw(ARCHIVES))
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        at = draw(st.integers(0, len(data)))
        end = min(at + draw(st.sampled_from([0, 1, 4, 8, 100, 3000])), len(data))
        with_what = draw(
            st.sampled_from([b"", bytes(4), b"\x1f\x8b\x08\0\0\0\0\0\0\x03", data[at:end] * 2])
            | st.binary(max_size=9)
        )
        data = data[:at] + with_what + data[end:]
    return data


def outcome(path: Path) -> tuple[list[object], int, list[Problem]]:
    """The documents, the number of pages and the problems of an archive."""
    file = SourceFile("warc", str(path), path.name, path.as_uri(), path.stat().st_size)
    found = list(warc_archive.read_warc(file))
    documents: list[object] = [row for batch in found for row in batch.documents.iter_rows()]
    problems = [problem for batch in found for problem in batch.problems]
    return documents, sum(batch.read for batch in found), problems


@given(data=damaged(), threads=st.sampled_from([0, 2]))
@examples(300)
def test_runs_change_no_result(tmp_path_factory: pytest.TempPathFactory, data, threads) -> None:
    path = tmp_path_factory.getbasetemp() / "archive-runs.warc.gz"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gzip_runs, "RUN_BYTES", 3000)
        patch.setattr(gzip_runs, "MEMBER_BYTES", 20_000)
        patch.setattr(gzip_runs, "_RUNS_AHEAD", threads)
        in_runs = outcome(path)
        patch.setattr(warc_archive, "decode_members", lambda file, _: decode_members(file))
        assert in_runs == outcome(path)


def test_the_records_of_the_property_are_pages_and_problems(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(gzip.compress(record(n, block)) for n, block in enumerate(BLOCKS)))
    documents, pages, problems = outcome(path)
    assert (len(documents), pages, len(problems)) == (6, 8, 4)
