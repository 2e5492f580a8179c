"""Prefect flows and tasks. They contain no parsing, no SQL and no drawing."""
