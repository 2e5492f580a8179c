"""Files that are not read in a folder or pattern: counted by format, named, and never lost."""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import tarfile
import wave
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from nalssi.sources import plan
from tests.sources.sample_sources import TICKER, html, problems, rows

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100


def zipped(*names: str, first: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.html"))
    return file.getvalue()


def sounded() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0" * 100)
    return file.getvalue()


def database(folder: Path) -> bytes:
    path = folder.parent / "made.sqlite"
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE a (b)")
    con.close()
    return path.read_bytes()


def picture(form: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, form)
    return file.getvalue()


FOREIGN = [
    ("a.pdf", b"%PDF-1.7\n\0", "PDF"),
    ("named.html", b"%PDF-1.7\n\0", "PDF"),
    ("a.rtf", b"{\\rtf1\\ansi \\'bc}", "RTF"),
    ("named.json", b"{\\rtf1\\ansi \\'bc}", "RTF"),
    ("a.zip", zipped("a.html"), "zip archive"),
    ("a.maff", zipped("1/index.html"), "MAFF archive"),
    ("a.hwpx", zipped("Contents/section0.xml", first=b"application/hwp+zip"), "Hangul (.hwpx)"),
    ("b", zipped(first=b"application/vnd.oasis.opendocument.text"), "OpenDocument (.odt)"),
    (
        "a.ods",
        zipped(first=b"application/vnd.oasis.opendocument.spreadsheet"),
        "OpenDocument (.ods)",
    ),
    ("a.epub", zipped(first=b"application/epub+zip"), "EPUB"),
    ("a.pptx", zipped("ppt/presentation.xml"), "PowerPoint (.pptx)"),
    ("a.docx", zipped("word/styles.xml"), "Word (.docx)"),
    ("a.xlsx", zipped("xl/workbook.xml"), "Excel (.xlsx)"),
    ("a.doc", OLE, "Word (.doc)"),
    ("c", OLE + "WordDocument".encode("utf-16-le"), "Word (.doc)"),
    ("a.xls", OLE, "Excel (.xls)"),
    ("a.hwp", OLE, "Hangul (.hwp)"),
    ("a.msg", OLE, "Outlook (.msg)"),
    ("locked.docx", OLE, "OLE document"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4", "7-Zip archive"),
    ("a.rar", b"Rar!\x1a\x07\x01\0", "RAR archive"),
    ("a.egg", b"EGGA\0\1", "EGG archive"),
    ("a.tar", tarred(), "tar archive"),
    ("a.tar.gz", gzip.compress(tarred()), "tar archive"),
    ("a.html.bz2", b"BZh91AY&SY", "bzip2"),
    ("a.html.xz", b"\xfd7zXZ\0\0", "xz"),
    ("a.csv", b"url,text\nhttp://a.example/,x\n", "CSV table"),
    ("a.tsv.gz", gzip.compress(b"url\ttext\n"), "CSV table"),
    ("a.url", b"[InternetShortcut]\r\nURL=https://a.example/\r\n", "shortcut"),
    ("a.lnk", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0", "shortcut"),
    ("a.webloc", b'<?xml version="1.0"?><plist><dict/></plist>', "shortcut"),
    ("a.mp4", b"\0\0\0\x18ftypmp42\0\0", "video"),
    ("a.webm", b"\x1aE\xdf\xa3\1\0", "video"),
    ("a.mp3", b"ID3\4\0\0", "audio"),
    ("a.wav", sounded(), "audio"),
    ("a.mbox", b"From a@b.example Fri Dec 19 12:04:05 2025\nSubject: x\n\nx", "mailbox"),
    ("a.arc", b"filedesc://a.arc 0.0.0.0 20250101000000 text/plain 76\n", "ARC"),
    ("a.xml", b"<?xml version='1.0'?><rss/>", "XML"),
    ("a.dat", b"\0\1\2\3\xff", "unknown binary format"),
    ("a.parquet", b"no parquet", "damaged parquet"),
    ("a.txt", b"", "empty file"),
    ("a.plist", b"bplist00\xd0\x08", "property list"),
]


@pytest.mark.parametrize(("name", "content", "form"), FOREIGN, ids=[row[0] for row in FOREIGN])
def test_an_unsupported_file_is_reported_alone_and_counted_in_a_folder(
    tmp_path: Path, name: str, content: bytes, form: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "page.html").write_bytes(html())
    alone = plan([str(tmp_path / name)])
    (problem,) = alone.problems
    assert str(problem).startswith(f"{tmp_path / name}: ")
    assert [(file.format, file.named) for file in alone.skipped] == [(form, True)]
    for source in (tmp_path, f"{tmp_path}/*"):
        made = plan([str(source)])
        assert [str(problem) for problem in made.problems] == [f"not read: 1 {form}"]
        (file,) = made.skipped
        assert (file.source, file.format, file.named) == (str(tmp_path / name), form, False)
        assert file.cause == problem.cause
        assert len(made.partitions) == 1


def test_a_database_is_reported_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(database(tmp_path))
    assert problems(tmp_path) == ["not read: 1 SQLite database"]


def test_one_line_counts_skipped_files_by_format_most_frequent_first(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF-1.7\n\0")
    for number in range(2):
        (tmp_path / f"{number}.doc").write_bytes(OLE)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.hwp").write_bytes(OLE)
    (tmp_path / "page.html").write_bytes(html())
    line = "not read: 3 PDF, 2 Word (.doc), 1 Hangul (.hwp)"
    assert problems(tmp_path) == [line]
    assert problems(tmp_path, f"{tmp_path}/*.pdf") == [line]  # each is counted once


@pytest.mark.parametrize(
    "name",
    [
        *("a.css", "a.js", "a.woff2", "a.py", "a.svg", "a.html.crdownload", "a.lock"),
        *("Thumbs.db", "desktop.ini", ".DS_Store", "~$report.docx", ".hidden.pdf"),
        *("README.md", "LICENSE.md", "__MACOSX/a.pdf", ".git/a.pdf"),
        *("page_files/a.pdf", "page_files/a.bin", "page.files/data.json", "page_files/x/a.xml"),
    ],
)
def test_ignored_files_are_not_counted(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
    (tmp_path / name).write_bytes(b"\0\1\2\3")
    (tmp_path / "page.html").write_bytes(html())
    made = plan([str(tmp_path)])
    assert (made.problems, made.skipped) == ([], [])


@pytest.mark.parametrize("form", ["png", "jpeg", "gif", "webp", "bmp", "tiff", "ico"])
def test_an_image_is_not_counted_whatever_its_name(tmp_path: Path, form: str) -> None:
    (tmp_path / "photo").write_bytes(picture(form))
    (tmp_path / "page.html").write_bytes(html())
    made = plan([str(tmp_path)])
    assert (made.problems, made.skipped) == ([], [])
    assert problems(tmp_path / "photo") == [f"{tmp_path / 'photo'}: an image, which holds no text"]


def test_a_folder_or_pattern_with_images_alone_holds_no_document(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture("png"))
    (tmp_path / "Thumbs.db").write_bytes(OLE)
    assert problems(tmp_path) == [f"{tmp_path}: no document in this folder"]
    assert problems(f"{tmp_path}/*.png") == [
        f"{tmp_path}/*.png: only images, scripts and similar files match, no document"
    ]


def test_files_in_a_folder_without_its_page_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "my_files"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1.7\n\0")
    assert problems(folder) == ["not read: 1 PDF"]


def test_a_folder_of_images_among_the_matches_of_a_glob_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "a.png").write_bytes(picture("png"))
    (tmp_path / "page.html").write_bytes(html())
    assert len(rows(f"{tmp_path}/*")) == 1


def test_pages_beside_a_saved_page_are_read(tmp_path: Path) -> None:
    """Chrome stores the pages of frames there."""
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "saved_resource.html").write_bytes(html())
    assert len(rows(tmp_path)) == 1


@pytest.mark.parametrize("name", ["clipping.md", "a.json", "notes.log"])
def test_text_in_a_folder_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    text = '{"text": "• 맑음서울 3.2℃"}' if name.endswith("json") else TICKER
    (tmp_path / name).write_text(text, "utf-8")
    assert len(rows(tmp_path)) == 1


@pytest.mark.parametrize("start", ["ID3", "BMW", "GIF89a", "From the newsroom\nUPDATED: 1", "RIFF"])
def test_a_text_may_begin_with_the_letters_of_another_format(tmp_path: Path, start: str) -> None:
    (tmp_path / "a.txt").write_text(f"{start}\n{TICKER}", "utf-8")
    assert len(rows(tmp_path)) == 1


@pytest.mark.parametrize("form", sorted({row[2] for row in FOREIGN}))
def test_the_documentation_names_every_unsupported_format(form: str) -> None:
    page = Path(__file__).parents[2].joinpath("docs", "sources.md").read_text("utf-8")
    name = re.search(r"\((.+)\)", form)
    word = name[1] if name else form.split()[0].removeprefix("unknown").removeprefix("damaged")
    assert word.lower() in page.lower()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("content", [TICKER, html().decode()], ids=["text", "html"])
def test_a_page_in_utf_16_or_32_is_read_with_and_without_a_mark(
    tmp_path: Path, encoding: str, mark: str, content: str
) -> None:
    (tmp_path / "a").write_bytes((mark + content).encode(encoding))
    (row,) = rows(tmp_path)
    assert "• 맑음서울 3.2℃" in str(row["text"]).replace("맑음 서울", "맑음서울")
    assert "\ufeff" not in str(row["text"])
