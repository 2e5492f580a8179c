"""Word documents and Excel workbooks: their texts, and hostile ones."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.docx import read_docx
from nalssi.sources.readers.pages.xlsx import read_xlsx
from nalssi.sources.readers.read_limits import ReadLimits
from nalssi.ticker import extract
from tests.sources.sample_sources import TICKER, batches, problems, rows

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


def test_a_docx_with_another_name_is_recognized_by_its_content(tmp_path: Path) -> None:
    body = "".join(map(paragraph, TICKER.splitlines()))
    path = packed(tmp_path / "a.bin", word__document2=document(body))
    assert [row["text"] for row in rows(path)] == [TICKER]


def test_items_breaks_and_tabs_of_a_docx_are_text_and_hidden_content_is_not(
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


def test_sheets_are_read_in_the_order_of_their_numbers(
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
    """Otherwise the date of one page would be the date of all."""
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
def test_a_hostile_docx_is_an_error_with_its_cause(
    tmp_path: Path, members: dict[str, str], cause: str
) -> None:
    path = packed(tmp_path / "a.docx", **members)
    (problem,) = problems(path, limits=ReadLimits(page_bytes=2**20))
    assert problem.startswith(f"{path}: Word (.docx): ")
    assert cause in problem


def test_a_docx_with_too_many_members_is_an_error(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.docx", **{f"word__x{n}": "" for n in range(20)})
    with pytest.raises(UnreadableError, match=r"^Word \(.docx\): more than 15 members$"):
        read_docx(path.read_bytes(), max_members=15)


def test_a_text_that_too_many_cells_share_is_an_error(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "a.xlsx",
        xl__sharedStrings=f'<sst xmlns="{SHEET}"><si><t>{"가" * 2**15}</t></si></sst>',
        xl__worksheets__sheet1=sheet('<c t="s"><v>0</v></c>' * 5000),
    )
    with pytest.raises(UnreadableError, match="a sheet of more than 1 MiB"):
        read_xlsx(path.read_bytes(), ReadLimits(page_bytes=2**20))


@pytest.mark.parametrize("cut", [30, 200])
def test_a_docx_that_is_cut_off_is_reported(tmp_path: Path, cut: int) -> None:
    whole = packed(tmp_path / "a.docx", word__document=document(paragraph("x"))).read_bytes()
    (tmp_path / "a.docx").write_bytes(whole[:-cut])
    assert problems(tmp_path / "a.docx") == [f"{tmp_path / 'a.docx'}: Word (.docx): damaged"]
