"""The model that all contracts extend, and its JSON schema.

pandera's `to_yaml` and `to_json` write every check of a contract. But its `to_json_schema` writes
only the types, and dates with a type that JSON Schema does not have. So this module makes the JSON
schema itself.
"""

from __future__ import annotations

from typing import Any

import pandera.polars as pa
import polars as pl
from polars.datatypes import DataTypeClass

from schemas import frame_checks as frame_checks  # registers the checks that models name

Json = dict[str, Any]


def _type_schema(dtype: pl.DataType | DataTypeClass) -> Json:
    """Return the JSON schema of a value of a polars type, as `frame.write_json()` writes it.

    Raises TypeError for a type that no contract has.
    """
    if isinstance(dtype, pl.List):
        return {"type": "array", "items": _type_schema(dtype.inner)}
    if dtype.is_integer():
        return {"type": "integer"}
    if dtype.is_float():
        return {"type": "number"}
    if dtype == pl.Date:
        return {"type": "string", "format": "date"}
    if dtype == pl.Datetime:
        return {"type": "string", "format": "date-time"}
    if dtype == pl.String:
        return {"type": "string"}
    raise TypeError(f"no JSON type for {dtype}")


def _check_schema(check: pa.Check) -> Json:
    """Return the JSON schema keywords that express a check of one column, such as `minimum`.

    Raises TypeError for a check that has no such keyword.
    """
    limits = check.statistics or {}
    match check.registry_name:
        case "isin":
            return {"enum": list(limits["allowed_values"])}
        case "str_matches":
            return {"pattern": limits["pattern"]}
        case "str_length":
            return _present(minLength=limits["min_value"], maxLength=limits["max_value"])
        case "greater_than_or_equal_to":
            return {"minimum": limits["min_value"]}
        case "less_than_or_equal_to":
            return {"maximum": limits["max_value"]}
        case "in_range":
            return {"minimum": limits["min_value"], "maximum": limits["max_value"]}
        case name:
            raise TypeError(f"no JSON schema for the check {name}")


def _present(**values: object) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _column_schema(column: pa.Column) -> Json:
    value = _type_schema(column.dtype.type)
    for check in column.checks:
        value |= _check_schema(check)
    if column.nullable:
        value["type"] = [value["type"], "null"]
        if "enum" in value:
            value["enum"].append(None)
    unit = (column.metadata or {}).get("unit")
    about = _present(description=column.description, uniqueItems=column.unique or None)
    return {"type": "array", "items": value} | about | _present(**{"x-unit": unit})


class Contract(pa.DataFrameModel):
    """The base class of all contracts. A frame must not have a column that is not declared."""

    class Config:
        strict = True

    @classmethod
    def to_json_schema(cls) -> Json:
        """Return the contract as JSON schema (draft 2020-12) of a frame given by columns.

        The frame is an object with an array for each column, as in pandera's own method. It is the
        result of `frame.to_dict(as_series=False)`, with dates as ISO 8601 text. Three keywords
        state facts that JSON Schema cannot express: `x-checks` are the rules of
        `schemas.frame_checks`, `x-unique` are the columns that together are unique, and `x-unit` is
        the unit of a column.
        """
        schema = cls.to_schema()
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": schema.name,
            "description": schema.description,
            "type": "object",
            "properties": {name: _column_schema(each) for name, each in schema.columns.items()},
            "required": list(schema.columns),
            "additionalProperties": False,
        } | _present(
            **{
                "x-checks": [check.registry_name for check in schema.checks] or None,
                "x-unique": schema.unique,
            }
        )
