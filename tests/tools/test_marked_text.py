"""Generated texts replace what stands between two marks, and tables of studies lose no column."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.markdown_tables import markdown_table, replace_table
from tools.marked_text import replace_marked

PAGE = "a\n<!-- measured: t -->\n| a | b |\n|---|---|\n<!-- end -->\nz\n"


def test_only_the_marked_text_is_replaced() -> None:
    replaced = replace_marked(PAGE, "measured: t", lambda before: before.upper() + "more\n")
    assert replaced == PAGE.replace("| a | b |", "| A | B |").replace("<!-- end", "more\n<!-- end")


@pytest.mark.parametrize("page", ["", PAGE + PAGE])
def test_a_mark_that_is_missing_or_there_twice_is_an_error(page: str) -> None:
    with pytest.raises(ValueError, match=r"has [02] places for measured: t instead of one"):
        replace_marked(page, "measured: t", str)


def test_a_table_of_a_study_may_not_lose_a_column(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    with pytest.raises(ValueError, match="the new table t lacks columns"):
        replace_table(page, "t", markdown_table(("x",), [(1,)]))
    assert page.read_text() == PAGE
    replace_table(page, "t", markdown_table(("x", "y"), [(1, 2)]))
    assert (
        page.read_text()
        == "a\n<!-- measured: t -->\n| x | y |\n| --- | --- |\n| 1 | 2 |\n<!-- end -->\nz\n"
    )
