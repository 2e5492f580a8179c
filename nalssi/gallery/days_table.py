"""The rows of the tables of days of many stations or regions, as HTML.

Nearly all pages of stations and regions change with every new list. That is why polars joins the
cells of all tables, from cells that Python has made once for each distinct value. Every text in a
cell is escaped, as in templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from markupsafe import Markup

from nalssi.common.korea_time import KST
from nalssi.common.safe_text import safe_text
from nalssi.gallery.day_links import day_path
from nalssi.gallery.html_templates import degrees
from nalssi.gallery.plot_marks import text_of_each
from nalssi.gallery.stylesheet import color_class
from nalssi.locale.locales import Locale


def day_rows(days: pl.DataFrame, locale: Locale, home: str) -> Mapping[Any, Markup]:
    """Return the rows of the macro `days_table`, the newest day first, by name of the plot.

    `days` has `plot` and `period_data.DAY_COLUMNS`, and is sorted by plot and day. `home` is the
    path of the folder of the language, relative to the page.
    """

    def heading(day: date) -> str:
        link = Markup('<th scope="row"><a href="{}{}">{}</a></th>')
        return link.format(home, day_path(day), safe_text(locale.day(day)))

    cells = [
        text_of_each(days, "observed_on", heading),
        text_of_each(days, "mean_c", lambda value: f'<td class="n">{chip(value)}</td>'),
        text_of_each(days, "low_c", lambda value: f'<td class="n">{degrees(value)}</td>'),
        text_of_each(days, "high_c", lambda value: f'<td class="n">{degrees(value)}</td>'),
        pl.col("basis"),
        pl.format('<td class="n">{}</td>', "readings"),
    ]
    rows = _with_basis(days, locale).select(
        "plot", row=pl.format("<tr>{}</tr>\n", pl.concat_str(cells))
    )
    return _joined(rows.group_by("plot").agg(pl.col("row").reverse().str.join()))


def month_rows(days: pl.DataFrame, home: str) -> Mapping[Any, Markup]:
    """Return the rows of a table of one year, by name of the plot: a row a day of the month.

    The columns are months. A cell has the mean of a day, with its number of lists in brackets if it
    is not a daily mean. `days` has the columns `plot` and `period_data.DAY_COLUMNS`; all days are
    of one year. `home` is the path of the folder of the language, relative to the page.
    """

    def link(day: date) -> str:
        return Markup('href="{}{}"').format(home, day_path(day))

    lists = pl.format(' <small class="of">({})</small>', "lists")
    cell = pl.format(
        '<td class="n"><a {} {}</a>{}</td>',
        text_of_each(days, "observed_on", link),
        text_of_each(days, "mean_c", lambda value: _chip(value, 'class="chip {}">{}')),
        pl.when("representative").then(pl.lit("")).otherwise(lists),
    )
    day, month = pl.col("observed_on").dt.day(), pl.col("observed_on").dt.month()
    cells = days.select("plot", cell=cell, day=day, month=month)
    grid = cells.select("plot").unique().join(_days_and_months(), how="cross")
    rows = (
        grid.join(cells, on=["plot", "day", "month"], how="left")
        .sort("plot", "day", "month")
        .group_by("plot", "day", maintain_order=True)
        .agg(pl.col("cell").fill_null("<td></td>").str.join())
        .select("plot", row=pl.format('<tr><th scope="row">{}</th>{}</tr>\n', "day", "cell"))
    )
    return _joined(rows.group_by("plot", maintain_order=True).agg(pl.col("row").str.join()))


def chip(mean_c: float) -> str:
    """Return a mean (°C) on its colour as HTML, like the macro `chip`."""
    return _chip(mean_c, '<span class="chip {}">{}</span>')


def _chip(mean_c: float, html: str) -> str:
    return html.format(color_class(mean_c), degrees(mean_c))


def _days_and_months() -> pl.DataFrame:
    days = pl.DataFrame({"day": pl.int_range(1, 32, dtype=pl.Int8, eager=True)})
    months = pl.DataFrame({"month": pl.int_range(1, 13, dtype=pl.Int8, eager=True)})
    return days.join(months, how="cross")


def _with_basis(days: pl.DataFrame, locale: Locale) -> pl.DataFrame:
    """Add `basis`, the table cell that names the kind of a day's mean (`Locale.day_basis`).

    Days with the same hours and number of lists share a text, which is made once.
    """
    minutes = [
        pl.col(name).dt.convert_time_zone(str(KST)).dt.truncate("1m").alias(name)
        for name in ("first_at", "last_at")
    ]
    keys = ["representative", "hours", "lists", "first_at", "last_at"]
    # The hours of the day decide the text, so all days with the same ones share it.
    of_day = [pl.col(name).dt.time().alias(f"{name}_time") for name in ("first_at", "last_at")]
    timed = days.with_columns(minutes).with_columns(of_day)
    same = ["representative", "hours", "lists", "first_at_time", "last_at_time"]
    distinct = timed.unique(same, maintain_order=True)
    texts = [
        Markup("<td>{}</td>").format(safe_text(locale.day_basis(row)))
        for row in distinct.select(keys).to_dicts()
    ]
    named = distinct.select(same).with_columns(basis=pl.Series(texts, dtype=pl.String))
    return timed.join(named, on=same, how="left", nulls_equal=True, maintain_order="left")


def _joined(rows: pl.DataFrame) -> Mapping[Any, Markup]:
    """Return HTML rows as markup, by name of the plot. Every text in them has been escaped.

    `rows` has two columns: the name of the plot and its rows as one text.
    """
    return {name: Markup(text) for name, text in rows.iter_rows()}  # noqa: S704
