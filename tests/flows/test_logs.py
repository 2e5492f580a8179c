"""JSON log lines for log collectors."""

from __future__ import annotations

import json
import logging
import sys

from flows.logs import JsonLines


def line_of(record: logging.LogRecord) -> str:
    return JsonLines("default", None, "%").format(record)  # as Prefect's configuration makes it


def test_a_record_is_one_line_with_the_runs_names_and_counts() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord("a", logging.ERROR, "", 1, "구름 %d\n끝", (3,), error)
    record.flow_run_id, record.flow_run_name, record.task_run_name = "1-2", "hourly", "load-0"
    record.counts = {"readings_new": 3}
    line = line_of(record)
    assert "\n" not in line
    assert "구름" in line
    read = json.loads(line)
    assert read["message"] == "구름 3\n끝"
    assert (read["flow_run_id"], read["flow_run"], read["task"]) == ("1-2", "hourly", "load-0")
    assert read["counts"] == {"readings_new": 3}
    assert read["time"].endswith("+00:00")
    assert read["error"].endswith("ValueError: first\nsecond")


def test_a_record_outside_a_run_has_no_run_names() -> None:
    record = logging.LogRecord("a", logging.INFO, "", 1, "begun", (), None)
    assert set(json.loads(line_of(record))) == {"time", "level", "logger", "message"}
