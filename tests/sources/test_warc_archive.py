"""Web archives written by warcio: pages, times of capture, and where a cut-off one breaks."""

from __future__ import annotations

import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from nalssi.sources import plan, read
from nalssi.sources.readers.read_limits import ReadLimits
from tests.sources.sample_sources import (
    FEED,
    PROSE,
    TICKER,
    TICKER_LINES,
    Record,
    batches,
    html,
    problems,
    rows,
    write_warc,
)

PAGES = [
    Record("https://www.a.example/1", html()),
    Record("https://a.example/korean", html("cp949"), "text/html; charset=euc-kr"),
    Record("https://a.example/prose", PROSE.encode()),
    Record("https://a.example/logo.png", b"\x89PNG 3\xe2\x84\x83", "image/png"),
    Record("https://a.example/sfc.xml", FEED.encode(), "text/xml"),
    Record("https://a.example/rss.xml", b"<rss>3\xe2\x84\x83</rss>", "text/xml"),
]


@pytest.mark.parametrize("packed", [True, False], ids=["warc.gz", "warc"])
def test_pages_and_feeds_of_an_archive_are_documents(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    write_warc(path, PAGES, packed)
    first, korean, feed = rows(path)
    assert first["text"] == korean["text"]
    assert (first["uri"], first["site"]) == ("https://www.a.example/1", "a.example")
    assert first["captured_at"] == datetime(2025, 12, 19, 1, 2, 3, tzinfo=UTC)
    assert (feed["media_type"], feed["text"]) == ("application/xml", FEED)
    _, (batch,) = batches(path)
    assert batch.read == 4
    assert batch.bytes == path.stat().st_size


def test_text_of_a_wet_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wet.gz"
    write_warc(
        path, [Record("http://b.example/", TICKER.encode(), "text/plain", kind="conversion")]
    )
    (row,) = rows(path)
    assert (row["text"], row["media_type"]) == (TICKER, "text/plain")


def test_archive_packed_with_zstd_is_read(tmp_path: Path) -> None:
    write_warc(tmp_path / "a.warc", PAGES, packed=False)
    (tmp_path / "a.warc.zst").write_bytes(zstandard.compress((tmp_path / "a.warc").read_bytes()))
    assert len(rows(tmp_path / "a.warc.zst")) == 3


def write_compressed(path: Path, page: bytes) -> None:
    """An archive with one answer as some servers send it: packed and in chunks."""
    body = gzip.compress(page)
    raw = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    )
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://c.example/\r\n"
        b"WARC-Date: 2025-12-19T01:02:03Z\r\nWARC-Record-ID: <urn:uuid:%036d>\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    )
    path.write_bytes(head % (1, len(raw)) + raw + b"\r\n\r\n")


def test_compressed_and_chunked_bodies_are_decoded(tmp_path: Path) -> None:
    write_compressed(tmp_path / "a.warc", html() + b" " * 2**20)
    (row,) = rows(tmp_path / "a.warc")
    assert "• 맑음서울 3.2℃" in str(row["text"])


def test_a_body_larger_than_any_page_after_decompression_is_a_problem(
    tmp_path: Path,
) -> None:
    write_compressed(tmp_path / "a.warc", html() + b" " * 2**20)
    _, (batch,) = batches(tmp_path / "a.warc", limits=ReadLimits(page_bytes=2**18))
    assert (batch.read, batch.documents.height) == (0, 0)
    assert "record at byte 0: larger than 0 MiB: skipped" in str(batch.problems[0])


