"""The tables and the one way in which a frame is validated.

`TABLES` names every table of the warehouse. The models are the one declaration: the
warehouse's DDL is tested against them, its comments and the data dictionary are made from
them.

A frame is validated when it is *collected*: pandera looks only at the types of a LazyFrame.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from schemas.derived_tables import Conclusions, Observations, Quality, Reconciliations
from schemas.extracted_tables import Documents, Readings, Rejects, Sightings, Snapshots
from schemas.load_table import Loads
from schemas.reference_tables import Conditions, Regions, StationHistory, Stations

TABLES: dict[str, type[pa.DataFrameModel]] = {
    "documents": Documents,
    "snapshots": Snapshots,
    "sightings": Sightings,
    "readings": Readings,
    "rejects": Rejects,
    "quality": Quality,
    "observations": Observations,
    "reconciliations": Reconciliations,
    "conclusions": Conclusions,
    "loads": Loads,
    "stations": Stations,
    "station_history": StationHistory,
    "regions": Regions,
    "conditions": Conditions,
}


LONGEST_RULE = 80
"""Characters of a check's name, with its arguments, that an error message shows."""


class ContractError(ValueError):
    """A frame breaks its table's contract; the message names table, column, check and a value."""


@cache
def polars_schema(table: str) -> pl.Schema:
    """Column names and polars types of a table, in order."""
    columns = TABLES[table].to_schema().columns
    return pl.Schema({name: column.dtype.type for name, column in columns.items()})


def _ascends(frame: pl.DataFrame, *columns: str) -> bool:
    """Whether each row comes after the one before it: then no two are the same."""
    later, equal = pl.lit(value=False), pl.lit(value=True)
    for name in columns:
        column = pl.col(name)
        later |= equal & (column > column.shift())
        equal &= column == column.shift()
    return frame.select(later.fill_null(value=False)).to_series()[1:].all()


@cache
def _without_unique(table: str) -> pa.DataFrameSchema:
    schema = deepcopy(TABLES[table].to_schema())
    schema.unique = None
    return schema


def check(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` unchanged if it keeps the contract of `table`, else raise ContractError."""
    if isinstance(frame, pl.LazyFrame):
        raise TypeError("collect the frame first: a LazyFrame's values are not validated")
    schema = TABLES[table].to_schema()
    if frame.schema == polars_schema(table):
        if frame.is_empty():
            return frame
        if schema.unique and _ascends(frame, *schema.unique):
            schema = _without_unique(table)  # pandera would hash all rows, longer than all else
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        first = cases.row(0, named=True)
        more = f" (and {cases.height - 1} more)" if cases.height > 1 else ""
        # A check of the whole frame has the model's name where a column's would be.
        has_column = first["column"] in TABLES[table].to_schema().columns
        place = f"{table}.{first['column']}" if has_column else table
        rule = first["check"]
        if len(rule) > LONGEST_RULE:
            rule = rule.partition("(")[0]  # without its list of all stations
        raise ContractError(f"{place}: {rule} refuses {first['failure_case']!r}{more}") from error
    return frame
