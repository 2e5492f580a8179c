"""The script `data/newest.js` with the newest reading of each station, for pages of finished days.

Pages of stations and regions do not change with every list (`finished_days`). While a day is open,
they load this script, and `static/newest.js` shows its values. It sets `nalssiNewest`:

- `times`: for each time of a reading, its text and its short text by language, and the path of the
  page of its day
- `readings`: by station id, the index of its time, temperature (°C) as text, class of its colour,
  and weather by language. The weather is missing if it was not observed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nalssi.charts.chart_readings import snapshot_time
from nalssi.common.safe_text import safe_text
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.day_links import day_path
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.html_templates import degrees, has_weather
from nalssi.gallery.site_files import SiteFile, content_file
from nalssi.gallery.stylesheet import color_class
from nalssi.locale.locales import Locale

NEWEST_FILE: Final = "data/newest.js"


def newest_script(readings: Mapping[int, Row], locales: Sequence[Locale]) -> SiteFile:
    """Return the script as a file of the gallery.

    `readings` has the newest reading of each station by station id (`newest_readings`). A reading
    without a day is not in the script. `locales` are the languages of the gallery.
    """
    times = {station: snapshot_time(row) for station, row in readings.items()}
    dated = [time for time in dict.fromkeys(times.values()) if time.day]
    numbers = {time: number for number, time in enumerate(dated)}
    content: dict[str, Any] = {
        "times": [
            {"path": day_path(time.day)}
            | {locale.lang: [locale.moment(time), _short(time, locale)] for locale in locales}
            for time in dated
            if time.day
        ],
        "readings": {
            str(station): [
                numbers[times[station]],
                degrees(row["temperature_c"]),
                color_class(row["temperature_c"]),
                *([_weather(row, locales)] if has_weather(row) else []),
            ]
            for station, row in readings.items()
            if times[station] in numbers
        },
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return content_file(NEWEST_FILE, f"window.nalssiNewest = {text};\n".encode())


def _short(time: SnapshotTime, locale: Locale) -> str:
    """Return a day in digits, with the hour and minute of a known time."""
    day = locale.short_day(time.day) if time.day else ""
    return f"{day} {locale.hour_and_minute(time)}" if time.clock_at else day


def _weather(row: Row, locales: Sequence[Locale]) -> Mapping[str, str]:
    return {locale.lang: safe_text(row[locale.condition_column]) for locale in locales}