@pytest.mark.parametrize("packed", [True, False], ids=["warc.gz", "warc"])
@pytest.mark.parametrize("missing", [3, 40, 400])
def test_cut_off_archive_yields_all_before_the_cut_and_says_where(
    tmp_path: Path, packed: bool, missing: int
) -> None:
    path = tmp_path / "a.warc"
    pages = [Record(f"http://a.example/{n}", html() + b" " * n) for n in range(20)]
    starts = write_warc(path, pages, packed)
    path.write_bytes(path.read_bytes()[:-missing])
    _, all_batches = batches(path)
    uris = [uri for batch in all_batches for uri in batch.documents["uri"]]
    assert uris == [f"http://a.example/{n}" for n in range(19)]
    (problem,) = [p for batch in all_batches for p in batch.problems]
    assert problem.position == f"record at byte {starts[19]:,}"
    assert problem.cause == "the archive is cut off here; all records before were read"


def test_a_cut_in_a_record_without_a_page_costs_no_page(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    pages = [*PAGES[:1], Record("http://a.example/x", b"x" * 900, "text/plain", kind="metadata")]
    starts = write_warc(path, pages)
    path.write_bytes(path.read_bytes()[:-10])
    _, (batch,) = batches(path)
    assert batch.documents.height == 1
    assert [problem.position for problem in batch.problems] == [f"record at byte {starts[1]:,}"]


def test_damage_in_a_gzip_member_costs_its_record_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    starts = write_warc(path, [Record(f"http://a.example/{n}", html()) for n in range(20)])
    content = bytearray(path.read_bytes())
    content[starts[10] + 20 : starts[10] + 60] = bytes(40)
    path.write_bytes(content)
    _, (batch,) = batches(path)
    assert batch.documents.height == 19
    (problem,) = batch.problems
    assert problem.position == f"record at byte {starts[10]:,}"
    assert f"reading goes on at byte {starts[11]:,}" in problem.cause


def test_small_archives_share_a_partition_and_a_cut_off_one_costs_no_other(tmp_path: Path) -> None:
    for number in range(3):
        write_warc(tmp_path / f"{number}.warc.gz", [Record(f"http://a.example/{number}", html())])
    whole = (tmp_path / "1.warc.gz").read_bytes()
    (tmp_path / "1.warc.gz").write_bytes(whole[: len(whole) // 2])
    (partition,) = plan([str(tmp_path)]).partitions
    read_batches = list(read(partition))
    met = [uri for batch in read_batches for uri in batch.documents["uri"]]
    assert met == ["http://a.example/0", "http://a.example/2"]
    (problem,) = [problem for batch in read_batches for problem in batch.problems]
    assert problem.source.endswith("1.warc.gz")


def test_archive_without_a_page_is_a_problem(tmp_path: Path) -> None:
    write_warc(tmp_path / "a.warc.gz", [])
    assert problems(tmp_path / "a.warc.gz") == [
        f"{tmp_path / 'a.warc.gz'}: no page in this archive"
    ]


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    write_warc(path, [Record(f"http://a.example/{n}", html()) for n in range(50)])
    limits = ReadLimits(batch_bytes=5000, prefilter_bytes=2000, batch_rows=5)
    _, all_batches = batches(path, limits=limits)
    assert max(batch.documents.height for batch in all_batches) < 20
    assert sum(batch.documents.height for batch in all_batches) == 50
    assert sum(batch.read for batch in all_batches) == 50
    assert sum(batch.bytes for batch in all_batches) == path.stat().st_size


@pytest.mark.process
def test_reading_pages_imports_no_library_of_corpora(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TICKER, "utf-8")
    script = (
        "import sys; from nalssi.sources import plan, read\n"
        "[list(read(p)) for p in plan([sys.argv[1]]).partitions]\n"
        "print({'pyarrow', 'httpx', 'isal', 'brotli', 'prefect'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "a.txt"], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "set()"


LYING = [
    b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: br\r\n",
    b"Content-Encoding: utf-8\r\n",
    b"Transfer-Encoding: chunked\r\n",
]


HTML = b"Content-Type: text/html\r\n"


def answer(number: int, head: bytes, body: bytes, said: bytes = HTML) -> bytes:
    """A record of an answer, byte for byte."""
    raw = b"HTTP/1.1 200 OK\r\n%s%s\r\n%s" % (said, head, body)
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://d.example/%d\r\n"
        b"WARC-Date: 2025-12-19T01:02:03Z\r\nWARC-Record-ID: <urn:uuid:%036d>\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    )
    return record % (number, number, len(raw), raw)


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["warc.gz", "warc"])
@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("head", LYING)
def test_a_decoded_body_under_its_old_head_is_read(
    tmp_path: Path, pack, place: int, head: bytes
) -> None:
    path = tmp_path / "a.warc"
    heads = [head if number == place else b"" for number in range(4)]
    path.write_bytes(b"".join(pack(answer(n, h, html())) for n, h in enumerate(heads)))
    assert [row["uri"] for row in rows(path)] == [f"http://d.example/{n}" for n in range(4)]
    assert problems(path) == []


def test_bodies_without_the_coding_of_their_head_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(answer(n, LYING[n % 4], html()) for n in range(20)))
    assert len(rows(path)) == 20


@pytest.mark.parametrize("said", [b"", b"Content-Type:\r\n", b"Content-Type: ; charset=utf-8\r\n"])
def test_a_page_without_a_type_is_recognized_by_its_content(tmp_path: Path, said: bytes) -> None:
    path = tmp_path / "a.warc"
    large = html() + b" " * 2**15
    packed = b"Content-Encoding: gzip\r\n"
    others = [b"\x89PNG\r\n\x1a\n\0 3\xe2\x84\x83", b"var t = '3\xe2\x84\x83'", b'{"a": 1}', b""]
    answers = [
        *(answer(0, b"", html(), said), answer(1, b"", large, said)),
        answer(2, packed, gzip.compress(large), said),
        answer(3, b"", FEED.encode(), said),
        *(answer(number, b"", other, said) for number, other in enumerate(others, 4)),
    ]
    path.write_bytes(b"".join(answers))
    assert [(row["uri"], row["media_type"]) for row in rows(path)] == [
        ("http://d.example/0", "text/html"),
        ("http://d.example/1", "text/html"),
        ("http://d.example/2", "text/html"),
        ("http://d.example/3", "application/xml"),
    ]
    assert all(TICKER_LINES[-1] in str(row["text"]) for row in rows(path)[:3])
    _, (batch,) = batches(path)
    assert batch.read == 4


@pytest.mark.parametrize("said", ["text/html; charset=utf-8", "text/plain", "text/xml"])
def test_a_feed_is_recognized_under_any_content_type(tmp_path: Path, said: str) -> None:
    write_warc(tmp_path / "a.warc", [Record("https://a.example/sfc", FEED.encode(), said)])
    (row,) = rows(tmp_path / "a.warc")
    assert (row["media_type"], row["text"]) == ("application/xml", FEED)


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["warc.gz", "warc"])
def test_a_body_that_cannot_be_decoded_is_reported_and_the_others_are_read(
    tmp_path: Path, pack
) -> None:
    path = tmp_path / "a.warc"
    broken = answer(2, b"Content-Encoding: gzip\r\n", b"\x1f\x8b" + b"broken" * 20)
    parts = [answer(1, b"", html()), broken, answer(3, b"", html()), answer(4, b"", html())]
    path.write_bytes(b"".join(map(pack, parts)))
    _, all_batches = batches(path)
    assert sum(batch.documents.height for batch in all_batches) == 3
    (problem,) = problems(path)
    assert f"record at byte {len(pack(parts[0]))}: skipped: " in problem


@pytest.mark.parametrize(
    "said",
    [
        *(b"*/*", b"unknown/unknown", b"text", b"html", b"text/htm", b"text/*; charset=utf-8"),
        *(b"application/octet-stream", b"application/vnd.wap.xhtml+xml", b"application/unknown"),
        *(b"image/png, text/html", b"image/gif\r\nContent-Type: text/html; charset=utf-8"),
    ],
)
def test_a_page_with_a_generic_type_is_recognized_by_its_content(
    tmp_path: Path, said: bytes
) -> None:
    path = tmp_path / "a.warc"
    field = b"Content-Type: %s\r\n" % said
    others = [
        b"\x89PNG\r\n\x1a\n\0 3\xe2\x84\x83",
        b"var t = '3\xe2\x84\x83'",
        b'{"a": "3 \xe2\x84\x83"}',
    ]
    others.append("p::after { content: '3℃' }".encode())
    bodies = [html(), FEED.encode(), *others]
    path.write_bytes(b"".join(answer(n, b"", body, field) for n, body in enumerate(bodies)))
    assert [(str(row["uri"])[-1], row["media_type"]) for row in rows(path)] == [
        ("0", "text/html"),
        ("1", "application/xml"),
    ]


@pytest.mark.parametrize(
    "said", ["image/png", "application/json", "text/css", "text/javascript", "application/rss+xml"]
)
def test_bodies_of_other_types_are_not_read(tmp_path: Path, said: str) -> None:
    pages = [Record("http://a.example/1", html()), Record("http://a.example/2", html(), said)]
    write_warc(tmp_path / "a.warc.gz", pages)
    assert [row["uri"] for row in rows(tmp_path / "a.warc.gz")] == ["http://a.example/1"]


@pytest.mark.parametrize("kind", [b"respoose", b"screenshot", b""])
def test_a_record_of_an_unknown_type_is_reported(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "a.warc"
    record = answer(1, b"", html()).replace(b"Type: response", b"Type: " + kind)
    path.write_bytes(record + answer(2, b"", html()))
    _, all_batches = batches(path)
    assert [batch.documents.height for batch in all_batches] == [1]
    (problem,) = problems(path)
    assert f"record at byte 0: skipped: unknown WARC-Type ({kind.decode()})" in problem


@pytest.mark.parametrize("kind", [b"warcinfo", b"request", b"metadata", b"revisit"])
def test_records_without_a_page_are_not_reported(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "a.warc"
    record = answer(1, b"", html()).replace(b"Type: response", b"Type: " + kind.upper())
    path.write_bytes(record + answer(2, b"", html()))
    assert [row["uri"] for row in rows(path)] == ["http://d.example/2"]


@pytest.mark.parametrize(
    "version", [b"http/1.1", b"Http/2", b"HTTP/1.1 100 Continue\r\n\r\nhttp/1.1"]
)
def test_a_status_line_is_recognized_in_any_case(tmp_path: Path, version: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    raw = version + b" 200 OK\r\n" + HTML + b"\r\n" + html()
    record = answer(1, b"", b"").split(b"\r\n\r\n")[0].rpartition(b" ")[0]
    path.write_bytes(gzip.compress(b"%s %d\r\n\r\n%s\r\n\r\n" % (record, len(raw), raw)))
    assert len(rows(path)) == 1


def test_a_response_without_a_status_line_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    record = answer(1, b"", html()).replace(b"HTTP/1.1 200", b"HTTQ/1.1 200")
    path.write_bytes(record + answer(2, b"", html()))
    _, all_batches = batches(path)
    assert [batch.documents.height for batch in all_batches] == [1]
    (problem,) = problems(path)
    assert "record at byte 0: skipped: it begins with no status line of HTTP" in problem


def test_a_gzip_body_without_a_content_encoding_is_decompressed(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    packed = gzip.compress(html())
    path.write_bytes(
        answer(1, b"Content-Length: %d\r\n" % len(packed), packed)
        + answer(2, b"Content-Encoding: gzip\r\n", gzip.compress(packed))
        + answer(3, b"", packed, b"Content-Type: text/plain\r\n")
    )
    assert len(rows(path)) == 3
    path.write_bytes(answer(1, b"", packed[:-20]) + answer(2, b"", html()))
    (problem,) = problems(path)
    assert "record at byte 0: skipped: cut off within its gzip data" in problem
