"""Tables for people: columns line up, and a narrow terminal hides columns and says so."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len

from nalssi.common.tables import print_fields, print_table, table_lines

HEAD = ("station_id", "name", "condition", "where")
ROWS = [("108", "서울", "clear", "Seoul"), ("201", "진도(첨찰산)", "rain", "Jindo, on a mountain")]


def test_columns_line_up_by_the_width_of_hangul() -> None:
    lines, hidden = table_lines(HEAD, ROWS, right_aligned=(True, False, False, False))
    assert lines == [
        "station_id  name          condition  where",
        "       108  서울          clear      Seoul",
        "       201  진도(첨찰산)  rain       Jindo, on a mountain",
    ]
    assert hidden == []


@pytest.mark.parametrize("width", [6, 12, 20, 40, 52, 80])
def test_a_table_fits_its_width_and_names_its_hidden_columns(width: int) -> None:
    lines, hidden = table_lines(HEAD, ROWS, width=width)
    assert all(cell_len(line) <= width for line in lines)
    shown = HEAD[: len(HEAD) - len(hidden)]
    assert shown
    assert (*shown, *hidden) == HEAD
    assert (hidden == []) == (width >= 40)


def test_the_widest_column_is_cut_with_an_ellipsis() -> None:
    lines, _ = table_lines(HEAD, ROWS, width=50)
    assert lines[2] == "201         진도(첨찰산)  rain       Jindo, on a …"


def test_a_cell_can_have_several_lines_and_a_head_a_rule() -> None:
    lines, _ = table_lines(("plan", "n"), [("scan\nfilter", "1")], rule="-")
    assert lines == ["plan    n", "------  -", "scan    1", "filter"]


def test_text_of_others_cannot_control_the_terminal() -> None:
    stream = io.StringIO()
    print_table(("source",), [("\x1b[2J",)], stream=stream)
    assert stream.getvalue() == "source\n\\x1b[2J\n"


def test_a_narrow_terminal_says_which_columns_it_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = io.StringIO()
    stream.isatty = lambda: True  # type: ignore[method-assign]
    print_table(HEAD, ROWS, stream=stream)
    assert stream.getvalue().endswith("(hidden: terminal too narrow for condition, where)\n")


def test_fields_line_up_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    print_fields([("readings", "24"), ("관측값", "3")])
    assert capsys.readouterr().out == "readings  24\n관측값    3\n"
