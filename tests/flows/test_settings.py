"""nalssi's settings for Prefect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.thorough import thorough

READ_SETTINGS = """
import prefect
import flows.weather
from prefect.settings import get_current_settings
current = get_current_settings()
print(
    current.server.ephemeral.startup_timeout_seconds,
    current.server.analytics_enabled,
    current.client.max_retries,
    current.server.concurrency.lease_storage,
)
"""


@pytest.mark.process
@pytest.mark.parametrize(
    ("own", "retries"), [thorough({}, 4), ({"PREFECT_CLIENT_MAX_RETRIES": "1"}, 1)]
)
def test_a_program_that_imports_a_flow_has_the_settings_unless_the_user_has_set_another_value(
    tmp_path: Path, own: dict[str, str], retries: int
) -> None:
    """The program runs in an empty folder, and one imports Prefect first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        [sys.executable, "-c", READ_SETTINGS],
        cwd=tmp_path,
        env=kept | {"PREFECT_HOME": str(tmp_path)} | own,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    timeout, analytics, max_retries, lease_storage = done.stdout.split()
    assert (int(timeout), analytics, int(max_retries)) == (600, "False", retries)
    assert lease_storage == "prefect.server.concurrency.lease_storage.filesystem"
