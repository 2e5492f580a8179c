"""Runs of gzip members give the same pieces as decompressing member by member."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Sequence
from io import BytesIO

import pytest

from nalssi.sources.problems import FileProblems
from nalssi.sources.readers.warc import gzip_runs
from nalssi.sources.readers.warc.archive_members import decode_members
from nalssi.sources.readers.warc.archive_record import MAX_HEAD_BYTES, Record
from nalssi.sources.readers.warc.gzip_runs import GZIP_MAGIC, MEMBER_BYTES, GzipRuns
from nalssi.sources.readers.warc.member_events import Event, PlainPages
from nalssi.sources.readers.warc.plain_pages import plain_pages
from nalssi.sources.readers.warc.split_records import split_records
from nalssi.sources.readers.warc.warc_archive import RecordReader

BODIES = [b"<html>%d" % n + b"x" * (37 * n) for n in range(60)]
MEMBERS = [gzip.compress(body) for body in BODIES]
STORED_MAGIC = gzip.compress(bytes(300) + GZIP_MAGIC + b"\xf0" * 40, compresslevel=0)
"""A member whose compressed bytes contain magic bytes."""
STORED_HEAD = gzip.compress(bytes(300) + GZIP_MAGIC + b"\0" * 40, compresslevel=0)
"""A member whose compressed bytes contain a whole head."""
LARGE = gzip.compress(random.Random(1).randbytes(MEMBER_BYTES + 70_000), compresslevel=0)
BOMB = gzip.compress(bytes(3 * MEMBER_BYTES))
NAMED = GZIP_MAGIC + b"\x0c\0\0\0\0\0\x03\x03\0abcname\0" + zlib.compress(b"named", wbits=-15)
NAMED += zlib.crc32(b"named").to_bytes(4, "little") + (5).to_bytes(4, "little")
"""A member with an extra field and a name."""
UNUSUAL_HEAD = MEMBERS[7][:8] + b"\x63\x64" + MEMBERS[7][10:]
"""A member that names no level of compression and no operating system that exists."""


def decoded(content: bytes, answer: bool | None) -> list[Event]:
    """Decode an archive; with an `answer`, in runs whose members all have it."""

    def find_plain(_: bytearray, bounds: Sequence[int]) -> list[bool]:
        return [bool(answer)] * (len(bounds) - 1)

    found: list[Event] = []
    for event in decode_members(BytesIO(content), None if answer is None else find_plain):
        found += event.pieces() if isinstance(event, PlainPages) else [event]
    return found


@pytest.mark.parametrize("threads", [0, 3])
@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(STORED_MAGIC, id="magic bytes in a member"),
        pytest.param(STORED_HEAD, id="a head in a member"),
        pytest.param(LARGE, id="a large member"),
        pytest.param(BOMB, id="a member that expands much"),
        pytest.param(gzip.compress(b""), id="an empty member"),
        pytest.param(NAMED, id="an extra field"),
        pytest.param(UNUSUAL_HEAD, id="an unusual head"),
        pytest.param(gzip.compress(b"") + UNUSUAL_HEAD, id="an empty member and an unusual head"),
        pytest.param(b"\0" * 9, id="zeros"),
        pytest.param(b"garbage" + GZIP_MAGIC, id="garbage"),
        pytest.param(MEMBERS[7][:-3], id="a cut member"),
        pytest.param(MEMBERS[7][:-4] + b"\x05\0\0\0", id="a wrong size"),
        pytest.param(MEMBERS[7][:-8] + bytes(4) + MEMBERS[7][-4:], id="a wrong checksum"),
    ],
)
def test_runs_give_the_pieces_and_gaps_of_decompressing_one_by_one(
    monkeypatch: pytest.MonkeyPatch, odd: bytes, threads: int
) -> None:
    monkeypatch.setattr(gzip_runs, "RUN_BYTES", 700)
    monkeypatch.setattr(gzip_runs, "_RUNS_AHEAD", threads)
    content = b"".join(MEMBERS[:30]) + odd + b"".join(MEMBERS[30:])
    expected = decoded(content, None)
    assert len(expected) >= 58
    assert decoded(content, False) == expected
    assert decoded(content, True) == expected


def test_magic_bytes_at_the_beginning_are_no_member() -> None:
    for content in (GZIP_MAGIC * 2 + MEMBERS[7], MEMBERS[7][:6] + MEMBERS[7], GZIP_MAGIC):
        assert decoded(content, True) == decoded(content, None)


def test_most_members_are_decompressed_in_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzip_runs, "RUN_BYTES", 700)
    content = b"".join([*MEMBERS[:30], STORED_MAGIC, *MEMBERS[30:]])
    events = decode_members(BytesIO(content), lambda _, bounds: [True] * (len(bounds) - 1))
    assert sum(event.pages for event in events if isinstance(event, PlainPages)) >= 55


def test_magic_bytes_in_a_member_cost_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    monkeypatch.setattr(gzip_runs, "_RUNS_AHEAD", 0)

    def find_plain(_: bytearray, bounds: Sequence[int]) -> list[bool]:
        tried.append(len(bounds) - 1)
        return [True] * (len(bounds) - 1)

    content = b"".join([*MEMBERS[:30], STORED_MAGIC, *MEMBERS[30:]])
    assert len(list(decode_members(BytesIO(content), find_plain))) == 3
    assert tried == [30, 30]


def test_reading_ahead_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzip_runs, "RUN_BYTES", 700)
    monkeypatch.setattr(gzip_runs, "_RUNS_AHEAD", 3)
    file = BytesIO(b"".join(MEMBERS))
    assert GzipRuns(file, lambda _, bounds: [False] * (len(bounds) - 1)).starting_at(0)
    assert file.tell() <= 5 * 700


def record(kind: str, head: str, http: str, body: str | bytes) -> bytes:
    """Return a record in the usual form, with further lines of its two heads."""
    block = (f"HTTP/1.1 200 OK\r\n{http}\r\n" if http else "").encode()
    block += body.encode() if isinstance(body, str) else body
    said = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{head}Content-Length: {len(block)}\r\n\r\n"
    return said.encode() + block + b"\r\n\r\n"


RESPONSE, HTML = (
    "Content-Type: application/http; msgtype=response\r\n",
    "Content-Type: text/html\r\n",
)
GZIP, CHUNKED = "Content-Encoding: gzip\r\n", "transfer-encoding: chunked \r\n"


def chunk(body: bytes) -> bytes:
    """Return a body in chunked coding."""
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


TWO_CHUNKS = b"2\r\n\xe2\x84\r\n1\r\n\x83\r\n0\r\n\r\n"  # the unit
PLAIN = {
    "html": record("response", RESPONSE, HTML, "<p>날씨"),
    "charset": record("response", RESPONSE, "content-type: TEXT/html; charset=x\r\nA: b\r\n", "c"),
    "text": record("response", RESPONSE, "Content-Type: text/plain\r\n", "5 °F"),
    "WET": record("conversion", "Content-Type: text/plain\r\n", "", "맑음"),
    "mark": record("response", RESPONSE, HTML, "\ufeff<p>"),
    "chunked": record("response", RESPONSE, HTML + CHUNKED, "1\r\nx\r\n0\r\n\r\n"),
    "coded": record("response", RESPONSE, HTML + GZIP, gzip.compress("<p>날씨".encode())),
    "both": record("response", RESPONSE, HTML + GZIP + CHUNKED, chunk(gzip.compress(b"<p>"))),
    "coded first": record("response", RESPONSE, GZIP + HTML, gzip.compress("<p>날씨".encode())),
    "not coded": record("response", RESPONSE, HTML + GZIP, "<p>날씨"),
}
OTHERS = {
    "unit": record("response", RESPONSE, HTML, "3.2℃"),
    "entity": record("response", RESPONSE, HTML, "3.2&#8451;"),
    "image": record("response", RESPONSE, "Content-Type: image/png\r\n", "x"),
    "no type": record("response", RESPONSE, "Server: x\r\n", "<html>"),
    "two types": record("response", RESPONSE, HTML + "Content-Type: image/png\r\n", "x"),
    "two types in one": record("response", RESPONSE, "Content-Type: text/html, image/png\r\n", "x"),
    "generic": record("response", RESPONSE, "Content-Type: */*\r\n", "<html>"),
    "feed": record("response", RESPONSE, HTML, '<?xml version="1.0"?><current><weather>'),
    "xml": record("response", RESPONSE, "Content-Type: text/xml\r\n", "<a>"),
    "coded unit": record("response", RESPONSE, HTML + GZIP, gzip.compress("3.2℃".encode())),
    "coded feed": record("response", RESPONSE, HTML + GZIP, gzip.compress(b"<current>")),
    "coded zero": record("response", RESPONSE, HTML + GZIP, gzip.compress(b"<\0")),
    "coded twice": record("response", RESPONSE, HTML + GZIP, gzip.compress(gzip.compress(b"x"))),
    "coded bomb": record("response", RESPONSE, HTML + GZIP, BOMB),
    "cut coding": record("response", RESPONSE, HTML + GZIP, gzip.compress(b"<p>")[:-1]),
    "damaged coding": record("response", RESPONSE, HTML + "Content-Encoding: br\r\n", b"\0\xff"),
    "unit in two chunks": record("response", RESPONSE, CHUNKED + HTML, TWO_CHUNKS),
    "cut chunk": record("response", RESPONSE, HTML + CHUNKED, "2\r\nx\r\n"),
    "folded": record("response", RESPONSE, HTML + "A: b\r\n Content-Encoding: br\r\n", "x"),
    "form feed": record("response", RESPONSE, HTML + "A: b : c\r\n\fContent-Encoding: br\r\n", "x"),
    "tab": record("response", RESPONSE, HTML + "A: b : c\r\nContent-Encoding\v: br\r\n", "x"),
    "empty line": record("response", RESPONSE, HTML + "A: b\n\n", "x"),
    "blank": record("response", RESPONSE, HTML + "Content-Encoding : br\r\n", "x"),
    "zero": record("response", RESPONSE, HTML, "<\0h\0"),
    "segment": record("response", "WARC-Segment-Number: 1\r\n" + RESPONSE, HTML, "x"),
    "truncated": record("response", "WARC-Truncated: length\r\n" + RESPONSE, HTML, "x"),
    "request": record("request", RESPONSE, HTML, "x"),
    "not http": record("response", HTML, "", "<html>"),
    "no status": record("response", RESPONSE, "", "<html>"),
    "length": PLAIN["html"].replace(b"Length: ", b"Length: 1"),
    "two records": PLAIN["html"] * 2,
    "not UTF-8": PLAIN["html"].replace("날".encode(), b"\xb3\xaf"),
    "no record": b"WARC/1.0\r\n\r\n\r\n\r\n",
}


def test_only_usual_pages_without_a_unit_are_plain() -> None:
    members = [*PLAIN.values(), *OTHERS.values()]
    bounds = [0]
    for member in members:
        bounds.append(bounds[-1] + len(member))
    found = plain_pages(bytearray(b"".join(members)), bounds)
    assert dict(zip([*PLAIN, *OTHERS], found, strict=True)) == dict.fromkeys(
        PLAIN, True
    ) | dict.fromkeys(OTHERS, False)


@pytest.mark.parametrize("member", PLAIN.values(), ids=PLAIN)
def test_a_plain_page_is_a_page_without_problems(member: bytes) -> None:
    events = decode_members(BytesIO(gzip.compress(member)))
    (found,) = split_records(events, MAX_HEAD_BYTES, len(member))
    assert isinstance(found, Record)
    problems = FileProblems("a.warc.gz")
    page = RecordReader("file:///a.warc.gz", MEMBER_BYTES, problems).page_of(found)
    assert page
    assert page.kind in ("html", "text")
    assert not problems.all()
