"""Official-hours files in every form they arrive in: read alike, or named for what they are."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest

from nalssi.observations import ObservationReport, files_in, load_observations
from nalssi.observations.asos_table import AsosError, read_asos
from nalssi.warehouse.warehouse_folder import Warehouse
from tests.observations.test_asos_table import HEADER, ROWS

TEXT = "\r\n".join([HEADER, *ROWS, ""])
QUOTED = '"' + TEXT[:-2].replace(",", '","').replace("\r\n", '"\r\n"') + '"\r\n'
TABS = TEXT.replace(",", "\t").replace("-0", ".").replace("2022-", "2022.").replace(" 0", " ")
CELLS = [
    "".join(f"<td> {field}\n</td>" for field in line.split(",")) for line in [HEADER, *ROWS, HEADER]
]
HTML = (
    "<html><head><meta charset='{charset}'></head><body><table><tr><td>ASOS</td></tr></table>"
    f"<table>{''.join(f'<tr>{cells}</tr>' for cells in CELLS)}</table></body></html>"
)
TITLED = (
    "<table><tr><td><table><tr><td colspan=4>지점 일시 기온(°C) 시간자료</td></tr>"
    f"{''.join(f'<tr>{cells}</tr>' for cells in CELLS)}</table></td></tr></table>"
)


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def encrypted(content: bytes) -> bytes:
    """The same zip, its members marked as encrypted, in their own headers and in the directory."""
    return content.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


def read(path: Path) -> tuple[int, int, list[tuple[object, ...]]]:
    """Rows, rows without a value, and the observations."""
    blocks = list(read_asos(path))
    found = pl.concat([block.observations for block in blocks]).drop("line")
    return sum(b.rows for b in blocks), sum(b.missing for b in blocks), sorted(found.rows())


@pytest.fixture
def expected(tmp_path: Path) -> tuple[int, int, list[tuple[object, ...]]]:
    path = tmp_path / "expected.csv"
    path.write_bytes(TEXT.encode("cp949"))
    found = read(path)
    assert found[:2] == (4, 1)
    return found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("portal.xls", TABS.encode("cp949")),
        ("tabs.txt", TABS.encode("utf-8-sig")),
        ("unicode.txt", TABS.encode("utf-16")),
        ("big-endian.txt", b"\xfe\xff" + TABS.encode("utf-16-be")),
        ("no-mark.txt", TEXT.encode("utf-16-le")),
        ("no-mark-be.txt", TEXT.encode("utf-16-be")),
        *(
            (f"{start}-{codec}.csv", (text.encode(codec)))
            for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-16", "utf-32")
            for start, text in {"quotes": QUOTED, "semicolons": TEXT.replace(",", ";")}.items()
        ),
        ("semicolons.csv", TEXT.replace(",", ";").encode("utf-8")),
        ("old-mac.csv", TEXT.replace("\r\n", "\r").encode("cp949")),
        ("a.csv.gz", gzip.compress(TEXT.encode("cp949"))),
        ("a.xls.gz", gzip.compress(TABS.encode("cp949"))),
        ("two-streams.gz", gzip.compress(TEXT[:80].encode()) + gzip.compress(TEXT[80:].encode())),
        ("a.zip", zipped(a__csv=TEXT.encode("cp949"))),
        ("zip-of-gz.zip", zipped(a__csv__gz=gzip.compress(TEXT.encode()))),
        ("with-notes.zip", zipped(**{"__MACOSX/__a": b"note", "d/a.csv": TEXT.encode()})),
        ("table.xls", HTML.format(charset="utf-8").encode()),
        ("titled.html", TITLED.encode()),
        ("table.html", HTML.format(charset="euc-kr").encode("cp949")),
    ],
)
def test_every_file_format_of_a_table_gives_the_same_rows(
    tmp_path: Path, expected: object, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert read(path) == expected


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "an Excel workbook: save"),
        (zipped(**{"xl/workbook.bin": b""}), "an Excel workbook: save it as CSV"),
        (zipped(**{"content.xml": b""}), "an OpenDocument file: save it as CSV"),
        (zipped(**{"word/document.xml": b""}), "a Word document"),
        (zipped(), "a zip file without a member"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "an Excel workbook of the older"),
        (b"<?xml version='1.0'?><Workbook xmlns:ss='urn:x'/>", "an XML file: save it as CSV"),
        (b"<html><body>no table</body></html>", "an HTML page without a table"),
        (b"%PDF-1.7", "a PDF"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it"),
        (gzip.compress(zipped(a__csv=b"")), "an archive inside an archive"),
        (gzip.compress(TEXT.encode() * 99)[:-30], "damaged"),
        (gzip.compress(TEXT.encode())[:40] + bytes(99), "damaged"),
        (b"PK\x03\x04" + bytes(99), "damaged"),
        (zipped(a__csv=TEXT.encode() * 99)[:-9], "damaged"),
        (b"PNG\x00\x00\x00\x01", "neither UTF-8 nor CP949 nor UTF-16 text"),
    ],
)
def test_the_error_names_the_format_of_another_file(
    tmp_path: Path, content: bytes, cause: str
) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(AsosError) as error:
        read(path)
    assert str(error.value).startswith(str(path))
    assert cause in str(error.value)


def report_of(folder: Path, *files: Path) -> ObservationReport:
    with Warehouse(folder / "warehouse").writer() as con:
        return load_observations(con, files)


def loaded(folder: Path, *files: Path) -> tuple[list[str], tuple[str, ...]]:
    """The tables used, and the failures."""
    report = report_of(folder, *files)
    return [str(file.path) for file in report.files if file.used], report.failures


def test_each_member_of_a_zip_is_read_or_reported_by_itself(tmp_path: Path) -> None:
    good, other = TEXT.encode("cp949"), TEXT.replace("08-08", "08-07").encode()
    nested = zipped(a__csv=good)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(a__csv=good, b__csv=other, c__csv=b"stn,tm,ta\n", d__zip=nested))
    used, failures = loaded(tmp_path, path)
    assert used == [f"{path}!a.csv", f"{path}!b.csv"]
    foreign, archive = failures
    assert foreign.startswith(f"{path}!c.csv, line 1: no column 지점, 일시")
    assert archive == f"{path}!d.zip: an archive inside an archive: unpack it"


NO_TABLES = {"c__txt": b"a note\n", "d__pdf": b"%PDF-1.7", "e__csv": b"", "f__md": b"# a"}


def test_a_member_that_is_no_table_is_reported_but_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(a__csv=TEXT.encode(), **NO_TABLES))
    report = report_of(tmp_path, path)
    assert (report.failures, len(report.files)) == ((), 1)
    names = [member.split("!")[1].split(":")[0].split(",")[0] for member in report.skipped_members]
    assert names == ["c.txt", "d.pdf", "e.csv", "f.md"]
    assert f"no table: {path}!d.pdf: a PDF" in str(report)


def test_a_zip_of_notes_alone_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(**NO_TABLES))
    report = report_of(tmp_path, path)
    assert (len(report.failures), report.skipped_members) == (4, ())


def test_an_encrypted_member_is_reported_and_nothing_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(encrypted(zipped(a__csv=TEXT.encode())))
    assert loaded(tmp_path, path) == ([], (f"{path}!a.csv: encrypted: unpack it",))


def test_a_korean_member_name_written_by_windows_is_decoded(tmp_path: Path) -> None:
    raw = zipped(**{"AA.csv": TEXT.encode()})
    path = tmp_path / "a.zip"
    path.write_bytes(raw.replace(b"AA.csv", "기".encode("cp949") + b".csv"))
    assert loaded(tmp_path, path) == ([f"{path}!기.csv"], ())


def test_a_table_is_not_read_beyond_its_size_limit(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress((HEADER + "\n" * 3_000_000).encode()))
    with pytest.raises(AsosError, match="uncompressed"):
        list(read_asos(path, max_bytes=1 << 20))


@pytest.fixture
def con(tmp_path: Path):
    with Warehouse(tmp_path / "warehouse").writer() as connection:
        yield connection


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ([], "no rows below the header"),
        (["90,속초,22-08-08 1:00,28,,,"], "none of 1 rows could be used: two_digit_year 1"),
        (
            ["90,속초,2022-08-08 1:00,,,,", "1,어디,2022-08-08 1:00,28,,,"],
            "none of 2 rows could be used: unknown_station 1, without a value 1",
        ),
    ],
)
def test_a_file_without_a_usable_row_is_a_failure(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, rows: list[str], cause: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEADER, *rows, ""]))
    assert load_observations(con, [path]).failures == (f"{path}: {cause}",)


def test_loading_a_file_twice_is_no_failure(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    assert load_observations(con, [path, path]).failures == ()


def test_numbers_as_pandas_writes_them_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["0,90.0,2022-08-08 01:00:00,28.0,0.0", "1,90.0,2022-08-08 02:00:00,,9.0"]
    path.write_text("\n".join([",지점,일시,기온(°C),기온 QC플래그", *rows, ""]))
    assert read(path)[:2] == (2, 1)


def test_official_files_of_a_folder_are_found_by_their_suffix(tmp_path: Path) -> None:
    names = ["a.csv", "B.XLS", "c.csv.gz", "d.zip", "notes.md", ".hidden.csv"]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "folder.csv").mkdir()
    assert {path.name for path in files_in(tmp_path)} == {"a.csv", "B.XLS", "c.csv.gz", "d.zip"}
    assert files_in(tmp_path / "nowhere") == []
