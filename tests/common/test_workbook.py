"""Workbooks: what a spreadsheet cannot hold becomes text, null or an error, never another value."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from nalssi.common import workbook
from nalssi.common.workbook import Sheet, WorkbookError, about_sheet, generator_of, write_workbook


def written(rows: list[list[Any]]) -> Any:
    columns = [f"c{number}" for number in range(len(rows[0]))]
    stream = io.BytesIO()
    write_workbook(stream, [Sheet("readings", columns, rows)], "nalssi 1")
    return load_workbook(stream)


def test_cells_have_the_type_of_their_value() -> None:
    noon = datetime(2025, 12, 19, 3, 0, tzinfo=UTC)
    row = [1, 2.5, Decimal("3.5"), True, "서울", date(2025, 12, 19), noon, time(9, 30)]
    (cells,) = written([row])["readings"].iter_rows(min_row=2, values_only=True)
    midnight, korean_noon = datetime(2025, 12, 19), datetime(2025, 12, 19, 12)
    assert cells == (1, 2.5, 3.5, True, "서울", midnight, korean_noon, time(9, 30))


def test_what_a_spreadsheet_cannot_count_is_text() -> None:
    row = [10**15, -(10**17), date(1899, 1, 1), timedelta(1), b"\x00\xff", ["a", "b"], {"k": [1]}]
    (cells,) = written([row])["readings"].iter_rows(min_row=2, values_only=True)
    assert cells == (
        "1000000000000000",
        "-100000000000000000",
        "1899-01-01",
        "1 day, 0:00:00",
        "00ff",
        "a b",
        '{"k": [1]}',
    )


def test_null_and_values_that_are_no_number_are_empty() -> None:
    row = ["x", None, float("nan"), float("inf"), Decimal("NaN")]
    (cells,) = written([row])["readings"].iter_rows(min_row=2, values_only=True)
    assert cells == ("x", None, None, None, None)


@pytest.mark.parametrize(
    "text", ["=1+1", "{=1}", "http://example.kr/", "12", "a\x1bb", "_x001B_", ""]
)
def test_a_text_stays_this_text(text: str) -> None:
    (cell,) = next(written([[text, "x"]])["readings"].iter_rows(min_row=2, max_col=1))
    assert cell.data_type == "s" or not text
    assert unescape(cell.value or "") == text
    assert cell.hyperlink is None


def test_the_header_is_frozen_and_rows_can_be_filtered() -> None:
    sheet = written([[1, 2], [3, 4]])["readings"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")


def test_a_text_that_is_too_long_is_an_error() -> None:
    with pytest.raises(WorkbookError, match=r"row 2, column 1: .* 32,767 characters.* 32,768"):
        written([["x"], ["x" * 32_768]])


def test_too_many_rows_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 2)
    written([[1], [2]])
    with pytest.raises(WorkbookError, match="at most 2 rows"):
        written([[1], [2], [3]])


def test_a_workbook_states_its_generator(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(str(path), [about_sheet([("key", 1)])], "nalssi 1.2 & more")
    assert generator_of(path) == "nalssi 1.2 & more"
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 no archive")
    assert generator_of(tmp_path / "b.xlsx") == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of zipfile
def test_a_workbook_that_cannot_be_written_raises_the_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_workbook(str(tmp_path / "missing" / "a.xlsx"), [Sheet("a", ("b",), [])], "a test")
