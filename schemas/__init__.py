"""The contracts of the warehouse's tables, and the reference data.

A contract is a pandera model with the type, unit, bounds and meaning of every column:

- `extracted_tables`: documents, snapshots, sightings, readings, rejects
- `derived_tables`: quality, observations, reconciliations, repeated lists, conclusions
- `load_table`: loads
- `reference_tables`: stations, station history, regions, conditions (data: `reference/*.csv`)

`frame_checks` has the rules between columns. `contracts` lists all tables and validates frames.
`vocabulary` has the values that columns of codes may have. To add a column, edit its model and
write a migration (see `nalssi.warehouse.migrate`). Nothing here imports from nalssi or flows.

    from schemas import Readings

    Readings.validate(frame)
    Readings.to_schema().to_yaml()   # or Readings.to_json_schema()

A model is imported when it is first used, because pandera takes a second to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

__all__ = [
    "Conclusions",
    "Conditions",
    "Documents",
    "Loads",
    "Observations",
    "Quality",
    "Readings",
    "Reconciliations",
    "Regions",
    "Rejects",
    "RepeatedLists",
    "Sightings",
    "Snapshots",
    "StationHistory",
    "Stations",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'schemas' has no attribute {name!r}")
    from schemas.contracts import TABLES

    return {model.__name__: model for model in TABLES.values()}[name]


def __dir__() -> list[str]:
    return __all__
