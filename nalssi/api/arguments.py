"""Convert the arguments of the Python interface (days, places), and the frames that it returns.

Every error names the argument.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from nalssi.warehouse.named_queries import with_place_numbers
from nalssi.warehouse.query import QueryError

if TYPE_CHECKING:
    import duckdb

Library = Literal["polars", "pandas", "arrow"]


def day_argument(name: str, value: date | str | None) -> date | None:
    """Return the day that the argument `name` gives as a date or as text; None for None.

    Raises TypeError for another type, and ValueError for a text that is not a day.

    >>> day_argument("since", "2025-12-19")
    datetime.date(2025, 12, 19)
    >>> day_argument("since", "2025-02-29")
    Traceback (most recent call last):
    ...
    ValueError: since: '2025-02-29' is not a day such as 2025-12-19
    """
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected a date or text, not {type(value).__name__}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{name}: {value!r} is not a day such as 2025-12-19") from None


def place_argument(
    con: duckdb.DuckDBPyConnection, name: str, value: int | str | None
) -> int | None:
    """Return the number of a station or region that is given by number or name; None for None.

    `name` is the name of the argument: `region` for a region, any other name for a station. Raises
    ValueError for an unknown station or region.
    """
    if value is None:
        return None
    parameter = "region" if name == "region" else "station"
    try:
        return int(str(with_place_numbers(con, {parameter: str(value)})[parameter]))
    except QueryError as error:
        raise ValueError(f"{name}: {error}") from None


def frame_for(frame: pl.DataFrame, library: Library) -> Any:
    """Return a frame for another library: a polars or pandas DataFrame, or an Arrow table.

    Raises ValueError for an unknown library, and ImportError if pandas is not installed.
    """
    if library == "polars":
        return frame
    if library == "arrow":
        return frame.to_arrow()
    if library == "pandas":
        return frame.to_pandas()
    raise ValueError(f"library: {library!r} is not polars, pandas or arrow")
