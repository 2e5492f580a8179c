"""Everything in nalssi that changes the whole process, each with its reason and its benefit.

- `signals`: SIGINT and SIGTERM end a command with one line and with exit status 130 or 143.
- `workarounds`: behaviour of Python, polars, DuckDB and Prefect that commands work around.

Two process-wide settings stay where they are used, because they need objects of those modules:
`flows/serve.py` replaces the signal handlers of Prefect's runner, and `flows/prefect_server.py`
sets the environment variables by which Prefect's client finds the server.
"""
