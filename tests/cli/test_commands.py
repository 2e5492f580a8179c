"""Commands that run in this process: output, exit status, one line for each error."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from nalssi.api import load
from nalssi.common.paths import SAMPLES
from tests.cli.run_nalssi import nalssi

SEED = SAMPLES / "01-seed-glued-spaced.txt"


def test_help_names_every_command():
    shown = nalssi("--help")
    assert shown.exit_code == 0
    for command in ("run", "ingest", "charts", "parse", "sql", "stations", "status"):
        assert command in shown.stdout


def test_parse_prints_one_reading_a_line():
    run = nalssi("parse", SEED, "--format", "ndjson")
    assert run.exit_code == 0
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(rows) == 16
    assert list(rows[0]) == [
        "document_id",
        "uri",
        "line",
        "snapshot_id",
        "observed_on",
        "observed_at",
        "station_id",
        "station_name",
        "station_source",
        "condition",
        "condition_raw",
        "temperature_c",
    ]
    assert rows[0]["uri"] == SEED.as_uri()
    assert rows[0]["observed_on"] == "2025-12-19"
    assert rows[0]["station_id"] == 98
    assert '"temperature_c":5.0}' in run.stdout.splitlines()[0]
    assert "1 documents, 1 tickers, 16 lines: 16 readings, 0 rejected" in run.stderr


def test_parse_prints_the_hour_of_a_feed_with_its_offset():
    run = nalssi("parse", SAMPLES / "19-kma-feed.xml", "--format", "ndjson")
    assert json.loads(run.stdout.splitlines()[0])["observed_at"] == "2022-08-08T15:00:00+09:00"


def test_parse_flags_readings_as_a_warehouse_does(tmp_path):
    run = nalssi("parse", SAMPLES, "--flags", "--format", "ndjson")
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    frozen = {Path(row["uri"]).name[:2] for row in rows if row["failed"] == "frozen_feed"}
    assert {"07", "10"} <= frozen
    loaded = load(SAMPLES, into=tmp_path).query(
        "SELECT snapshot_id, station_id, flag, array_to_string(failed, ' ') AS failed, region_id"
        " FROM every_reading"
    )
    printed = {(row["snapshot_id"], row["station_id"]): row for row in rows}
    assert len(printed) == loaded.height
    for snapshot, station, flag, failed, region in loaded.iter_rows():
        row = printed[snapshot, station]
        assert (row["flag"], row["failed"] or "", row["region_id"]) == (flag, failed, region)


def test_parse_writes_a_workbook_with_every_line():
    run = nalssi("parse", SAMPLES, "--format", "xlsx")
    book = load_workbook(io.BytesIO(run.stdout_bytes))
    lines = sum(book[name].max_row - 1 for name in ("readings", "rejects"))
    assert f"{lines} lines:" in dict(book["about"].values)["counts"]
    refused = nalssi("parse", SAMPLES, "--format", "xlsx", "--rejects", "rejects.xlsx")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_parse_writes_readings_and_rejects_as_csv_with_one_head_each(tmp_path):
    refused = tmp_path / "rejects.csv"
    run = nalssi("parse", SAMPLES, "--format", "csv", "--rejects", refused)
    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    rejects = list(csv.DictReader(refused.open(encoding="utf-8-sig")))
    assert (len(rows), len(rejects)) == (765, 2)
    assert list(rejects[0]) == ["document_id", "uri", "line", "text", "reason"]
    assert {row["reason"] for row in rejects} == {"unnamed_station", "cut_line"}


def test_parse_reads_standard_input_and_shows_a_table():
    run = nalssi("parse", "-", stdin=SEED.read_text(encoding="utf-8"))
    assert run.exit_code == 0
    assert "2025-12-19" in run.stdout
    assert "동두천" in run.stdout


def test_an_unusable_source_is_one_line_and_the_others_are_parsed():
    run = nalssi("parse", SEED, "no-such-file.txt", "--format", "ndjson")
    assert run.exit_code == 1
    assert len(run.stdout.splitlines()) == 16
    assert "nalssi: no-such-file.txt: no such file or directory" in run.stderr


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with pages, one of them without a ticker, and files that are not read."""
    folder = tmp_path / "mixed"
    (folder / "page_files").mkdir(parents=True)
    (folder / "page.htm").write_text("<html><p>x</p></html>", "utf-8")
    for page in (SEED, SAMPLES / "16-no-ticker.txt"):
        (folder / page.name).write_bytes(page.read_bytes())
    for name in ("a.pdf", "=b.pdf", "page_files/c.pdf"):
        (folder / name).write_bytes(b"%PDF-1.7\n\0")
    (folder / "d.hwp").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0")
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


