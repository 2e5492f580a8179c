"""Log records as JSON lines on standard error, for log collectors: `NALSSI_LOG=json`.

The settings are environment variables that override Prefect's logging.yml. The processes of runs
inherit them, so they log in the same way. Operators set the variables of `JSON_LINES` for workers.
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
"""The attributes of log records that are written if they are set, with their JSON keys."""


def json_requested() -> bool:
    """Return whether the user has set `NALSSI_LOG=json`."""
    return os.environ.get("NALSSI_LOG") == "json"


class JsonLines(logging.Formatter):
    """Formats a log record as a line of JSON.

    Its keys are `time`, `level`, `logger`, `message`, the names in FIELDS, and `error`.
    """

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()  # without the format string that Prefect's configuration passes

    def format(self, record: logging.LogRecord) -> str:
        """Return the log record as a JSON object without line breaks. Its time is in UTC."""
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
