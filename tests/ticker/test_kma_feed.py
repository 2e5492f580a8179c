"""KMA's XML feed, the only source that states the hour."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from nalssi.common.known_names import station_names
from nalssi.common.ticker_symbols import FEED_MARK
from nalssi.ticker import extract
from nalssi.ticker.kma_feed import FEED_TYPE
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from tests.ticker.read_text import DOCUMENTS, read, readings, rejects

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<current xmlns="current">
<weather year="2017" month="08" day="04" hour="15">
<local stn_id="90" icon="03" desc="구름많음" ta="29.1">속초</local>
<local stn_id="98" icon="" desc="-" ta="32.8" rn_hr1="0.0" sd_day="">동두천</local>
<local stn_id="100" icon="01" desc="맑음" ta="">대관령</local>
<local stn_id="175" icon="" desc="" ta="-0.5">진도(첨찰산)</local>
</weather></current>"""


def test_ids_hour_and_weather_come_from_the_attributes():
    found = read(FEED, media_type=FEED_TYPE)
    assert readings(found) == [
        (90, "구름많음", 29.1),
        (98, "-", 32.8),
        (100, "맑음", None),
        (175, None, -0.5),
    ]
    assert found.lines["condition"].to_list() == ["mostly_cloudy", None, "clear", None]
    assert set(found.lines["station_source"]) == {"feed"}
    assert found.lines["line"].to_list() == [4, 5, 6, 7]
    hour = datetime(2017, 8, 4, 6, tzinfo=UTC)  # 15 h in Korea
    assert found.snapshots.select("observed_on", "observed_at").rows() == [(date(2017, 8, 4), hour)]
    assert found.sightings.select("printed_on", "date_source").rows() == [
        (date(2017, 8, 4), "feed")
    ]


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        ('<local stn_id="9999" desc="맑음" ta="1.0">평양</local>', "unknown_station"),
        ('<local desc="맑음" ta="1.0">속초</local>', "unknown_station"),
        ('<local stn_id="90" desc="흙비" ta="1.0">속초</local>', "unknown_condition"),
        ('<local stn_id="90" desc="맑음" ta="99.9">속초</local>', "unreadable_temperature"),
        ('<local stn_id="90" desc="맑음" ta="n/a">속초</local>', "unreadable_temperature"),
    ],
)
def test_an_unreadable_element_is_rejected_with_its_text(element, reason):
    weather = '<weather year="2017" month="08" day="04" hour="15">'
    feed = f"<current>{weather}\n{element}\n</weather></current>"
    found = read(feed, media_type=FEED_TYPE)
    assert (readings(found), found.ticker_lines) == ([], 1)
    assert found.rejects.select("line", "reason").rows() == [(2, reason)]
    assert "속초" in found.rejects["text"][0] or "평양" in found.rejects["text"][0]


def test_two_values_for_one_station_are_both_rejected():
    feed = FEED.replace('stn_id="98"', 'stn_id="90"')
    assert rejects(read(feed, media_type=FEED_TYPE)) == [
        (4, "duplicate_station"),
        (5, "duplicate_station"),
    ]


def test_an_impossible_hour_leaves_the_date_to_the_capture():
    feed = FEED.replace('day="04"', 'day="32"')
    found = read(feed, media_type=FEED_TYPE, captured_at=datetime(2017, 8, 4, 6, 30, tzinfo=UTC))
    assert rejects(found) == [(3, "impossible_date")]
    assert found.snapshots.select("observed_on", "observed_at").rows() == [(date(2017, 8, 4), None)]
    assert found.sightings["date_source"].to_list() == ["capture"]


def test_hour_24_is_midnight_at_the_end_of_the_day():
    found = read(FEED.replace('hour="15"', 'hour="24"'), media_type=FEED_TYPE)
    assert found.snapshots["observed_at"].to_list() == [datetime(2017, 8, 4, 15, tzinfo=UTC)]
    assert found.snapshots["observed_on"].to_list() == [date(2017, 8, 5)]  # the same day in Korea
    assert found.sightings["printed_on"].to_list() == [date(2017, 8, 4)]


@pytest.mark.parametrize("hour", ["", ' hour=""'])
def test_a_feed_without_an_hour_gives_the_day(hour):
    feed = FEED.replace(' hour="15"', hour)
    found = read(feed, media_type=FEED_TYPE, captured_at=datetime(2017, 8, 5, 6, tzinfo=UTC))
    assert rejects(found) == []
    assert found.snapshots.select("observed_on", "observed_at").rows() == [(date(2017, 8, 4), None)]
    assert found.sightings["date_source"].to_list() == ["feed"]
    early = read(feed, media_type=FEED_TYPE, captured_at=datetime(2017, 8, 3, 14, tzinfo=UTC))
    assert rejects(early) == [(3, "impossible_date")]


