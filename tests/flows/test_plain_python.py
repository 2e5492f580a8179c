"""A Python program in an empty folder that calls a flow, with Prefect's own temporary server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nalssi.common.paths import CHECKOUT, SAMPLES

pytestmark = [pytest.mark.process, pytest.mark.make_services]

PROGRAM = """
from pathlib import Path

from flows.weather import weather

done = weather(
    sources=[{source!r}], warehouse=Path("weather"), kinds=["map"], formats=["png"], lang=["en"]
)
print(done.load.documents_read, done.gallery)
"""


def test_a_program_in_an_empty_folder_runs_a_flow(tmp_path: Path, prefect_home: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    source = str(SAMPLES / "01-seed-glued-spaced.txt")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(source=source)],
        cwd=folder,
        env=kept | {"PREFECT_HOME": str(prefect_home), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "1 weather/gallery/index.html"
    assert "Traceback" not in done.stderr
    assert (folder / "weather" / "gallery" / "index.html").exists()
    assert list(folder.iterdir()) == [folder / "weather"]
