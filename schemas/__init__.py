"""Contracts: one pandera model a table, with type, unit, bounds and meaning of every column.

`schemas.contracts` has them all and validates frames. `schemas.vocabulary` has the closed sets
of values and needs neither polars nor pandera. Nothing in here imports from nalssi or flows.
"""
