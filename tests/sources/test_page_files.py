"""Text, saved pages and feeds, however they are packed, encoded or named."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from nalssi.sources import Kind, plan, read
from nalssi.sources.planning import PartitionSizes
from nalssi.sources.readers.pages.html_text import read_html
from nalssi.sources.readers.pages.markup_detection import is_feed
from nalssi.sources.readers.read_limits import ReadLimits
from nalssi.sources.readers.text_encoding import decode
from nalssi.ticker import extract
from tests.sources.sample_sources import (
    FEED,
    PROSE,
    TICKER,
    TICKER_LINES,
    batches,
    html,
    problems,
    rows,
    texts,
)


def text_of(markup: str) -> str:
    return next(read_html([(markup.encode(), None)])).text


def readings_of(*sources: Path) -> list[tuple[object, ...]]:
    _, all_batches = batches(*sources)
    return sorted(extract(all_batches[0].documents).readings.drop("snapshot_id").rows())


def test_a_text_file_is_a_document_with_its_address_and_no_capture_time(
    tmp_path: Path,
) -> None:
    page = tmp_path / "기사.txt"
    page.write_text(TICKER, "utf-8")
    (row,) = rows(page)
    assert row["uri"] == page.resolve().as_uri()
    assert row["text"] == TICKER
    assert (row["media_type"], row["site"], row["captured_at"]) == ("text/plain", None, None)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
@pytest.mark.parametrize("name", ["page.html", "page"])
def test_a_compressed_page_reads_like_the_plain_one(tmp_path: Path, pack, name: str) -> None:
    (tmp_path / "plain.html").write_bytes(html())
    (tmp_path / f"{name}.packed").write_bytes(pack(html()))
    assert texts(tmp_path / f"{name}.packed") == texts(tmp_path / "plain.html")


def test_list_of_the_tickers_cms_becomes_the_lines_that_the_page_shows(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(html())
    (row,) = rows(page)
    assert str(row["text"]).splitlines()[:6] == ["2025.12.19 (금)", *TICKER_LINES, "기상청 제공"]
    assert row["site"] == "uridongne.example"
    assert row["media_type"] == "text/html"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<ul><li>가<li>나</ul>다", "• 가\n• 나\n다"),
        ("<ul><li><p>가</p></li><li><div>나</div></li></ul>", "• 가\n• 나"),
        ("<ul><li>\n <div>\n <p> 가</p></div></li></ul>", "• 가"),
        ("<ul><li></li><li>가</li></ul>", "• 가"),
        ("<UL><LI CLASS=a>가</LI></UL>", "• 가"),
        ("<table><tr><td>맑음<td>서울 3.2℃<tr><td>비</table>", "맑음\n서울 3.2℃\n비"),
        ("<li><div>비</div>서울 8.2℃</li>", "• 비 서울 8.2℃"),
        ("<li><p>서울</p><p>맑음</p><p>8.2℃</p></li>", "• 서울 맑음 8.2℃"),
        ("<li>맑음서울<br>8.2℃</li><li>비부산<br>-<br>℃</li>", "• 맑음서울 8.2℃\n• 비부산 - ℃"),
        ("<li>서울 8.2<i>°</i>C<p>맑음</p></li>", "• 서울 8.2°C 맑음"),
        ("<li>날씨<ul><li>서울<br>8.2℃</li></ul></li>", "• 날씨\n• 서울 8.2℃"),
        # not a ticker's line, even together: a date, a sentence, two readings
        ("<li>2025.12.19 (금)<br>서울 8.2℃</li>", "• 2025.12.19 (금)\n서울 8.2℃"),
        ("<li>서울 8.2℃<br>부산 9.1℃</li>", "• 서울 8.2℃\n부산 9.1℃"),
        (f"<li>{'긴 글 ' * 40}<br>8.2℃</li>", f"• {('긴 글 ' * 40).strip()}\n8.2℃"),
        ("<li>비서울 8.2℃<p>더보기 &gt;</p></li>", "• 비서울 8.2℃\n더보기 >"),
        ("<li><p>현재</p>비서울 8.2℃</li>", "• 현재\n비서울 8.2℃"),
        ("<p>가<br>나<br/>다</p>", "가\n나\n다"),
        ("<p>한\n 줄에   <b>둘</b>&nbsp;셋</p>", "한 줄에 둘 셋"),
        ("가<picture>나</picture><param>다", "가나다"),
        ("서울 3.2&#8451; 3.2&#x2103; 3.2&deg;C", "서울 3.2℃ 3.2℃ 3.2°C"),
        ("<a href=x class='b wc'>기상청 제공</a>메뉴", "기상청 제공\n메뉴"),
        ("<svg><a class=wc>가</a><style>나</style></svg><a class=wc>다</a>라", "다\n라"),
        ("<ul><li>• 맑음서울 3.2℃<li><p>ㆍ 비부산 3.2℃</p></ul>", "• 맑음서울 3.2℃\n• 비부산 3.2℃"),
        ("가\ufdd0나\ufdd1다", "가나다"),
        ("", ""),
        ("<frameset><frame src=a></frameset>", ""),
    ],
)
def test_a_block_element_or_list_item_is_a_line(markup: str, text: str) -> None:
    assert text_of(markup) == text


@pytest.mark.parametrize(
    "item",
    [
        "<li><div>{word}</div>{name} {t}℃</li>",
        "<li><p>{name}</p><p>{word}</p><p>{t}℃</p></li>",
        "<li>{word}{name}<br>{t}℃</li>",
        "<li><p>{name}</p><p>{t}&deg; C</p><p>{word}</p></li>",
    ],
)
def test_a_reading_in_blocks_keeps_its_name_and_its_condition(tmp_path: Path, item: str) -> None:
    weather = [("맑음", "서울", "3.2"), ("비 또는 눈", "대관령", "-0.4"), ("흐림", "부산", "8.0")]
    items = "".join(item.format(word=word, name=name, t=t) for word, name, t in weather)
    (tmp_path / "a.html").write_text(f"<html><body><ul>{items}</ul></body></html>", "utf-8")
    found = extract(batches(tmp_path / "a.html")[1][0].documents)
    assert found.lines.select("station_id", "condition_raw", "temperature_c").rows() == [
        (108, "맑음", 3.2),
        (100, "비 또는 눈", -0.4),
        (159, "흐림", 8.0),
    ]
    assert found.rejects.is_empty()


@pytest.mark.parametrize("tag", ["script", "style", "template", "noscript", "svg"])
def test_invisible_elements_are_not_text(tag: str) -> None:
    assert text_of(f"<p>가</p><{tag}>맑음서울 3.2℃</{tag}><p>나</p>") == "가\n나"


@pytest.mark.parametrize("label", ["euc-kr", "EUC-KR", "ks_c_5601-1987", "cp949", "utf-8", ""])
def test_page_in_euc_kr_gives_the_same_readings_as_in_utf_8(tmp_path: Path, label: str) -> None:
    (tmp_path / "utf8.html").write_bytes(html())
    (tmp_path / "korean.html").write_bytes(html("cp949", label))
    assert texts(tmp_path / "korean.html") == texts(tmp_path / "utf8.html")
    assert readings_of(tmp_path / "korean.html") == readings_of(tmp_path / "utf8.html")


@pytest.mark.parametrize(
    ("raw", "header"),
    [
        ("날씨 3℃".encode("utf-8-sig"), None),
        ("날씨 3℃".encode("utf-16"), None),
        ("날씨 3℃".encode("cp949"), None),
        ("날씨 3℃".encode("cp949"), "euc-kr"),
        ("날씨 3℃".encode(), "euc-kr"),  # the server is wrong
        ("날씨 3℃".encode(), "iso-8859-1"),  # the server's default
        ("날씨 3℃".encode("cp949"), "utf-8"),
        ("날씨 3℃".encode(), "no-such-charset"),
        ("날씨 3℃".encode(), "zip"),  # a codec of Python's that is no charset
    ],
)
def test_the_encoding_in_which_the_bytes_are_valid_is_used(raw: bytes, header: str | None) -> None:
    assert decode(raw, header) == "날씨 3℃"


def test_damaged_page_is_read_around_the_damage() -> None:
    raw = "맑음서울 3.2℃ ".encode() * 50
    assert decode(raw[:-2]).startswith("맑음서울 3.2℃ ")
    assert decode(raw[:100] + b"\xff" + raw[100:]).count("\ufffd") <= 3


def test_a_feed_is_recognized_by_its_content_and_not_changed(tmp_path: Path) -> None:
    (tmp_path / "sfc").write_text(FEED, "utf-8")
    (row,) = rows(tmp_path / "sfc")
    assert (row["media_type"], row["text"]) == ("application/xml", FEED)
    found = extract(batches(tmp_path / "sfc")[1][0].documents)
    assert found.readings["station_id"].to_list() == [98, 108, 159]


def test_pages_without_a_unit_are_only_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PROSE, "utf-8")
    (tmp_path / "b.txt").write_text(TICKER, "utf-8")
    (tmp_path / "c.html").write_text("<p>&#1234;</p>", "utf-8")
    _, (batch,) = batches(tmp_path)
    assert (batch.read, batch.documents.height) == (3, 1)
    assert batch.bytes == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_a_folder_is_searched_for_documents_and_other_files_are_ignored(
    tmp_path: Path,
) -> None:
    saved = tmp_path / "a" / "page_files"
    saved.mkdir(parents=True)
    (tmp_path / "a" / "page.html").write_bytes(html())
    (saved / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (saved / "script.js").write_text("var t = '3℃'", "utf-8")
    (saved / "noname").write_bytes(b"\0\1\2")
    (tmp_path / ".hidden").write_text(TICKER, "utf-8")
    assert len(rows(tmp_path)) == 1


def test_a_file_more_in_a_folder_changes_one_partition(tmp_path: Path) -> None:
    sizes = PartitionSizes(min_files=2, mean_files=8)
    for number in range(200):
        (tmp_path / f"{number:03}.txt").write_text(TICKER, "utf-8")
    before = {part.fingerprint for part in plan([str(tmp_path)], sizes=sizes).partitions}
    (tmp_path / "000a.txt").write_text(TICKER, "utf-8")
    after = {part.fingerprint for part in plan([str(tmp_path)], sizes=sizes).partitions}
    assert len(before) > 5
    assert len(before & after) >= len(before) - 3


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TICKER, "utf-8")
    assert len(rows(tmp_path, tmp_path / "a.txt", f"{tmp_path}/*.txt")) == 1


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("a.zip", b"PK\x03\x04....", "a zip archive: unpack it first"),
        ("a.txt", b"", "empty"),
        ("a.bin", b"\0\1\2\3", "binary, in no format that nalssi reads"),
        ("a.parquet", b"no parquet", "its name says parquet, but its content is something else"),
        ("a.xml", b"<?xml version='1.0'?><rss/>", "XML, but not KMA's feed (<current><weather>)"),
        ("a.txt.gz", b"\x1f\x8b\x08\x00broken....", "Error -3 while decompressing data"),
    ],
)
def test_an_unreadable_file_is_reported_and_the_others_are_read(
    tmp_path: Path, name: str, content: bytes, cause: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "page.txt").write_text(TICKER, "utf-8")
    made, all_batches = batches(tmp_path / name, tmp_path / "good")
    (problem,) = made.problems
    assert str(problem).startswith(f"{tmp_path / name}: {cause}")
    assert "\n" not in str(problem)
    assert sum(batch.documents.height for batch in all_batches) == 1


def test_missing_files_and_empty_globs_are_problems(tmp_path: Path) -> None:
    assert problems(tmp_path / "no") == [f"{tmp_path / 'no'}: no such file or directory"]
    assert problems(f"{tmp_path}/*.html") == [f"{tmp_path}/*.html: nothing matches"]
    assert problems(tmp_path) == [f"{tmp_path}: no document in this folder"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_cut_off_page_is_a_problem(tmp_path: Path, pack) -> None:
    (tmp_path / "a.txt").write_bytes(pack(TICKER.encode() * 3)[:-12])
    (problem,) = problems(tmp_path / "a.txt")
    assert "cut off in the middle" in problem


def test_a_gzip_bomb_is_a_problem_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"\n" * 2**24))
    assert problems(tmp_path / "a.txt.gz", limits=ReadLimits(page_bytes=2**20)) == [
        f"{tmp_path / 'a.txt.gz'}: larger than 1 MiB: keep many pages as JSONL or Parquet"
    ]


@pytest.mark.parametrize("kind", ["text", "html"])
def test_the_user_can_choose_the_format(tmp_path: Path, kind: Kind) -> None:
    (tmp_path / "page").write_text("<li>맑음서울 3.2℃</li>", "utf-8")
    (partition,) = plan([str(tmp_path / "page")], kind=kind).partitions
    (batch,) = read(partition)
    expected = {"text": "<li>맑음서울 3.2℃</li>", "html": "• 맑음서울 3.2℃"}
    assert batch.documents["text"].to_list() == [expected[kind]]


@pytest.mark.process
def test_standard_input_is_a_source() -> None:
    script = (
        "from nalssi.sources import plan, read\n"
        "made = plan(['-'])\n"
        "print(*[b.documents['uri'][0] for p in made.partitions for b in read(p)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=TICKER.encode(), capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "stdin:"


@pytest.mark.parametrize(
    ("prolog", "known"),
    [
        ('<?xml version="1.0"?>\n<?xml-stylesheet href="a.xsl"?>\n<!-- a note -->', True),
        ('<!-- a --><?xml-stylesheet href="a.xsl"?><!-- b --><?c d?>', True),
        ('<?xml version="1.0"?><!-- <current> --><rss/>', False),
    ],
)
def test_a_feed_may_have_instructions_and_comments_before_it(prolog: str, known: bool) -> None:
    assert is_feed(f"{prolog}<current><weather/></current>".encode()) is known
