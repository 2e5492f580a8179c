"""The address and time that a saved page claims for itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nalssi.common.ids import document_id
from nalssi.sources.readers.pages.saved_page_address import saved_address
from tests.sources.sample_sources import TICKER_LINES, Record, rows, write_warc

SAVED = "https://www.a.example/news/1?b=c"
CANONICAL = "https://www.a.example/news/1"
SHARED = "https://m.a.example/news/1"
BASE = '<base href="https://www.a.example/news/">'
SAVED_AT = datetime(2025, 12, 19, 3, 4, 5, tzinfo=UTC)
JS_DATE = "Fri Dec 19 2025 12:04:05 GMT+0900 (대한민국 표준시)"


def page(top: str = "", head: str = "") -> str:
    lines = "".join(f"<p>{line}</p>" for line in TICKER_LINES)
    return f'<!DOCTYPE html>{top}<html><head><meta charset="utf-8">{head}</head>{lines}</html>'


def saved_from(address: str, length: int | None = None) -> str:
    return f"\n<!-- saved from url=({length or len(address):04}){address} -->\n"


def canonical(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


def og_url(address: str) -> str:
    return f'<meta property="og:url" content="{address}">'


def read(tmp_path: Path, markup: str, encoding: str = "utf-8") -> dict[str, object]:
    (tmp_path / "a.html").write_bytes(markup.encode(encoding))
    (row,) = rows(tmp_path / "a.html")
    return row


@pytest.mark.parametrize(
    ("top", "head", "address"),
    [
        (saved_from(SAVED), canonical(CANONICAL) + og_url(SHARED), SAVED),
        (saved_from(SAVED, 7), "", SAVED),
        (saved_from(SAVED).upper().replace(SAVED.upper(), SAVED), "", SAVED),
        ("", canonical(CANONICAL) + og_url(SHARED), CANONICAL),
        ("", og_url(SHARED) + canonical(CANONICAL), CANONICAL),
        ("", og_url(SHARED), SHARED),
        (saved_from("about:internet"), canonical(CANONICAL), CANONICAL),
        (saved_from("file:///C:/a.html"), canonical(CANONICAL), CANONICAL),
        ("", canonical("/news/1") + og_url(SHARED), SHARED),
        ("", canonical("//a.example/news/1") + og_url(SHARED), "https://a.example/news/1"),
        ("", BASE + canonical("1?b=c"), SAVED),
        ("", canonical("/news/1") + BASE + og_url(SHARED), CANONICAL),
        ("", BASE + canonical("//m.a.example/news/1"), SHARED),
        ("", BASE + canonical(SHARED), SHARED),
        ("", BASE + canonical("") + og_url(SHARED), SHARED),
        ("", BASE + '<base href="https://b.example/">' + canonical("1"), CANONICAL),
        ("", '<base href="/news/">' + canonical("1") + og_url(SHARED), SHARED),
        ("", '<base href="file:///C:/">' + canonical("1") + og_url(SHARED), SHARED),
        ("", BASE + canonical("javascript:void(0)") + og_url(SHARED), SHARED),
        ("", BASE + canonical("/a&#10;b") + og_url(SHARED), SHARED),
        ("", BASE + canonical("//[a/1") + og_url(SHARED), SHARED),
        ("", f'<meta name="og:url" content="{SHARED}">', SHARED),
        (f"<!-- saved from url={SAVED} -->", canonical(CANONICAL), SAVED),
        # some sites call their front page the canonical address of every article
        ("", canonical("https://www.a.example/") + og_url(SHARED), SHARED),
        ("", canonical("https://www.a.example/"), "https://www.a.example/"),
        ("", canonical("https://a.example?no=1") + og_url(SHARED), "https://a.example?no=1"),
        ("", canonical(CANONICAL + "#top"), CANONICAL),
    ],
)
def test_a_saved_page_has_the_address_that_it_claims(
    tmp_path: Path, top: str, head: str, address: str
) -> None:
    row = read(tmp_path, page(top, head))
    assert row["uri"] == address
    assert str(row["site"]).endswith("a.example")


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16", "utf-16-le"])
def test_the_address_is_found_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    label = "euc-kr" if encoding == "cp949" else encoding
    markup = page(saved_from(SAVED)).replace('charset="utf-8"', f'charset="{label}"')
    assert read(tmp_path, markup.replace("•", "ㆍ"), encoding)["uri"] == SAVED


@pytest.mark.parametrize(
    "note",
    [
        f"<!--\n Page saved with SingleFile \n url: {SAVED} \n saved date: {JS_DATE}\n-->",
        f"<!-- Saved from {SAVED} at 2025-12-19T03:04:05Z using monolith v2.8.1 -->",
        f'<meta name="savepage-url" content="{SAVED}">'
        f'<meta name="savepage-date" content="{JS_DATE}">',
    ],
    ids=["SingleFile", "monolith", "Save Page WE"],
)
def test_the_note_of_the_saving_program_gives_address_and_time(tmp_path: Path, note: str) -> None:
    row = read(tmp_path, page(note, canonical(CANONICAL)))
    assert (row["uri"], row["captured_at"]) == (SAVED, SAVED_AT)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Fri Dec 19 2025 03:04:05 GMT+0000 (Coordinated Universal Time)", SAVED_AT),
        ("2025-12-19T12:04:05+09:00", SAVED_AT),
        ("2025-12-19 12:04:05", None),
        ("Fri Dec 39 2025 12:04:05 GMT+0900", None),
        ("어제", None),
    ],
)
def test_a_saving_time_without_an_offset_is_unknown(
    tmp_path: Path, written: str, meant: datetime | None
) -> None:
    note = f"<!--\n Page saved with SingleFile \n url: {SAVED} \n saved date: {written}\n-->"
    assert read(tmp_path, page(note))["captured_at"] == meant


@pytest.mark.parametrize(
    "claimed",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://a.example/",
        "//localhost/news/1",
        "//127.0.0.1/news/1",
        "https://a.exam&#10;ple/",
        "/news/1",
        "https://user:password@a.example/",
        "https://user@a.example/",
        "https://a.example/\x1b[31m",
        "https://a.example/\u202e",
        "https://a.example/a b",
        'https://a.example/"><script>',
        "https://localhost/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::1",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://" + "a" * 3000 + ".example/",
        "https:///x",
        "",
    ],
)
def test_an_address_that_is_not_public_is_not_used(tmp_path: Path, claimed: str) -> None:
    assert saved_address(claimed) is None
    row = read(tmp_path, page(saved_from(claimed), canonical(claimed.replace('"', "&quot;"))))
    assert row["uri"] == (tmp_path / "a.html").as_uri()
    assert row["site"] is None


@pytest.mark.parametrize(
    "address", ["https://뉴스.example/기사/1", "http://a.example:8080/x?y=%20"]
)
def test_a_public_address_is_kept_as_it_is(address: str) -> None:
    assert saved_address(f" {address} ") == address


def test_a_comment_far_inside_the_page_is_ignored(tmp_path: Path) -> None:
    assert read(tmp_path, page(" " * 5000 + saved_from(SAVED)))["site"] is None


def test_a_page_saved_twice_is_one_document(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(page(saved_from(SAVED)), "utf-8")
    assert len(rows(tmp_path)) == 1


def test_pages_with_one_address_and_different_contents_are_two_documents(tmp_path: Path) -> None:
    for number in range(3):
        markup = page(head=canonical("https://a.example/")) + f"<p>{number}</p>"
        (tmp_path / f"{number}.html").write_text(markup, "utf-8")
    found = rows(tmp_path)
    assert {row["uri"] for row in found} == {"https://a.example/"}
    assert len({row["document_id"] for row in found}) == 3


def test_a_captured_page_keeps_its_captured_address(tmp_path: Path) -> None:
    markup = page(saved_from(SAVED), canonical(CANONICAL)).encode()
    write_warc(tmp_path / "a.warc.gz", [Record("http://b.example/1", markup)])
    (row,) = rows(tmp_path / "a.warc.gz")
    assert (row["uri"], row["site"]) == ("http://b.example/1", "b.example")


def test_a_record_of_a_corpus_keeps_its_uri_and_takes_the_claimed_site(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"html": page(saved_from(SAVED))}), "utf-8")
    (row,) = rows(tmp_path / "a.jsonl")
    assert row["uri"] == f"{(tmp_path / 'a.jsonl').as_uri()}#line=1"
    assert row["site"] == "a.example"


def test_the_document_id_uses_the_claimed_address(tmp_path: Path) -> None:
    """So a saved page and the same page, captured at an unknown time, are one document."""
    markup = page(saved_from(SAVED))
    row = read(tmp_path, markup)
    assert row["document_id"] == document_id(SAVED, None, markup.encode())


def test_a_base_alone_is_not_used_as_address(tmp_path: Path) -> None:
    assert str(read(tmp_path, page("", BASE))["uri"]).startswith("file:///")
