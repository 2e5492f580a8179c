"""The gallery publishes no invisible character, no local path, no secret and no formula."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from nalssi.common.safe_text import safe_text
from nalssi.common.spreadsheet import is_formula
from nalssi.gallery.public_links import links_to, public_address
from nalssi.warehouse import Warehouse
from tests.warehouse.make_parts import Page, Ticker

from .site import addresses, built, contents, load, text

HOSTILE = "\x00\x07\x1b[2J\x7f\x85\x9b31m\u00ad\u061c\u200b\u200e\u202e\u2028\u2066\ufeff\U000e0041"
HOSTILE += "<script>alert(1)</script>\" ' onload=x &"
DAY = date(2025, 12, 19)
PRIVATE = "kim-minji"
"""Marks private paths and secrets. No file of the gallery may contain it."""

LOCAL = [
    f"file:///home/{PRIVATE}/pages/one.html",
    f"file:///home/{PRIVATE}/pages/",
    f"file:///C:/Users/{PRIVATE}/Documents/two.html",
    f"file://C:\\Users\\{PRIVATE}\\three.html",
    f"file://server/{PRIVATE}/four.html",
    f"file:////server/{PRIVATE}/five.html",
    f"\\\\server\\{PRIVATE}\\six.html",
    f"C:\\Users\\{PRIVATE}\\seven.html",
    f"/home/{PRIVATE}/eight.html",
    f"~/{PRIVATE}/nine.html",
    f"file:///home/{PRIVATE}/corpus.jsonl#line=7",
    f"file:%2F%2F%2Fhome%2F{PRIVATE}%2Ften.html",
    f"file:///%252Fhome%252F{PRIVATE}%252Feleven.html",
    f"FILE:///home/{PRIVATE}/twelve.html",
    f"view-source:file:///home/{PRIVATE}/thirteen.html",
    f"s3://{PRIVATE}:secret@bucket/{PRIVATE}/fourteen.html?token={PRIVATE}",
    f"ftp://user:{PRIVATE}@host",
    f"http:///home/{PRIVATE}/fifteen.html",
    f"https:\\\\user:{PRIVATE}@host",
    f"http://[{PRIVATE}/sixteen.html",
]
WEB = {
    f"https://user:{PRIVATE}@news.example/a?idxno=1": "https://news.example/a?idxno=1",
    f"https://{PRIVATE}@news.example:8443/a": "https://news.example:8443/a",
    f"https://a@{PRIVATE}@news.example/a": "https://news.example/a",
    f"https://news.example/a?token={PRIVATE}&page=2": "https://news.example/a?page=2",
    f"https://news.example/a?X-Amz-Credential={PRIVATE}&X-Amz-Signature={PRIVATE}": (
        "https://news.example/a"
    ),
    f"https://news.example/a?sig={PRIVATE}": "https://news.example/a",
    f"https://news.example/a?API%5FKEY={PRIVATE}&x": "https://news.example/a?x",
    f"https://apihub.example/typ01?tm=1&authKey={PRIVATE}": "https://apihub.example/typ01?tm=1",
    f"https://data.example/x?serviceKey={PRIVATE}": "https://data.example/x",
    f"https://news.example/a;jsessionid={PRIVATE}?x=1": "https://news.example/a?x=1",
    f"https://news.example/a#access_token={PRIVATE}": "https://news.example/a",
    f"https://news.example/a?a=1;token={PRIVATE}": "https://news.example/a?a=1",
    f"https://news.example/a?token={PRIVATE};a=1&b=2;c": "https://news.example/a?a=1&b=2;c",
    f"https://news.example/a?a=1&amp;token={PRIVATE}": "https://news.example/a?a=1&amp",
    f"https://news.example/a?code={PRIVATE}&state=x": "https://news.example/a?state=x",
    f"https://news.example/a?id=3&code=4%2F0AY0e-g7{PRIVATE}": "https://news.example/a?id=3",
    f"https://news.example/a?id=3&ticket=ST-1-{PRIVATE}": "https://news.example/a?id=3",
    f"https://news.example/a?u=file:///home/{PRIVATE}/x&p=1": "https://news.example/a?p=1",
    f"https://news.example/a?u=FILE%253A%252F%252F%252Fhome%252F{PRIVATE}": (
        "https://news.example/a"
    ),
    f"https://news.example/file:///home/{PRIVATE}/x": "https://news.example/",
    f"https://news.example/a#file:///home/{PRIVATE}/x": "https://news.example/a",
    f"https://news.example/a?u=https%3A%2F%2Fb.example%2F%3Ftoken%3D{PRIVATE}&p=1": (
        "https://news.example/a?p=1"
    ),
    f"https://news.example/a?u=https://me:{PRIVATE}@b.example/": "https://news.example/a",
    "https://news.example/a?u=https://b.example/?p=1;2&profile=2": (
        "https://news.example/a?u=https://b.example/?p=1;2&profile=2"
    ),
    "https://news.example/a?code=B&key=7#top": "https://news.example/a?code=B&key=7#top",
    "http://뉴스.한국/날씨?q=서울": "http://뉴스.한국/날씨?q=서울",
    "HTTP://news.example/a\u202eb": "http://news.example/a\\u202eb",
}


@pytest.mark.parametrize("uri", LOCAL)
def test_only_the_name_of_a_file_is_published(uri: str) -> None:
    address = public_address(uri)
    assert PRIVATE not in address
    assert not re.search(r"[/\\]", address)
    assert links_to(address) is None


def test_the_name_of_a_file_stays_readable() -> None:
    assert public_address("file:///home/a/%EB%82%A0%EC%94%A8%20%231.html") == "날씨 #1.html"
    assert public_address("file:///home/a/corpus.jsonl#line=7") == "corpus.jsonl#line=7"
    assert public_address("file:///home/a/me@home.html") == "me@home.html"
    assert public_address("stdin:") == "stdin:"
    assert public_address("") == ""


@pytest.mark.parametrize(("uri", "address"), WEB.items())
def test_no_secret_of_a_web_address_is_published(uri: str, address: str) -> None:
    assert public_address(uri) == address
    assert links_to(address) == (None if "\\" in address else address)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "one.html", "//a/b"]
)
def test_only_a_web_page_becomes_a_link(address: str) -> None:
    assert links_to(public_address(address)) is None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery of a warehouse in which every text from outside is hostile."""
    warehouse = Warehouse(tmp_path_factory.mktemp("published") / "warehouse")
    tickers = [
        Ticker(DAY, {108: -3.2, 159: 4.1}, condition_raw=HOSTILE),
        Ticker(None, {108: 1.0}, condition_raw=f"={HOSTILE}"),
    ]
    uris = [*LOCAL, *WEB, f"https://news.example/{HOSTILE}", f"file:///tmp/{PRIVATE}/{HOSTILE}"]
    rejected = [HOSTILE, f"={HOSTILE}", "- 거제 -2.8℃", "\t=1"]
    pages = [
        Page(uri, tickers, rejected, site=f"{HOSTILE}{number}.example", reason="cut_line")
        for number, uri in enumerate(uris)
    ]
    load(warehouse, pages)
    with warehouse.writer() as con:
        con.execute("UPDATE stations SET name_ko = name_ko || $1", [HOSTILE])
        con.execute("UPDATE stations SET name_en = name_en || $1", [HOSTILE])
        con.execute("UPDATE regions SET name_ko = name_ko || $1", [HOSTILE])
    built(warehouse)
    return warehouse.gallery


