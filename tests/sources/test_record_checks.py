"""Records of archives that are not what their heads say: each is reported, and none is read."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

import pytest

from tests.sources.sample_sources import PROSE, batches, html, problems, rows

HTTP = b"Content-Type: application/http; msgtype=response\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n"


def record(number: int, block: bytes, fields: bytes = HTTP, kind: bytes = b"response") -> bytes:
    """A record with this block, byte for byte."""
    head = (
        b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: http://e.example/%d\r\n"
        b"WARC-Date: 2025-12-19T01:02:03Z\r\nWARC-Record-ID: <urn:uuid:%036d>\r\n"
        b"%sContent-Length: %d\r\n\r\n%s\r\n\r\n"
    )
    return head % (kind, number, number, fields, len(block), block)


def answer(body: bytes, fields: bytes = HTML) -> bytes:
    return b"HTTP/1.1 200 OK\r\n%s\r\n%s" % (fields, body)


def numbers(path: Path) -> list[str]:
    """Return the numbers at the end of the addresses of the documents that are read.

    Problems of the archive are ignored.
    """
    _, all_batches = batches(path)
    return [uri[-1] for batch in all_batches for uri in batch.documents["uri"]]


def between(path: Path, middle: bytes, pack=gzip.compress) -> None:
    """Write an archive of a good page, the record `middle`, and another good page."""
    parts = [record(0, answer(html())), middle, record(2, answer(html()))]
    path.write_bytes(b"".join(map(pack, parts)))


def length(size: int) -> bytes:
    return HTML + b"Content-Length: %d\r\n" % size


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["warc.gz", "warc"])
@pytest.mark.parametrize("missing", [1, 40])
def test_a_body_shorter_than_its_content_length_is_reported_and_not_read(
    tmp_path: Path, pack, missing: int
) -> None:
    path = tmp_path / "a.warc"
    between(path, record(1, answer(html()[:-missing], length(len(html())))), pack)
    assert numbers(path) == ["0", "2"]
    (problem,) = problems(path)
    begin = len(pack(record(0, answer(html()))))
    assert f"record at byte {begin:,}: skipped: its body is shorter than its" in problem
    _, all_batches = batches(path)
    assert sum(batch.read for batch in all_batches) == 2


@pytest.mark.parametrize(
    "block",
    [
        answer(html(), length(len(html()))),
        answer(html(), length(len(html()) - 9)),
        answer(html(), length(9999999) + b"Content-Encoding: gzip\r\n"),
        answer(gzip.compress(html()), length(9) + b"Content-Encoding: gzip\r\n"),
        answer(html(), length(9999999) + b"Transfer-Encoding: chunked\r\n"),
        answer(html(), HTML + b"Content-Length: many\r\n"),
    ],
    ids=["fits", "was packed", "unpacked", "packed", "joined", "no number"],
)
def test_the_length_of_a_coded_body_costs_no_page(tmp_path: Path, block: bytes) -> None:
    between(tmp_path / "a.warc", record(1, block))
    assert len(rows(tmp_path / "a.warc")) == 3


def test_a_short_body_without_a_unit_is_not_reported(tmp_path: Path) -> None:
    between(tmp_path / "a.warc", record(1, answer(PROSE.encode(), length(9999))))
    assert len(rows(tmp_path / "a.warc")) == 2


def test_a_record_that_swallows_another_is_reported(tmp_path: Path) -> None:
    inner = record(1, answer(html()))
    block = answer(html() + b"\r\n\r\n" + inner, length(len(html())))
    between(tmp_path / "a.warc", record(1, block))
    assert numbers(tmp_path / "a.warc") == ["0", "2"]
    (problem,) = problems(tmp_path / "a.warc")
    assert "its length does not fit" in problem


def digests(block: bytes) -> list[bytes]:
    """A block's digests in the forms that writers use."""
    made = []
    for name in ("sha1", "sha256", "md5"):
        digest = hashlib.new(name, block).digest()
        in_32 = base64.b32encode(digest).decode()
        made += [f"{name}:{text}" for text in (in_32, in_32.rstrip("=").lower(), digest.hex())]
    return [*(text.encode() for text in made), f"SHA-256:{made[5][7:].upper()}".encode()]


BLOCK = answer(html())


@pytest.mark.parametrize("digest", digests(BLOCK))
def test_a_page_with_a_wrong_block_digest_is_not_read(tmp_path: Path, digest: bytes) -> None:
    fields = HTTP + b"WARC-Block-Digest: %s\r\n" % digest
    between(tmp_path / "a.warc", record(1, BLOCK, fields))
    assert len(rows(tmp_path / "a.warc")) == 3
    changed = BLOCK.replace(b"3.2", b"3.3", 1)
    assert changed != BLOCK
    between(tmp_path / "b.warc", record(1, changed, fields), bytes)
    assert numbers(tmp_path / "b.warc") == ["0", "2"]
    (problem,) = problems(tmp_path / "b.warc")
    assert "does not have the WARC-Block-Digest" in problem


@pytest.mark.parametrize(
    "digest", [b"sha1:AAAA", b"sha1:!", b"crc32:00000000", b"sha1:" + b"1" * 32]
)
def test_a_digest_in_an_unknown_form_is_ignored(tmp_path: Path, digest: bytes) -> None:
    fields = HTTP + b"WARC-Block-Digest: %s\r\n" % digest
    between(tmp_path / "a.warc", record(1, BLOCK, fields))
    assert len(rows(tmp_path / "a.warc")) == 3
