"""nalssi's settings for Prefect, whatever folder it is started from.

Prefect reads a `prefect.toml` only in the working directory, and nalssi runs in any folder. So this
module reads nalssi's own `prefect.toml` and sets environment variables, unless the user has set
them. It does not import Prefect, which reads its settings once, when it is imported.
"""

from __future__ import annotations

import logging
import os
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from flows.logs import JSON_LINES, json_wanted
from nalssi.common.paths import project_file
from nalssi.common.process.workarounds import silence_logging_errors

QUIET = {
    # Not settings but overrides of Prefect's logging.yml: what runs log goes to Prefect's API,
    # where its UI shows it, and not to the terminal.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_HANDLERS_DEBUG_LEVEL": "CRITICAL",
}

PLAIN = logging.StreamHandler()
"""For what the library warns of, such as a wait for another writer: a line as commands say it."""
PLAIN.setFormatter(logging.Formatter("nalssi: %(message)s"))


def apply_settings(*, verbose: bool = False) -> None:
    """Set the environment for Prefect, which must not have been imported yet.

    Unless `verbose`, or JSON lines are asked for, log lines go to Prefect's API alone.
    """
    settings = project_settings()
    if json_wanted():
        settings |= JSON_LINES
    elif not verbose:
        settings |= QUIET
        silence_logging_errors()
        logging.getLogger("nalssi").addHandler(PLAIN)
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def project_settings() -> dict[str, str]:
    """The settings of `prefect.toml` as environment variables."""
    text = project_file("prefect.toml").read_text(encoding="utf-8")
    return dict(_variables("PREFECT", tomllib.loads(text)))


def _variables(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        name = f"{prefix}_{key.upper()}"
        if isinstance(value, Mapping):
            yield from _variables(name, value)
        else:
            yield name, str(value)
