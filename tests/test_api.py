"""The Python interface parses text, loads, queries and draws, and costs nothing to import."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import nalssi
import nalssi.api.arguments
import nalssi.api.pages
from nalssi.charts.chart_kinds import DEFAULT_KINDS
from nalssi.common.paths import CHECKOUT, SAMPLES
from nalssi.warehouse import WarehouseError
from nalssi.warehouse.query import QueryError
from nalssi.warehouse.views import view_names
from tests.export.pandas_reader import FOLDER

SEED = SAMPLES / "01-seed-glued-spaced.txt"
LIST = "\n".join(f"• 맑음{name} {value}℃" for name, value in [("서울", 3.2), ("부산", 9.0)])


FEED = (SAMPLES / "19-kma-feed.xml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def weather(tmp_path_factory: pytest.TempPathFactory) -> nalssi.Weather:
    """The samples, and a colder feed of the next day at 15:00, which can be compared."""
    next_day = tmp_path_factory.mktemp("feed") / "next-day.xml"
    colder = re.sub(r'ta="([\d.]+)"', lambda ta: f'ta="{float(ta[1]) - 1:.1f}"', FEED)
    next_day.write_text(colder.replace('day="08"', 'day="09"'), encoding="utf-8")
    return nalssi.load(SAMPLES, next_day, into=tmp_path_factory.mktemp("api"))


@pytest.mark.process
def test_importing_nalssi_imports_nothing_else() -> None:
    code = "import sys, nalssi; print([m for m in sys.modules if m.split('.')[0] in"
    code += " ('polars', 'duckdb', 'pandera', 'matplotlib', 'prefect', 'schemas')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert done.strip() == "[]"


def test_every_public_name_exists_and_has_a_docstring() -> None:
    for name in nalssi.__all__:
        assert getattr(nalssi, name).__doc__
    assert dir(nalssi) == sorted(nalssi.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = nalssi.nothing


def test_a_page_gives_its_readings_in_page_order() -> None:
    page = nalssi.parse_text(SEED.read_text(encoding="utf-8"))
    assert page.ticker_lines == page.readings.height == 16
    assert page.rejects.is_empty()
    first = page.readings.row(0, named=True)
    assert first["station_name"] == "동두천"
    assert first["observed_on"] == date(2025, 12, 19)
    assert page.readings["line"].is_sorted()


def test_html_and_the_feed_are_recognized() -> None:
    html = (SAMPLES / "18-html-euc-kr.html").read_text(encoding="euc-kr")
    assert nalssi.parse_text(html).readings.height == 16
    hours = nalssi.parse_text(FEED).readings["observed_at"].unique().to_list()
    assert hours == ["2022-08-08T15:00:00+09:00"]


def test_a_page_gives_its_rejects_with_reasons() -> None:
    page = nalssi.parse_text(f"{LIST}\n• 맑음달 1.0℃\n• 맑음대구 5.5℃\n")
    assert page.rejects.rows() == [(3, "• 맑음달 1.0℃", "unknown_station")]


def test_the_capture_time_dates_a_page_without_a_date() -> None:
    undated = f"{LIST}\n• 맑음대구 5.5℃\n기상청 제공\n"
    assert nalssi.parse_text(undated).readings["observed_on"].to_list() == [None] * 3
    seen = datetime(2024, 5, 5, 20, tzinfo=UTC)  # the sixth in Korea
    dated = nalssi.parse_text(undated, captured_at=seen)
    assert dated.readings["observed_on"].unique().to_list() == [date(2024, 5, 6)]


def test_a_capture_time_without_an_offset_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no UTC offset"):
        nalssi.parse_text("• 맑음서울 3.2℃", captured_at=datetime(2024, 5, 5, 20))


def test_a_feed_that_is_not_well_formed_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"line \d+: not well-formed XML"):
        nalssi.parse_text(FEED[:-20])


def test_text_without_a_ticker_gives_empty_frames() -> None:
    for text in ("", "오늘 서울은 3.2℃였다.", '{"기온": "3.2℃"}'):
        page = nalssi.parse_text(text)
        assert (page.readings.height, page.rejects.height, page.ticker_lines) == (0, 0, 0)
        assert "temperature_c" in page.readings.columns


def test_loading_a_source_twice_adds_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        nalssi.load(SEED, into=tmp_path)
    weather = nalssi.open(tmp_path)
    assert weather.query("SELECT count(*) AS n FROM readings").item() == 16
    assert weather.query("SELECT documents_new AS n FROM loads ORDER BY n")["n"].to_list() == [0, 1]


def test_a_source_that_cannot_be_used_is_a_warning(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.txt"
    with pytest.warns(UserWarning, match=r"nowhere\.txt"):
        nalssi.load(SEED, nowhere, into=tmp_path / "warehouse")
    with (
        pytest.warns(UserWarning, match=r"nowhere\.txt"),
        pytest.raises(ValueError, match=r"nothing to load: .*nowhere\.txt"),
    ):
        nalssi.load(nowhere, into=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_query_gives_a_polars_frame(weather: nalssi.Weather) -> None:
    frame = weather.query(
        "SELECT name_ko, count(*) AS readings FROM usable_readings"
        " WHERE region_id = $region GROUP BY ALL ORDER BY ALL",
        region=10,
    )
    assert isinstance(frame, pl.DataFrame)
    assert "제주" in frame["name_ko"]


def test_a_wrong_query_says_what_is_wrong(weather: nalssi.Weather) -> None:
    with pytest.raises(QueryError, match='there is no table "reading"'):
        weather.query("FROM reading")
    with pytest.raises(QueryError, match="read-only"):
        weather.query("DELETE FROM readings")


def test_every_kind_of_chart_can_be_drawn(weather: nalssi.Weather, tmp_path: Path) -> None:
    for kind in DEFAULT_KINDS:
        picture = weather.chart(kind, until=date(2022, 8, 9))
        assert (picture._repr_png_() or b"").startswith(b"\x89PNG")
        assert replace(picture, formats={"pdf": b"%PDF"})._repr_png_() is None
        saved = picture.save(tmp_path / f"{kind}.svg")
        assert b"<svg" in saved.read_bytes()


def test_a_chart_shows_the_newest_snapshot_by_default(weather: nalssi.Weather) -> None:
    assert weather.chart("regions").title.startswith("regions 2026-02-22_")
    before = weather.chart("regions", until=date(2025, 12, 31))
    assert before.title.startswith("regions 2025-12-27_")
    (undated,) = weather.query("SELECT snapshot_id FROM snapshots WHERE observed_on IS NULL")
    name = undated.item()
    assert weather.chart("map", snapshot=name).title == f"map undated_{name}"


@pytest.mark.parametrize(
    ("chart", "complaint"),
    [
        (
            {"kind": "change"},
            r"no change chart of snapshot \w{16}: the hour is unknown",
        ),
        (
            {"kind": "change", "until": date(2022, 8, 8)},
            "no list of the same hour in the three days before",
        ),
        ({"kind": "pie"}, "unknown kind 'pie': choose from map"),
        (
            {"kind": "map", "snapshot": "0" * 16},
            "no snapshot 0000000000000000 with a usable reading",
        ),
        (
            {"kind": "map", "since": date(2030, 1, 1)},
            "nothing to draw: no list of 2030-01-01 or later; the nearest day is 2026-02-22",
        ),
        ({"kind": "series", "since": date(2030, 1, 1)}, "nothing to draw: no list of 2030-01-01"),
        ({"kind": "day"}, "nothing to draw: no day has two lists of different hours"),
        ({"kind": "comparison"}, "a comparison needs --with, --with-year, or"),
    ],
)
def test_a_chart_without_data_is_an_error(
    weather: nalssi.Weather, chart: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        weather.chart(**chart)  # type: ignore[arg-type]


def test_a_page_is_drawn_without_a_warehouse(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="whether the site's feed is frozen"):
        picture = nalssi.draw("map", SEED, formats=("pdf",), width="80mm", title="서울")
    assert picture.title.startswith("map 2025-12-19_")
    assert picture.save(tmp_path / "map.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(ValueError, match="unknown option 'colour'"):
        nalssi.draw("map", SEED, colour="red")


def test_an_unknown_language_is_an_error(weather: nalssi.Weather) -> None:
    with pytest.raises(ValueError, match="choose from ko, en"):
        weather.chart("map", lang="fr")  # type: ignore[arg-type]


def test_the_suffix_of_a_saved_picture_must_be_known(tmp_path: Path) -> None:
    picture = nalssi.Picture("map", {"png": b"", "svg": b""})
    with pytest.raises(ValueError, match=r"must be \.png or \.svg"):
        picture.save(tmp_path / "map.gif")


def test_opening_a_folder_without_a_warehouse_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse in"):
        nalssi.open(tmp_path)


@pytest.mark.parametrize("module", [nalssi.api.arguments, nalssi.api.pages])
def test_the_examples_of_docstrings_are_true(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0


def test_many_texts_give_what_each_gives() -> None:
    texts = [SEED.read_text(encoding="utf-8"), "nothing", f"{LIST}\n• 맑음달 1.0℃\n", FEED]
    together = nalssi.parse_texts(texts)
    apart = [nalssi.parse_text(text) for text in texts]
    assert together.ticker_lines == sum(page.ticker_lines for page in apart)
    for number, page in enumerate(apart):
        for all_frames, own in (
            (together.readings, page.readings),
            (together.rejects, page.rejects),
        ):
            found = all_frames.filter(text_number=number).drop("text_number")
            assert_frame_equal(found, own)


def test_a_text_of_another_type_is_named() -> None:
    with pytest.raises(TypeError, match="text 1: expected str, not bytes"):
        nalssi.parse_texts([LIST, LIST.encode()])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="use parse_text"):
        nalssi.parse_texts(LIST)


def test_readings_are_selected_by_day_and_place(weather: nalssi.Weather) -> None:
    sql = (
        "SELECT * FROM every_reading WHERE usable AND station_id = 108 AND year(observed_on) = 2025"
    )
    expected = weather.query(f"{sql} ORDER BY observed_on, clock_at, snapshot_id")
    assert expected.height > 1
    for station in (108, "서울", "Seoul"):
        found = weather.readings(since="2025-01-01", until=date(2025, 12, 31), station=station)
        assert_frame_equal(found, expected)
    everything = weather.readings(usable=False)
    assert everything.height == weather.query("SELECT count(*) FROM readings").item()
    jeju = weather.readings(region="Jeju", library="arrow")
    assert set(jeju["region_id"].to_pylist()) == {10}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"since": "2025-13-01"}, "since: '2025-13-01' is not a day"),
        ({"until": "tomorrow"}, "until: 'tomorrow' is not a day"),
        ({"station": "Soul"}, "station: there is no open station Soul"),
        ({"region": 99}, "region: there is no region 99"),
        ({"library": "numpy"}, "library: 'numpy' is not polars"),
    ],
)
def test_an_impossible_argument_is_named(
    weather: nalssi.Weather, arguments: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        weather.readings(**arguments)


def test_a_day_of_another_type_is_named(weather: nalssi.Weather) -> None:
    with pytest.raises(TypeError, match="since: expected a date or text, not datetime"):
        weather.chart("map", since=datetime(2025, 1, 1))


@pytest.mark.process
def test_readings_can_be_a_pandas_frame(weather: nalssi.Weather) -> None:
    code = f"import nalssi; frame = nalssi.open({str(weather.warehouse.folder)!r}).readings("
    code += "station='서울', library='pandas'); print(type(frame).__module__, len(frame))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(FOLDER)])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    module, rows = done.stdout.split()
    assert module.startswith("pandas")
    assert int(rows) == weather.readings(station="서울").height


def test_a_named_query_takes_days_and_names(weather: nalssi.Weather) -> None:
    days = weather.named(
        "station-days", station="서울", since="2025-01-01", until=date(2025, 12, 31)
    )
    assert days["observed_on"].is_sorted()
    assert days.height > 1
    with pytest.raises(KeyError, match="choose from station-days"):
        weather.named("station-day")


def test_tables_lists_every_view_with_its_meaning(weather: nalssi.Weather) -> None:
    tables = weather.tables()
    assert set(view_names()) <= set(tables.filter(kind="view")["name"])
    assert tables["comment"].null_count() == 0


def test_an_export_returns_its_manifest(weather: nalssi.Weather, tmp_path: Path) -> None:
    about = weather.export(tmp_path / "a.csv", "csv", since="2025-12-01", stations=[108])
    assert about["selection"] == {"since": "2025-12-01", "stations": (108,), "flags": (1, 2)}
    with pytest.raises(ValueError, match="format: 'ods' is not one of parquet"):
        weather.export(tmp_path / "a.ods", "ods")


def test_official_hours_date_a_list_and_are_returned(tmp_path: Path) -> None:
    weather = nalssi.load(SAMPLES / "19-kma-feed.xml", into=tmp_path / "warehouse")
    table = tmp_path / "asos.csv"
    table.write_text(
        "지점,지점명,일시,기온(°C)\n108,서울,2022-08-08 16:00,25.1\n", encoding="utf-8"
    )
    assert weather.reconcile(table).startswith("1 files, 1 rows: 1 added")
    rows = weather.observations(station="Seoul", since="2022-08-08", until="2022-08-08")
    assert rows.select("temperature_c", "source").rows()[-1] == (25.1, "portal")
    assert rows["station_id"].unique().to_list() == [108]
    with pytest.warns(UserWarning, match=r"none\.csv"):
        weather.reconcile(tmp_path / "none.csv")
