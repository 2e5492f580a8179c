"""The rules of a contract as polars expressions, which are faster to check than with pandera.

pandera runs several queries for each rule of each column, because it reports each broken rule: 3 to
23 ms of CPU time for a frame of one row. Most frames keep their contract. So
`schemas.contracts.check` first calls `keeps_rules`, which takes one query. It calls pandera only
for a frame that breaks a rule, for an error that names the rule and the value.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandera.polars as pa
import polars as pl

from schemas import frame_checks


def rules(schema: pa.DataFrameSchema) -> list[pl.Expr] | None:
    """Return an expression for each rule of the columns, or None if a rule has no expression.

    Each expression is true for a frame that keeps the rule. As in pandera, a null keeps every rule
    except the rule that a column has no nulls. For that rule, NaN counts as a null. The rules of
    whole frames (`unique` of several columns, `schemas.frame_checks`) are checked by `keeps_rules`.
    """
    found = []
    for name, column in schema.columns.items():
        value = pl.col(name)
        if not column.nullable:
            found.append(value.is_not_null().all())
            if column.dtype.type.is_float():
                found.append(value.is_not_nan().all())
        if column.unique:
            found.append(value.is_unique().all())
        for check in column.checks:
            kept = _rule(value, check)
            if kept is None:
                return None
            found.append(kept.all())
    return found


def _rule(value: pl.Expr, check: pa.Check) -> pl.Expr | None:
    """Return an expression: True for each value of a column that passes a check of the column.

    Returns None if this module has no expression for the check.
    """
    limits = check.statistics or {}
    match check.registry_name, limits:
        case "isin", {"allowed_values": allowed}:
            return value.is_in(list(allowed))
        case "str_matches", {"pattern": str(pattern)} if pattern.startswith("^"):
            return value.str.contains(pattern)
        case "str_length", {"min_value": int(shortest), "max_value": None, "exact_value": None}:
            return value.str.len_chars().ge(shortest)
        case "greater_than_or_equal_to", {"min_value": lowest}:
            return value.ge(lowest)
        case "less_than_or_equal_to", {"max_value": highest}:
            return value.le(highest)
        case "in_range", {
            "min_value": lowest,
            "max_value": highest,
            "include_min": True,
            "include_max": True,
        }:
            return value.is_between(lowest, highest)
    return None


def keeps_rules(
    frame: pl.DataFrame, columns: list[pl.Expr], schema: pa.DataFrameSchema, *, is_unique: bool
) -> bool:
    """Return whether a frame with the columns of a contract keeps all its rules.

    `columns` are the `rules` of the schema. `is_unique` is True if the caller knows that the
    columns `schema.unique` together have no duplicates; this rule is then not checked.
    """
    unique = [] if is_unique or not schema.unique else [pl.struct(schema.unique).is_unique().all()]
    if not all(frame.select(rule.alias(str(n)) for n, rule in enumerate(columns + unique)).row(0)):
        return False
    return all(kept.to_series().all() for kept in _of_whole_frame(frame, schema))


def _of_whole_frame(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> Iterator[pl.DataFrame]:
    """Yield the result of each check of the whole frame (`frame_checks`): a column of booleans."""
    for check in schema.checks:
        rule: frame_checks.FrameCheck = getattr(frame_checks, check.registry_name)
        yield rule(pa.PolarsData(frame.lazy())).collect()
