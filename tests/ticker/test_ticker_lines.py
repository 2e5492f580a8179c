"""Single lines of a ticker: which are readings, and why others are rejects."""

from __future__ import annotations

import unicodedata

import pytest

from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from tests.ticker.read_text import read, readings, rejects

# Around each line under test, so that it stands in a ticker.
HEAD = "• 맑음속초 1.0℃\n• 맑음대관령 -3.1℃\n"
TAIL = "\n• 맑음거제 5.0℃\n기상청 제공\n"
AROUND = [(90, "맑음", 1.0), (100, "맑음", -3.1), (294, "맑음", 5.0)]


def among_others(line: str) -> tuple[list, list]:
    """Return the readings and rejects of a line that stands between other ticker lines."""
    found = read(HEAD + line + TAIL)
    assert found.ticker_lines == found.lines.height + found.rejects.height
    assert [reading for reading in readings(found) if reading in AROUND] == AROUND
    return [reading for reading in readings(found) if reading not in AROUND], rejects(found)


def test_a_zero_has_no_sign():
    (found,), _ = among_others("• 흐림동해 -0.0℃")
    assert str(found[2]) == "0.0"


@pytest.mark.parametrize(
    ("line", "reading"),
    [
        ("• 구름많음강릉 14.1℃", (105, "구름많음", 14.1)),
        ("• 흐림강릉14.6℃", (105, "흐림", 14.6)),
        ("• 흐림 강릉 14.6℃", (105, "흐림", 14.6)),
        ("• 강릉 흐림 14.6℃", (105, "흐림", 14.6)),
        ("• 동두천 29.3℃흐림", (98, "흐림", 29.3)),
        ("• 강릉 13.1℃ 구름많음", (105, "구름많음", 13.1)),
        ("• 비 또는 눈서귀포5.8℃", (189, "비 또는 눈", 5.8)),
        ("• 서귀포 5.8℃ 비 또는 눈", (189, "비 또는 눈", 5.8)),
        ("• 뇌우,눈/비서울 1.2℃", (108, "뇌우,눈/비", 1.2)),
        ("• 서울 3.2℃", (108, None, 3.2)),
        ("• 맑음홍성(예) 19.0℃", (177, "맑음", 19.0)),
        ("• 맑음홍성（예） 19.0℃", (177, "맑음", 19.0)),
        ("• -진도(첨찰산) 30.2℃", (175, "-", 30.2)),
        ("• 진도(첨찰산) 30.2℃-", (175, "-", 30.2)),
        ("• 흐림동해-1.4℃", (106, "흐림", -1.4)),
        ("• 흐림동해 -1.4℃", (106, "흐림", -1.4)),
        ("• 흐림동해 −1.4℃", (106, "흐림", -1.4)),
        ("• 흐림동해 ＋１.４℃", (106, "흐림", 1.4)),
        ("• 흐림동해 -0.0℃", (106, "흐림", 0.0)),
        ("•\u00a0흐림동해\u00a01.4℃", (106, "흐림", 1.4)),
        ("• 흐림동해 １４.６℃", (106, "흐림", 14.6)),
        ("\u200b• 흐림\u200b동해 1.4\u200b℃\ufeff", (106, "흐림", 1.4)),
        ("• 흐림동해 1.4°C", (106, "흐림", 1.4)),
        ("• 흐림동해 1.4˚C", (106, "흐림", 1.4)),
        ("• 흐림동해 1.4°\u200bC", (106, "흐림", 1.4)),
        ("• 맑음북강릉 2.0℃", (104, "맑음", 2.0)),
        ("• 비북강릉 2.0℃", (104, "비", 2.0)),
        ("• 맑음고창 2.0℃", (172, "맑음", 2.0)),
        ("• 맑음고창군 2.0℃", (251, "맑음", 2.0)),
        ("• 맑음문산 2.0℃", (99, "맑음", 2.0)),
        ("· 흐림동해 1.4℃", (106, "흐림", 1.4)),
        ("* 흐림동해 1.4℃", (106, "흐림", 1.4)),
        ("▸ 흐림동해 1.4℃", (106, "흐림", 1.4)),
        ("»흐림동해 1.4℃", (106, "흐림", 1.4)),
        ("✔ 흐림동해 1.4℃", (106, "흐림", 1.4)),
        ("- 흐림동해 1.4℃", (106, "흐림", 1.4)),
        ("- 흐림동해 -1.4℃", (106, "흐림", -1.4)),
        ("-흐림동해 -1.4℃", (106, "흐림", -1.4)),
        ("•흐림동해1.4℃", (106, "흐림", 1.4)),
        ("• 흐림동해 3℃", (106, "흐림", 3.0)),
        ("• \u1112\u1173\u1105\u1175\u11b7동해 1.4℃", (106, "흐림", 1.4)),  # decomposed jamo
        ("• 맑음고창 ℃", (172, "맑음", None)),
        ("• 맑음고창 -℃", (172, "맑음", None)),
        ("• 맑음고창℃", (172, "맑음", None)),
        ("• 고창 ℃ 맑음", (172, "맑음", None)),
        ("• 비청주", (131, "비", None)),
        ("• 고창 맑음", (172, "맑음", None)),
        ("• -진도(첨찰산)", (175, "-", None)),
    ],
)
def test_a_line_is_read_in_every_dialect(line, reading):
    assert among_others(line) == ([reading], [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("• 맑음평양 3.2℃", "unknown_station"),
        ("• 평양 3.2℃맑음", "unknown_station"),
        ("• 맑음신서울 3.2℃", "unknown_station"),
        ("• 흙비서울 3.2℃", "unknown_condition"),
        ("• 서울 3.2℃흙비", "unknown_condition"),
        ("• 맑음서울 99.9℃", "unreadable_temperature"),
        (f"• 맑음서울 {HIGHEST_TEMPERATURE_C + 0.1}℃", "unreadable_temperature"),
        (f"• 맑음서울 {LOWEST_TEMPERATURE_C - 0.1}℃", "unreadable_temperature"),
        ("• 맑음서울 999℃", "unreadable_temperature"),
        ("• 맑음서울 3.25℃", "unreadable_temperature"),
        ("• 맑음서울 3,2℃", "unreadable_temperature"),
        ("• 맑음서울 .5℃", "unreadable_temperature"),
        ("• 맑음서울 --℃", "unreadable_temperature"),
        ("• 서울 - 5.9℃", "unreadable_temperature"),  # minus 5.9, or 5.9 beside `-`
        ("• 서울", "unreadable_temperature"),
        ("• 맑음서울 3.2", "cut_line"),
        ("• 맑음서울 3", "cut_line"),
        ("• 맑음3.2℃", "unnamed_station"),  # many stations fit
        ("• 3.2℃", "unnamed_station"),
        ("• ℃", "unnamed_station"),
        ("• 오늘의 운세", "unknown_station"),
        ("• 등록 08:18 20:00", "unknown_station"),
    ],
)
def test_an_unreadable_line_is_rejected_with_its_text(line, reason):
    found = read(HEAD + line + TAIL)
    assert readings(found) == AROUND
    assert found.rejects.select("line", "text", "reason").rows() == [(3, line, reason)]


