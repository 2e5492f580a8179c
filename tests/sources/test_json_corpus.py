"""JSON corpora that are not one object a line in UTF-8."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import zstandard

from nalssi.sources.readers.read_limits import ReadLimits
from tests.sources.sample_sources import PROSE, TICKER, batches, problems, rows

CORPUS = [
    {"text": TICKER, "url": "https://www.a.example/1"},
    {"text": PROSE + '"[{', "url": "https://b.example/2"},
    {"text": TICKER + "\n끝 }]", "url": "https://b.example/3"},
]
FORMS = {
    "array": lambda records: json.dumps(records, ensure_ascii=False),
    "array of lines": lambda records: (
        "[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]\n"
    ),
    "pretty array": lambda records: json.dumps(records, indent=2),
    "pretty objects": lambda records: "\n".join(
        json.dumps(record, indent=2, ensure_ascii=False) for record in records
    ),
    "objects in a row": lambda records: "".join(map(json.dumps, records)),
    "objects with a blank between": lambda records: " ".join(map(json.dumps, records)),
    "lines with commas": lambda records: ",\n".join(map(json.dumps, records)),
    "lines and a bracket": lambda records: "\n".join(map(json.dumps, records)) + "\n]",
    "lines": lambda records: "\n".join(json.dumps(record) for record in records),
    "lines with CR": lambda records: "\r\n".join(json.dumps(record) for record in records),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a", "a.json.gz", "a.ndjson.zst"])
def test_every_form_of_json_gives_the_same_records(tmp_path: Path, form: str, name: str) -> None:
    raw = FORMS[form](CORPUS).encode()
    pack = {".gz": gzip.compress, ".zst": zstandard.compress}.get(Path(name).suffix, bytes)
    (tmp_path / name).write_bytes(pack(raw))
    assert [(row["uri"], row["text"]) for row in rows(tmp_path / name)] == [
        ("https://www.a.example/1", TICKER),
        ("https://b.example/3", TICKER + "\n끝 }]"),
    ]
    _, all_batches = batches(tmp_path / name)
    assert sum(batch.read for batch in all_batches) == 3 + (form == "lines and a bracket")
    assert sum(batch.bytes for batch in all_batches) == (tmp_path / name).stat().st_size


@pytest.mark.parametrize(
    "encoding",
    [
        *("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
        *("utf-8", "utf-8-sig", "cp949"),
    ],
)
@pytest.mark.parametrize("form", ["lines", "array", "pretty objects"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.jsonl.gz"])
def test_json_in_every_encoding_gives_the_same_records(
    tmp_path: Path, encoding: str, form: str, name: str
) -> None:
    records = [{key: text.replace("•", "ㆍ") for key, text in row.items()} for row in CORPUS]
    written = {
        "lines": "\n".join(json.dumps(record, ensure_ascii=False) for record in records),
        "array": json.dumps(records, ensure_ascii=False),
        "pretty objects": FORMS["pretty objects"](records),
    }[form]
    raw = written.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    assert [row["text"] for row in rows(tmp_path / name)] == [
        records[0]["text"],
        records[2]["text"],
    ]


def test_the_records_of_a_large_array_keep_their_order(tmp_path: Path) -> None:
    records = [{"text": f"{TICKER}\n{number}"} for number in range(300)]
    (tmp_path / "a.json").write_text(json.dumps(records, ensure_ascii=False), "utf-8")
    found = rows(tmp_path / "a.json", limits=ReadLimits(batch_bytes=2**7))
    assert [row["text"] for row in found] == [record["text"] for record in records]
    assert found[-1]["uri"] == f"{(tmp_path / 'a.json').as_uri()}#record=300"


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("block", range(64, 4096, 211))
def test_lines_after_a_line_that_is_too_long_are_read_or_reported(
    tmp_path: Path, block: int, end: str
) -> None:
    long = {"text": TICKER + PROSE * 100}
    records = [{"text": TICKER}, long, *({"text": f"{TICKER}\n{n}"} for n in range(3))]
    lines = [json.dumps(record) for record in records]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + end, "utf-8")
    longest = max(len(line) for line in lines if line != lines[1])
    limits = ReadLimits(page_bytes=longest, batch_bytes=block)
    _, read = batches(tmp_path / "a.jsonl", limits=limits)
    found = [text for batch in read for text in batch.documents["text"]]
    reported = [problem for batch in read for problem in batch.problems]
    assert found == [record["text"] for record in records if record is not long]
    assert [problem.position for problem in reported] == ["line 2"]
    assert len(found) + len(reported) == len(lines)


def test_one_object_is_one_record(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"body": TICKER}, indent=4), "utf-8")
    assert [row["text"] for row in rows(tmp_path / "a.json")] == [TICKER]


def test_records_after_a_damaged_value_are_reported_as_lost(tmp_path: Path) -> None:
    written = json.dumps(CORPUS, ensure_ascii=False).replace('{"text": "오늘', '{"text: "오늘')
    (tmp_path / "a.json").write_text(written, "utf-8")
    _, all_batches = batches(tmp_path / "a.json")
    assert sum(batch.documents.height for batch in all_batches) == 1
    (problem,) = [problem for batch in all_batches for problem in batch.problems]
    assert problem.position == "after record 1"
    assert problem.cause.startswith("no JSON: ")


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ('[{"text": "3℃"}, "4℃", 5]', "record 2: not a JSON object"),
        ('[{"title": "3℃"}]', "record 1: no text column (there is: title)"),
        ('{"pages": [{"text": "3℃"}]}', "line 1: no text column (there is: pages)"),
        ('["4℃"]', "record 1: not a JSON object"),
        ('[{"text": "3℃"}', "after record 1: no JSON: cut off: the array has no end"),
        ('[{"text": "3℃"}, {"text": "4', "after record 1: no JSON: "),
        ("[" + '{"a":' * 100_000, "after record 0: no JSON: "),
    ],
)
def test_an_unusable_record_is_reported(tmp_path: Path, written: str, cause: str) -> None:
    (tmp_path / "a.json").write_text(written, "utf-8")
    (problem,) = problems(tmp_path / "a.json")
    assert cause in problem


def test_a_value_without_end_is_an_error_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"text": "' + "가" * 2**22, "utf-8")
    (problem,) = problems(tmp_path / "a.json", limits=ReadLimits(page_bytes=2**20))
    assert problem.endswith("after record 0: no JSON: a value of more than 1 MiB")


def test_a_text_that_begins_with_a_bracket_is_not_json(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("[날씨] " + TICKER, "utf-8")
    (row,) = rows(tmp_path / "a.txt")
    assert row["media_type"] == "text/plain"


@pytest.mark.parametrize("empty", [None, "", " \n", [], {"ko": 1}, 7])
@pytest.mark.parametrize("form", ["lines", "array"])
def test_a_column_without_text_does_not_hide_another(
    tmp_path: Path, empty: object, form: str
) -> None:
    records = [{"text": empty, "content": TICKER}, {"text": PROSE}, {"content": TICKER + "\n끝"}]
    (tmp_path / "a.json").write_text(FORMS[form](records), "utf-8")
    assert [row["text"] for row in rows(tmp_path / "a.json")] == [TICKER, TICKER + "\n끝"]
