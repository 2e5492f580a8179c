"""MHTML files and mails: the page, its frames, and hostile ones."""

from __future__ import annotations

import base64
import gzip
import quopri
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from pathlib import Path

import pytest

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.mhtml import read_mhtml
from tests.sources.sample_sources import TICKER, TICKER_LINES, html, rows

ADDRESS = "https://www.uridongne.example/news/2?a=b"
SAVED_AT = datetime(2025, 12, 19, 3, 4, 5, tzinfo=UTC)
TEXT = "\n".join(["2025.12.19 (금)", *TICKER_LINES, "기상청 제공"])


def part(
    content: bytes,
    encoding: str = "quoted-printable",
    content_type: str = "text/html",
    location: str | None = ADDRESS,
    **headers: str,
) -> bytes:
    """A part of an MHTML file, in that transfer encoding."""
    written = {
        "quoted-printable": quopri.encodestring,
        "base64": base64.encodebytes,
        "8bit": bytes,
        "binary": bytes,
    }[encoding](content)
    lines = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}"]
    lines += [f"Content-Location: {location}"] if location else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + written


def mhtml(
    *parts: bytes,
    date: str = "Fri, 19 Dec 2025 12:04:05 +0900",
    location: str | None = ADDRESS,
    parameters: str = "",
    last: bytes = b"--",
) -> bytes:
    """An MHTML file as Chrome writes it."""
    head = [
        "From: <Saved by Blink>",
        *([f"Snapshot-Content-Location: {location}"] if location else []),
        "Subject: x",
        *([f"Date: {date}"] if date else []),
        "MIME-Version: 1.0",
        'Content-Type: multipart/related;\r\n\ttype="text/html";',
        f'\t{parameters}boundary="--x.y"',
    ]
    body = b"".join(b"\r\n----x.y\r\n" + one for one in parts)
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body + b"\r\n----x.y" + last + b"\r\n"


IMAGE = part(b"\x89PNG\r\n\x1a\n\0\0", "base64", "image/png", "https://x.example/a.png")


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        *((encoding, "utf-8") for encoding in ("quoted-printable", "base64", "8bit", "binary")),
        *((encoding, "cp949") for encoding in ("quoted-printable", "base64", "8bit")),
        *((encoding, "utf-16") for encoding in ("base64", "binary")),
    ],
)
@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.html", "a.eml", "a.txt", "a", "a.mht.gz"])
def test_an_mhtml_page_has_its_address_and_time(
    tmp_path: Path, encoding: str, charset: str, name: str
) -> None:
    raw = mhtml(part(html(charset), encoding), IMAGE)
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    (row,) = rows(tmp_path / name)
    assert str(row["text"]).startswith(TEXT)
    assert (row["uri"], row["site"]) == (ADDRESS, "uridongne.example")
    assert (row["captured_at"], row["media_type"]) == (SAVED_AT, "text/html")


def test_mhtml_with_lf_alone_and_a_charset_in_its_part_is_read(tmp_path: Path) -> None:
    page = part(html("cp949", ""), content_type='text/html; charset="ks_c_5601-1987"')
    (tmp_path / "a.mht").write_bytes(mhtml(page).replace(b"\r\n", b"\n"))
    (row,) = rows(tmp_path / "a.mht")
    assert str(row["text"]).startswith(TEXT)


def test_mhtml_of_one_part_has_the_page_as_its_body(tmp_path: Path) -> None:
    head = b"From: <Saved by Windows Internet Explorer 8>\r\nMIME-Version: 1.0\r\n"
    (tmp_path / "a.mht").write_bytes(head + part(html(), "base64"))
    (row,) = rows(tmp_path / "a.mht")
    assert (row["uri"], row["captured_at"]) == (ADDRESS, None)


def test_the_page_is_the_part_that_start_or_the_address_names_and_frames_are_pages_too() -> None:
    frame = part(b"<p>frame</p>", location="https://ad.example/f")
    page = part(html(), Content_ID="<main@x>")
    for raw in (
        mhtml(frame, page),
        mhtml(frame, page, location=None, parameters='start="<main@x>"; '),
    ):
        first, second = read_mhtml(raw)
        assert (first.address, first.part) == (ADDRESS, "")
        assert (second.address, second.part) == ("https://ad.example/f", "part=2")
    assert read_mhtml(mhtml(frame, page, location=None))[0].address == "https://ad.example/f"