@pytest.mark.parametrize("source", ["", "*"])
def test_a_folder_or_glob_ends_with_a_count_of_skipped_files(mixed, source):
    run = nalssi("parse", mixed / source, "--format", "ndjson")
    assert run.exit_code == 1
    assert len(run.stdout.splitlines()) == 16
    counts, *problems = run.stderr.splitlines()
    assert counts.endswith("16 readings, 0 rejected; no ticker in 2 of the documents")
    assert problems == ["nalssi: not read: 2 PDF, 1 Hangul (.hwp); --skipped FILE lists them"]


def test_documents_without_a_ticker_among_others_are_not_an_error(mixed):
    run = nalssi("parse", f"{mixed}/*.txt")
    assert (run.exit_code, len(run.stderr.splitlines())) == (0, 1)


@pytest.mark.parametrize("name", ["skipped.csv", "skipped.ndjson", "skipped"])
def test_the_option_skipped_lists_each_skipped_file(mixed, tmp_path, name):
    run = nalssi("parse", mixed, mixed / "a.pdf", "--skipped", tmp_path / name)
    assert f"1 Hangul (.hwp); listed in {tmp_path / name}" in run.stderr
    text = (tmp_path / name).read_text("utf-8-sig")
    rows = (
        list(csv.DictReader(io.StringIO(text)))
        if name.endswith(".csv")
        else [json.loads(line) for line in text.splitlines()]
    )
    assert [(row["source"], row["format"]) for row in rows] == [
        (str(mixed / "=b.pdf"), "PDF"),
        (str(mixed / "a.pdf"), "PDF"),
        (str(mixed / "d.hwp"), "Hangul (.hwp)"),
    ]
    assert rows[0]["cause"] == "a PDF, which holds no plain text"


def test_the_list_of_skipped_files_can_be_empty_and_must_be_writable(tmp_path):
    run = nalssi("parse", SEED, "--skipped", tmp_path / "s.ndjson")
    assert (run.exit_code, (tmp_path / "s.ndjson").read_bytes()) == (0, b"")
    run = nalssi("parse", SEED, "--skipped", tmp_path / "no" / "s.csv")
    assert (run.exit_code, run.stdout) == (1, "")
    assert "s.csv: no such file or directory" in run.stderr


def test_a_saved_page_has_the_address_that_it_was_saved_from(tmp_path):
    lines = "".join(f"<p>{line}</p>" for line in SEED.read_text("utf-8").splitlines())
    note = "<!-- saved from url=(0022)https://www.a.example/1 -->"
    (tmp_path / "a.html").write_text(f"<!DOCTYPE html>{note}<html>{lines}</html>", "utf-8")
    run = nalssi("parse", tmp_path / "a.html", "--format", "ndjson")
    assert {json.loads(line)["uri"] for line in run.stdout.splitlines()} == {
        "https://www.a.example/1"
    }