def test_the_lowest_and_the_highest_possible_temperature_are_read():
    for limit in (float(LOWEST_TEMPERATURE_C), float(HIGHEST_TEMPERATURE_C)):
        assert among_others(f"• 맑음서울 {limit}℃") == ([(108, "맑음", limit)], [])


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\n\n", "\n\u00a0\n", "\n\u200b\n"])
def test_every_kind_of_line_break_separates_lines(break_):
    found = read((HEAD + "• 비청주 2.0℃" + TAIL).replace("\n", break_))
    assert len(readings(found)) == 4
    assert found.ticker_lines == 4


def test_lines_count_from_one_and_blank_ones_count():
    found = read("머리\n\n" + HEAD + "• 맑음평양 3.2℃" + TAIL)
    assert found.sightings["line"].to_list() == [3]
    assert rejects(found) == [(5, "unknown_station")]


def test_a_name_without_a_current_holder_means_its_last_holder():
    assert among_others("• 맑음마산 2.0℃") == ([(155, "맑음", 2.0)], [])
    assert among_others("• 맑음대구(기) 2.0℃") == ([(176, "맑음", 2.0)], [])


LIST = ["• 맑음속초 1.0℃", "• 흐림서울 2.0℃", "• 비부산 3.0℃", "• 맑음강릉 4.0℃"]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        (unicodedata.normalize("NFD", "• 흐림서울 2.0℃"), 2.0),  # the same text by definition
        ("• 흐림서\u200b울 2\u200b.0\u2060℃", 2.0),  # nothing that a reader sees
        ("• \u200f흐림서울 2.0℃\u200e", 2.0),  # digits keep their order
        ("\ufeff• 흐림서울 2.0℃", 2.0),
        ("• 흐림서울 \u202e0.2℃", None),  # read as 2.0, written as 0.2
        ("• 흐림서울 \u202d2.0℃", None),
        ("• 흐림서울 ٢.0℃", None),  # digits of another script
        ("• ᄒᆞ림서울 2.0℃", None),  # an older syllable that resembles one
        ("• ﾌ흐림서울 2.0℃", None),
        ("• 흐림ㅅㅓ울 2.0℃", None),  # single letters that resemble a syllable
        ("• 흐림서울\x00 2.0℃", None),
        ("• 흐림서울 \ufffd.0℃", None),  # a broken byte
        ("• 흐림" + "서울" * 60 + " 2.0℃", None),  # longer than any line
        ("• 흐림서울 2.0℃" + " " * 300 + "또는 3.0℃", None),
        ("• 흐림서울 " + "2" * 60 + ".0℃", None),
    ],
)
def test_a_line_is_read_as_it_is_displayed_or_rejected_and_never_ends_the_list(printed, value):
    found = read("\n".join([LIST[0], printed, *LIST[2:]]))
    assert found.ticker_lines == 4
    assert [row[2] for row in readings(found)] == [
        v for v in (1.0, value, 3.0, 4.0) if v is not None
    ]
    assert [line for line, _ in rejects(found)] == ([2] if value is None else [])
