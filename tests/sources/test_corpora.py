"""JSONL and Parquet corpora: their columns, their dates, and pages that print a unit."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from nalssi.sources import Options, plan, read
from nalssi.sources.planning import PartitionSizes
from nalssi.sources.readers.capture_times import capture_time
from nalssi.sources.readers.read_limits import ReadLimits
from tests.sources.sample_sources import PROSE, TICKER, batches, html, problems, rows

CAPTURED = "2025-12-19T01:02:03Z"
INSTANT = datetime(2025, 12, 19, 1, 2, 3, tzinfo=UTC)
CORPUS = [
    {"text": TICKER, "url": "https://www.a.example/1", "date": CAPTURED},
    {"text": PROSE, "url": "https://b.example/2", "date": CAPTURED},
    {"text": TICKER + "\n끝", "url": "https://b.example/3", "date": CAPTURED},
]


def write_jsonl(path: Path, records: list[dict[str, object]], *, ascii_only: bool = False) -> Path:
    lines = [json.dumps(record, ensure_ascii=ascii_only) for record in records]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def corpus_file(folder: Path, form: str) -> Path:
    """The corpus in that form, written by the tool that writes it."""
    path = folder / f"corpus.{form}"
    plain = "".join(json.dumps(record) + "\n" for record in CORPUS).encode()
    if form == "parquet":
        pl.DataFrame(CORPUS).write_parquet(path)
    elif form == "pyarrow.parquet":
        pq.write_table(pa.Table.from_pylist(CORPUS), path, compression="zstd", row_group_size=1)
    elif form == "dictionary.parquet":
        table = pa.Table.from_pylist(CORPUS)
        columns = [column.combine_chunks().dictionary_encode() for column in table.columns]
        pq.write_table(pa.table(columns, names=table.column_names), path)
    elif form == "jsonl.gz":
        path.write_bytes(gzip.compress(plain))
    elif form == "jsonl.zst":
        path.write_bytes(zstandard.compress(plain))
    else:
        write_jsonl(path, CORPUS)
    return path


@pytest.mark.parametrize(
    "form",
    [
        *("jsonl", "ndjson", "jsonl.gz", "jsonl.zst"),
        *("parquet", "pyarrow.parquet", "dictionary.parquet"),
    ],
)
def test_every_form_of_a_corpus_gives_the_same_documents(tmp_path: Path, form: str) -> None:
    path = corpus_file(tmp_path, form)
    found = rows(path)
    assert [(row["uri"], row["site"], row["captured_at"]) for row in found] == [
        ("https://www.a.example/1", "a.example", INSTANT),
        ("https://b.example/3", "b.example", INSTANT),
    ]
    assert [row["text"] for row in found] == [TICKER, TICKER + "\n끝"]
    reference = rows(write_jsonl(tmp_path / "reference.jsonl", CORPUS))
    assert [row["document_id"] for row in found] == [row["document_id"] for row in reference]
    _, all_batches = batches(path)
    assert sum(batch.read for batch in all_batches) == 3
    assert sum(batch.bytes for batch in all_batches) == path.stat().st_size


UNITS = [
    *("℃", "°C", "˚C", "ºC", "&#8451;", "&deg;C", "&deg; C", " ° C", "°\u00a0C", "°&nbsp;C"),
    *("°\u200bC", "<em>°</em>C", '<sup class="a">º</sup>\n<b>C</b>'),
]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_units_are_found_in_every_json_spelling(
    tmp_path: Path, unit: str, ascii_only: bool
) -> None:
    markup = f"<html><body><li>맑음서울 3.2{unit}</li></body></html>"
    path = write_jsonl(tmp_path / "a.jsonl", [{"html": markup}], ascii_only=ascii_only)
    (row,) = rows(path)
    assert str(row["text"]).startswith("• 맑음서울 3.2")
    assert row["media_type"] == "text/html"


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("charset", [None, "utf-8", "cp949"])
def test_units_are_found_in_every_spelling_of_pages_in_parquet(
    tmp_path: Path, unit: str, charset: str | None
) -> None:
    page = f"<html><body><li>맑음서울 3.2{unit}</li></body></html>"
    markup = page if charset is None else page.encode(charset, "xmlcharrefreplace")
    pl.DataFrame({"html": [markup, markup[:20]]}).write_parquet(tmp_path / "a.parquet")
    (row,) = rows(tmp_path / "a.parquet")
    assert str(row["text"]).startswith("• 맑음서울 3.2")


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_columns_are_found_by_their_usual_names_even_nested(tmp_path: Path, form: str) -> None:
    record = {
        "content": TICKER,
        "warc_headers": {"warc-target-uri": "http://c.example/", "warc-date": CAPTURED},
    }
    path = tmp_path / f"a.{form}"
    if form == "jsonl":
        write_jsonl(path, [record])
    else:
        pl.DataFrame([record]).write_parquet(path)
    (row,) = rows(path)
    assert (row["uri"], row["captured_at"]) == ("http://c.example/", INSTANT)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_the_user_can_name_columns(tmp_path: Path, form: str) -> None:
    record = {"본문": TICKER, "주소": "http://d.example/", "수집": CAPTURED, "text": "4℃"}
    path = tmp_path / f"a.{form}"
    if form == "jsonl":
        write_jsonl(path, [record])
    else:
        pl.DataFrame([record]).write_parquet(path)
    options = Options(text_column="본문", url_column="주소", date_column="수집")
    (row,) = rows(path, options=options)
    assert (row["text"], row["uri"], row["captured_at"]) == (TICKER, "http://d.example/", INSTANT)
    (problem,) = problems(path, options=Options(text_column="body"))
    assert "no column 'body' (there is: 본문, 주소, 수집, text)" in problem


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_record_without_an_address_gets_one_with_its_number(tmp_path: Path, form: str) -> None:
    records = [{"text": PROSE}, {"text": TICKER}]
    path = tmp_path / f"a.{form}"
    if form == "jsonl":
        write_jsonl(path, records)
    else:
        pl.DataFrame(records).write_parquet(path)
    (row,) = rows(path)
    place = "line=2" if form == "jsonl" else "row=2"
    assert row["uri"] == f"{path.resolve().as_uri()}#{place}"


def test_a_repeated_record_is_one_document(tmp_path: Path) -> None:
    assert len(rows(write_jsonl(tmp_path / "a.jsonl", CORPUS + CORPUS))) == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-12-19T01:02:03Z", INSTANT),
        ("2025-12-19T10:02:03+09:00", INSTANT),
        ("2025-12-19 10:02:03 +0900", INSTANT),
        ("2025-12-19 01:02:03 UTC", INSTANT),
        ("2025/12/19 01:02:03.0Z", INSTANT),
        ("20251219010203", INSTANT),
        (1766106123, INSTANT),
        (1766106123000, INSTANT),
        (INSTANT, INSTANT),
        ("2025-12-19 01:02:03", None),
        (datetime(2025, 12, 19, 1, 2, 3), None),
        ("2025-12-19", None),
        (date(2025, 12, 19), None),
        ("2025-13-45T01:02:03Z", None),
        ("어제", None),
        ("", None),
        (17, None),
        (float("nan"), None),
        (True, None),
        (None, None),
    ],
)
def test_capture_times_without_an_instant_are_ignored(
    written: object, meant: datetime | None
) -> None:
    assert capture_time(written) == meant


def test_a_time_without_zone_is_used_if_the_user_names_the_zone() -> None:
    naive = "2025-12-19 10:02:03"
    assert capture_time(naive, "Asia/Seoul") == INSTANT
    assert capture_time(naive, "UTC") == datetime(2025, 12, 19, 10, 2, 3, tzinfo=UTC)
    # A day in Korea dates a Korean ticker; a day in UTC lies on two Korean days.
    assert capture_time("2025-12-19", "Asia/Seoul") == datetime(2025, 12, 18, 15, tzinfo=UTC)
    assert capture_time("2025-12-19", "UTC") is None


@pytest.mark.parametrize("zone", ["Asia/Soul", "../etc/passwd", ""])
def test_an_unknown_time_zone_is_an_error(zone: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        Options(date_timezone=zone)


def test_bad_lines_are_reported_with_their_number_and_skipped(tmp_path: Path) -> None:
    lines = ['{"text": "3℃"', '["3℃"]', '{"title": "3℃"}', "no json, no unit", ""]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([json.dumps(CORPUS[0]), *lines, json.dumps(CORPUS[2])]), "utf-8")
    made, (batch,) = batches(path)
    assert not made.problems
    assert batch.documents.height == 2
    assert [problem.position for problem in batch.problems] == ["line 2", "line 3", "line 4"]
    assert "no text column (there is: title); name it with --text-column" in str(batch.problems[2])


def test_only_the_first_bad_lines_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "ok"}\n' + "{℃\n" * 5000, "utf-8")
    found = problems(path)
    assert len(found) == 11
    assert found[-1].endswith("and 4,990 more like these")


def test_a_line_longer_than_any_page_is_skipped(tmp_path: Path) -> None:
    long = json.dumps({"text": "3℃" * 2**19})
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([json.dumps(CORPUS[0]), long, json.dumps(CORPUS[2])]), "utf-8")
    _, all_batches = batches(path, limits=ReadLimits(page_bytes=2**16, batch_bytes=2**15))
    (batch,) = all_batches
    assert [row["uri"] for row in batch.documents.iter_rows(named=True)] == [
        "https://www.a.example/1",
        "https://b.example/3",
    ]
    assert [problem.position for problem in batch.problems] == ["line 2"]


def test_cut_off_jsonl_gives_the_lines_before_the_cut(tmp_path: Path) -> None:
    records = [{**CORPUS[0], "url": f"http://a.example/{n}", "n": str(n) * 50} for n in range(500)]
    packed = gzip.compress("".join(json.dumps(r) + "\n" for r in records).encode(), 1)
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    _, all_batches = batches(path, limits=ReadLimits(batch_bytes=2**12))
    assert 50 < sum(batch.documents.height for batch in all_batches) < 500
    (problem,) = [p for batch in all_batches for p in batch.problems]
    assert problem.position.startswith("after line ")


def test_broken_parquet_is_a_problem(tmp_path: Path) -> None:
    whole = corpus_file(tmp_path, "parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[:-50])
    (problem,) = problems(tmp_path / "cut.parquet")
    assert problem.startswith(f"{tmp_path / 'cut.parquet'}: ")


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    """The reader adds a column for the number of a row, and names for the texts that it finds."""
    path = tmp_path / "corpus.parquet"
    names = ("row", "row_", "__row", "uri", "captured", "too_large")
    records = [{"text": text, **dict.fromkeys(names, "x")} for text in (PROSE, TICKER)]
    pl.DataFrame(records).write_parquet(path)
    (row,) = rows(path, options=Options(url_column="none"))
    assert row["uri"] == f"{path.as_uri()}#row=2"


def test_a_big_parquet_file_is_divided_by_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "big.parquet"
    records = [{"text": f"{TICKER}\n{n}", "id": str(n)} for n in range(100)]
    pl.DataFrame(records).write_parquet(path, row_group_size=7, compression="uncompressed")
    made = plan([str(path)], sizes=PartitionSizes(target_bytes=2000))
    assert len(made.partitions) > 5
    assert len({partition.fingerprint for partition in made.partitions}) == len(made.partitions)
    all_batches = [list(read(partition)) for partition in made.partitions]
    assert sum(batch.read for part in all_batches for batch in part) == 100
    uris = [uri for part in all_batches for batch in part for uri in batch.documents["uri"]]
    assert uris == [f"{path.resolve().as_uri()}#row={n + 1}" for n in range(100)]
    assert made.partitions[1].label.startswith(f"{path} rows ")


def test_markup_in_a_corpus_is_read_as_a_page(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"html": html().decode(), "url": "http://x.kr/"}])
    (row,) = rows(path)
    assert row["media_type"] == "text/html"
    assert "• 맑음서울 3.2℃" in str(row["text"])


TEXT_THAT_HIDES = {
    "null strings": pl.Series("text", [None, None, None], dtype=pl.String),
    "null type": pl.Series("text", [None, None, None], dtype=pl.Null),
    "empty strings": pl.Series("text", ["", "", ""]),
    "blank strings": pl.Series("text", [" ", "\n\n", "\t"]),
    "blank bytes": pl.Series("text", [b" ", b"\n", None]),
    "empty bytes": pl.Series("text", [b"", None, b""]),
    "some": pl.Series("text", [None, PROSE, ""]),
    "struct": pl.Series("text", [{"ko": "x"}] * 3),
    "list": pl.Series("text", [["x"]] * 3),
    "numbers": pl.Series("text", [1, 2, 3]),
}


@pytest.mark.parametrize("hiding", TEXT_THAT_HIDES)
@pytest.mark.parametrize("content", ["string", "bytes"])
@pytest.mark.parametrize("statistics", [True, False])
def test_a_column_without_content_does_not_hide_another(
    tmp_path: Path, hiding: str, content: str, statistics: bool
) -> None:
    texts = [TICKER, PROSE + "3℃", TICKER + "\n끝"]
    written = texts if content == "string" else [text.encode() for text in texts]
    frame = pl.DataFrame([TEXT_THAT_HIDES[hiding], pl.Series("content", written)])
    frame.write_parquet(tmp_path / "a.parquet", statistics=statistics)
    found = [row["text"] for row in rows(tmp_path / "a.parquet")]
    expected = [TICKER, TICKER + "\n끝"] if hiding == "some" else texts
    assert found == expected


def test_a_nested_column_is_used_where_the_first_column_is_empty(tmp_path: Path) -> None:
    records = [{"text": None, "raw_content": "", "html": html().decode()} for _ in range(3)]
    schema = pa.schema([(name, pa.string()) for name in ("text", "raw_content", "html")])
    pq.write_table(pa.Table.from_pylist(records, schema), tmp_path / "a.parquet")
    assert len(rows(tmp_path / "a.parquet")) == 3


def test_the_first_column_is_used_where_both_have_content(tmp_path: Path) -> None:
    long = "긴 글 " * 3000  # too long for the file's statistics
    frame = {"text": [TICKER, long + TICKER], "content": ["서울 9.9℃", "서울 9.9℃"]}
    pq.write_table(pa.table(frame), tmp_path / "a.parquet")
    assert [row["text"] for row in rows(tmp_path / "a.parquet")] == frame["text"]
