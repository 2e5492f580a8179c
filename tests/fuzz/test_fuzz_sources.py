"""Every file is read, or named with a cause. The files beside it are always read."""

from __future__ import annotations

import base64
import gzip
import io
import json
import plistlib
import tempfile
import zipfile
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from nalssi.sources import KINDS, Kind, plan
from nalssi.staging import stage
from tests.fuzz.fuzz_reading import Outcome, read_and_extract
from tests.fuzz.fuzz_settings import FUZZ
from tests.fuzz.strategies import KEYS, MARKUP, RECORDS, TEXTS, VALUES, damaged, feeds
from tests.sources.sample_sources import FEED, TICKER, TICKER_LINES, Record, html, write_warc

GOOD = {"text": TICKER, "url": "https://good.example/1", "date": "2025-12-20T00:00:00Z"}


def read_twice(
    files: dict[str, bytes], kind: Kind | None = None, zone: str | None = None
) -> Outcome:
    """Read these files twice. Both outcomes must be equal."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        first = read_and_extract(paths, kind, zone)
        assert read_and_extract(paths, kind, zone) == first
    return first


def good_lines(found: Outcome) -> int:
    """Number of readings from the intact ticker of the neighbouring file."""
    return len([row for row in found.readings if row[3] in (90, 108, 105, 100, 159)])


@FUZZ
@given(content=st.binary(max_size=300) | TEXTS.map(str.encode), kind=st.sampled_from(KINDS))
def test_any_bytes_are_read_as_any_kind_or_named_with_a_cause(content: bytes, kind: Kind) -> None:
    read_twice({"page": content}, kind)
    read_twice({"page": content, "page.txt": TICKER.encode()})


@FUZZ
@given(pages=st.lists(MARKUP, min_size=1, max_size=3))
@example(pages=["<!-- -->" * 500])
def test_files_beside_any_page_are_read_completely(pages: list[str]) -> None:
    files = {f"{n}.html": page.encode("utf-8", "surrogatepass") for n, page in enumerate(pages)}
    found = read_twice({**files, "good.txt": TICKER.encode()})
    assert good_lines(found) >= len(TICKER_LINES)


@FUZZ
@given(page=MARKUP, charset=st.sampled_from(["utf-8", "cp949", "utf-16", "johab", "latin-1"]))
def test_a_page_in_any_charset_is_read(page: str, charset: str) -> None:
    read_twice({"page.html": page.encode(charset, "replace")})


@FUZZ
@given(feed=feeds())
@example(feed=FEED.replace('"2017"', '"99999999999999999999"'))
@example(feed=FEED.replace('"2017"', '"9999"').replace('"08"', '"12"').replace('"04"', '"31"'))
@example(feed=FEED.replace('"98"', f'"{"9" * 5000}"'))
def test_any_feed_and_the_file_beside_it_are_read_or_named(feed: str) -> None:
    raw = feed.encode("utf-8", "surrogatepass")
    found = read_twice({"a.xml": raw, "b.xml": FEED.encode()})
    assert len(found.readings) >= 3


@FUZZ
@given(
    records=st.lists(
        RECORDS | VALUES | KEYS.flatmap(lambda key: VALUES.map(lambda value: {**GOOD, key: value})),
        max_size=4,
    ),
    junk=st.lists(st.binary(max_size=80), max_size=3),
    zone=st.sampled_from([None, "Asia/Seoul", "UTC"]),
)
@example(records=[{**GOOD, "date": 10**400}], junk=[], zone=None)
@example(records=[{**GOOD, "date": "0001-01-01T00:00:00+09:00"}], junk=[], zone=None)
@example(records=[{**GOOD, "text": "<!-- -->" * 500 + TICKER}], junk=[], zone=None)
@example(records=[], junk=[b'{"text":"' + "℃".encode() + b'","text":"a"}'], zone=None)
@example(records=[], junk=[b"\0"], zone=None)
@example(records=[], junk=[b"[" * 100_000 + "℃".encode()], zone=None)
def test_a_broken_record_of_jsonl_does_not_lose_its_neighbours(
    records: list[object], junk: list[bytes], zone: str | None
) -> None:
    good = json.dumps(GOOD).encode()
    lines = [json.dumps(record).encode() for record in records]
    lines += [line.replace(b"\n", b" ") for line in junk]
    found = read_twice(
        {"c.jsonl": b"\n".join([good, *lines, good.replace(b"/1", b"/2")])}, zone=zone
    )
    assert good_lines(found) >= 2 * len(TICKER_LINES)


def _docx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f"<w><p><t>{TICKER_LINES[0]}</t></p></w>")
    return file.getvalue()


WRAPPED_PAGES = {
    "page.mhtml": b"MIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(html())
    + b"\r\n--x--\r\n",
    "page.webarchive": plistlib.dumps(
        {"WebMainResource": {"WebResourceData": html(), "WebResourceMIMEType": "text/html"}},
        fmt=plistlib.FMT_BINARY,
    ),
    "page.docx": _docx(),
}


@FUZZ
@given(name=st.sampled_from(sorted(WRAPPED_PAGES)), data=st.data())
def test_a_damaged_wrapper_of_a_page_does_not_lose_its_neighbours(
    name: str, data: st.DataObject
) -> None:
    raw = data.draw(damaged(WRAPPED_PAGES[name]))
    found = read_twice({name: raw, "good.txt": TICKER.encode()})
    assert good_lines(found) >= len(TICKER_LINES)


@FUZZ
@given(
    texts=st.lists(
        st.none() | TEXTS.map(lambda t: t.encode("utf-8", "replace")) | st.binary(max_size=60),
        max_size=4,
    ),
    kind=st.sampled_from([pl.String, pl.Binary]),
    instants=st.lists(st.integers(-(2**62), 2**62), min_size=6, max_size=6),
    unit=st.sampled_from(["ms", "us", "ns"]),
)
@example(
    texts=["서울 3℃".encode("cp949"), b"\xff"], kind=pl.Binary, instants=[2**62] * 6, unit="ms"
)
def test_a_broken_row_of_parquet_does_not_lose_its_neighbours(
    texts: list[bytes | None], kind: type[pl.DataType], instants: list[int], unit: str
) -> None:
    rows = [TICKER.encode(), *texts, TICKER.encode()]
    if kind is pl.String:
        rows = [row and row.decode("utf-8", "replace").encode() for row in rows]
    frame = pl.DataFrame(
        {
            "text": pl.Series(rows, dtype=pl.Binary),
            "timestamp": pl.Series(instants[: len(rows)], dtype=pl.Int64),
        }
    ).with_columns(pl.col("text").cast(kind), pl.col("timestamp").cast(pl.Datetime(unit)))
    file = io.BytesIO()
    frame.write_parquet(file)
    found = read_twice({"c.parquet": file.getvalue()}, zone="Asia/Seoul")
    assert good_lines(found) >= 2 * len(TICKER_LINES)


@FUZZ
@given(
    payloads=st.lists(MARKUP.map(lambda t: t.encode("utf-8", "replace")), max_size=3),
    uri=st.sampled_from(
        ["", "http://a.example/", "\x1b]0;x\x07", "urn:x", "<>", "//", "http://[::1"]
    ),
    date=st.sampled_from(["2025-12-19T01:02:03Z", "0001-01-01T00:00:00+09:00", "yesterday", ""]),
    content_type=st.sampled_from(
        ["text/html", "text/html; charset=\x00", "text/plain", "text/xml"]
    ),
    packed=st.booleans(),
)
def test_a_broken_record_of_an_archive_does_not_lose_its_neighbours(
    payloads: list[bytes], uri: str, date: str, content_type: str, packed: bool
) -> None:
    hostile = [Record(uri, payload, content_type, date) for payload in payloads]
    good = Record("http://good.example/1", html())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.warc.gz")
        write_warc(path, [good, *hostile, good._replace(uri="http://good.example/2")], packed)
        found = read_twice({"a.warc.gz": path.read_bytes()})
    assert good_lines(found) >= 2 * len(TICKER_LINES)


def containers() -> dict[str, bytes]:
    """An undamaged file of each format."""
    lines = b"\n".join(
        json.dumps({**GOOD, "url": f"https://a.example/{n}"}).encode() for n in range(9)
    )
    parquet = io.BytesIO()
    pl.DataFrame([GOOD] * 9).write_parquet(parquet, row_group_size=3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.warc")
        records = [Record(f"http://a.example/{n}", html()) for n in range(3)]
        write_warc(path, records, packed=False)
        plain = path.read_bytes()
        write_warc(path, records)
        packed = path.read_bytes()
    return {
        "a.jsonl.gz": gzip.compress(lines, mtime=0),
        "a.jsonl.zst": zstandard.compress(lines),
        "a.parquet": parquet.getvalue(),
        "a.warc": plain,
        "a.warc.gz": packed,
        "a.warc.zst": zstandard.compress(plain),
        "a.html.gz": gzip.compress(html(), mtime=0),
        "a.html": html("cp949"),
        "a.xml": FEED.encode(),
    }


CONTAINERS = containers()


@pytest.mark.parametrize("name", CONTAINERS)
@FUZZ
@given(data=st.data())
def test_a_damaged_file_is_read_up_to_the_damage_or_named(name: str, data: st.DataObject) -> None:
    read_twice({name: data.draw(damaged(CONTAINERS[name]))})


NAMES = st.text(st.characters(exclude_characters="/\x00"), min_size=1, max_size=20).map(
    lambda name: name.encode("utf-8", "surrogatepass") + b".txt"
) | st.binary(min_size=1, max_size=20).map(lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_"))


@FUZZ
@given(names=st.lists(NAMES.filter(lambda name: name not in (b".", b"..")), max_size=4))
@example(
    names=[b"new\nline.txt", b"\xff\xfe.txt", b"\x1b[31m.txt", b"*.txt", b"-", b"#?%41: x.txt"]
)
def test_a_file_of_any_name_is_read_and_can_be_staged(names: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            Path(folder, name.decode("utf-8", "surrogateescape")).write_bytes(b"\0\x1f\x8bno page")
        Path(folder, "good.txt").write_bytes(TICKER.encode())
        asked = [Path(folder, name.decode("utf-8", "surrogateescape")) for name in names]
        found = read_and_extract([*asked, Path(folder)])
        assert good_lines(found) == len(TICKER_LINES)
        made = plan([folder])
        parts = [stage(partition, Path(folder, "staged")) for partition in made.partitions]
        assert sum(part.counts["reading_lines"] for part in parts) == len(TICKER_LINES)
