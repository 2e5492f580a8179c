"""All tables of the warehouse with their models, and the function that validates a frame.

The warehouse's comments and the data dictionary are made from the models. A test compares the
models with the tables that the migrations create.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from schemas.contract_model import Contract
from schemas.contract_rules import keeps_rules, rules
from schemas.derived_tables import (
    Conclusions,
    Observations,
    Quality,
    Reconciliations,
    RepeatedLists,
)
from schemas.extracted_tables import Documents, Readings, Rejects, Sightings, Snapshots
from schemas.load_table import Loads
from schemas.reference_tables import Conditions, Regions, StationHistory, Stations

TABLES: dict[str, type[Contract]] = {
    "documents": Documents,
    "snapshots": Snapshots,
    "sightings": Sightings,
    "readings": Readings,
    "rejects": Rejects,
    "quality": Quality,
    "observations": Observations,
    "reconciliations": Reconciliations,
    "repeated_lists": RepeatedLists,
    "conclusions": Conclusions,
    "loads": Loads,
    "stations": Stations,
    "station_history": StationHistory,
    "regions": Regions,
    "conditions": Conditions,
}


MAX_RULE_LENGTH = 80
"""An error message omits the arguments of a check if check and arguments have more characters."""


class ContractError(ValueError):
    """A frame breaks the contract of its table. The message has table, column, check, value."""


@cache
def polars_schema(table: str) -> pl.Schema:
    """Return the column names and polars types of a table, in order.

    `table` is one of TABLES; KeyError is raised for any other name.
    """
    columns = TABLES[table].to_schema().columns
    return pl.Schema({name: column.dtype.type for name, column in columns.items()})


def _is_strictly_ascending(frame: pl.DataFrame, *columns: str) -> bool:
    """Return whether every row is greater than the row before it, so that no two are equal.

    Rows are compared by the first of the named columns, then the second, and so on.
    """
    later, equal = pl.lit(value=False), pl.lit(value=True)
    for name in columns:
        column = pl.col(name)
        later |= equal & (column > column.shift())
        equal &= column == column.shift()
    return frame.select(later.fill_null(value=False)).to_series()[1:].all()


@cache
def _rules(table: str) -> list[pl.Expr] | None:
    return rules(TABLES[table].to_schema())


@cache
def _without_unique(table: str) -> pa.DataFrameSchema:
    schema = deepcopy(TABLES[table].to_schema())
    schema.unique = None
    return schema


def check(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` unchanged if it keeps the contract of `table`, else raise ContractError.

    Raises TypeError for a LazyFrame, because pandera would check only its types.
    """
    if isinstance(frame, pl.LazyFrame):
        raise TypeError("collect the frame first: a LazyFrame's values are not validated")
    schema = TABLES[table].to_schema()
    if frame.schema == polars_schema(table):
        if frame.is_empty():
            return frame
        # Rows in ascending order need no hashing, the slowest check.
        unique = bool(schema.unique) and _is_strictly_ascending(frame, *schema.unique)
        columns = _rules(table)
        if columns is not None and keeps_rules(frame, columns, schema, is_unique=unique):
            return frame
        if unique:
            schema = _without_unique(table)
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        first = cases.row(0, named=True)
        more = f" (and {cases.height - 1} more)" if cases.height > 1 else ""
        # A check of the whole frame has the name of the model instead of a column.
        has_column = first["column"] in TABLES[table].to_schema().columns
        where = f"{table}.{first['column']}" if has_column else table
        rule = first["check"]
        if len(rule) > MAX_RULE_LENGTH:
            rule = rule.partition("(")[0]  # without its arguments, such as all station ids
        raise ContractError(f"{where}: {rule} refuses {first['failure_case']!r}{more}") from error
    return frame
