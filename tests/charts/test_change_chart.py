"""The change chart compares the stations of both snapshots, on an axis that can be read."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from nalssi.charts import change_chart, theme
from nalssi.common.korea_time import KST
from nalssi.common.reference import reference
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.locale.locales import LOCALES, Lang
from tests.charts import inspect_figure
from tests.charts.example_snapshots import SIXTEEN, all_stations, snapshot_of

REGIONS = reference("regions")
DAY, EARLIER = date(2025, 12, 19), date(2025, 12, 18)


@pytest.mark.parametrize(
    ("lang", "title", "dates"),
    [
        (
            "ko",
            "제주, 어제 같은 시각보다 11.3도 높아",
            "2025년 12월 19일(금) 14:00 관측 · 2025년 12월 18일(목) 14:15 수집 대비",
        ),
        (
            "en",
            "Jeju 11.3°C warmer than at the same hour yesterday",
            "Fri, 19 December 2025, observed at 14:00 KST"
            " vs. Thu, 18 December 2025, captured at 14:15 KST",
        ),
    ],
)
def test_the_change_compares_the_stations_of_both(lang: Lang, title: str, dates: str) -> None:
    before = snapshot_of(all_stations(), EARLIER, "14:15", "capture")
    after = snapshot_of({key: value + 2.5 for key, value in SIXTEEN.items()}, DAY, "14:00")
    with theme.theme():
        figure = change_chart.figure(after, before, REGIONS, lang)
        assert inspect_figure.unreadable_texts(figure) == []
        texts = inspect_figure.written(figure)
    assert {title, dates} <= set(texts)
    changed = change_chart.changes_since(after, before)
    assert set(changed["station_id"]) == set(SIXTEEN)
    assert f"{SIXTEEN[105] + 2.5 - all_stations()[105]:+.1f}" in " ".join(texts)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_longest_dates_fit_on_the_page(lang: Lang) -> None:
    days = date(2026, 9, 30), date(2026, 9, 23)  # two Wednesdays in September
    this, before = (
        SnapshotTime(day, datetime.combine(day, time(22), KST), "official") for day in days
    )
    locale = LOCALES[lang]
    text = locale.charts.change_dates.format(this=locale.moment(this), before=locale.moment(before))
    with theme.theme():
        assert theme.text_width(text, theme.BODY) < theme.page().room


@pytest.mark.parametrize("difference", [44.0, -70.0])
def test_a_change_from_frost_to_heat_has_an_axis_that_can_be_read(difference: float) -> None:
    before = snapshot_of(all_stations(), EARLIER, "14:00", snapshot_id="f" * 16)
    after = snapshot_of(all_stations(difference), DAY, "14:00")
    with theme.theme():
        figure = change_chart.figure(after, before, REGIONS, "ko")
        assert inspect_figure.unreadable_texts(figure) == []
        assert "0" in inspect_figure.written(figure)


def test_no_change_has_no_sign() -> None:
    assert [change_chart.signed_change(value) for value in (1.25, -0.04, -3.0)] == [
        "+1.2",
        "0.0",
        "-3.0",
    ]
