"""The change chart compares the stations of both snapshots, on an axis that can be read."""

from __future__ import annotations

from datetime import date

import pytest

from nalssi.charts import change_chart, theme
from nalssi.common.reference import reference
from nalssi.locale.locales import Lang
from tests.charts import inspect_figure
from tests.charts.example_snapshots import SIXTEEN, all_stations, snapshot_of

REGIONS = reference("regions")
EARLIER = date(2025, 12, 1)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_change_compares_the_stations_of_both(lang: Lang) -> None:
    before = snapshot_of(all_stations(), EARLIER)
    after = snapshot_of({key: value + 2.5 for key, value in SIXTEEN.items()})
    with theme.theme():
        figure = change_chart.figure(after, before, REGIONS, lang)
        assert inspect_figure.unreadable_texts(figure) == []
        written = " ".join(inspect_figure.written(figure))
    changed = change_chart.changes_since(after, before)
    assert set(changed["station_id"]) == set(SIXTEEN)
    assert f"{SIXTEEN[105] + 2.5 - all_stations()[105]:+.1f}" in written


@pytest.mark.parametrize("difference", [44.0, -70.0])
def test_a_change_from_frost_to_heat_has_an_axis_that_can_be_read(difference: float) -> None:
    before, after = all_stations(), all_stations(difference)
    with theme.theme():
        figure = change_chart.figure(
            snapshot_of(after), snapshot_of(before, EARLIER, snapshot_id="f" * 16), REGIONS, "ko"
        )
        assert inspect_figure.unreadable_texts(figure) == []
        assert "0" in inspect_figure.written(figure)


def test_no_change_has_no_sign() -> None:
    assert [change_chart.signed_change(value) for value in (1.25, -0.04, -3.0)] == [
        "+1.2",
        "0.0",
        "-3.0",
    ]