def test_the_limits_of_a_feed_are_possible_values():
    """KMA's first day, the limits of temperature, and a capture at the printed hour."""
    first = FEED.replace("2017", "1904").replace('"08"', '"04"').replace('day="04"', 'day="01"')
    limits = [LOWEST_TEMPERATURE_C, HIGHEST_TEMPERATURE_C]
    coldest = first.replace("29.1", str(limits[0])).replace("32.8", str(limits[1]))
    found = read(coldest, media_type=FEED_TYPE)
    assert (rejects(found), found.readings["temperature_c"].to_list()[:2]) == ([], limits)
    assert found.sightings["printed_on"].to_list() == [date(1904, 4, 1)]
    earlier = first.replace('month="04" day="01"', 'month="03" day="31"')
    assert rejects(read(earlier, media_type=FEED_TYPE)) == [(3, "impossible_date")]
    hour = datetime(2017, 8, 4, 6, tzinfo=UTC)
    found = read(FEED, media_type=FEED_TYPE, captured_at=hour)
    assert found.snapshots["observed_at"].to_list() == [hour]


@pytest.mark.parametrize("attribute", ['hour="25"', 'hour="x"', 'hour="15" month=""'])
def test_a_feed_without_a_possible_time_has_no_date(attribute):
    feed = FEED.replace('month="08" ', "" if "month" in attribute else 'month="08" ')
    found = read(feed.replace('hour="15"', attribute), media_type=FEED_TYPE)
    assert found.sightings.select("printed_on", "date_source").rows() == [(None, None)]
    assert rejects(found) == [(3, "impossible_date")]


def test_a_document_that_a_reader_has_rewritten_may_state_no_day():
    text = FEED_MARK + FEED.split("?>", 1)[1].replace('day="04" ', "")
    assert rejects(read(text)) == []
    assert rejects(read(text.removeprefix(FEED_MARK), media_type=FEED_TYPE)) == [
        (3, "impossible_date")
    ]


def test_the_id_of_a_list_of_a_feed_never_changes():
    """Stored warehouses refer to this id."""
    assert read(FEED, media_type=FEED_TYPE).snapshots["snapshot_id"].to_list() == [
        "a43e6986dff1be53"
    ]


def test_lists_on_one_line_keep_their_order_between_feeds():
    names = station_names().filter(pl.col("name").str.len_chars() == 2).head(60)
    page = " ".join(f"맑음 {name} 1.0℃" for name in names["name"].reverse())
    kinds = [FEED_TYPE, "text/plain"] * 3
    pages = pl.DataFrame(
        {
            "document_id": [str(number) * 16 for number in range(6)],
            "uri": [f"page:{number}" for number in range(6)],
            "site": [None] * 6,
            "media_type": kinds,
            "captured_at": [None] * 6,
            "text": [FEED if kind == FEED_TYPE else page for kind in kinds],
        },
        schema=DOCUMENTS,
    )
    found = extract(pages).lines
    for number in (1, 3, 5):
        of_page = found.filter(document_id=str(number) * 16)["station_id"]
        assert of_page.to_list() == names["station_id"].reverse().to_list()


def test_elements_may_have_a_namespace_prefix_and_blank_lines_may_come_first():
    feed = FEED.replace("<", "<k:").replace("<k:/", "</k:").replace("<k:?", "<?")
    found = read("\n\n" + feed.replace("xmlns=", "xmlns:k="), media_type=FEED_TYPE)
    assert len(readings(found)) == 4
    assert found.lines["line"].to_list() == [6, 7, 8, 9]


def test_zero_has_no_sign():
    found = read(FEED.replace('ta="-0.5"', 'ta="-0.0"'), media_type=FEED_TYPE)
    assert str(found.readings["temperature_c"].to_list()[-1]) == "0.0"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (FEED[:200], "line 5: not well-formed XML"),
        ("", "line 1: not well-formed XML"),
        ('<!DOCTYPE c [<!ENTITY a "aaaa">]>' + FEED.split("\n", 1)[1], "declares the entity 'a'"),
        (
            '<!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + FEED.split("\n", 1)[1],
            "declares",
        ),
    ],
)
def test_a_feed_that_is_broken_or_declares_entities_is_a_problem_of_one_line(text, problem):
    found = read(text, FEED, media_type=FEED_TYPE)
    ((address, cause),) = found.problems
    assert address == "page:0"
    assert problem in cause
    assert "\n" not in cause
    assert len(readings(found)) == 4  # the other one is read all the same


def test_a_feed_without_stations_is_not_a_ticker_and_rejects_no_date():
    found = read(
        '<current><weather year="2017" month="13" day="04" hour="15"></weather></current>',
        media_type=FEED_TYPE,
    )
    assert (found.documents.height, found.rejects.height) == (0, 0)


def test_the_sibling_feed_has_its_conditions_in_another_attribute():
    feed = (
        '<current><weather year="2012" month="05" day="14" hour="15">'
        '<local wh="" ta="23.4" stn_id="156" ww="rain" ww_ko="약한비단속" hm="81">Gwangju</local>'
        '<local stn_id="165" ww_ko="비 끝남" ta="">Mokpo</local>'
        '<local stn_id="184" ww_ko="" ta="1.0">Jeju</local></weather></current>'
    )
    found = read(feed, media_type=FEED_TYPE)
    assert readings(found) == [(156, "약한비단속", 23.4), (165, "비 끝남", None), (184, None, 1.0)]
