"""A table of temperatures: a row for each region or station, a column for each month, year or day.

Each day with a usable reading counts once, with its mean (views `daily_regions` and
`daily_stations`). A mean of few hours or few days says little about a period, so the table counts
the values that are not representative, and can leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import duckdb

from nalssi.warehouse.annotated_sql import parse
from nalssi.warehouse.query import QueryError, Result, query

By = Literal["region", "station"]
Of = Literal["day", "month", "year"]
Measure = Literal["mean", "min", "max", "days"]
BYS, OFS, MEASURES = get_args(By), get_args(Of), get_args(Measure)


@dataclass(frozen=True)
class PeriodTable:
    """A table of temperatures with a row for each region or station.

    `result` has the columns `number, name_ko, name_en`, then one column for each period. `values`
    is the number of cells with data. `thin` is the number of these cells that are not
    representative: less than 80 % of the days of the period have 80 % of their hours.
    """

    result: Result
    values: int
    thin: int


def period_table(
    con: duckdb.DuckDBPyConnection,
    by: By,
    of: Of,
    measure: Measure,
    *,
    since: date | None = None,
    until: date | None = None,
    representative_only: bool = False,
) -> PeriodTable:
    """Return a measure of the temperature by region or station (`by`) and period (`of`).

    `mean`, `min` and `max` are in °C, `days` is the number of days with a usable reading. A cell
    without such a day is null. `since` and `until` are Korean days, both included. With
    `representative_only`, values that are not representative are null. Raises QueryError if these
    days have no usable reading.
    """
    sql = parse(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")).query
    parameters = {"by": by, "of": of, "measure": measure, "since": since, "until": until}
    con.execute(f"CREATE OR REPLACE TEMP TABLE period_values AS {sql}", parameters)
    counts = "SELECT count(*), count(*) FILTER (NOT representative) FROM period_values"
    values, thin = con.execute(counts).fetchall()[0]
    if not values:
        raise QueryError("no usable reading on these days")
    if representative_only:
        con.execute("UPDATE period_values SET value = NULL WHERE NOT representative")
    value = "any_value(value::INTEGER)" if measure == "days" else "any_value(value)"
    pivot = f"PIVOT period_values ON period USING {value} GROUP BY number, name_ko, name_en"
    return PeriodTable(query(con, f"{pivot} ORDER BY number"), values, thin)
