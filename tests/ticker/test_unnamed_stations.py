"""Lines without a name get their station from the order of the feed, or stay unknown."""

from __future__ import annotations

import pytest

from tests.ticker.read_text import read, readings, rejects


def test_nameless_lines_get_the_one_station_that_fits_between_their_neighbours():
    found = read(
        "2026.03.02 (월)\n• 흐림속초3.9℃\n• 비4.7℃\n• 흐림철원3.4℃\n• 비홍성(예)5.8℃\n• 흐림5.9℃\n"
        "• 비제주11.6℃\n• 흐림금산5.0℃\n• 흐림5.5℃\n• 흐림부안6.6℃\n"
    )
    by_order = found.lines.filter(station_source="order")
    assert by_order.select("line", "station_id").rows() == [(3, 93), (6, 181), (9, 239)]


@pytest.mark.parametrize(
    ("page", "line"),
    [
        (
            "2026.03.02 (월)\n• 맑음3.0℃\n• 맑음속초4.6℃\n• 비철원3.4℃\n• 비동해1.0℃\n",
            2,
        ),  # none fits
        ("2026.03.02 (월)\n• 맑음속초4.6℃\n• 비3.4℃\n• 비동해1.0℃\n• 비부산3.0℃\n", 3),  # many fit
        ("2026.03.02 (월)\n• 맑음철원4.6℃\n• 비3.4℃\n• 비속초1.0℃\n• 비부산3.0℃\n", 3),  # falling
        (
            "2015.03.02 (월)\n• 맑음속초4.6℃\n• 비3.4℃\n• 비철원1.0℃\n• 비부산3.0℃\n",
            3,
        ),  # not yet open
        # 93 is named further down
        (
            "2026.03.02 (월)\n• 맑음속초4.6℃\n• 비3.4℃\n• 비철원1.0℃\n• 비부산3.0℃\n"
            "• 비여수3.0℃\n• 비제주3.0℃\n• 비북춘천3.0℃\n",
            3,
        ),
    ],
)
def test_nameless_lines_stay_unknown_unless_exactly_one_station_fits(page, line):
    assert rejects(read(page)) == [(line, "unnamed_station")]


def test_two_nameless_lines_in_one_gap_stay_unknown():
    found = read(
        "2026.03.02 (월)\n• 맑음속초4.6℃\n• 비3.4℃\n• 비3.5℃\n• 비철원1.0℃\n• 비부산3.0℃\n"
    )
    assert rejects(found) == [(3, "unnamed_station"), (4, "unnamed_station")]


def test_a_list_in_another_order_names_no_stations():
    shuffled = ["부산", "속초", "서울", "강릉", "제주", "대전", "인천", "여수", "울산", "전주"]
    lines = [f"• 맑음{name} 1.0℃" for name in shuffled]
    lines.insert(2, "• 비2.0℃")  # between 90 and 108
    assert rejects(read("2026.03.02 (월)\n" + "\n".join(lines))) == [(4, "unnamed_station")]


@pytest.mark.parametrize("bullet", ["• ", ""])
def test_a_number_next_to_a_rejected_name_is_not_given_to_another_station(bullet):
    stations = {"동두천": 5.0, "강릉": 14.1, "서울": 8.6, "대구": 10.6, "울산": 16.4, "부산": 14.9}
    page = "".join(f"• {name}\n{bullet}맑음 {value}℃\n" for name, value in stations.items())
    found = read(page)  # 동해 alone fits between 강릉 and 서울, but 14.1 is 강릉's
    assert readings(found) == []
    assert found.ticker_lines == found.rejects.height == 2 * len(stations) - 1


def test_a_condition_alone_is_not_a_reading():
    found = read("• 맑음속초 1.0℃\n• 맑음\n• 맑음철원 2.0℃\n• 맑음서울 3.0℃\n기상청 제공\n")
    assert [row[0] for row in readings(found)] == [90, 95, 108]
    assert rejects(found) == [(2, "unnamed_station")]
