"""The named queries of `nalssi sql --list` and `nalssi sql --named NAME`.

To add one, add a file `queries/NAME.sql` and run `make docs`, which adds the query to the data
dictionary. The file begins with a comment: what the query answers, then `- parameter: meaning, e.g.
VALUE` for each parameter. The query follows, with its parameters as `$parameter`. It selects from
one table or view, with a filter and an order. Anything that needs grouping or a subquery must be a
view, so that users can also query it in other ways.

    nalssi sql --named regions-on --param day=2025-12-19
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from nalssi.warehouse.annotated_sql import parse
from nalssi.warehouse.query import query

FOLDER = Path(__file__).with_name("queries")
PLACES = {"station": "station_number", "other": "station_number", "region": "region_number"}
"""The parameters that name a station or region, by its number or its name, each with the SQL macro
that returns the number."""


@dataclass(frozen=True)
class NamedQuery:
    """A named query: its description, the meaning of each parameter by name, and its SQL."""

    name: str
    description: str
    parameters: dict[str, str]
    sql: str


def named_queries() -> list[NamedQuery]:
    """Return all named queries, sorted by name."""
    return [named_query(path.stem) for path in sorted(FOLDER.glob("*.sql"))]


def named_query(name: str) -> NamedQuery:
    """Return the query with that name. Raises KeyError, with similar names, if there is none."""
    names = [path.stem for path in FOLDER.glob("*.sql")]
    if name not in names:
        near = difflib.get_close_matches(name, names) or sorted(names)
        raise KeyError(f"there is no named query {name!r}: choose from {', '.join(near)}")
    return NamedQuery(name, *parse((FOLDER / f"{name}.sql").read_text(encoding="utf-8")))


def with_place_numbers(
    con: duckdb.DuckDBPyConnection, parameters: Mapping[str, str]
) -> dict[str, object]:
    """Return the parameters of a named query, with names of stations and regions as numbers.

    DuckDB reads only the readings of one station if it knows the number when it plans the query.
    Raises QueryError for an unknown station or region.
    """
    numbers = dict[str, object](parameters)
    for name in parameters.keys() & PLACES.keys():
        result = query(con, f"SELECT {PLACES[name]}($place)", {"place": parameters[name]})
        ((numbers[name],),) = next(result.batches())
    return numbers
