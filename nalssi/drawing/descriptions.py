"""Describe a picture in words: its subject, its time and its numbers.

The words are the description in the file of the picture, for people who do not see the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from nalssi.charts import chart_texts, layout
from nalssi.charts.change_chart import changes_since, signed_change
from nalssi.charts.picture_size import PAGE_WIDTH
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.locale.locales import LOCALES, Lang, Locale, chart_degrees


def describe(
    kind: str, figure: Figure, arguments: Sequence[Any], lang: Lang, note: str = ""
) -> str:
    """Return a description of a picture, in sentences.

    `kind` is a key of KINDS, and `arguments` are those of the function `figure` of the kind
    (`ChartInput.arguments`). The description of a map or a regions chart has its day, its hour and
    its main numbers. Other descriptions begin with the lines below the title. `note` is a sentence
    that is added at the end.
    """
    locale = LOCALES[lang]
    lists = [argument for argument in arguments if isinstance(argument, SnapshotData)]
    if kind == "map":
        lines = [_time(lists[0], locale), _extremes(lists[0], locale)]
    elif kind == "regions":
        lines = [_time(lists[0], locale), _means(lists[0], arguments[1], locale)]
    elif kind == "change":
        lines = [*header_lines(figure), _changes(lists[0], lists[1], locale)]
    else:
        lines = header_lines(figure)
    return " ".join(line if line.endswith(".") else f"{line}." for line in (*lines, note) if line)


def header_lines(figure: Figure) -> list[str]:
    """Return the lines below the title of a page, from top to bottom.

    A line that is wrapped on a narrow page is returned as one line.
    """
    if figure.get_size_inches()[0] < PAGE_WIDTH:
        parts: dict[str, list[str]] = {}
        for text in figure.texts:
            label = str(text.get_label())
            if label.startswith(layout.HEAD_LINE):
                parts.setdefault(label, []).append(text.get_text())
        return [" ".join(each) for each in parts.values()]
    _, height = figure.get_size_inches()
    top = 1 - layout.HEADER / height
    title = str(figure.get_label())
    lines = [
        (text.get_position(), text.get_text())
        for text in figure.texts
        if text.get_position()[1] > top and text.get_text() not in ("", title)
    ]
    return [text for (_, _), text in sorted(lines, key=lambda line: -line[0][1])]


def _time(snapshot: SnapshotData, locale: Locale) -> str:
    """Return a line of text with the day and hour of a list, and its numbers of stations."""
    counts = chart_texts.station_counts(locale, snapshot)
    return f"{chart_texts.day_and_clock(locale, snapshot)} · {counts}"


def _extremes(snapshot: SnapshotData, locale: Locale) -> str:
    rows = snapshot.readings.to_dicts()
    warmest = max(rows, key=lambda row: row["temperature_c"])
    coldest = min(rows, key=lambda row: row["temperature_c"])
    return locale.gallery.map_alt.format(
        count=len(rows), warmest=_value(warmest, locale), coldest=_value(coldest, locale)
    )


def _means(snapshot: SnapshotData, regions: pl.DataFrame, locale: Locale) -> str:
    means = []
    for region in regions.to_dicts():
        own = snapshot.readings.filter(region_id=region["region_id"])["temperature_c"].to_list()
        if own:
            mean_c = math.fsum(own) / len(own)
            means.append(f"{locale.name(region)} {chart_degrees(mean_c)}°C")
    return locale.gallery.regions_alt.format(regions=", ".join(means))


def _changes(snapshot: SnapshotData, previous: SnapshotData, locale: Locale) -> str:
    rows = changes_since(snapshot, previous).to_dicts()
    up = max(rows, key=lambda row: row["temperature_c"])
    down = min(rows, key=lambda row: row["temperature_c"])
    return locale.gallery.change_alt.format(
        before=locale.moment(previous.time),
        up=f"{locale.name(up)} {signed_change(up['temperature_c'])}°C",
        down=f"{locale.name(down)} {signed_change(down['temperature_c'])}°C",
    )


def _value(row: dict[str, Any], locale: Locale) -> str:
    return f"{locale.name(row)} {chart_degrees(row['temperature_c'])}°C"
