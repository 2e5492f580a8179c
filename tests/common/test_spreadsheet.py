"""Texts that spreadsheets would run as formulas are escaped in every CSV; numbers are not."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nalssi.common.spreadsheet import (
    BOM,
    FORMULA_PATTERN,
    escape_formula,
    escape_formulas,
    is_formula,
)
from nalssi.export import export
from nalssi.export.csv_export import SAFE_TEXT_COLUMNS
from nalssi.export.selection import exported_columns
from nalssi.parse_output import FrameWriter
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.query import query
from nalssi.warehouse.result_formats import write_result
from schemas.vocabulary import reference_rows
from tests.cli.run_nalssi import nalssi_process
from tests.export.pandas_reader import pandas_says
from tests.warehouse.make_parts import Page, Ticker, part

BIN = Path(sys.executable).parent
FORMULAS = [
    '=HYPERLINK("http://evil.example/","날씨")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "- 거제 -2.8℃",
    "-진도 30.2℃",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\u3000=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "\ttab",
    "-3.2",
    "'=1",
    "''-1",
]
TEXTS = [
    "-",
    "－",
    "",
    "'",
    "맑음",
    "• -진도 30.2℃",
    "3-1",
    "a=b",
    "℃",
    "2025-12-19",
    "'90s",
    "((-1))",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", TEXTS)
def test_texts_that_are_not_formulas_are_unchanged(text: str) -> None:
    assert escape_formula(text) == text


@given(st.text(alphabet="'=+-@ \t\n＝a1\u3000") | st.text())
def test_the_apostrophe_can_be_removed_again(text: str) -> None:
    cell = escape_formula(text)
    taken_back = cell[1:] if cell[:1] == "'" and is_formula(cell[1:]) else cell
    assert taken_back == text
    assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n"))


@given(st.lists(st.text(alphabet="'=+-@ \t\n\r\v\f＝－a1\u3000\u00a0"), min_size=1))
def test_python_polars_and_duckdb_recognise_the_same_formulas(texts: list[str]) -> None:
    expected = [escape_formula(text) for text in texts]
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    assert escape_formulas(frame)["text"].to_list() == expected
    matches = duckdb.sql(
        "SELECT regexp_matches(unnest($1::VARCHAR[]), $2)", params=[texts, FORMULA_PATTERN]
    )
    assert [match for (match,) in matches.fetchall()] == list(map(is_formula, texts))


def test_numbers_and_nulls_are_unchanged() -> None:
    frame = pl.DataFrame({"n": [-3.2, None], "i": [-1, 2], "d": [date(2025, 1, 1), None]})
    assert escape_formulas(frame).equals(frame)


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_query_results_have_escaped_formulas_in_csv_only() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE t AS SELECT unnest($1::VARCHAR[]) AS text", [FORMULAS + TEXTS])
        sql = 'SELECT text, -3.2::DOUBLE AS "-temperature", [text] AS list, -1 AS "=n" FROM t'
        streams = {form: io.StringIO() for form in ("csv", "ndjson", "json")}
        for form, stream in streams.items():
            write_result(query(con, sql), form, stream)
    head, *rows = cells(streams["csv"].getvalue())
    assert head == ["text", "'-temperature", "list", "'=n"]
    assert [row[0] for row in rows] == [escape_formula(text) for text in FORMULAS + TEXTS]
    assert {(row[1], row[3]) for row in rows} == {("-3.2", "-1")}
    assert all(row[2].startswith("[") for row in rows)
    exact = [json.loads(line)["text"] for line in streams["ndjson"].getvalue().splitlines()]
    assert exact == [row["text"] for row in json.loads(streams["json"].getvalue())]
    assert exact == FORMULAS + TEXTS


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_parse_escapes_formulas_in_csv_only(form: str) -> None:
    frame = pl.DataFrame(
        {"text": FORMULAS + TEXTS, "temperature_c": [-3.2] * len(FORMULAS + TEXTS)}
    )
    stream = io.StringIO()
    FrameWriter(stream, form).write(frame)  # type: ignore[arg-type]
    if form == "csv":
        rows = cells(stream.getvalue())[1:]
        assert [row[0] for row in rows] == [escape_formula(text) for text in FORMULAS + TEXTS]
        assert {row[1] for row in rows} == {"-3.2"}
    else:
        read = [json.loads(line) for line in stream.getvalue().splitlines()]
        assert [row["text"] for row in read] == FORMULAS + TEXTS


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("formulas")
    raw = ["-", "=1+1", "맑음", "+1"]
    pages = [
        Page(f"https://a.kr/{n}", [Ticker(date(2025, 12, n + 1), {108: -3.2}, condition_raw=one)])
        for n, one in enumerate(raw)
    ]
    load_parts(warehouse := Warehouse(folder / "warehouse"), [part(folder / "part", pages)])
    return warehouse


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_an_exported_csv_has_a_byte_order_mark_and_escaped_formulas(
    warehouse: Warehouse, tmp_path: Path, name: str
) -> None:
    export(warehouse, tmp_path / name, "csv", flags=[1, 2, 3, 4])
    raw = (tmp_path / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode()
    assert text.startswith(BOM + "snapshot_id,")
    assert text.count(BOM) == 1
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert [row["condition_raw"] for row in rows] == ["-", "'=1+1", "맑음", "'+1"]
    assert {row["temperature_c"] for row in rows} == {"-3.2"}


@pytest.mark.process
def test_other_readers_accept_the_byte_order_mark_of_an_exported_csv(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    out = tmp_path / "a.csv"
    export(warehouse, out, "csv", flags=[1, 2, 3, 4])
    assert pl.read_csv(out).columns[0] == "snapshot_id"
    assert pandas_says(out, "pd.read_csv(path).columns[0]") == "snapshot_id"
    assert duckdb.read_csv(str(out)).columns[0] == "snapshot_id"
    described = json.loads(out.with_name("a.csv-metadata.json").read_text("utf-8"))
    assert described["tableSchema"]["columns"][0]["name"] == "snapshot_id"


def test_no_name_that_nalssi_writes_is_a_formula() -> None:
    """The export to CSV does not search these names for formulas."""
    texts = {
        text
        for table in ("stations", "stations_history", "regions", "conditions")
        for row in reference_rows(table)
        for text in row.values()
    }
    assert {text for text in texts if is_formula(text)} == set()
    assert {
        name for name in exported_columns().items if name in SAFE_TEXT_COLUMNS
    } == SAFE_TEXT_COLUMNS


def test_a_parquet_export_has_unchanged_texts(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "parquet")
    raw = pl.read_parquet(tmp_path / "out" / "readings")["condition_raw"]
    assert sorted(raw) == sorted(["-", "=1+1", "맑음", "+1"])


TICKER = """2025.12.19 (금)
- 맑음서울 -3.2℃
- 맑음없는곳 4.0℃
- 비강릉 1.0℃
- 흐림속초 0.0℃
기상청 제공
"""


@pytest.mark.process
def test_rejects_have_escaped_formulas_and_a_byte_order_mark_only_in_files(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(TICKER, encoding="utf-8")
    run = nalssi_process("parse", page, "--format", "csv", "--rejects", tmp_path / "rejects.csv")
    assert run.stdout.startswith("document_id,")
    rejects = (tmp_path / "rejects.csv").read_text("utf-8")
    assert rejects.startswith(f"{BOM}document_id,")
    assert ",'- 맑음없는곳 4.0℃,unknown_station" in rejects
    piped = nalssi_process("parse", page, "--format", "csv", "--rejects", "/dev/stderr")
    assert BOM not in piped.stderr


@pytest.mark.process
@pytest.mark.parametrize("command", ["parse {page} --format csv", "stations list --format csv"])
def test_redirected_csv_begins_with_one_byte_order_mark_and_appended_csv_with_none(
    tmp_path: Path, command: str
) -> None:
    page, out = tmp_path / "page.txt", tmp_path / "out.csv"
    page.write_text(TICKER, encoding="utf-8")
    arguments = [str(BIN / "nalssi"), *command.format(page=page).split()]
    for _ in range(2):
        with out.open("ab") as file:
            subprocess.run(arguments, stdout=file, stderr=subprocess.DEVNULL, check=True)
    text = out.read_text("utf-8")
    assert text.startswith(BOM)
    assert text.count(BOM) == 1
