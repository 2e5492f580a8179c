"""The contracts of the warehouse's tables, and the reference data.

A contract is a pandera model with the type, unit, bounds and meaning of every column:

- `extracted_tables`: documents, snapshots, sightings, readings, rejects
- `derived_tables`: quality, observations, reconciliations, repeated lists, conclusions
- `load_table`: loads
- `reference_tables`: stations, station history, regions, conditions (data: `reference/*.csv`)

`contracts` lists all tables and validates frames. `vocabulary` has the values that columns of codes
may have. To add a column, edit its model and write a migration (see `nalssi.warehouse.migrate`).
Nothing here imports from nalssi or flows.
"""
