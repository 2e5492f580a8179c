"""Pages and texts inside MHTML, webarchives and office files."""

from __future__ import annotations

import base64
import gzip
import plistlib
import quopri
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from pathlib import Path

import pytest

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.docx import read_docx
from nalssi.sources.readers.pages.mhtml import read_mhtml
from nalssi.sources.readers.pages.webarchive import read_webarchive
from nalssi.sources.readers.pages.xlsx import read_xlsx
from nalssi.sources.readers.read_limits import ReadLimits
from nalssi.ticker import extract
from tests.sources.material import TICKER, TICKER_LINES, batches, html, problems, rows

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
def test_mhtml_is_the_page_under_its_address_at_its_time(
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


def test_a_frame_without_an_address_is_known_by_its_part(tmp_path: Path) -> None:
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
def test_the_time_of_saving_is_an_instant_or_unknown(date: str, meant: datetime | None) -> None:
    assert read_mhtml(mhtml(part(html()), date=date))[0].captured_at == meant


@pytest.mark.parametrize(
    "location", ["file:///C:/Users/me/a.html", "javascript:alert(1)", "http://me:pw@a.example/", ""]
)
def test_an_address_that_is_none_is_not_used(location: str) -> None:
    page = part(b"<p>x</p>", location=location)
    assert read_mhtml(mhtml(page, location=location))[0].address is None


def test_mhtml_cut_off_gives_what_there_is(tmp_path: Path) -> None:
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
def test_hostile_mhtml_is_refused_with_its_cause(raw: bytes, cause: str) -> None:
    with pytest.raises(UnreadableError, match=cause):
        read_mhtml(raw)


def test_five_levels_of_parts_are_read() -> None:
    assert read_mhtml(nested(5))[0].address == ADDRESS


def webarchive(content: bytes, address: str = ADDRESS, **more: object) -> dict[str, object]:
    return {
        "WebMainResource": {
            "WebResourceData": content,
            "WebResourceMIMEType": "text/html",
            "WebResourceTextEncodingName": "EUC-KR",
            "WebResourceURL": address,
            **more,
        }
    }


def test_a_webarchive_is_its_page_and_its_frames_under_their_addresses(tmp_path: Path) -> None:
    archive = webarchive(html("cp949", ""))
    archive["WebSubframeArchives"] = [webarchive(html("cp949", ""), "https://frame.example/1")]
    archive["WebSubresources"] = [{"WebResourceData": b"\x89PNG", "WebResourceURL": "x"}]
    raw = plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)
    for name in ("a.webarchive", "a"):
        (tmp_path / name).write_bytes(raw)
        page, frame = rows(tmp_path / name)
        assert str(page["text"]).startswith(TEXT)
        assert (page["uri"], page["site"]) == (ADDRESS, "uridongne.example")
        assert (frame["uri"], frame["captured_at"]) == ("https://frame.example/1", None)