def test_a_frame_without_an_address_gets_one_with_its_part(tmp_path: Path) -> None:
    frame = part(html(), location="cid:frame-1@mhtml.blink")
    (tmp_path / "a.mhtml").write_bytes(mhtml(part(b"<p>x</p>"), frame))
    (row,) = rows(tmp_path / "a.mhtml")
    assert row["uri"] == f"{(tmp_path / 'a.mhtml').as_uri()}#part=2"


def test_parts_inside_parts_are_found(tmp_path: Path) -> None:
    inner = MIMEMultipart("alternative")
    text, page = (MIMENonMultipart("text", kind) for kind in ("plain", "html"))
    text.set_payload("x")
    page.set_payload(html().decode(), "utf-8")
    inner.attach(text)
    inner.attach(page)
    outer = MIMEMultipart("mixed")
    outer.attach(inner)
    (tmp_path / "a.eml").write_bytes(bytes(outer))
    (row,) = rows(tmp_path / "a.eml")
    assert row["uri"] == "https://www.uridongne.example/news/1"  # its canonical address


def test_a_mail_without_html_is_its_text(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Received"], mail["Subject"] = "from a by b", "날씨"
    mail.set_content(TICKER)
    mail.add_attachment(b"\0", "image", "png")
    (tmp_path / "a.eml").write_bytes(bytes(mail))
    (row,) = rows(tmp_path / "a.eml")
    assert str(row["text"]).strip() == TICKER
    assert row["uri"] == (tmp_path / "a.eml").as_uri()


@pytest.mark.parametrize(
    ("date", "meant"),
    [
        ("Fri, 19 Dec 2025 03:04:05 -0000", SAVED_AT),  # Chrome
        ("Fri, 19 Dec 2025 03:04:05 GMT", SAVED_AT),
        ("19 Dec 2025 12:04:05 +0900", SAVED_AT),
        ("Fri, 19 Dec 2025 12:04:05", None),
        ("2025년 12월 19일", None),
        ("Fri, 39 Dec 2025 12:04:05 +0900", None),
        ("Fri, 19 Dec 99999 12:04:05 +0900", None),
        ("", None),
    ],
)
def test_a_date_without_an_offset_is_no_capture_time(date: str, meant: datetime | None) -> None:
    assert read_mhtml(mhtml(part(html()), date=date))[0].captured_at == meant


@pytest.mark.parametrize(
    "location", ["file:///C:/Users/me/a.html", "javascript:alert(1)", "http://me:pw@a.example/", ""]
)
def test_an_invalid_content_location_is_not_used(location: str) -> None:
    page = part(b"<p>x</p>", location=location)
    assert read_mhtml(mhtml(page, location=location))[0].address is None


def test_mhtml_that_is_cut_off_gives_its_beginning(tmp_path: Path) -> None:
    whole = mhtml(part(html(), "8bit"))
    cut = whole[: whole.index("비 또는".encode()) + 4]
    (tmp_path / "a.mhtml").write_bytes(cut)
    (row,) = rows(tmp_path / "a.mhtml")
    assert TICKER_LINES[1] in str(row["text"])
    assert TICKER_LINES[2] not in str(row["text"])


def nested(depth: int) -> bytes:
    raw = part(html())
    for number in range(depth):
        head = f'Content-Type: multipart/mixed; boundary="b{number}"\r\n\r\n--b{number}\r\n'
        raw = head.encode() + raw + f"\r\n--b{number}--\r\n".encode()
    return b"MIME-Version: 1.0\r\n" + raw


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (mhtml(IMAGE), "MHTML without an HTML part"),
        (nested(1000), "parts inside parts, more than 5 deep"),
        (b"MIME-Version: 1.0\r\nX: " + b"; " * 2**20, "headers of more than 64 KiB"),
        (mhtml(b"Content-Type: text/html" + b";" * 2**20 + b"\r\n\r\nx"), "more than 16 KiB"),
    ],
    ids=["images", "nested", "headers", "header of a part"],
)
def test_hostile_mhtml_is_an_error_with_its_cause(raw: bytes, cause: str) -> None:
    with pytest.raises(UnreadableError, match=cause):
        read_mhtml(raw)


def test_five_levels_of_parts_are_read() -> None:
    assert read_mhtml(nested(5))[0].address == ADDRESS
