"""Text of others is escaped on terminals and in messages, and unchanged in data."""

from __future__ import annotations

import io
import json

import duckdb
import polars as pl
import pytest

from nalssi.common.safe_text import safe_text
from nalssi.parse import printed_columns
from nalssi.parse_output import FrameWriter
from nalssi.sources import Problem
from nalssi.ticker import extract
from nalssi.warehouse.query import query
from nalssi.warehouse.result_formats import write_result
from tests.ticker.read_text import DOCUMENTS

HOSTILE = "\x1b]0;owned\x07 \u202etxt.exe \x9b31m \u200b\ud800"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_unprintable_characters_are_escaped_and_hangul_and_blanks_are_not() -> None:
    assert safe_text("구름많음\u3000강릉 14.1℃") == "구름많음\u3000강릉 14.1℃"
    assert safe_text(HOSTILE) == r"\x1b]0;owned\x07 \u202etxt.exe \x9b31m \u200b\ud800"
    assert safe_text("one\ntwo") == r"one\ntwo"
    assert safe_text("가" * 9, 5) == "가가가가…"


def test_a_problem_is_one_short_line_that_parquet_can_hold() -> None:
    problem = str(Problem("a\nb\x1b[2J.txt", HOSTILE * 1000, "line 1"))
    assert problem.startswith(r"a\nb\x1b[2J.txt: line 1: \x1b]0;owned")
    assert len(problem) < 5000
    assert problem.encode()
    assert "\x1b" not in problem


@pytest.mark.parametrize("form", ["table", "csv", "json", "ndjson", "markdown"])
def test_results_on_a_terminal_have_no_escape_sequences(form: str) -> None:
    hostile = HOSTILE[:-1]  # DuckDB holds no half characters
    with duckdb.connect() as con:
        terminal, file = Terminal(), io.StringIO()
        write_result(query(con, 'SELECT $a AS "\x1b[1m"', {"a": hostile}), form, terminal)
        write_result(query(con, "SELECT $a AS a", {"a": hostile}), form, file)
    shown = terminal.getvalue()
    assert [line for line in shown.split("\n") if safe_text(line) != line] == []
    if form in ("csv", "ndjson"):  # data is kept
        text = file.getvalue()
        assert hostile in (json.loads(text)["a"] if form == "ndjson" else text)


@pytest.mark.parametrize("form", ["table", "csv", "ndjson"])
def test_parse_escapes_the_escape_sequences_of_rejected_lines(form: str) -> None:
    page = "\n".join(
        ["• 맑음속초 1.0℃", "• \x1b[2J\u202e맑음서울 3.2℃", "• 비부산 3.0℃", "• 맑음강릉 1.0℃"]
    )

    row = ("0" * 16, "https://a.example/\x1b[2J", None, "text/plain", None, page)
    _, rejects = printed_columns(extract(pl.DataFrame([row], schema=DOCUMENTS, orient="row")))
    terminal = Terminal()
    FrameWriter(terminal, form).write(rejects)
    assert rejects["text"][0].startswith("• \x1b")
    assert "\x1b[2J" not in terminal.getvalue()
    assert "\u202e" not in terminal.getvalue()
