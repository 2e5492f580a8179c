"""Log records as JSON lines on stderr, for log collectors: `NALSSI_LOG=json`.

Environment variables override Prefect's logging.yml, so that the processes that runs start log in
the same way. Operators set the variables of `JSON_LINES` for workers.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime

JSON_LINES = {
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": "flows.logs.JsonLines",
    "PREFECT_LOGGING_HANDLERS_DEBUG_FORMATTER": "json",
    # This handler writes plain lines to stderr. Prefect's console handler adds colours and wraps.
    "PREFECT_LOGGING_ROOT_HANDLERS": "debug",
}
FIELDS = {
    "flow_run_id": "flow_run_id",
    "flow_run_name": "flow_run",
    "flow_name": "flow",
    "task_run_name": "task",
    "counts": "counts",
}
"""Attributes that a log record may have, and their names in the JSON object."""


def json_requested() -> bool:
    """Whether the user has set `NALSSI_LOG=json`."""
    return os.environ.get("NALSSI_LOG") == "json"


class JsonLines(logging.Formatter):
    """Formats a record as one line: `time`, `level`, `logger`, `message`, FIELDS and `error`."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()  # without the format string that Prefect's configuration passes

    def format(self, record: logging.LogRecord) -> str:
        """Return a JSON object without line breaks. Its time is in UTC."""
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
