"""nalssi's settings for Prefect. They apply in every working directory.

Prefect reads settings from `pyproject.toml` or `prefect.toml`, but only in the working directory.
nalssi is run from anywhere, so it sets environment variables. A variable that the user has set is
not changed. This module does not import Prefect at its top, because Prefect reads its settings
once, when it is imported. Importing the package `flows` applies the settings, too.

The repository's `prefect.toml` repeats PREFECT_SETTINGS for Prefect's own commands, such as
`prefect server start`. `tests/flows/test_prefect_files.py` compares the two.
"""

from __future__ import annotations

import logging
import os
import sys

from flows.logs import JSON_LINES, json_requested
from nalssi.common.process.workarounds import silence_logging_errors

PREFECT_SETTINGS = {
    # The server of a command takes 10 to 25 s to start on a small machine, and longer on a busy
    # one. Prefect's default is 20 s.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "600",
    # Send no usage reports to the company Prefect. Without a network, attempts fill the log.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Retry a request for some 30 s, as long as a server takes to restart. Prefect's default: 62 s.
    "PREFECT_CLIENT_MAX_RETRIES": "4",
    # Keep the concurrency leases of deployments in files. Prefect's default keeps them in memory:
    # if a run and the server are killed together, its slot is never released.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
        "prefect.server.concurrency.lease_storage.filesystem"
    ),
}

NO_TERMINAL_LOGS = {
    # Overrides of Prefect's logging.yml: log records of runs go to Prefect's API, whose UI shows
    # them, and not to the terminal.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_HANDLERS_DEBUG_LEVEL": "CRITICAL",
}

_warnings = logging.StreamHandler()
"""A log handler that prints warnings of nalssi's packages, such as "waiting for another writer", in
the form of the commands' messages."""
_warnings.setFormatter(logging.Formatter("nalssi: %(message)s"))


def apply_to_programs() -> None:
    """Set environment variables for Prefect in a program that imports a flow.

    Log records of runs go where Prefect sends them. If the program has imported Prefect, its
    settings are read again.
    """
    missing = {name: value for name, value in PREFECT_SETTINGS.items() if name not in os.environ}
    os.environ.update(missing)
    if missing and "prefect.context" in sys.modules:
        from prefect.context import refresh_global_settings_context

        refresh_global_settings_context()


def apply_settings(*, verbose: bool = False) -> None:
    """Set environment variables for Prefect. Call this before Prefect is imported.

    Log records of runs go to Prefect's API. With `verbose` they also go to the terminal; without
    it, only warnings of nalssi go to standard error. With NALSSI_LOG=json, whatever `verbose` is,
    log records also go to standard error as JSON lines. Variables that are already set stay.
    """
    settings = dict(PREFECT_SETTINGS)
    if json_requested():
        settings |= JSON_LINES
    elif not verbose:
        settings |= NO_TERMINAL_LOGS
        silence_logging_errors()
        logging.getLogger("nalssi").addHandler(_warnings)
    for name, value in settings.items():
        os.environ.setdefault(name, value)
