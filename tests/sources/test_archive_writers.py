"""Archives as their writers make them, and what each does that is not in the standard."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from tests.sources.sample_sources import TICKER, batches, html, problems, rows

ARCHIVES = Path(__file__).with_name("archives")
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
TYPE = b"Content-Type: application/http; msgtype=response\r\n"


def record(
    number: int, block: bytes, fields: bytes = TYPE, kind: bytes = b"WARC-Type: response"
) -> bytes:
    """A record, byte for byte."""
    return (
        b"WARC/1.0\r\n%s\r\nWARC-Target-URI: http://a.example/%d\r\n"
        b"WARC-Date: 2025-12-19T01:02:03Z\r\nWARC-Record-ID: <urn:uuid:%036d>\r\n"
        b"%sContent-Length: %d\r\n\r\n%s\r\n\r\n"
    ) % (kind, number, number, fields, len(block), block)


def page(number: int) -> bytes:
    return record(number, RESPONSE + html())


@pytest.mark.parametrize("name", ["wget", "wget-compression", "wget-plain", "warcio-capture"])
def test_every_page_in_archives_of_real_tools_is_read(name: str) -> None:
    (path,) = ARCHIVES.glob(f"{name}.warc*")
    assert sorted(str(row["uri"])[-1] for row in rows(path)) == list("012345")


OTHERS = {
    "lines end with LF": record(1, RESPONSE.replace(b"\r\n", b"\n") + html()),
    "HTTP/2 status line": record(1, RESPONSE.replace(b"HTTP/1.1 200 OK", b"HTTP/2 200") + html()),
    "no media type": record(1, RESPONSE + html(), b""),
    "media type in capitals": record(1, RESPONSE + html(), b"Content-Type: Application/HTTP\r\n"),
    "type in capitals": record(1, RESPONSE + html(), TYPE, b"warc-type: RESPONSE"),
    "continued line": record(
        1, RESPONSE.replace(b"text/html;", b"text/html;\r\n  x=y;") + html(), TYPE
    ),
    "interim answer": record(1, b"HTTP/1.1 100 Continue\r\n\r\n" + RESPONSE + html()),
    "address in brackets": page(1).replace(b"http://a.example/1", b"<http://a.example/1>"),
    "blank before the colon": record(1, RESPONSE.replace(b"Type:", b"Type :") + html()),
    "resource": record(1, html(), b"Content-Type: text/html\r\n", b"WARC-Type: resource"),
    "length that takes in the line end": page(1).replace(
        b"Content-Length: %d" % len(RESPONSE + html()),
        b"Content-Length: %d" % (len(RESPONSE + html()) + 1),
    ),  # wget 1.19.4, https://github.com/iipc/jwarc/issues/29
    "digests": record(1, RESPONSE + html(), TYPE + b"WARC-Block-Digest: sha1:AAAA\r\n"),
    "cut off behind its list": record(
        1, RESPONSE + html() + b"x" * 9000, TYPE + b"WARC-Truncated: length\r\n"
    ),
}


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_unusual_records_of_real_writers_are_read(tmp_path: Path, form: str, pack) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(map(pack, [page(0), OTHERS[form], page(2)])))
    assert [str(row["uri"])[-1] for row in rows(path)] == list("012")


REFUSED = {
    "segment": (
        record(1, RESPONSE + html()[:400], TYPE + b"WARC-Segment-Number: 1\r\n"),
        "segment",
    ),
    "cut off": (
        record(1, RESPONSE + html()[:500], TYPE + b"WARC-Truncated: disconnect\r\n"),
        "within a list (disconnect)",
    ),
    "unknown coding": (
        record(1, RESPONSE[:-2] + b"Content-Encoding: zz\r\n\r\n\0\1\2\3" + html()),
        "(zz)",
    ),
    "chunks cut off": (
        record(1, RESPONSE[:-2] + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n" + html()[:400]),
        "last chunk",
    ),
    "no length": (page(1).replace(b"Content-Length", b"X-Length"), "no length"),
}


@pytest.mark.parametrize("form", REFUSED)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_an_incomplete_page_is_reported_and_its_neighbours_are_read(
    tmp_path: Path, form: str, pack
) -> None:
    path = tmp_path / "a.warc"
    bad, cause = REFUSED[form]
    path.write_bytes(b"".join(map(pack, [page(0), bad, page(2)])))
    _, (batch,) = batches(path)
    assert [uri[-1] for uri in batch.documents["uri"]] == list("02")
    (problem,) = problems(path)
    assert f"record at byte {len(pack(page(0))):,}: " in problem
    assert cause in problem


def test_a_record_inside_a_large_member_is_reported_by_member_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    bad = page(1).replace(b"Content-Length", b"X-Length")
    path.write_bytes(gzip.compress(page(0) + bad + page(2)))
    (problem,) = problems(path)
    assert f"record at byte 0 (byte {len(page(0)):,} after decompression)" in problem


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_arc_file_is_reported_as_arc(tmp_path: Path, pack) -> None:
    head = "filedesc://a.arc 0.0.0.0 20240506030405 text/plain 9\n1 0 Test\n\n"
    (tmp_path / "a.arc.gz").write_bytes(pack((head + TICKER).encode()))
    (problem,) = problems(tmp_path / "a.arc.gz")
    assert "ARC, the older form: convert it with warcio" in problem


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_bomb_in_an_archive_is_reported_and_the_rest_is_read(tmp_path: Path, pack) -> None:
    coding = b"gzip" if pack is gzip.compress else b"zstd"
    bomb = RESPONSE[:-2] + b"Content-Encoding: %s\r\n\r\n%s" % (coding, pack(b" " * 2**27))
    parts = [pack(page(0)), pack(record(1, bomb)), pack(record(3, RESPONSE + b" " * 2**27))]
    (tmp_path / "a.warc").write_bytes(b"".join([*parts, pack(page(2))]))
    _, read = batches(tmp_path / "a.warc")
    assert [uri[-1] for batch in read for uri in batch.documents["uri"]] == list("02")
    assert len([p for p in problems(tmp_path / "a.warc") if "larger than 64 MiB" in p]) == 2
