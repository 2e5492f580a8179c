"""The scripts with the temperatures of each day of the year, in all years of the data.

The page of a day loads the script of its month and shows the same day of other years. The values
are in scripts, and not in the pages, so that a new day changes one small file and no old page. A
script sets `nalssiYears["1129"]` to a row for each year: `year, mean, low, high, lists`, with
temperatures in °C over all stations. `lists` is 0 if the means of all stations are daily means.
Otherwise it is the largest number of lists from which a station's mean was made.
`static/other_years.js` reads the scripts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from nalssi.gallery.calendar_page import DayCalendar
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.site_files import SiteFile, content_file

FOLDER = "data/years"


def year_files(data: GalleryData, calendar: DayCalendar) -> Iterator[SiteFile]:
    """Yield the script of each month that has a day in the calendar, as a file of the gallery.

    A script has the days of that month in all years.
    """
    ends = {
        day: (low, high)
        for day, low, high in data.summaries.frame("means_of_days")
        .select("observed_on", "low_c", "high_c")
        .iter_rows()
    }
    rows: dict[int, dict[str, list[list[float]]]] = {day.month: {} for day in calendar.means}
    for day, mean in calendar.means.items():
        if mean is not None:
            lists = mean.basis.lists[1] if mean.basis.lists else 0
            row = [day.year, round(mean.mean_c, 1) + 0.0, *ends[day], lists]
            rows[day.month].setdefault(f"{day:%m%d}", []).append(row)
    for month, days in sorted(rows.items()):
        text = json.dumps(days, separators=(",", ":"), sort_keys=True)
        script = f"window.nalssiYears = {text};\n"
        yield content_file(f"{FOLDER}/{month:02}.js", script.encode())
