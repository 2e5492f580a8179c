"""Charts are sent to processes in batches of one kind and one language."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from nalssi.charts.chart_plan import PlannedChart
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.draw_processes import batches
from nalssi.locale.locales import Lang


def planned(kind: str, lang: Lang, day: int) -> PlannedChart:
    title = f"{kind} 2025-12-{day:02}"
    return PlannedChart(kind, lang, title, None, {"png": Path(title)}, "key", (), DrawOptions())


def test_every_chart_is_in_one_batch_of_its_kind_and_language() -> None:
    days = {"map": 5, "regions": 3}
    charts = [
        planned(kind, lang, day)
        for kind, count in days.items()
        for day in range(1, count + 1)
        for lang in get_args(Lang)
    ]
    made = list(batches(iter(charts), 2))
    assert [(batch[0].kind, batch[0].lang, len(batch)) for batch in made] == [
        ("map", "ko", 2), ("map", "en", 2), ("map", "ko", 2), ("map", "en", 2),
        ("map", "ko", 1), ("map", "en", 1), ("regions", "ko", 2), ("regions", "en", 2),
        ("regions", "ko", 1), ("regions", "en", 1),
    ]  # fmt: skip
    for batch in made:
        assert len({(chart.kind, chart.lang) for chart in batch}) == 1
    drawn = [chart.label for batch in made for chart in batch]
    assert sorted(drawn) == sorted(chart.label for chart in charts)
