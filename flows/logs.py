"""One JSON object a line on stderr, for log collectors: `NALSSI_LOG=json`.

Prefect's own way to other logging is used, overrides of its logging.yml in the environment, so
that the processes which runs start log the same way, and a worker does that is given `JSON_LINES`.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime

JSON_LINES = {
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": "flows.logs.JsonLines",
    "PREFECT_LOGGING_HANDLERS_DEBUG_FORMATTER": "json",
    # The handler that writes to stderr as it is told; the console's colours and wraps.
    "PREFECT_LOGGING_ROOT_HANDLERS": "debug",
}
FIELDS = {
    "flow_run_id": "flow_run_id",
    "flow_run_name": "flow_run",
    "flow_name": "flow",
    "task_run_name": "task",
    "counts": "counts",
}
"""Attributes that a record may have, and what a line calls them."""


def json_wanted() -> bool:
    """Whether the user asks for JSON lines."""
    return os.environ.get("NALSSI_LOG") == "json"


class JsonLines(logging.Formatter):
    """A record as one line: `time, level, logger, message`, what it has of FIELDS, `error`."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()  # whatever format Prefect's configuration gives

    def format(self, record: logging.LogRecord) -> str:
        """JSON without a line break; time in UTC."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {
            name: value
            for attribute, name in FIELDS.items()
            if (value := getattr(record, attribute, None)) not in (None, "<unknown>")
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
