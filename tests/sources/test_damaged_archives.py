"""Archives of ten pages, in every coding, record form and kind of damage: each page is read, or its
loss is reported with the position."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard

from tests.sources.sample_sources import batches, html
from tests.thorough import thorough

PAGES = 10
POSITIONS = (0, 4, 9)


def _raw_deflate(page: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(page) + packer.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "none": ("", bytes),
    "identity": ("identity", bytes),
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "upper": ("GZIP", gzip.compress),
    "gzip-garbage": ("gzip", lambda page: gzip.compress(page) + b"\0\0junk"),
    "deflate": ("deflate", zlib.compress),
    "raw-deflate": ("deflate", _raw_deflate),
    "zstd": ("zstd", zstandard.compress),
    "br": ("br", brotli.compress),
    "two": ("deflate, gzip", lambda page: gzip.compress(zlib.compress(page))),
    "decoded-gzip": ("gzip", bytes),
    "decoded-br": ("br", bytes),
}


def _chunks(body: bytes, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    parts = [body[at : at + 300] for at in range(0, len(body), 300)]
    chunks = b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts)
    return chunks + b"0\r\n" + trailer + b"\r\n"


CHUNKINGS: dict[str, tuple[bool, Callable[[bytes], bytes]]] = {
    "none": (False, bytes),
    "chunked": (True, _chunks),
    "extension": (True, lambda body: _chunks(body, b';name="value"')),
    "trailer": (True, lambda body: _chunks(body, b"", b"Expires: never\r\nX: y\r\n")),
    "joined": (True, bytes),
}


def record(number: int, coding: str = "none", chunking: str = "none") -> bytes:
    """A response record with a page of its own."""
    encoding, pack = CODINGS[coding]
    is_chunked, cut = CHUNKINGS[chunking]
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    head += b"Content-Encoding: %s\r\n" % encoding.encode() if encoding else b""
    head += b"Transfer-Encoding: chunked\r\n" if is_chunked else b""
    block = head + b"\r\n" + cut(pack(html() + b"<!-- %d -->" % number))
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/%d\r\n"
        b"WARC-Date: 2025-12-19T01:02:03Z\r\nWARC-Record-ID: <urn:uuid:%036d>\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    ) % (number, number, len(block), block)


def _with_dictionary(records: list[bytes]) -> list[bytes]:
    dictionary = zstandard.ZstdCompressionDict(b"".join(records[:3])[:4096])
    packer = zstandard.ZstdCompressor(dict_data=dictionary, write_content_size=False)
    content = zstandard.compress(dictionary.as_bytes())
    frame = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    packed = [packer.compress(one) for one in records]
    return [frame + packed[0], *packed[1:]]


FORMS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "plain": list,
    "gzip": lambda records: [gzip.compress(one) for one in records],
    "gzip-one": lambda records: [gzip.compress(b"".join(records))],
    "gzip-blocks": lambda records: [
        gzip.compress(b"".join(records)[at : at + 500])
        for at in range(0, sum(map(len, records)), 500)
    ],
    "zstd": lambda records: [zstandard.compress(one) for one in records],
    "zstd-one": lambda records: [zstandard.compress(b"".join(records))],
    "zstd-dictionary": _with_dictionary,
}
NAMES = {"plain": "a.warc", "zstd": "a.warc.zst"}


def outcome(path: Path) -> tuple[list[int], list[tuple[str, str]]]:
    """The numbers of the pages that were read; the place and cause of each problem."""
    made, found = batches(path)
    uris = [uri for batch in found for uri in batch.documents["uri"]]
    problems = [*made.problems, *(p for batch in found for p in batch.problems)]
    return sorted(int(uri.rpartition("/")[2]) for uri in uris), [
        (p.position, p.cause) for p in problems
    ]


def place(form: str) -> str:
    return NAMES.get(form.partition("-")[0], "a.warc.gz")


ARCHIVES = [
    # `make test` has every pair of coding, chunking and form; `make thorough` has all triples.
    (coding, chunking, form)
    if (number + position) % len(CHUNKINGS) == at
    else thorough(coding, chunking, form)
    for number, coding in enumerate(CODINGS)
    for at, chunking in enumerate(CHUNKINGS)
    for position, form in enumerate(FORMS)
]


@pytest.mark.parametrize(("coding", "chunking", "form"), ARCHIVES)
def test_every_coding_is_decoded_in_every_form_at_every_position(
    tmp_path: Path, coding: str, chunking: str, form: str
) -> None:
    for position in POSITIONS:
        records = [record(n, *((coding, chunking) if n == position else ())) for n in range(PAGES)]
        (tmp_path / place(form)).write_bytes(b"".join(FORMS[form](records)))
        assert outcome(tmp_path / place(form)) == (list(range(PAGES)), []), position


def _starts(parts: list[bytes]) -> list[int]:
    return [sum(map(len, parts[:n])) for n in range(len(parts))]


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd", "zstd-dictionary"])
@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("change", [-700, -10, -1, 10, 700, 10**7, 10**12])
def test_a_wrong_length_costs_its_record(
    tmp_path: Path, form: str, position: int, change: int
) -> None:
    records = [record(n) for n in range(PAGES)]
    named = int(records[position].partition(b"Content-Length: ")[2].partition(b"\r")[0])
    records[position] = records[position].replace(
        b"Content-Length: %d" % named, b"Content-Length: %d" % (named + change)
    )
    parts = FORMS[form](records)
    (tmp_path / place(form)).write_bytes(b"".join(parts))
    read, problems = outcome(tmp_path / place(form))
    assert read == [n for n in range(PAGES) if n != position]
    assert [where for where, _ in problems] == [f"record at byte {_starts(parts)[position]:,}"] or (
        form == "zstd-dictionary" and position == 0 and len(problems) == 1
    )


@pytest.mark.parametrize("form", ["gzip", "zstd", "zstd-dictionary"])
@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("where", [0.3, 0.5, 0.9])
def test_a_corrupt_byte_costs_its_record(
    tmp_path: Path, form: str, position: int, where: float
) -> None:
    records = [record(n) for n in range(PAGES)]
    if form.startswith("zstd"):
        packer = zstandard.ZstdCompressor(write_checksum=True)
        parts = [packer.compress(one) for one in records]
    else:
        parts = FORMS[form](records)
    damaged = bytearray(parts[position])
    damaged[int(len(damaged) * where)] ^= 0x55
    starts = _starts(parts)
    parts[position] = bytes(damaged)
    (tmp_path / place(form)).write_bytes(b"".join(parts))
    read, problems = outcome(tmp_path / place(form))
    assert read == [n for n in range(PAGES) if n != position]
    assert [found for found, _ in problems] == [f"record at byte {starts[position]:,}"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("position", POSITIONS)
def test_a_cut_costs_the_records_after_it_and_is_reported(
    tmp_path: Path, form: str, position: int
) -> None:
    whole = b"".join(FORMS[form]([record(n) for n in range(PAGES)]))
    (tmp_path / place(form)).write_bytes(whole[: len(whole) * (2 * position + 1) // 20])
    read, problems = outcome(tmp_path / place(form))
    assert read == list(range(len(read)))
    assert len(read) < PAGES
    assert len(problems) == 1


@pytest.mark.parametrize("form", FORMS)
def test_zeros_at_the_end_are_padding(tmp_path: Path, form: str) -> None:
    parts = FORMS[form]([record(n) for n in range(PAGES)])
    (tmp_path / place(form)).write_bytes(b"".join(parts) + bytes(1000))
    assert outcome(tmp_path / place(form)) == (list(range(PAGES)), [])


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd"])
@pytest.mark.parametrize("junk", [b"garbage here\n", bytes(600)], ids=["garbage", "zeros"])
@pytest.mark.parametrize("position", [4, 9])
def test_bytes_between_records_are_reported_with_their_position(
    tmp_path: Path, form: str, junk: bytes, position: int
) -> None:
    parts = FORMS[form]([record(n) for n in range(PAGES)])
    parts.insert(position, junk)
    (tmp_path / place(form)).write_bytes(b"".join(parts))
    read, problems = outcome(tmp_path / place(form))
    assert read == list(range(PAGES))
    assert [where for where, _ in problems] == [f"record at byte {_starts(parts)[position]:,}"]


@pytest.mark.parametrize("form", ["gzip", "zstd", "plain"])
def test_garbage_before_the_first_record_costs_no_record(tmp_path: Path, form: str) -> None:
    parts = FORMS[form]([record(n) for n in range(PAGES)])
    (tmp_path / place(form)).write_bytes(b"garbage\n" + b"".join(parts))
    read, problems = outcome(tmp_path / place(form))
    assert read == list(range(PAGES))
    assert [where for where, _ in problems] == ["record at byte 0"]