def test_no_ticker_at_all_is_exit_status_1():
    run = nalssi("parse", SAMPLES / "16-no-ticker.txt")
    assert run.exit_code == 1
    assert "no ticker found" in run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["parse"],
        ["parse", SEED, "--format", "xls"],
        ["sql"],
        ["sql", "SELECT 1", "-f", "query.sql"],
        ["sql", "SELECT 1", "--param", "day"],
        ["parse", SEED, "--date-timezone", "Asia/Pyeongchang"],
        ["ingest", SEED, "--dask-address", "tcp://127.0.0.1:1"],
        ["observations"],
        ["observations", "asos.csv", "--from", "apihub"],
        ["observations", "asos.csv", "--since", "2025-01-01"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_is_exit_status_2(arguments):
    run = nalssi(*arguments)
    assert run.exit_code == 2
    assert run.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A warehouse with the list of the first sample page."""
    return load(SEED, into=tmp_path_factory.mktemp("made")).warehouse.folder


def test_sql_reads_a_query_from_standard_input(made):
    run = nalssi("sql", "-f", "-", "--format", "csv", "--warehouse", made, stdin="SELECT 'é' AS a")
    assert (run.exit_code, run.stdout) == (0, "a\né\n")


def test_sql_writes_a_workbook_with_its_query_and_what_is_not_usable(made):
    query = "SELECT name_ko, temperature_c FROM usable_readings ORDER BY station_id LIMIT 2"
    run = nalssi("sql", query, "--format", "xlsx", "--warehouse", made)
    book = load_workbook(io.BytesIO(run.stdout_bytes))
    head, *rows = book["result"].values
    assert head == ("name_ko", "temperature_c")
    assert len(rows) == 2
    about = dict(book["about"].values)
    assert about["query"] == query
    assert about["attribution"] == "자료: 기상청(KMA)"


def test_table_prints_temperatures_and_says_how_many_are_thin(made):
    run = nalssi(
        "table", "--by", "station", "--measure", "max", "--format", "csv", "--warehouse", made
    )
    assert run.stdout.splitlines()[:2] == [
        "number,name_ko,name_en,2025-12",
        "98,동두천,Dongducheon,5.0",
    ]
    assert "16 of 16 values are of few hours or days" in run.stderr


def test_sql_without_a_warehouse_is_one_line(tmp_path):
    run = nalssi("sql", "SELECT 1", "--warehouse", tmp_path)
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr.startswith(f"nalssi: no warehouse in {tmp_path}")
    assert run.stderr.count("\n") == 1


LIMITS = {
    "memory": (["SELECT list(range) FROM range(99999999)", "--memory", "64MB"], 1, "--memory"),
    "no size": (["SELECT 1", "--memory", "much"], 2, "not a size of memory"),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_an_exceeded_or_invalid_memory_limit_is_one_line(made, limit):
    arguments, status, said = LIMITS[limit]
    run = nalssi("sql", *arguments, "--warehouse", made)
    assert (run.exit_code, run.stdout) == (status, "")
    assert run.stderr.startswith("nalssi: ")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("asked", "station"),
    [("강릉", 105), ("Gangneung", 105), ("gangnung", 105), ("175", 175), ("마산", 155)],
)
def test_a_station_is_found_by_present_or_former_name_and_by_number(asked, station):
    run = nalssi("stations", "find", asked, "--format", "json")
    assert json.loads(run.stdout)[0]["station_id"] == station


def test_the_stations_nearest_to_seoul_city_hall_are_listed():
    run = nalssi("stations", "near", "37.5663", "126.9779", "--count", "2", "--format", "json")
    assert [row["station_id"] for row in json.loads(run.stdout)] == [108, 112]


def test_stations_are_listed_by_region_and_an_unknown_region_is_an_error():
    run = nalssi("stations", "list", "--region", "10", "--format", "csv")
    assert len(run.stdout.splitlines()) == 5
    assert nalssi("stations", "list", "--region", "99").exit_code == 1


def test_commands_with_a_warehouse_have_the_option_warehouse():
    for command in ("run", "ingest", "charts", "sql", "status"):
        assert "--warehouse" in nalssi(command, "--help").stdout, command