@pytest.mark.parametrize("name", ["a.webarchive", "a", "a.xml"])
def test_a_webarchive_may_be_a_property_list_in_xml(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(plistlib.dumps(webarchive(html("cp949", ""))))
    (row,) = rows(tmp_path / name)
    assert row["uri"] == ADDRESS


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"bplist00 WebMainResource" + b"\xff" * 40, "a damaged Safari webarchive"),
        (b"<plist><dict><key>WebMainResource</key>", "a damaged Safari webarchive"),
        (b"<plist><true/><key>a</key></plist>", "a damaged Safari webarchive"),
        (
            b'<!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>',
            "a damaged Safari webarchive",
        ),
        (plistlib.dumps(["x"]), "a Safari webarchive without a page"),
        (plistlib.dumps(["x"], fmt=plistlib.FMT_BINARY), "a Safari webarchive without a page"),
        (
            plistlib.dumps(
                webarchive(b"\x89PNG", WebResourceMIMEType="image/png"), fmt=plistlib.FMT_BINARY
            ),
            "a Safari webarchive without a page",
        ),
    ],
    ids=["damaged", "cut xml", "no list", "entity", "xml list", "list", "image"],
)
def test_a_webarchive_without_a_page_is_named(raw: bytes, cause: str) -> None:
    with pytest.raises(UnreadableError, match=cause):
        read_webarchive(raw)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def packed(path: Path, **members: str) -> Path:
    """A zip with these members; `__` in a name is a slash."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        for name, content in members.items():
            file.writestr(f"{name.replace('__', '/')}.xml", content)
    return path


def document(body: str) -> str:
    return f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'


def paragraph(text: str, *, item: bool = False) -> str:
    number = "<w:pPr><w:numPr/></w:pPr>" if item else ""
    return f"<w:p>{number}<w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_docx_is_read_a_paragraph_a_line(tmp_path: Path) -> None:
    body = "".join(map(paragraph, TICKER.splitlines()))
    path = packed(tmp_path / "a.docx", word__document=document(body))
    (row,) = rows(path)
    assert row["text"] == TICKER
    assert row["uri"] == path.as_uri()
    assert str(row["media_type"]).endswith("wordprocessingml.document")


def test_a_docx_of_another_name_is_known_by_its_content(tmp_path: Path) -> None:
    body = "".join(map(paragraph, TICKER.splitlines()))
    path = packed(tmp_path / "a.bin", word__document2=document(body))
    assert [row["text"] for row in rows(path)] == [TICKER]


def test_items_breaks_and_tabs_of_a_docx_are_text_and_what_is_not_shown_is_none(
    tmp_path: Path,
) -> None:
    body = (
        paragraph("맑음서울 3.2℃", item=True)
        + "<w:p><w:r><w:t>비</w:t><w:tab/><w:t>부산</w:t><w:br/><w:t>8.0℃</w:t></w:r></w:p>"
        + "<w:p><w:del><w:r><w:delText>흐림대구 9.9℃</w:delText></w:r></w:del></w:p>"
        + "<Choice><w:p><w:r><w:t>가</w:t></w:r></w:p></Choice>"
        + "<Fallback><w:p><w:r><w:t>가</w:t></w:r></w:p></Fallback>"
    )
    raw = packed(tmp_path / "a.docx", word__document=document(body)).read_bytes()
    assert read_docx(raw)[0].raw.decode() == "• 맑음서울 3.2℃\n비 부산\n8.0℃\n가"


def cell(text: str, reference: str = "A1") -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(*rows_of_cells: str) -> str:
    inside = "".join(f"<row>{cells}</row>" for cells in rows_of_cells)
    return f'<worksheet xmlns="{SHEET}"><sheetData>{inside}</sheetData></worksheet>'


def test_an_xlsx_is_read_a_row_a_line(tmp_path: Path) -> None:
    date, *lines, end = TICKER.splitlines()
    shared = "".join(f"<si><t>{text}</t></si>" for text in lines)
    content = sheet(
        cell(date),
        *(f'<c t="s"><v>{n}</v></c>' for n in range(len(lines))),
        cell(end) + "<c><v>17</v></c>",
    )
    path = packed(
        tmp_path / "a.xlsx",
        xl__worksheets__sheet1=content,
        xl__sharedStrings=f'<sst xmlns="{SHEET}">{shared}</sst>',
    )
    (row,) = rows(path)
    assert str(row["text"]) == TICKER + " 17"
    found = extract(batches(path)[1][0].documents)
    assert found.lines["temperature_c"].to_list() == [3.2, 14.1, -0.4, 8.0]


def test_sheets_are_read_in_the_order_of_their_numbers_whatever_they_are_called(
    tmp_path: Path,
) -> None:
    members = {
        f"xl__worksheets__{name}": sheet(cell(f"{degrees}℃"))
        for name, degrees in (("sheet10", 10), ("sheet2", 2), ("Sheet", 0))
    }
    path = packed(tmp_path / "a.xlsx", **members)
    assert [row["text"] for row in rows(path)] == ["0℃", "2℃", "10℃"]


def test_condition_station_and_temperature_in_cells_are_one_line(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "a.xlsx",
        xl__worksheets__sheet1=sheet(cell("맑음") + cell("서울") + cell("3.2℃")),
    )
    assert [row["text"] for row in rows(path)] == ["맑음 서울 3.2℃"]


def test_cells_of_several_lines_are_pages_of_their_own(tmp_path: Path) -> None:
    """Else the date of one page would be that of all."""
    path = packed(
        tmp_path / "a.xlsx",
        xl__worksheets__sheet1=sheet(cell("본문"), cell(TICKER, "A2"), cell(TICKER + "\n끝", "A3")),
        xl__worksheets__sheet2=sheet(cell("서울 3.2℃")),
    )
    uri = path.as_uri()
    assert [row["uri"] for row in rows(path)] == [
        f"{uri}#sheet=1&cell=A2",
        f"{uri}#sheet=1&cell=A3",
        f"{uri}#sheet=2",
    ]


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>' + document(paragraph("&c;"))


@pytest.mark.parametrize(
    ("members", "cause"),
    [
        ({"word__styles": "<a/>"}, "no document in it"),
        ({"word__document": BOMB}, "word/document.xml: declares a document type"),
        ({"word__document": "<a><b></a>"}, "word/document.xml: not well-formed XML"),
        ({"word__document": "<a>" * 2000}, "more than 1,000 elements inside each other"),
        ({"word__document": document(" " * 2**21)}, "more than 1 MiB, unpacked"),
    ],
    ids=["none", "entities", "malformed", "deep", "zip bomb"],
)
def test_a_hostile_docx_is_refused_with_its_cause(
    tmp_path: Path, members: dict[str, str], cause: str
) -> None:
    path = packed(tmp_path / "a.docx", **members)
    (problem,) = problems(path, limits=ReadLimits(page_bytes=2**20))
    assert problem.startswith(f"{path}: Word (.docx): ")
    assert cause in problem


def test_a_docx_with_very_many_members_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.docx", **{f"word__x{n}": "" for n in range(20)})
    with pytest.raises(UnreadableError, match=r"^Word \(.docx\): more than 15 members$"):
        read_docx(path.read_bytes(), max_members=15)


def test_a_text_that_very_many_cells_name_is_bounded(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "a.xlsx",
        xl__sharedStrings=f'<sst xmlns="{SHEET}"><si><t>{"가" * 2**15}</t></si></sst>',
        xl__worksheets__sheet1=sheet('<c t="s"><v>0</v></c>' * 5000),
    )
    with pytest.raises(UnreadableError, match="a sheet of more than 1 MiB"):
        read_xlsx(path.read_bytes(), ReadLimits(page_bytes=2**20))


@pytest.mark.parametrize("cut", [30, 200])
def test_a_cut_docx_is_named(tmp_path: Path, cut: int) -> None:
    whole = packed(tmp_path / "a.docx", word__document=document(paragraph("x"))).read_bytes()
    (tmp_path / "a.docx").write_bytes(whole[:-cut])
    assert problems(tmp_path / "a.docx") == [f"{tmp_path / 'a.docx'}: Word (.docx): damaged"]
