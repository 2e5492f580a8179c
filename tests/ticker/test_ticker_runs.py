"""Runs: which lines of a page make up a ticker."""

from __future__ import annotations

import pytest

from tests.ticker.read_text import counted, read, read_each, readings, rejects

LIST = "• 맑음속초 1.0℃\n• 흐림서울 2.0℃\n• 비부산 3.0℃\n"
READ = [(90, "맑음", 1.0), (108, "흐림", 2.0), (159, "비", 3.0)]


@pytest.mark.parametrize(
    "prose",
    [
        "오늘 아침 최저 서울 -3.2℃, 부산 4.1℃",
        "서울 -0.7도, 인천 -0.2도",
        "서울 -0.7도",
        "낮 최고기온은 12.3℃로 어제보다 3.4℃ 높겠다",
        "12.3℃",
        "18.4",
        "서울",
        "맑음",
        "메뉴",
        "• 등록 2025.06.20 08:18:20",
        "• 홈",
        "• 서울",
        "• 18.4℃",
        "• 조회수 1234",
        "▲ 서울 3.2℃로 뚝",
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_prose_menus_and_other_bullets_are_not_ticker_lines(prose, place):
    page = f"{prose}\n{LIST}기상청 제공\n" if place == "before" else f"{LIST}기상청 제공\n{prose}\n"
    found = read(page)
    assert readings(found) == READ
    assert (found.ticker_lines, rejects(found)) == (3, [])


@pytest.mark.parametrize(
    "prose", ["오늘 아침 최저 서울 -3.2℃, 부산 4.1℃", "• 홈", "• 18.4℃", "서울 -0.7도"]
)
def test_prose_and_menus_directly_after_a_list_are_not_ticker_lines(prose):
    found = read(LIST + prose + "\n그리고 더.\n")
    assert (readings(found), rejects(found)) == (READ, [])


@pytest.mark.parametrize("unit", ["°C", "° C", " ° C", "º\u00a0C", "˚Ｃ", "°\u200bC", "°  C"])
def test_a_list_may_spell_its_unit_in_two_signs_throughout(unit):
    assert readings(read(LIST.replace("℃", unit))) == READ


def test_two_lines_are_not_a_ticker():
    found = read("• 맑음속초 1.0℃\n• 흐림서울 2.0℃\n끝\n• 비부산 3.0℃\n")
    assert found.ticker_lines == 0
    assert found.documents.height == 0
    assert found.examined.height == 1


def test_lines_with_an_unknown_name_or_no_number_count_as_lines_of_a_run():
    found = read("• 맑음속초 1.0℃\n• 맑음평양 2.0℃\n• 흙비부산 3.0℃\n기상청 제공\n")
    assert readings(found) == [(90, "맑음", 1.0)]
    assert rejects(found) == [(2, "unknown_station"), (3, "unknown_condition")]
    found = read("• 맑음속초 1.0℃\n• 고창 ℃맑음\n• 비청주\n기상청 제공\n")
    assert readings(found) == [(90, "맑음", 1.0), (172, "맑음", None), (131, "비", None)]


@pytest.mark.parametrize("line", ["• 맑음서울 3.25℃", "• 맑음서울 999.9℃", "• 맑음서울 3,2℃"])
@pytest.mark.parametrize("page", ["{line}\n{list}", "{list}{line}\n"])
def test_an_unreadable_number_at_either_end_of_a_list_is_rejected(line, page):
    found = read(page.format(line=line, list="• 맑음속초 1.0℃\n• 비부산 3.0℃\n• 비여수 3.0℃\n"))
    assert found.rejects["reason"].to_list() == ["unreadable_temperature"]
    assert (found.lines.height, found.ticker_lines) == (3, 4)


def test_a_page_without_a_ticker_is_not_a_problem():
    found = read("", "아무 숫자도 없는 글", "기온이 3.2℃까지 오른다")
    assert (found.ticker_lines, found.documents.height, found.examined.height) == (0, 0, 3)


def test_a_bulleted_line_between_ticker_lines_belongs_to_the_ticker():
    found = read("• 맑음속초 1.0℃\n• 흐림서울 2.0℃\n• 광고\n• 비부산 3.0℃\n기상청 제공\n")
    assert readings(found) == READ
    assert found.rejects.select("line", "text", "reason").rows() == [
        (3, "• 광고", "unknown_station")
    ]


def test_unbulleted_lists_are_read_and_prose_between_ends_them():
    lines = LIST.replace("• ", "")
    assert readings(read(lines)) == READ
    assert readings(read(f"오늘 날씨\n{lines}오늘은 대체로 맑겠다.\n")) == READ
    assert read(lines.replace("흐림", "오늘은 흐리고\n흐림")).ticker_lines == 0


def test_several_tickers_on_a_page_are_several_snapshots():
    found = read(f"2025.12.19 (금)\n{LIST}기상청 제공\n글\n2025.12.20 (토)\n{LIST}기상청 제공\n")
    assert found.snapshots["observed_on"].dt.to_string().to_list() == ["2025-12-19", "2025-12-20"]
    assert found.sightings["line"].to_list() == [2, 8]


def test_the_same_ticker_twice_on_a_page_is_one_snapshot_with_two_sightings():
    found = read(f"2025.12.19 (금)\n{LIST}기상청 제공\n글\n{LIST}기상청 제공\n")
    assert (found.snapshots.height, found.sightings["line"].to_list()) == (1, [2, 7])
    assert found.readings.height == 3
    assert found.ticker_lines == found.lines.height == 6


def test_the_same_ticker_on_two_pages_is_one_snapshot_with_two_sightings():
    found = read(f"2025.12.19 (금)\n{LIST}", f"2025.12.19(금)\n\n머리글\n{LIST}글\n")
    assert (found.snapshots.height, found.sightings.height, found.documents.height) == (1, 2, 2)


def test_two_lists_without_a_line_between_them_are_two_tickers():
    warmer = LIST.replace("1.0", "5.0").replace("2.0", "6.0").replace("3.0", "7.0")
    found = read(LIST + warmer)
    assert (found.snapshots.height, found.rejects.height, found.ticker_lines) == (2, 0, 6)


@pytest.mark.parametrize("leading", ["• 비17.7℃\n", "• 비17.7℃\n• 맑음평양 3.2℃\n"])
@pytest.mark.parametrize("place", [0, 1])
def test_two_lists_without_a_line_between_them_may_have_nameless_lines(leading, place):
    lines = LIST.splitlines(keepends=True)
    one = "".join([*lines[:place], leading, *lines[place:]])
    other = one.replace("1.0", "5.0").replace("2.0", "6.0").replace("3.0", "7.0")
    found = read(one + other)
    assert found.sightings["line"].to_list() == [1, 1 + len(one.splitlines())]
    assert [row[2] for row in readings(found)] == [1.0, 2.0, 3.0, 5.0, 6.0, 7.0]
    assert "duplicate_station" not in found.rejects["reason"]


def test_a_nameless_line_at_the_end_of_a_list_does_not_begin_the_next():
    found = read("• 비17.7℃\n" + LIST + LIST.replace("1.0", "5.0"))
    assert found.sightings["line"].to_list() == [1, 5]


@pytest.mark.parametrize("bullet", ["", "• ", "※ "])
def test_two_lists_with_the_end_mark_between_are_two_tickers(bullet):
    found = read(f"{LIST}{bullet}기상청 제공\n{LIST.replace('1.0', '5.0')}")
    assert found.sightings["line"].to_list() == [1, 5]
    assert (found.rejects.height, found.ticker_lines) == (0, 6)


def test_both_lines_of_a_station_with_two_values_are_rejected():
    found = read(f"{LIST}• 비서울 4.0℃\n기상청 제공\n")
    assert readings(found) == [READ[0], READ[2]]
    assert rejects(found) == [(2, "duplicate_station"), (4, "duplicate_station")]


def test_a_station_printed_twice_with_one_value_is_read():
    found = read(f"{LIST}• 흐림서울 2.0℃\n기상청 제공\n")
    assert found.rejects.height == 0
    assert (found.readings.height, found.lines.height, found.ticker_lines) == (3, 4, 4)


@pytest.mark.parametrize(
    "cut",
    [
        "• 맑음양산시3.9",
        "• 맑음양산시3.",
        "• 맑음양산시3",
        "• 맑음양산시-",
        "• 맑음양산시",
        "• 맑음양",
        "• 맑음",
        "• 구름",
        "• 맑음파\ufffd",
        "• 맑음파…",
        "• 맑음파주 ...",
        "• 맑음파주 -0\ufffd",
        "• 맑음파주 3.…",
        "• 맑음파주 3.9\ufffd",
        "• 파주 3.9℃ 맑\ufffd",
        "• 파주 3.9℃…",
    ],
)
def test_a_line_in_which_the_text_is_cut_off_is_rejected(cut):
    found = read(LIST + cut)
    assert readings(found) == READ
    assert rejects(found) == [(4, "cut_line")]


@pytest.mark.parametrize("prose", ["• 더보기…", "오늘 날씨는 비...", "• …", "\ufffd", "• 3…"])
def test_other_text_that_is_cut_off_is_not_a_ticker_line(prose):
    found = read(LIST + prose)
    assert (readings(found), rejects(found)) == (READ, [])


def test_a_line_cut_inside_the_condition_after_its_temperature_is_rejected():
    found = read("• 속초 1.0℃ 맑음\n• 서울 2.0℃ 흐림\n• 부산 3.0℃ 비\n• 고창 2.0℃ 구름")
    assert rejects(found) == [(4, "cut_line")]


def test_a_last_line_with_its_unit_is_complete():
    assert readings(read(LIST + "• 맑음양산시3.9℃"))[-1] == (257, "맑음", 3.9)
    assert readings(read("• 속초 1.0℃ 맑음\n• 서울 2.0℃ 흐림\n• 부산 3.0℃ 비\n• 고창 2.0℃"))[
        -1
    ] == (172, None, 2.0)


def test_a_line_without_a_number_is_a_reading_only_if_the_list_goes_on():
    assert readings(read(f"{LIST}• 비청주\n기상청 제공\n"))[-1] == (131, "비", None)
    assert rejects(read(f"{LIST}• 비청주\n")) == [(4, "cut_line")]
    assert rejects(read(f"{LIST}• 비청주\n딴 글\n")) == [(4, "cut_line")]


def test_documents_and_their_lines_keep_their_order():
    pages = [f"{LIST}• 맑음제주 {n / 10}℃\n" for n in range(200)]
    found = read(*pages)
    assert found.documents["uri"].to_list() == [f"page:{n}" for n in range(200)]
    assert found.sightings["document_id"].to_list() == found.documents["document_id"].to_list()


END = "기상청 제공\n"
PLAIN = LIST.replace("• ", "")


def test_a_list_below_a_sentence_about_a_forecast_is_no_ticker_without_end_mark():
    forecast = "기자가 전한 내일 날씨입니다\n"
    pages = [PLAIN + "글\n", forecast + PLAIN, forecast + "글\n" + PLAIN, forecast + PLAIN + END]
    assert [readings(found) for found in read_each(*pages)] == [READ, [], READ, READ]


def test_a_list_may_contain_five_other_lines_or_more_that_resemble_readings():
    rest = "• 맑음여수 4.0℃\n• 비완도 5.0℃\n• 비제주 6.0℃\n"
    others = ("• 광고\n" * 5, "• 광고\n" * 6, "• 12일 3.2℃\n" * 6, "• 평양 3.2℃\n" * 6)
    five, six, dated, unknown = read_each(*(LIST + other + rest for other in others))
    assert (dated.sightings.height, counted(dated)) == (2, (6, 0))
    assert (unknown.sightings.height, counted(unknown)) == (1, (6, 6))  # like ticker lines
    assert (five.sightings.height, counted(five)) == (1, (6, 5))
    assert (six.sightings.height, counted(six)) == (2, (6, 0))


@pytest.mark.parametrize(
    "rest",
    [
        "• 맑음속초 5.0℃\n• 비철원 5.0℃\n• 비파주 6.0℃\n",  # it begins with a lower id
        "• 맑음제주 5.0℃\n• 비서울 5.0℃\n• 비속초 6.0℃\n",  # a station occurs again
    ],
)
def test_a_line_before_a_list_that_begins_again_separates_two_lists(rest):
    found = read(LIST + "• 광고\n" + rest)
    assert (found.sightings.height, counted(found)) == (2, (6, 0))


def test_a_whole_number_is_a_temperature_only_beside_a_condition():
    one, other = read_each(
        "• 서울 3℃\n• 부산 4℃\n• 제주 5℃\n" + END,
        "• 맑음서울 3℃\n• 비부산 4℃\n• 비제주 5.0℃\n" + END,
    )
    assert (one.ticker_lines, counted(other)) == (0, (3, 0))


def test_names_alone_do_not_make_a_ticker():
    assert read("• 맑음속초 1.0℃\n• 서울\n• 부산\n끝\n").ticker_lines == 0


@pytest.mark.parametrize("end", [" 기상청 제공", " 기상청제공", "기상청 제공"])
def test_the_end_mark_may_stand_on_the_line_of_the_last_reading(end):
    assert readings(read(LIST.rstrip() + end)) == READ


def test_a_heading_has_at_most_ninety_bytes():
    heading = "최고 " * 12 + "최고"
    assert len(heading.encode()) == 90
    short, long = read_each(f"{heading}\n{LIST}{END}", f"{heading}!\n{LIST}{END}")
    assert (short.ticker_lines, readings(long)) == (0, READ)


def test_a_hyphen_before_a_number_is_a_condition_only_where_the_list_has_conditions():
    first, last, none = read_each(
        "• 서울 맑음 3.2℃\n• 부산 비 1.0℃\n• 거제 - 5.9℃\n" + END,
        "• 맑음 서울 3.2℃\n• 비 부산 1.0℃\n• 거제 - 5.9℃\n" + END,
        "• 서울 - 3.2℃\n• 부산 - 1.0℃\n• 거제 - 5.9℃\n" + END,
    )
    assert readings(first) == [(108, "맑음", 3.2), (159, "비", 1.0), (294, "-", 5.9)]
    assert rejects(last) == [(3, "unreadable_temperature")]
    assert rejects(none) == [(line, "unreadable_temperature") for line in (1, 2, 3)]


def test_a_last_line_with_a_unit_and_no_number_is_a_reading():
    for found in read_each(LIST + "• 맑음고창 ℃", LIST + "• 맑음고창 ℃\n글\n"):
        assert readings(found) == [*READ, (172, "맑음", None)]
