"""Prefect flows and tasks. They contain no parsing, no SQL and no drawing.

Importing a flow applies nalssi's settings for Prefect. So a Python program that calls a flow, such
as `flows.weather.weather`, starts its temporary server with the settings that commands use.
"""

from flows.settings import apply_to_programs

apply_to_programs()