def test_no_file_of_the_gallery_holds_invisible_characters_or_secrets(site: Path) -> None:
    files = contents(site)
    assert {Path(name).suffix for name in files} >= {".html", ".csv", ".js", ".css", ".svg"}
    for name, raw in files.items():
        assert PRIVATE.encode() not in raw, name
        written = raw.decode("utf-8-sig" if name.endswith(".csv") else "utf-8")
        unseen = {c for c in written if unicodedata.category(c) in ("Cc", "Cf", "Co", "Zl", "Zp")}
        assert unseen <= {"\n"}, name
    assert safe_text("\x1b[2J") in text(site / "quality.html")
    assert "\\u202e" in text(site / f"dates/{DAY}.html")


def test_no_link_or_script_of_the_gallery_comes_from_the_data(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert "<script>alert" not in page.read_text("utf-8")
        for tag, address in addresses(page):
            assert safe_text(address) == address
            assert tag == "a" or "://" not in address
            assert not re.match(r"(?i)\s*(javascript|data|file):", address)


def test_no_cell_of_a_csv_file_is_a_formula(site: Path) -> None:
    tables = list(site.rglob("*.csv"))
    assert len(tables) > 5
    for table in tables:
        raw = table.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf"), table
        for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")):
            for cell in row:
                assert not is_formula(cell) or re.fullmatch(r"-?\d+(\.\d+)?|'.*", cell), table
    rejects = (site / "data/rejects.csv").read_text("utf-8-sig")
    assert "'- 거제 -2.8℃" in rejects
    assert ",one.html," in rejects
