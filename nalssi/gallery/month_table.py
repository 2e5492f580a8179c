"""The weeks of a month as rows of a table, for the macro `month`.

The calendar has a cell for each day of all years, and changes with every new list. That is why
Python writes the cells, and not a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from nalssi.common.safe_text import safe_text
from nalssi.gallery.day_links import day_path
from nalssi.gallery.html_templates import degrees
from nalssi.gallery.stylesheet import color_class
from nalssi.locale.locales import Locale


def week_rows(
    month: Mapping[str, Any], home: str, locale: Locale, current: date | None = None
) -> Markup:
    """Return the weeks of a month as rows of a table. `month` is a result of `DayCalendar.month`.

    `home` is the path of the folder of the language. `current` is the day of the page, if it is the
    page of a day.
    """
    rows = (
        "".join(f"<td>{_cell(cell, home, locale, current)}</td>" if cell else "<td></td>"
                for cell in week)
        for week in month["weeks"]
    )  # fmt: skip
    # Every text in the rows has been escaped.
    return Markup("".join(f"<tr>{row}</tr>\n" for row in rows))  # noqa: S704


def _cell(cell: tuple[date, bool, Any], home: str, locale: Locale, current: date | None) -> str:
    """Return the HTML in the cell of a day.

    `cell` is a day in a result of `DayCalendar.month`. `home` is the path of the folder of the
    language. `current` is the day of the page, if it is the page of a day.
    """
    day, has_page, mean = cell
    if not has_page:
        return str(day.day)
    if mean is None:
        color, words = "none", f"{locale.day(day)}, {locale.gallery.no_usable_reading_of_day}"
    else:
        color = color_class(mean.mean_c) + (" part" if mean.basis.lists else "")
        basis = locale.mean_basis(mean.basis)
        words = f"{locale.day(day)}, {basis} {degrees(mean.mean_c)}°C"
    here = ' aria-current="date"' if day == current else ""
    label = escape(safe_text(words))
    return (
        f'<a class="day {color}" href="{escape(home)}{day_path(day)}"{here} '
        f'aria-label="{label}">{day.day}</a>'
    )
